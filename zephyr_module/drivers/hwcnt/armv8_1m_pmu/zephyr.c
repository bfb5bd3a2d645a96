/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Performance Monitoring Unit of Armv8.1-M Mainline cores: Cortex-M52, M55 and M85.
 *
 * Registers are described under their names in chapter D1.2 of the Armv8-M Architecture Reference
 * Manual, DDI 0553. An event counter has 16 bits, too few for a region of any length, so they are
 * used in pairs: the odd one counts the overflows of the even one before it (event CHAIN).
 */

#define DT_DRV_COMPAT arm_armv8_1_m_pmu

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/sys_io.h>

#include "../common/cortex_m_clock.h"
#include "../common/probed.h"

BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1,
	     "a core has one PMU: enable one arm,armv8.1-m-pmu node");
BUILD_ASSERT(!DT_HAS_COMPAT_STATUS_OKAY(arm_cortex_m_dwt),
	     "arm,cortex-m-dwt and arm,armv8.1-m-pmu both claim one cycle counter: enable one");

/* DEMCR: without TRCENA the PMU's registers are not there. */
#define DEMCR          0xe000edfcU
#define DEMCR_TRCENA   BIT(24)

#define PMU_EVCNTR(n)  (0x000U + 4U * (n))
#define PMU_CCNTR      0x07cU
#define PMU_EVTYPER(n) (0x400U + 4U * (n))
#define PMU_CNTENSET   0xc00U
#define PMU_CNTENCLR   0xc20U
#define PMU_INTENCLR   0xc60U
#define PMU_TYPE       0xe00U
#define PMU_TYPE_N(x)  ((x)&BIT_MASK(8))
#define PMU_CTRL       0xe04U
#define PMU_CTRL_E     BIT(0)
#define PMU_CTRL_FZO   BIT(9)

/* Bit 31 is PMU_CCNTR in PMU_CNTENSET and PMU_CNTENCLR. */
#define ENABLE_CCNTR       BIT(31)

#define EVENT_INST_RETIRED 0x0008U
#define EVENT_CHAIN        0x001eU

/* PMU_TYPE.N is 2 to 8 (PMU_EVCNTR<n>: the architecture has room for 31). */
#define MAX_PAIRS 15U

static const struct hwcnt_counter pmu_counters[] = {
	{
		.name = "cycles",
		.unit = "cycles",
		.description = "core clock cycles (PMU_CCNTR)",
		.kind = HWCNT_COUNT,
		.width = 32,
		.flags = HWCNT_FIXED | HWCNT_RUNNING,
		.max_per_cycle = 1,
	},
#define PMU_EVENT(number_, name_, unit_, description_)                                             \
	{                                                                                          \
		.name = name_,                                                                     \
		.unit = unit_,                                                                     \
		.description = description_,                                                       \
		.kind = HWCNT_COUNT,                                                               \
		.width = 32,                                                                       \
		.flags = (number_) == EVENT_INST_RETIRED ? HWCNT_RUNNING : 0U,                     \
	},
#include "events.h"
#undef PMU_EVENT
};

/* PMU_EVTYPER<n>.evtCount of each counter; 0 in the place of the cycle counter. */
static const uint16_t pmu_events[] = {
	0,
#define PMU_EVENT(number_, name_, unit_, description_) number_,
#include "events.h"
#undef PMU_EVENT
};

struct pmu_config {
	mem_addr_t base;
};

struct pmu_data {
	struct hwcnt_probed probed;
	uint8_t num_selected;
	/* Address of the even counter of a pair, or 0 for the cycle counter. */
	mem_addr_t selected[1 + MAX_PAIRS];
};

/* Set up a pair for an event. */
static int pmu_program(mem_addr_t base, uint32_t pair, uint16_t event)
{
	uint32_t low = 2U * pair;

	sys_write32(event, base + PMU_EVTYPER(low));
	sys_write32(EVENT_CHAIN, base + PMU_EVTYPER(low + 1U));
	sys_write32(0, base + PMU_EVCNTR(low));
	sys_write32(0, base + PMU_EVCNTR(low + 1U));
	if ((sys_read32(base + PMU_EVTYPER(low)) & UINT16_MAX) != event) {
		return -EIO;
	}
	return (sys_read32(base + PMU_EVTYPER(low + 1U)) & UINT16_MAX) == EVENT_CHAIN ? 0 : -EIO;
}

static int pmu_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	const struct pmu_config *config = dev->config;
	struct pmu_data *data = dev->data;
	uint32_t enable = 0;
	uint32_t pair = 0;
	uint32_t ctrl;
	int err = 0;

	data->num_selected = 0;
	sys_write32(UINT32_MAX, config->base + PMU_CNTENCLR);
	sys_write32(UINT32_MAX, config->base + PMU_INTENCLR);
	for (size_t i = 0; i < num && err == 0; i++) {
		if (counters[i] == 0U) {
			data->selected[i] = 0;
			enable |= ENABLE_CCNTR;
			continue;
		}
		data->selected[i] = config->base + PMU_EVCNTR(2U * pair);
		enable |= 3U << (2U * pair);
		err = pmu_program(config->base, pair++, pmu_events[counters[i]]);
	}
	if (err != 0) {
		return err;
	}
	ctrl = sys_read32(config->base + PMU_CTRL) & ~(uint32_t)(PMU_CTRL_E | PMU_CTRL_FZO);
	sys_write32(num > 0U ? ctrl | PMU_CTRL_E : ctrl, config->base + PMU_CTRL);
	sys_write32(enable, config->base + PMU_CNTENSET);
	data->num_selected = (uint8_t)num;
	return (sys_read32(config->base + PMU_CNTENSET) & enable) == enable ? 0 : -EIO;
}

/* Both halves at one moment: again if the odd counter moved in between. */
static uint32_t pmu_read_pair(mem_addr_t even)
{
	uint32_t high;
	uint32_t low;

	do {
		high = sys_read32(even + 4U);
		low = sys_read32(even);
	} while (sys_read32(even + 4U) != high);
	return (high << 16) | (low & UINT16_MAX);
}

static void pmu_read(const struct device *dev, uint64_t *values)
{
	const struct pmu_config *config = dev->config;
	const struct pmu_data *data = dev->data;

	for (uint32_t i = 0; i < data->num_selected; i++) {
		values[i] = data->selected[i] == 0U ? sys_read32(config->base + PMU_CCNTR)
						    : pmu_read_pair(data->selected[i]);
	}
}

static int pmu_init(const struct device *dev)
{
	const struct pmu_config *config = dev->config;
	struct pmu_data *data = dev->data;
	uint32_t pairs;

	sys_write32(sys_read32(DEMCR) | DEMCR_TRCENA, DEMCR);
	pairs = PMU_TYPE_N(sys_read32(config->base + PMU_TYPE)) / 2U;

	data->probed.unavailable = NULL;
	if ((sys_read32(DEMCR) & DEMCR_TRCENA) == 0U) {
		data->probed.unavailable = "there is no PMU: DEMCR.TRCENA stays 0";
	} else if (pairs == 0U) {
		data->probed.unavailable = "the PMU has no event counters: PMU_TYPE.N is 0";
	}
	data->num_selected = 0;
	data->probed.info = (struct hwcnt_info){
		.compatible = "arm,armv8.1-m-pmu",
		.counters = pmu_counters,
		.num_counters = ARRAY_SIZE(pmu_counters),
		.num_slots = (uint8_t)MIN(pairs, MAX_PAIRS),
		.clock = HWCNT_CLOCK_CORE,
	};
	return 0;
}

static DEVICE_API(hwcnt, pmu_api) = {
	.info = hwcnt_probed_info,
	.clock_hz = cortex_m_clock_hz,
	.unavailable = hwcnt_probed_unavailable,
	.select = pmu_select,
	.read = pmu_read,
};

#define PMU_DEFINE(inst)                                                                           \
	static struct pmu_data pmu_data_##inst;                                                    \
	static const struct pmu_config pmu_config_##inst = {                                       \
		.base = DT_INST_REG_ADDR(inst),                                                    \
	};                                                                                         \
	DEVICE_DT_INST_DEFINE(inst, pmu_init, NULL, &pmu_data_##inst, &pmu_config_##inst,          \
			      POST_KERNEL, CONFIG_HWCNT_INIT_PRIORITY, &pmu_api);

DT_INST_FOREACH_STATUS_OKAY(PMU_DEFINE)
