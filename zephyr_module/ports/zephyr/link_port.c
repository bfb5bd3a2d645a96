/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/logging/log.h>
#include <zephyr/sys/util.h>

#include "../common/link_port.h"
#include "log_backend.h"

LOG_MODULE_REGISTER(zc_link);

void zc_link_idle(void)
{
	if (IS_ENABLED(CONFIG_ZC_LOG_BACKEND)) {
		zc_log_send_lines();
	}
}

void zc_link_failed(int err)
{
	LOG_ERR("the link to the host cannot be served: error %d", err);
}
