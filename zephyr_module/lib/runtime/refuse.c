/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>

#include <zephyr_counters/error.h>

#include "refuse.h"

int zc_refuse(const char *what)
{
	return zc_error(-EINVAL, what, NULL, 0);
}

int zc_refuse_handle(void)
{
	return zc_refuse("handle is invalid or freed");
}
