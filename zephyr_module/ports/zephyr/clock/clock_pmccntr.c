/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * PMCCNTR_EL0 of an Armv8-A core: Arm Architecture Reference Manual for A-profile, DDI 0487,
 * chapter "AArch64 System Register Descriptions", section "Performance Monitors registers". The
 * driver of arm,pmu-v3 leaves it counting.
 */

#include <errno.h>

#include <zephyr/devicetree.h>
#include <zephyr/sys/util.h>

#include "../../../drivers/hwcnt/arm_pmu_v3/arm64/arm_pmu_v3_sysreg.h"
#include "clock.h"

/* PMCR_EL0: enable; a cycle counter of 64 bits. PMCNTENSET_EL0: the cycle counter. */
#define PMCR_E       BIT64(0)
#define PMCR_LC      BIT64(6)
#define ENABLE_CCNTR BIT64(31)

/* ID_AA64DFR0_EL1.PMUVer: 0 is none, 15 is one that is not PMUv3. */
#define PMUVER(x) (((x) >> 8) & BIT64_MASK(4))

static int start(void)
{
	uint64_t version = PMUVER(pmu_v3_read_id_aa64dfr0_el1());

	if (version == 0U || version == BIT64_MASK(4)) {
		return -ENODEV;
	}
	pmu_v3_write_pmccfiltr_el0(0);
	pmu_v3_write_pmcr_el0(PMCR_E | PMCR_LC);
	pmu_v3_write_pmcntenset_el0(ENABLE_CCNTR);
	pmu_v3_sync();
	return 0;
}

static zc_word read(void)
{
	/* Not ahead of what is measured. */
	pmu_v3_sync();
	return pmu_v3_read_pmccntr_el0();
}

static uint64_t core_hz(void)
{
	return DT_PROP_OR(DT_PATH(cpus, cpu_0), clock_frequency, 0);
}

const struct zc_clock_source zc_clock_chosen = {
	.name = "pmccntr",
	.replacement = "kernel, as PMCCNTR_EL0 does not count",
	.kind = HWCNT_CLOCK_CORE,
	/* Section "Cycle counter": it need not count while the core waits for an interrupt. */
	.stops_in_sleep = true,
	.start = start,
	.read = read,
	.hz = core_hz,
};
