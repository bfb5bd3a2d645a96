/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* FAKE system registers: variables of the test. */

#ifndef TESTS_ZEPHYR_DRIVERS_ARM_PMU_V3_FAKE_ARM_PMU_V3_SYSREG_H_
#define TESTS_ZEPHYR_DRIVERS_ARM_PMU_V3_FAKE_ARM_PMU_V3_SYSREG_H_

#include <stdint.h>

#define PMU_V3_NUM_EVENT_COUNTERS 31

struct fake_pmu {
	uint64_t id_aa64dfr0_el1;
	uint64_t pmcr_el0;
	uint64_t pmceid0_el0;
	uint64_t pmceid1_el0;
	uint64_t enabled;
	uint64_t pmccfiltr_el0;
	uint64_t pmccntr_el0;
	uint64_t pmevcntr[PMU_V3_NUM_EVENT_COUNTERS];
	uint64_t pmevtyper[PMU_V3_NUM_EVENT_COUNTERS];
	/* Bits of PMEVTYPER<n>_EL0 that there are. */
	uint64_t pmevtyper_mask;
};

extern struct fake_pmu fake_pmu;

#define FAKE_READ(name)                                                                            \
	static inline uint64_t pmu_v3_read_##name(void)                                            \
	{                                                                                          \
		return fake_pmu.name;                                                              \
	}

FAKE_READ(id_aa64dfr0_el1)
FAKE_READ(pmcr_el0)
FAKE_READ(pmceid0_el0)
FAKE_READ(pmceid1_el0)
FAKE_READ(pmccntr_el0)

static inline void pmu_v3_write_pmcr_el0(uint64_t value)
{
	/* PMCR_EL0.N is read-only. */
	fake_pmu.pmcr_el0 = (fake_pmu.pmcr_el0 & 0xf800U) | (value & 0x7ffU);
}

static inline uint64_t pmu_v3_read_pmcntenset_el0(void)
{
	return fake_pmu.enabled;
}

static inline void pmu_v3_write_pmcntenset_el0(uint64_t value)
{
	fake_pmu.enabled |= value;
}

static inline void pmu_v3_write_pmcntenclr_el0(uint64_t value)
{
	fake_pmu.enabled &= ~value;
}

static inline void pmu_v3_write_pmintenclr_el1(uint64_t value)
{
	(void)value;
}

static inline void pmu_v3_write_pmccfiltr_el0(uint64_t value)
{
	fake_pmu.pmccfiltr_el0 = value;
}

static inline void pmu_v3_sync(void)
{
}

static inline uint64_t pmu_v3_read_pmevcntr(unsigned int n)
{
	return fake_pmu.pmevcntr[n];
}

static inline uint64_t pmu_v3_read_pmevtyper(unsigned int n)
{
	return fake_pmu.pmevtyper[n];
}

static inline void pmu_v3_write_pmevtyper(unsigned int n, uint64_t value)
{
	fake_pmu.pmevtyper[n] = value & fake_pmu.pmevtyper_mask;
}

#endif /* TESTS_ZEPHYR_DRIVERS_ARM_PMU_V3_FAKE_ARM_PMU_V3_SYSREG_H_ */
