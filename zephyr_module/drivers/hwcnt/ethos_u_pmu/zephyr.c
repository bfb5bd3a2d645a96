/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * PMU of an Arm Ethos-U55, U65 or U85, through the Ethos-U core driver. The registers that it
 * accesses are those of the NPU's Technical Reference Manual (Ethos-U55: 102420, U65: 102023, U85:
 * 102685), chapter "Programmers model".
 */

#define DT_DRV_COMPAT arm_ethos_u_pmu

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>

#include <pmu_ethosu.h>

#include "../common/probed.h"
#include "ethos_u_pmu.h"

BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1,
	     "an NPU has one PMU: enable one arm,ethos-u-pmu node");
/* The core driver hands out any NPU, not a certain one. */
BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(arm_ethos_u) <= 1, "arm,ethos-u-pmu: only one NPU");

static const struct hwcnt_counter npu_counters[] = {
	{
		.name = "cycles",
		.unit = "cycles",
		.description = "NPU clock cycles (PMCCNTR)",
		.kind = HWCNT_COUNT,
		.width = 48,
		.flags = HWCNT_FIXED,
		.max_per_cycle = 1,
	},
#define NPU_EVENT(event_, name_, unit_, description_)                                              \
	{                                                                                          \
		.name = name_,                                                                     \
		.unit = unit_,                                                                     \
		.description = description_,                                                       \
		.kind = HWCNT_COUNT,                                                               \
		.width = 32,                                                                       \
	},
#include "events.h"
#undef NPU_EVENT
};

/* The core driver's event of each counter; the cycle counter needs none. */
static const enum ethosu_pmu_event_type npu_events[] = {
	ETHOSU_PMU_NO_EVENT,
#define NPU_EVENT(event_, name_, unit_, description_) ETHOSU_PMU_##event_,
#include "events.h"
#undef NPU_EVENT
};

#define SELECTED_CYCLES UINT8_MAX
#define ALL_COUNTERS    (ETHOSU_PMU_CCNT_Msk | BIT_MASK(ETHOSU_PMU_NCOUNTERS))

static struct npu_data {
	struct hwcnt_probed probed;
	/* NULL: the NPU's driver did not start. */
	struct ethosu_driver *npu;
	/* Bits of the counters that are selected. */
	uint32_t mask;
	uint8_t num_selected;
	/* Event counter of each selected counter, or SELECTED_CYCLES. */
	uint8_t selected[1 + ETHOSU_PMU_NCOUNTERS];
} npu_data = {
	.probed =
		{
			.info =
				{
					.compatible = "arm,ethos-u-pmu",
					.counters = npu_counters,
					.num_counters = ARRAY_SIZE(npu_counters),
					.num_slots = ETHOSU_PMU_NCOUNTERS,
				},
			.unavailable = "the Ethos-U driver did not start",
		},
};

void ethos_u_pmu_count(struct ethosu_driver *npu, bool count)
{
	if (npu != npu_data.npu || npu_data.mask == 0U) {
		return;
	}
	if (count) {
		ETHOSU_PMU_CNTR_Enable(npu, npu_data.mask);
	} else {
		ETHOSU_PMU_CNTR_Disable(npu, npu_data.mask);
	}
}

static uint64_t npu_clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return DT_INST_PROP_OR(0, clock_frequency, 0);
}

static void npu_stop(struct npu_data *data)
{
	if (data->mask != 0U) {
		ETHOSU_PMU_CNTR_Disable(data->npu, ALL_COUNTERS);
		/* Gives back the power that the selection asked for. */
		ETHOSU_PMU_Disable(data->npu);
	}
	data->mask = 0;
	data->num_selected = 0;
}

static int npu_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	struct npu_data *data = dev->data;
	uint32_t mask = 0;
	uint8_t next = 0;

	if (data->npu == NULL) {
		return -EIO;
	}
	npu_stop(data);
	if (num == 0U) {
		return 0;
	}
	/* Keeps the NPU powered, so that its counters live from one inference to the next. */
	ETHOSU_PMU_Enable(data->npu);
	ETHOSU_PMU_CNTR_Disable(data->npu, ALL_COUNTERS);
	for (size_t i = 0; i < num; i++) {
		enum ethosu_pmu_event_type event = npu_events[counters[i]];

		if (counters[i] == 0U) {
			/* PMCCNTR_CFG: counts whatever happens, from no event to no event. */
			ETHOSU_PMU_PMCCNTR_CFG_Set_Start_Event(data->npu, ETHOSU_PMU_NO_EVENT);
			ETHOSU_PMU_PMCCNTR_CFG_Set_Stop_Event(data->npu, ETHOSU_PMU_NO_EVENT);
			data->selected[i] = SELECTED_CYCLES;
			mask |= ETHOSU_PMU_CCNT_Msk;
			continue;
		}
		ETHOSU_PMU_Set_EVTYPER(data->npu, next, event);
		if (ETHOSU_PMU_Get_EVTYPER(data->npu, next) != event) {
			ETHOSU_PMU_Disable(data->npu);
			return -EIO;
		}
		mask |= BIT(next);
		data->selected[i] = next++;
	}
	data->mask = mask;
	data->num_selected = (uint8_t)num;
	ethos_u_pmu_count(data->npu, !IS_ENABLED(CONFIG_HWCNT_ETHOS_U_PMU_HOOKS));
	return 0;
}

/* The core driver reads the two halves one after the other, and one may carry in between. */
static uint64_t npu_cycles(struct ethosu_driver *npu)
{
	uint64_t before;
	uint64_t now = ETHOSU_PMU_Get_CCNTR(npu);

	do {
		before = now;
		now = ETHOSU_PMU_Get_CCNTR(npu);
	} while ((now >> 32) != (before >> 32));
	return now;
}

static void npu_read(const struct device *dev, uint64_t *values)
{
	const struct npu_data *data = dev->data;

	for (uint32_t i = 0; i < data->num_selected; i++) {
		values[i] = data->selected[i] == SELECTED_CYCLES
				    ? npu_cycles(data->npu)
				    : ETHOSU_PMU_Get_EVCNTR(data->npu, data->selected[i]);
	}
}

static int npu_init(const struct device *dev)
{
	struct npu_data *data = dev->data;

	if (!device_is_ready(DEVICE_DT_GET(DT_INST_PHANDLE(0, npu)))) {
		return 0;
	}
	/* It is free at this point of the start, so this does not wait. */
	data->npu = ethosu_reserve_driver();
	ethosu_release_driver(data->npu);
	data->probed.unavailable = NULL;
	return 0;
}

static DEVICE_API(hwcnt, npu_api) = {
	.info = hwcnt_probed_info,
	.clock_hz = npu_clock_hz,
	.unavailable = hwcnt_probed_unavailable,
	.select = npu_select,
	.read = npu_read,
};

DEVICE_DT_INST_DEFINE(0, npu_init, NULL, &npu_data, NULL, POST_KERNEL, CONFIG_HWCNT_INIT_PRIORITY,
		      &npu_api);
