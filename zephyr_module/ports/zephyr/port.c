/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/init.h>
#include <zephyr/irq.h>
#include <zephyr/kernel.h>
#include <zephyr/random/random.h>

#include <zephyr_counters/port.h>

#ifdef CONFIG_TIMER_HAS_64BIT_CYCLE_COUNTER
uint64_t zc_port_clock(void)
{
	return k_cycle_get_64();
}
#else
static uint64_t extended_cycles;

uint64_t zc_port_clock(void)
{
	unsigned int key = irq_lock();
	uint64_t now;

	extended_cycles += k_cycle_get_32() - (uint32_t)extended_cycles;
	now = extended_cycles;
	irq_unlock(key);
	return now;
}

static void keep_extending(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	(void)zc_port_clock();
}

static K_TIMER_DEFINE(extension_timer, keep_extending, NULL);

/* Twice a wrap, so that a region longer than one is measured right. */
static int start_extending(void)
{
	k_timeout_t period = K_CYC(UINT32_MAX / 2U);

	k_timer_start(&extension_timer, period, period);
	return 0;
}

SYS_INIT(start_extending, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
#endif

uint64_t zc_port_clock_hz(void)
{
	return sys_clock_hw_cycles_per_sec();
}

enum hwcnt_clock zc_port_clock_kind(void)
{
	return HWCNT_CLOCK_TIMER;
}

const char *zc_port_clock_name(void)
{
	return "kernel";
}

unsigned int zc_port_irq_lock(void)
{
	return irq_lock();
}

void zc_port_irq_unlock(unsigned int key)
{
	irq_unlock(key);
}

void zc_port_random(uint8_t *buf, size_t len)
{
	sys_rand_get(buf, len);
}

const char *zc_port_board(void)
{
	return CONFIG_BOARD_TARGET;
}

static const struct device *nth_provider(size_t index, size_t *count)
{
	*count = 0;
	STRUCT_SECTION_FOREACH(device, dev) {
		if (!DEVICE_API_IS(hwcnt, dev) || !device_is_ready(dev)) {
			continue;
		}
		if (*count == index) {
			return dev;
		}
		(*count)++;
	}
	return NULL;
}

size_t zc_port_num_providers(void)
{
	size_t count;

	(void)nth_provider(SIZE_MAX, &count);
	return count;
}

const struct device *zc_port_provider(size_t index)
{
	size_t count;

	return nth_provider(index, &count);
}
