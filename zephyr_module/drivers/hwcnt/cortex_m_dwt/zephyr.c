/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Data Watchpoint and Trace unit of Armv7-M and Armv8-M Mainline cores.
 *
 * Sections "C1.x" are those of the Armv7-M Architecture Reference Manual, DDI 0403E.e. The
 * Armv8-M Architecture Reference Manual, DDI 0553, has the same registers under the same names
 * in its chapter D1.2.
 */

#define DT_DRV_COMPAT arm_cortex_m_dwt

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/sys_io.h>

#include "../common/cortex_m_clock.h"
#include "../common/probed.h"

BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1,
	     "a core has one DWT: enable one arm,cortex-m-dwt node");
BUILD_ASSERT(!DT_HAS_COMPAT_STATUS_OKAY(arm_armv8_1_m_pmu),
	     "arm,cortex-m-dwt and arm,armv8.1-m-pmu both claim one cycle counter: enable one");
BUILD_ASSERT(
	!IS_ENABLED(CONFIG_TIMING_FUNCTIONS) || IS_ENABLED(CONFIG_SOC_HAS_TIMING_FUNCTIONS) ||
		IS_ENABLED(CONFIG_BOARD_HAS_TIMING_FUNCTIONS) || !IS_ENABLED(CONFIG_ARM),
	"the timing functions set DWT_CYCCNT to 0 and stop it: disable CONFIG_TIMING_FUNCTIONS "
	"or the arm,cortex-m-dwt node");

/* C1.6.5 Debug Exception and Monitor Control Register, DEMCR */
#define DEMCR        0xe000edfcU
#define DEMCR_TRCENA BIT(24)

/* C1.8.7 Control register, DWT_CTRL. The counter enables CPI, EXC, SLEEP, LSU, FOLD lie in a row.
 */
#define DWT_CTRL             0x000U
#define DWT_CTRL_CYCCNTENA   BIT(0)
#define DWT_CTRL_CPIEVTENA   BIT(17)
#define DWT_CTRL_PROFILE_ENA (BIT_MASK(5) << 17)
#define DWT_CTRL_NOPRFCNT    BIT(24)
#define DWT_CTRL_NOCYCCNT    BIT(25)

/*
 * C1.8.8 DWT_CYCCNT, C1.8.9 DWT_CPICNT, C1.8.10 DWT_EXCCNT, C1.8.11 DWT_SLEEPCNT,
 * C1.8.12 DWT_LSUCNT, C1.8.13 DWT_FOLDCNT: one word each, in this order.
 */
#define DWT_CYCCNT 0x004U

/* CoreSight Software Lock, on Cortex-M7 (Arm CoreSight Architecture Specification B2.3.10) */
#define DWT_LAR        0xfb0U
#define DWT_LAR_UNLOCK 0xc5acce55U
#define DWT_LSR        0xfb4U
#define DWT_LSR_LOCKED (BIT(0) | BIT(1))

#define PROFILE_COUNTER(name_, description_)                                                       \
	{                                                                                          \
		.name = name_, .unit = "cycles", .description = description_, .kind = HWCNT_COUNT, \
		.width = 8, .flags = HWCNT_FIXED, .max_per_cycle = 1,                              \
	}

/* In the order of the registers and of the enable bits. */
static const struct hwcnt_counter dwt_counters[] = {
	{
		.name = "cycles",
		.unit = "cycles",
		.description = "core clock cycles (CYCCNT)",
		.kind = HWCNT_COUNT,
		.width = 32,
		.flags = HWCNT_FIXED | HWCNT_RUNNING,
		.max_per_cycle = 1,
	},
	PROFILE_COUNTER("cpi", "cycles without an instruction: multi-cycle, fetch stalls (CPICNT)"),
	PROFILE_COUNTER("exc", "exception entry and exit overhead (EXCCNT)"),
	PROFILE_COUNTER("sleep", "cycles in a power saving mode (SLEEPCNT)"),
	PROFILE_COUNTER("lsu", "cycles of loads and stores beyond the first (LSUCNT)"),
	{
		.name = "fold",
		.unit = "instructions",
		.description = "instructions that took no cycle (FOLDCNT)",
		.kind = HWCNT_COUNT,
		.width = 8,
		.flags = HWCNT_FIXED,
		/* The widest Cortex-M issues two instructions a cycle. */
		.max_per_cycle = 1,
	},
};

struct dwt_config {
	mem_addr_t base;
};

struct dwt_data {
	struct hwcnt_probed probed;
	/* Index in dwt_counters of info.counters[0]. */
	uint8_t first;
	uint8_t num_selected;
	/* CYCCNTENA if the counter ran already: other code reads it, such as the port's clock. */
	uint32_t kept;
	mem_addr_t selected[ARRAY_SIZE(dwt_counters)];
};

static int dwt_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	const struct dwt_config *config = dev->config;
	struct dwt_data *data = dev->data;
	uint32_t enable = data->kept;
	uint32_t ctrl;

	for (size_t i = 0; i < num; i++) {
		uint32_t counter = data->first + counters[i];

		data->selected[i] = config->base + DWT_CYCCNT + 4U * counter;
		enable |= counter == 0U ? DWT_CTRL_CYCCNTENA : DWT_CTRL_CPIEVTENA << (counter - 1U);
	}
	data->num_selected = (uint8_t)num;

	ctrl = sys_read32(config->base + DWT_CTRL);
	ctrl &= ~(uint32_t)(DWT_CTRL_CYCCNTENA | DWT_CTRL_PROFILE_ENA);
	sys_write32(ctrl | enable, config->base + DWT_CTRL);
	return (sys_read32(config->base + DWT_CTRL) & enable) == enable ? 0 : -EIO;
}

static void dwt_read(const struct device *dev, uint64_t *values)
{
	const struct dwt_data *data = dev->data;

	for (uint32_t i = 0; i < data->num_selected; i++) {
		values[i] = sys_read32(data->selected[i]);
	}
}

static int dwt_init(const struct device *dev)
{
	const struct dwt_config *config = dev->config;
	struct dwt_data *data = dev->data;
	uint32_t first = 0;
	uint32_t end = ARRAY_SIZE(dwt_counters);
	uint32_t ctrl;

	sys_write32(sys_read32(DEMCR) | DEMCR_TRCENA, DEMCR);
	if ((sys_read32(config->base + DWT_LSR) & DWT_LSR_LOCKED) == DWT_LSR_LOCKED) {
		sys_write32(DWT_LAR_UNLOCK, config->base + DWT_LAR);
	}
	ctrl = sys_read32(config->base + DWT_CTRL);

	data->probed.unavailable = NULL;
	if ((sys_read32(DEMCR) & DEMCR_TRCENA) == 0U) {
		data->probed.unavailable = "there is no DWT: DEMCR.TRCENA stays 0";
	} else if ((ctrl & DWT_CTRL_NOCYCCNT) != 0U && (ctrl & DWT_CTRL_NOPRFCNT) != 0U) {
		data->probed.unavailable =
			"the DWT has no counters: DWT_CTRL.NOCYCCNT and NOPRFCNT are 1";
	} else if ((ctrl & DWT_CTRL_NOCYCCNT) != 0U) {
		first = 1;
	} else if ((ctrl & DWT_CTRL_NOPRFCNT) != 0U) {
		end = 1;
	}
	data->first = (uint8_t)first;
	data->num_selected = 0;
	data->kept = ctrl & DWT_CTRL_CYCCNTENA;
	data->probed.info = (struct hwcnt_info){
		.compatible = "arm,cortex-m-dwt",
		.counters = &dwt_counters[first],
		.num_counters = (uint16_t)(end - first),
		.num_slots = 0,
		.clock = HWCNT_CLOCK_CORE,
	};
	return 0;
}

static DEVICE_API(hwcnt, dwt_api) = {
	.info = hwcnt_probed_info,
	.clock_hz = cortex_m_clock_hz,
	.unavailable = hwcnt_probed_unavailable,
	.select = dwt_select,
	.read = dwt_read,
};

#define DWT_DEFINE(inst)                                                                           \
	static struct dwt_data dwt_data_##inst;                                                    \
	static const struct dwt_config dwt_config_##inst = {                                       \
		.base = DT_INST_REG_ADDR(inst),                                                    \
	};                                                                                         \
	DEVICE_DT_INST_DEFINE(inst, dwt_init, NULL, &dwt_data_##inst, &dwt_config_##inst,          \
			      POST_KERNEL, CONFIG_HWCNT_INIT_PRIORITY, &dwt_api);

DT_INST_FOREACH_STATUS_OKAY(DWT_DEFINE)
