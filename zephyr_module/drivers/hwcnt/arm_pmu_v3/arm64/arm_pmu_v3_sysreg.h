/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The PMUv3 system registers in AArch64 state. An instruction names the register, hence a switch
 * for those that come in numbers.
 */

#ifndef DRIVERS_HWCNT_ARCH_ARM64_ARM_PMU_V3_SYSREG_H_
#define DRIVERS_HWCNT_ARCH_ARM64_ARM_PMU_V3_SYSREG_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/barrier.h>

#define PMU_V3_NUM_EVENT_COUNTERS 31

#define PMU_V3_ACCESSORS(name)                                                                     \
	static inline uint64_t pmu_v3_read_##name(void)                                            \
	{                                                                                          \
		return read_sysreg(name);                                                          \
	}                                                                                          \
	static inline void pmu_v3_write_##name(uint64_t value)                                     \
	{                                                                                          \
		write_sysreg(value, name);                                                         \
	}

PMU_V3_ACCESSORS(pmcr_el0)
PMU_V3_ACCESSORS(pmcntenset_el0)
PMU_V3_ACCESSORS(pmcntenclr_el0)
PMU_V3_ACCESSORS(pmintenclr_el1)
PMU_V3_ACCESSORS(pmccfiltr_el0)

static inline uint64_t pmu_v3_read_id_aa64dfr0_el1(void)
{
	return read_sysreg(id_aa64dfr0_el1);
}

static inline uint64_t pmu_v3_read_pmceid0_el0(void)
{
	return read_sysreg(pmceid0_el0);
}

static inline uint64_t pmu_v3_read_pmceid1_el0(void)
{
	return read_sysreg(pmceid1_el0);
}

static inline uint64_t pmu_v3_read_pmccntr_el0(void)
{
	return read_sysreg(pmccntr_el0);
}

/** @brief Let the writes before take effect, and no counter be read ahead of its time. */
static inline void pmu_v3_sync(void)
{
	barrier_isync_fence_full();
}

#define PMU_V3_READ_CASE(n, prefix)                                                                \
	case n:                                                                                    \
		return read_sysreg(prefix##n##_el0);

#define PMU_V3_WRITE_CASE(n, prefix)                                                               \
	case n:                                                                                    \
		write_sysreg(value, prefix##n##_el0);                                              \
		break;

static inline uint64_t pmu_v3_read_pmevcntr(unsigned int n)
{
	switch (n) {
		LISTIFY(PMU_V3_NUM_EVENT_COUNTERS, PMU_V3_READ_CASE, (), pmevcntr)
	default:
		return 0;
	}
}

static inline uint64_t pmu_v3_read_pmevtyper(unsigned int n)
{
	switch (n) {
		LISTIFY(PMU_V3_NUM_EVENT_COUNTERS, PMU_V3_READ_CASE, (), pmevtyper)
	default:
		return 0;
	}
}

static inline void pmu_v3_write_pmevtyper(unsigned int n, uint64_t value)
{
	switch (n) {
		LISTIFY(PMU_V3_NUM_EVENT_COUNTERS, PMU_V3_WRITE_CASE, (), pmevtyper)
	default:
		break;
	}
}

#endif /* DRIVERS_HWCNT_ARCH_ARM64_ARM_PMU_V3_SYSREG_H_ */
