/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/sys/reboot.h>

#include "crt_shim.h"

void zc_crt_restart(void)
{
	sys_reboot(SYS_REBOOT_COLD);
}
