/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Performance Monitors Extension version 3 (PMUv3) of an Armv8-A core in AArch64 state, at EL1.
 *
 * Registers are described under their names in the Arm Architecture Reference Manual for A-profile,
 * DDI 0487, chapter "AArch64 System Register Descriptions", section "Performance Monitors
 * registers". Zephyr 4.3 has no PMU interface of its own for this core; the one that came later
 * (CONFIG_ARM64_PMU) programs the same registers.
 */

#define DT_DRV_COMPAT arm_pmu_v3

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>

#include "../common/probed.h"
#include "arm_pmu_v3_sysreg.h"

BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1,
	     "a core has one PMU: enable one arm,pmu-v3 node");
BUILD_ASSERT(!IS_ENABLED(CONFIG_ARM64_PMU) && !IS_ENABLED(CONFIG_ARM64_PMUV3),
	     "Zephyr's PMU driver and arm,pmu-v3 both claim the core's PMU: enable one");
BUILD_ASSERT(CONFIG_MP_MAX_NUM_CPUS == 1, "each core has counters of its own: one CPU only");

/* PMCR_EL0 */
#define PMCR_E    BIT64(0)
#define PMCR_P    BIT64(1)
#define PMCR_LC   BIT64(6)
#define PMCR_N(x) (((x) >> 11) & BIT64_MASK(5))

/* ID_AA64DFR0_EL1.PMUVer: 0 is none, 15 is one that is not PMUv3. */
#define PMUVER(x)    (((x) >> 8) & BIT64_MASK(4))
#define PMUVER_NONE  0U
#define PMUVER_OTHER 15U

/* PMCNTENSET_EL0 and the like: bit 31 is PMCCNTR_EL0, which may be the port's clock. */
#define ENABLE_CCNTR BIT64(31)
#define CLOCK_NEEDS  (IS_ENABLED(CONFIG_ZC_CLOCK_PMCCNTR) ? ENABLE_CCNTR : 0U)
#define DISABLE_ALL  (BIT64_MASK(32) & ~CLOCK_NEEDS)

/* PMEVTYPER<n>_EL0.evtCount; the filter bits above it are 0, so that EL0 and EL1 count. */
#define EVTCOUNT(x)        ((x)&BIT64_MASK(16))

#define EVENT_INST_RETIRED 0x08

static const struct hwcnt_counter cycle_counter = {
	.name = "cycles",
	.unit = "cycles",
	.description = "core clock cycles (PMCCNTR_EL0)",
	.kind = HWCNT_COUNT,
	.width = 64,
	.flags = HWCNT_FIXED | HWCNT_RUNNING,
	.max_per_cycle = 1,
};

struct pmu_event {
	uint8_t number;
	struct hwcnt_counter counter;
};

static const struct pmu_event events[] = {
#define PMU_EVENT(number_, name_, unit_, description_)                                             \
	{                                                                                          \
		.number = number_,                                                                 \
		.counter =                                                                         \
			{                                                                          \
				.name = name_,                                                     \
				.unit = unit_,                                                     \
				.description = description_,                                       \
				.kind = HWCNT_COUNT,                                               \
				.width = 32,                                                       \
				.flags = (number_) == EVENT_INST_RETIRED ? HWCNT_RUNNING : 0U,     \
			},                                                                         \
	},
#include "events.h"
#undef PMU_EVENT
};

#define SELECTED_CCNTR UINT8_MAX

struct pmu_data {
	struct hwcnt_probed probed;
	/* The cycle counter and the events that this core has, with their numbers. */
	struct hwcnt_counter counters[1 + ARRAY_SIZE(events)];
	uint8_t numbers[1 + ARRAY_SIZE(events)];
	uint8_t num_selected;
	/* Event counter of each selected counter, or SELECTED_CCNTR. */
	uint8_t selected[1 + PMU_V3_NUM_EVENT_COUNTERS];
};

static int pmu_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	struct pmu_data *data = dev->data;
	uint64_t enable = 0;
	uint8_t next = 0;

	if (data->probed.unavailable != NULL) {
		return -EIO;
	}
	data->num_selected = 0;
	pmu_v3_write_pmcntenclr_el0(DISABLE_ALL);
	pmu_v3_write_pmintenclr_el1(BIT64_MASK(32));
	for (size_t i = 0; i < num; i++) {
		uint8_t number = data->numbers[counters[i]];

		if (counters[i] == 0U) {
			data->selected[i] = SELECTED_CCNTR;
			pmu_v3_write_pmccfiltr_el0(0);
			enable |= ENABLE_CCNTR;
			continue;
		}
		pmu_v3_write_pmevtyper(next, number);
		if (EVTCOUNT(pmu_v3_read_pmevtyper(next)) != number) {
			return -EIO;
		}
		enable |= BIT64(next);
		data->selected[i] = next++;
	}
	pmu_v3_write_pmcr_el0(num > 0U || CLOCK_NEEDS != 0U ? PMCR_E | PMCR_P | PMCR_LC : PMCR_LC);
	pmu_v3_write_pmcntenset_el0(enable);
	pmu_v3_sync();
	data->num_selected = (uint8_t)num;
	return (pmu_v3_read_pmcntenset_el0() & enable) == enable ? 0 : -EIO;
}

static void pmu_read(const struct device *dev, uint64_t *values)
{
	const struct pmu_data *data = dev->data;

	pmu_v3_sync();
	for (uint32_t i = 0; i < data->num_selected; i++) {
		values[i] = data->selected[i] == SELECTED_CCNTR
				    ? pmu_v3_read_pmccntr_el0()
				    : pmu_v3_read_pmevcntr(data->selected[i]);
	}
	pmu_v3_sync();
}

/* PMCEID0_EL0 has a bit for each of the events 0x00 to 0x1f, PMCEID1_EL0 for 0x20 to 0x3f. */
static bool core_has(uint8_t number)
{
	uint64_t bits = number < 32U ? pmu_v3_read_pmceid0_el0() : pmu_v3_read_pmceid1_el0();

	return (bits & BIT64(number % 32U)) != 0U;
}

static int pmu_init(const struct device *dev)
{
	struct pmu_data *data = dev->data;
	uint64_t version = PMUVER(pmu_v3_read_id_aa64dfr0_el1());
	uint16_t num = 1;

	data->probed.unavailable = NULL;
	data->num_selected = 0;
	data->counters[0] = cycle_counter;
	data->probed.info = (struct hwcnt_info){
		.compatible = "arm,pmu-v3",
		.counters = data->counters,
		.num_counters = num,
		.clock = HWCNT_CLOCK_CORE,
		.flags = IS_ENABLED(CONFIG_QEMU_TARGET) ? HWCNT_SIMULATED : 0,
	};
	if (version == PMUVER_NONE || version == PMUVER_OTHER) {
		data->probed.unavailable = "the core has no PMUv3: ID_AA64DFR0_EL1.PMUVer";
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		if (core_has(events[i].number)) {
			data->numbers[num] = events[i].number;
			data->counters[num++] = events[i].counter;
		}
	}
	data->probed.info.num_counters = num;
	data->probed.info.num_slots = (uint8_t)PMCR_N(pmu_v3_read_pmcr_el0());
	return 0;
}

static DEVICE_API(hwcnt, pmu_api) = {
	.info = hwcnt_probed_info,
	.clock_hz = hwcnt_cpu_clock_hz,
	.unavailable = hwcnt_probed_unavailable,
	.select = pmu_select,
	.read = pmu_read,
};

static struct pmu_data pmu_data;

DEVICE_DT_INST_DEFINE(0, pmu_init, NULL, &pmu_data, NULL, POST_KERNEL, CONFIG_HWCNT_INIT_PRIORITY,
		      &pmu_api);
