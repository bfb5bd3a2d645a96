/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Tells the host why, and starts again: the host finds a board that answers. */

#include <zephyr/fatal.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log_ctrl.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/reboot.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/link.h>
#include <zephyr_counters/server.h>

static const char *const reasons[] = {
	[K_ERR_CPU_EXCEPTION] = "CPU exception",   [K_ERR_SPURIOUS_IRQ] = "unexpected interrupt",
	[K_ERR_STACK_CHK_FAIL] = "stack overflow", [K_ERR_KERNEL_OOPS] = "kernel oops",
	[K_ERR_KERNEL_PANIC] = "kernel panic",
};

static const char *name_of(unsigned int reason)
{
	if (reason >= K_ERR_ARCH_START) {
		return reasons[K_ERR_CPU_EXCEPTION];
	}
	return reason < ARRAY_SIZE(reasons) ? reasons[reason] : "unknown";
}

void k_sys_fatal_error_handler(unsigned int reason, const struct arch_esf *esf)
{
	char line[64];

	ARG_UNUSED(esf);
	zc_link_panic();
	LOG_PANIC();
	snprintk(line, sizeof(line), "fatal error %u, %s: the board restarts", reason,
		 name_of(reason));
	zc_server_log(line);
	sys_reboot(SYS_REBOOT_COLD);
}
