/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Hardware performance monitor of a RISC-V hart, in machine mode. Sections are those of The RISC-V
 * Instruction Set Manual, Volume II, Privileged Architecture, version 20211203.
 */

#define DT_DRV_COMPAT riscv_hpm

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>

#include "../common/constant.h"
#include "../common/probed.h"
#include "riscv_hpm_csr.h"

BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1,
	     "a hart has one performance monitor: enable one riscv,hpm node");
BUILD_ASSERT(CONFIG_MP_MAX_NUM_CPUS == 1, "each hart has counters of its own: one CPU only");

/* 3.1.10 Hardware Performance Monitor: counter 1 would be time; 3 to 31 are programmable. */
#define HPM_MCYCLE            0U
#define HPM_MINSTRET          2U
#define HPM_FIRST             3U
#define HPM_MAX_PROGRAMMABLE  29U
#define HPM_PROGRAMMABLE_MASK (~BIT_MASK(HPM_FIRST))

enum {
	COUNTER_CYCLES,
	COUNTER_INSTRUCTIONS,
	COUNTER_FIRST_EVENT,
};

struct hpm_config {
	struct hwcnt_info info;
	/* 3.1.10 mhpmevent values, one an event. */
	const uint32_t *selectors;
	/* Which mhpmcounters there are. */
	uint32_t counter_mask;
	/* 3.1.12 Machine Counter-Inhibit CSR: whether there is one. */
	bool has_inhibit;
};

struct hpm_data {
	hpm_csr_t inhibit_at_boot;
	uint8_t num_selected;
	uint8_t selected[COUNTER_FIRST_EVENT + HPM_MAX_PROGRAMMABLE];
};

/* Stop every programmable counter. */
static void hpm_stop(const struct hpm_config *config)
{
	for (unsigned int n = HPM_FIRST; n < 32U; n++) {
		if ((config->counter_mask & BIT(n)) != 0U) {
			hpm_event_write(n, 0);
		}
	}
}

/* Program the next free mhpmcounter for an event. The upper half of mhpmevent holds the filter bits
 * of the extension Sscofpmf: all 0, so that every mode counts.
 */
static int hpm_program(const struct hpm_config *config, uint32_t *free, uint32_t selector,
		       uint8_t *counter)
{
	*counter = (uint8_t)(find_lsb_set(*free) - 1U);
	*free &= ~(uint32_t)BIT(*counter);
	hpm_event_write(*counter, selector);
	return hpm_event_read(*counter) == selector ? 0 : -EIO;
}

static int hpm_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	const struct hpm_config *config = dev->config;
	struct hpm_data *data = dev->data;
	uint32_t free = config->counter_mask;
	uint32_t used = 0;
	int err = 0;

	data->num_selected = 0;
	hpm_stop(config);
	for (size_t i = 0; i < num && err == 0; i++) {
		uint8_t *counter = &data->selected[i];

		if (counters[i] == COUNTER_CYCLES) {
			*counter = HPM_MCYCLE;
		} else if (counters[i] == COUNTER_INSTRUCTIONS) {
			*counter = HPM_MINSTRET;
		} else {
			err = hpm_program(config, &free,
					  config->selectors[counters[i] - COUNTER_FIRST_EVENT],
					  counter);
		}
		used |= BIT(*counter);
	}
	if (err != 0) {
		hpm_stop(config);
		return err;
	}
	if (config->has_inhibit) {
		hpm_inhibit_write((data->inhibit_at_boot | config->counter_mask) & ~used);
	}
	data->num_selected = (uint8_t)num;
	return 0;
}

static uint64_t hpm_read_counter(unsigned int n)
{
	hpm_csr_t high;
	hpm_csr_t low;

	if (HPM_XLEN == 64) {
		return hpm_counter_read(n);
	}
	/* 3.1.10: on RV32 the low half may carry into the high one in between. */
	do {
		high = hpm_counter_read_high(n);
		low = hpm_counter_read(n);
	} while (hpm_counter_read_high(n) != high);
	return ((uint64_t)high << 32) | low;
}

static void hpm_read(const struct device *dev, uint64_t *values)
{
	const struct hpm_data *data = dev->data;

	for (uint32_t i = 0; i < data->num_selected; i++) {
		values[i] = hpm_read_counter(data->selected[i]);
	}
}

static int hpm_init(const struct device *dev)
{
	const struct hpm_config *config = dev->config;
	struct hpm_data *data = dev->data;

	if (config->has_inhibit) {
		data->inhibit_at_boot = hpm_inhibit_read();
	}
	return 0;
}

static DEVICE_API(hwcnt, hpm_api) = {
	.info = hwcnt_constant_info,
	.clock_hz = hwcnt_cpu_clock_hz,
	.select = hpm_select,
	.read = hpm_read,
};

#define HPM_EVENT(node_id, prop, idx)                                                              \
	{                                                                                          \
		.name = DT_PROP_BY_IDX(node_id, prop, idx),                                        \
		.unit = "1",                                                                       \
		.description =                                                                     \
			"mhpmevent " STRINGIFY(DT_PROP_BY_IDX(node_id, event_selectors, idx)),     \
		.kind = HWCNT_COUNT,                                                               \
		.width = 64,                                                                       \
	},

#define HPM_EVENTS(inst)                                                                           \
	COND_CODE_1(DT_INST_NODE_HAS_PROP(inst, event_names),                                      \
		    (DT_INST_FOREACH_PROP_ELEM(inst, event_names, HPM_EVENT)), ())

#define HPM_DEFINE(inst)                                                                           \
	BUILD_ASSERT(DT_INST_PROP_LEN_OR(inst, event_names, 0) ==                                  \
			     DT_INST_PROP_LEN_OR(inst, event_selectors, 0),                        \
		     "riscv,hpm: as many event-selectors as event-names");                         \
	BUILD_ASSERT((DT_INST_PROP(inst, counter_mask) & ~HPM_PROGRAMMABLE_MASK) == 0,             \
		     "riscv,hpm: counter-mask has bits 3 to 31 only");                             \
	static const struct hwcnt_counter hpm_counters_##inst[] = {                                \
		{                                                                                  \
			.name = "cycles",                                                          \
			.unit = "cycles",                                                          \
			.description = "core clock cycles (mcycle)",                               \
			.kind = HWCNT_COUNT,                                                       \
			.width = 64,                                                               \
			.flags = HWCNT_FIXED | HWCNT_RUNNING,                                      \
			.max_per_cycle = 1,                                                        \
		},                                                                                 \
		{                                                                                  \
			.name = "instructions",                                                    \
			.unit = "instructions",                                                    \
			.description = "instructions retired (minstret)",                          \
			.kind = HWCNT_COUNT,                                                       \
			.width = 64,                                                               \
			.flags = HWCNT_FIXED | HWCNT_RUNNING,                                      \
		},                                                                                 \
		HPM_EVENTS(inst)};                                                                 \
	static const uint32_t hpm_selectors_##inst[] =                                             \
		DT_INST_PROP_OR(inst, event_selectors, {0});                                       \
	static const struct hpm_config hpm_config_##inst = {                                       \
		.info =                                                                            \
			{                                                                          \
				.compatible = "riscv,hpm",                                         \
				.counters = hpm_counters_##inst,                                   \
				.num_counters = ARRAY_SIZE(hpm_counters_##inst),                   \
				.num_slots = __builtin_popcount(DT_INST_PROP(inst, counter_mask)), \
				.clock = HWCNT_CLOCK_CORE,                                         \
				.flags = IS_ENABLED(CONFIG_QEMU_TARGET) ? HWCNT_SIMULATED : 0,     \
			},                                                                         \
		.selectors = hpm_selectors_##inst,                                                 \
		.counter_mask = DT_INST_PROP(inst, counter_mask),                                  \
		.has_inhibit = DT_INST_PROP(inst, mcountinhibit),                                  \
	};                                                                                         \
	static struct hpm_data hpm_data_##inst;                                                    \
	DEVICE_DT_INST_DEFINE(inst, hpm_init, NULL, &hpm_data_##inst, &hpm_config_##inst,          \
			      POST_KERNEL, CONFIG_HWCNT_INIT_PRIORITY, &hpm_api);

DT_INST_FOREACH_STATUS_OKAY(HPM_DEFINE)
