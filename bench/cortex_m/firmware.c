/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Counts the instructions of an empty measured region on a Cortex-M4 under QEMU's -icount, where an
 * instruction takes 1 ns. SysTick (Armv7-M ARM, B3.3) runs at the board's 25 MHz, so a tick is 40
 * instructions; a thousand regions make that exact enough. The provider is a fake, four 32-bit
 * words in memory: as many loads as a real one's registers take. Prints the number by semihosting.
 */

#include <stdint.h>

#include <zephyr/drivers/hwcnt.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/port.h>

#include "../../zephyr_module/ports/common/extended.h"

#define REGIONS     1000U
#define NS_PER_TICK 40U
#define SYST_CSR    (*(volatile uint32_t *)0xe000e010U)
#define SYST_RVR    (*(volatile uint32_t *)0xe000e014U)
#define SYST_CVR    (*(volatile uint32_t *)0xe000e018U)
#define SYST_RUN    0x5U
#define SYST_MASK   0x00ffffffU
#define SYS_WRITE0  0x04U
#define SYS_EXIT    0x18U
#define EXIT_OK     ((const char *)0x20026U)

static volatile uint32_t words[4];

static const struct hwcnt_counter counters[] = {
	{.name = "a", .unit = "1", .description = "", .width = 32, .flags = HWCNT_FIXED},
	{.name = "b", .unit = "1", .description = "", .width = 32, .flags = HWCNT_FIXED},
	{.name = "c", .unit = "1", .description = "", .width = 32, .flags = HWCNT_FIXED},
	{.name = "d", .unit = "1", .description = "", .width = 32, .flags = HWCNT_FIXED},
};

static const struct hwcnt_info info = {
	.compatible = "fake",
	.counters = counters,
	.num_counters = 4,
};

static const struct hwcnt_info *get_info(const struct device *dev)
{
	(void)dev;
	return &info;
}

static uint64_t clock_hz(const struct device *dev)
{
	(void)dev;
	return 25000000U;
}

static int select_counters(const struct device *dev, const uint16_t *selected, size_t num)
{
	(void)dev;
	(void)selected;
	(void)num;
	return 0;
}

static void read_counters(const struct device *dev, uint64_t *values)
{
	(void)dev;
	for (unsigned int i = 0; i < 4; i++) {
		values[i] = words[i];
	}
}

static const struct hwcnt_driver_api api = {
	.info = get_info,
	.clock_hz = clock_hz,
	.select = select_counters,
	.read = read_counters,
};

static const struct device fake = {.name = "fake", .api = &api};

size_t zc_port_num_providers(void)
{
	return 1;
}

const struct device *zc_port_provider(size_t index)
{
	return index == 0 ? &fake : NULL;
}

unsigned int zc_port_irq_lock(void)
{
	unsigned int key;

	__asm__ volatile("mrs %0, basepri\n\tmsr basepri, %1" : "=&r"(key) : "r"(0x20U) : "memory");
	return key;
}

void zc_port_irq_unlock(unsigned int key)
{
	__asm__ volatile("msr basepri, %0" : : "r"(key) : "memory");
}

/* A load, as of DWT_CYCCNT. */
static zc_word read_cycles(void)
{
	return words[0];
}

static struct zc_extended extended = {.read = read_cycles};

/* As ports/zephyr/clock/clock.c does it. */
uint64_t zc_port_clock(void)
{
	if (extended.stood_still) {
		zc_extended_set(&extended, 0, 0);
	}
	return zc_extended_now(&extended);
}

uint64_t zc_port_clock_hz(void)
{
	return 25000000U;
}

enum hwcnt_clock zc_port_clock_kind(void)
{
	return HWCNT_CLOCK_TIMER;
}

const char *zc_port_clock_name(void)
{
	return "bench";
}

const char *zc_port_board(void)
{
	return "bench";
}

static void semihost(uint32_t operation, const char *argument)
{
	register uint32_t r0 __asm__("r0") = operation;
	register const char *r1 __asm__("r1") = argument;

	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void print(uint32_t number)
{
	char text[12];
	char *at = &text[sizeof(text) - 1];

	*at = '\0';
	*--at = '\n';
	do {
		*--at = (char)('0' + number % 10U);
		number /= 10U;
	} while (number > 0U);
	semihost(SYS_WRITE0, at);
}

int main(void)
{
	/* [2, 0, 0, [[0, [0, 1, 2, 3]]]] */
	static const uint8_t selection[] = {0x84, 0x02, 0x00, 0x00, 0x81, 0x82,
					    0x00, 0x84, 0x00, 0x01, 0x02, 0x03};
	uint32_t begin;

	if (zc_counters_init() != 0 || zc_counters_select(selection, sizeof(selection)) != 0) {
		semihost(SYS_WRITE0, "cannot select\n");
		semihost(SYS_EXIT, NULL);
	}
	SYST_RVR = SYST_MASK;
	SYST_CVR = 0;
	SYST_CSR = SYST_RUN;
	begin = SYST_CVR;
	for (uint32_t i = 0; i < REGIONS; i++) {
		(void)zc_counters_begin(i, ZC_ORIGIN_USER, 0);
		(void)zc_counters_end(0, NULL);
	}
	print(((begin - SYST_CVR) & SYST_MASK) * NS_PER_TICK / REGIONS);
	semihost(SYS_EXIT, EXIT_OK);
	return 0;
}

extern uint32_t stack_top[];
void reset(void);

void reset(void)
{
	(void)main();
	for (;;) {
	}
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {stack_top,
									   (void *)reset};
