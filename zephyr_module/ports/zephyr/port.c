/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/irq.h>
#include <zephyr/random/random.h>

#include <zephyr_counters/port.h>

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
