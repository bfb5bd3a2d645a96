/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * mcycle of a RISC-V hart, in machine mode: The RISC-V Instruction Set Manual, Volume II,
 * Privileged Architecture, version 20211203, section 3.1.10. On RV32 its lower half will do.
 */

#include <zephyr/arch/riscv/csr.h>
#include <zephyr/devicetree.h>
#include <zephyr/sys/util.h>

#include "clock.h"

static zc_word read(void)
{
	return csr_read(mcycle);
}

static uint64_t core_hz(void)
{
	return DT_PROP_OR(DT_PATH(cpus, cpu_0), clock_frequency, 0);
}

const struct zc_clock_source zc_clock_chosen = {
	.name = "mcycle",
	.replacement = "kernel, as mcycle does not count",
	.kind = HWCNT_CLOCK_CORE,
	/* 3.3.3: what WFI does to it is left to the implementation. */
	.stops_in_sleep = true,
	.read = read,
	.hz = core_hz,
};
