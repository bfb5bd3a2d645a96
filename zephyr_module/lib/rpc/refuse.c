/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>

#include "refuse.h"

int zc_refuse(enum zc_error_number number)
{
	return zc_error(-EINVAL, number, 0);
}

int zc_refuse_handle(void)
{
	return zc_refuse(ZC_ERROR_HANDLE_INVALID);
}
