/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * A platform without surprises: a clock that advances by a millisecond each time that it is read,
 * a nonce that is always the same, and a provider whose counters advance by one a read.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/port.h>

extern const struct device __start_hwcnt_providers[];
extern const struct device __stop_hwcnt_providers[];

static uint64_t now;

uint64_t zc_port_clock(void)
{
	now += 1000;
	return now;
}

uint64_t zc_port_clock_hz(void)
{
	return 1000000;
}

enum hwcnt_clock zc_port_clock_kind(void)
{
	return HWCNT_CLOCK_TIMER;
}

const char *zc_port_clock_name(void)
{
	return "test";
}

unsigned int zc_port_irq_lock(void)
{
	return 0;
}

void zc_port_irq_unlock(unsigned int key)
{
	ARG_UNUSED(key);
}

void zc_port_random(uint8_t *buf, size_t len)
{
	memset(buf, 0x3c, len);
}

const char *zc_port_board(void)
{
	return "test";
}

size_t zc_port_num_providers(void)
{
	return (size_t)(__stop_hwcnt_providers - __start_hwcnt_providers);
}

const struct device *zc_port_provider(size_t index)
{
	return &__start_hwcnt_providers[index];
}

static const struct hwcnt_counter counters[] = {
	{.name = "steps",
	 .unit = "1",
	 .description = "reads",
	 .kind = HWCNT_COUNT,
	 .width = 8,
	 .flags = HWCNT_FIXED | HWCNT_RUNNING},
	{.name = "also-steps",
	 .unit = "1",
	 .description = "reads, in a slot",
	 .kind = HWCNT_COUNT,
	 .width = 64},
	{.name = "height", .unit = "m", .description = "a level", .kind = HWCNT_LEVEL, .width = 16},
	{.name = "log", .unit = "bytes", .description = "opaque", .kind = HWCNT_BYTES},
};

static const struct hwcnt_info info_data = {
	.compatible = "test,steps",
	.counters = counters,
	.num_counters = ARRAY_SIZE(counters),
	.num_slots = 3,
};

static size_t num_selected;
static uint64_t steps;

static const struct hwcnt_info *info(const struct device *dev)
{
	ARG_UNUSED(dev);
	return &info_data;
}

static uint64_t clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return 0;
}

static int select_counters(const struct device *dev, const uint16_t *ids, size_t num)
{
	ARG_UNUSED(dev);
	num_selected = 0;
	for (size_t i = 0; i < num; i++) {
		num_selected += counters[ids[i]].kind != HWCNT_BYTES;
	}
	return 0;
}

static void read_counters(const struct device *dev, uint64_t *values)
{
	ARG_UNUSED(dev);
	steps++;
	for (size_t i = 0; i < num_selected; i++) {
		values[i] = steps & 0xffU;
	}
}

static int drain(const struct device *dev, uint16_t counter, uint8_t *buf, size_t size)
{
	ARG_UNUSED(dev);
	ARG_UNUSED(counter);
	if (buf == NULL) {
		return 0;
	}
	if (size < 3) {
		return -ENOBUFS;
	}
	memcpy(buf, "log", 3);
	return 3;
}

static const struct hwcnt_driver_api api = {
	.info = info,
	.clock_hz = clock_hz,
	.select = select_counters,
	.read = read_counters,
	.drain = drain,
};

ZC_POSIX_PROVIDER("steps", &api, NULL, NULL);
