/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <stdio.h>
#include <string.h>

#include <zephyr_counters/error.h>

#include "../common/link_port.h"

/* There is one thread, so no other has messages for the host. */
void zc_link_idle(void)
{
}

void zc_link_failed(int err)
{
	const char *why = zc_error_text();

	(void)fprintf(stderr, "cannot start: %s\n", why[0] != '\0' ? why : strerror(-err));
}
