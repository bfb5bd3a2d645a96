/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "counters_fakes.h"

#include <string.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/port.h>

#define CLOCK_HZ     1000000U
#define MAX_COUNTERS 8
#define LOG_SIZE     8192

struct fake_data {
	uint64_t values[MAX_COUNTERS];
	uint64_t cost[MAX_COUNTERS];
	uint16_t selected[MAX_COUNTERS];
	size_t num_selected;
	uint8_t log[LOG_SIZE];
	size_t log_len;
	unsigned long failure;
};

struct fake_config {
	struct hwcnt_info info;
	uint64_t clock_hz;
	const char *unavailable;
};

#define COUNTER(name_, kind_, width_, flags_, max_)                                                \
	{                                                                                          \
		.name = name_, .unit = "1", .description = "a " name_, .kind = kind_,              \
		.width = width_, .flags = flags_, .max_per_cycle = max_                            \
	}

/* Provider 0: a clock of 2 MHz, twice the reference. */
static const struct hwcnt_counter wide[] = {
	COUNTER("c8", HWCNT_COUNT, 8, HWCNT_FIXED, 1),
	COUNTER("c32", HWCNT_COUNT, 32, HWCNT_FIXED | HWCNT_RUNNING, 4),
	COUNTER("c64", HWCNT_COUNT, 64, HWCNT_FIXED | HWCNT_EXPENSIVE, 255),
	COUNTER("level", HWCNT_LEVEL, 16, HWCNT_FIXED, 0),
	COUNTER("log", HWCNT_BYTES, 0, HWCNT_FIXED, 0),
	COUNTER("c48", HWCNT_COUNT, 48, HWCNT_FIXED, 0),
	COUNTER("c1", HWCNT_COUNT, 1, HWCNT_FIXED, 1),
	COUNTER("c33", HWCNT_COUNT, 33, HWCNT_FIXED, 0),
};

/* Provider 1: four slots, no clock. */
static const struct hwcnt_counter slotted[] = {
	COUNTER("cycles", HWCNT_COUNT, 32, HWCNT_FIXED | HWCNT_RUNNING, 0),
	COUNTER("e1", HWCNT_COUNT, 16, 0, 0),
	COUNTER("e2", HWCNT_COUNT, 16, 0, 0),
	COUNTER("e3", HWCNT_COUNT, 16, 0, 0),
	COUNTER("e4", HWCNT_COUNT, 16, 0, 0),
	COUNTER("e5", HWCNT_COUNT, 16, 0, 0),
	COUNTER("busy", HWCNT_COUNT, 16, HWCNT_RUNNING, 0),
	COUNTER("trace", HWCNT_BYTES, 0, HWCNT_FIXED, 0),
};

/* Provider 2: cannot be read. */
static const struct hwcnt_counter gone[] = {COUNTER("x", HWCNT_COUNT, 32, HWCNT_FIXED, 1)};

static const struct fake_config configs[] = {
	{{"fake,wide", wide, ARRAY_SIZE(wide), 0, HWCNT_CLOCK_CORE, 0}, 2U * CLOCK_HZ, NULL},
	{{"fake,slotted", slotted, ARRAY_SIZE(slotted), 4, HWCNT_CLOCK_NONE, HWCNT_SIMULATED},
	 0,
	 NULL},
	{{"fake,gone", gone, ARRAY_SIZE(gone), 0, HWCNT_CLOCK_TIMER, 0}, CLOCK_HZ, "it is gone"},
};

static struct fake_data datas[ARRAY_SIZE(configs)];

static uint64_t now;
static unsigned long clock_step = 1;
static int locks_held;
static int locks_taken;

static const struct hwcnt_info *fake_info(const struct device *dev)
{
	return &((const struct fake_config *)dev->config)->info;
}

static uint64_t fake_clock_hz(const struct device *dev)
{
	return ((const struct fake_config *)dev->config)->clock_hz;
}

static const char *fake_unavailable(const struct device *dev)
{
	return ((const struct fake_config *)dev->config)->unavailable;
}

static int fake_select(const struct device *dev, const uint16_t *counters, size_t num)
{
	struct fake_data *data = dev->data;

	if (num > 0 && data->failure != 0) {
		return -(int)data->failure;
	}
	for (size_t i = 0; i < num; i++) {
		data->selected[i] = counters[i];
	}
	data->num_selected = num;
	return 0;
}

static void fake_read(const struct device *dev, uint64_t *values)
{
	const struct hwcnt_counter *counters = fake_info(dev)->counters;
	struct fake_data *data = dev->data;

	for (size_t i = 0; i < data->num_selected; i++) {
		uint16_t counter = data->selected[i];
		unsigned int width = counters[counter].width;

		if (counters[counter].kind == HWCNT_BYTES) {
			continue;
		}
		data->values[counter] += data->cost[counter];
		*values = data->values[counter];
		if (width < 64) {
			*values &= BIT64_MASK(width);
		}
		values++;
	}
}

static int fake_drain(const struct device *dev, uint16_t counter, uint8_t *buf, size_t size)
{
	struct fake_data *data = dev->data;
	size_t len = data->log_len;

	if (fake_info(dev)->counters[counter].kind != HWCNT_BYTES) {
		return -ENOTSUP;
	}
	data->log_len = 0;
	if (buf == NULL) {
		return (int)len;
	}
	memcpy(buf, data->log, MIN(len, size));
	return len > size ? -ENOBUFS : (int)len;
}

static const struct hwcnt_driver_api api = {
	.info = fake_info,
	.clock_hz = fake_clock_hz,
	.unavailable = fake_unavailable,
	.select = fake_select,
	.read = fake_read,
	.drain = fake_drain,
};

static const struct device devices[] = {
	{"wide", &configs[0], &api, &datas[0]},
	{"slotted", &configs[1], &api, &datas[1]},
	{"gone", &configs[2], &api, &datas[2]},
};

size_t zc_port_num_providers(void)
{
	return ARRAY_SIZE(devices);
}

const struct device *zc_port_provider(size_t index)
{
	return &devices[index];
}

uint64_t zc_port_clock(void)
{
	now += clock_step;
	return now;
}

uint64_t zc_port_clock_hz(void)
{
	return CLOCK_HZ;
}

enum hwcnt_clock zc_port_clock_kind(void)
{
	return HWCNT_CLOCK_TIMER;
}

const char *zc_port_clock_name(void)
{
	return "fake";
}

unsigned int zc_port_irq_lock(void)
{
	locks_taken++;
	return (unsigned int)locks_held++;
}

void zc_port_irq_unlock(unsigned int key)
{
	locks_held = (int)key;
}

const char *zc_port_board(void)
{
	return "fake";
}

static void append_log(struct fake_data *data, unsigned long len, uint64_t value)
{
	len = MIN(len, LOG_SIZE - data->log_len);
	memset(&data->log[data->log_len], (int)(value & 0xffU), len);
	data->log_len += len;
}

bool fakes_command(const char *name, unsigned long a, unsigned long b, uint64_t c)
{
	if (strcmp(name, "clock") == 0) {
		clock_step = a;
	} else if (strcmp(name, "sleep") == 0) {
		now += c;
	} else if (strcmp(name, "cost") == 0) {
		datas[a].cost[b] = c;
	} else if (strcmp(name, "set") == 0) {
		datas[a].values[b] = c;
	} else if (strcmp(name, "add") == 0) {
		datas[a].values[b] += c;
	} else if (strcmp(name, "log") == 0) {
		append_log(&datas[a], b, c);
	} else if (strcmp(name, "fail") == 0) {
		datas[a].failure = b;
	} else {
		return strcmp(name, "state") == 0;
	}
	return true;
}

int64_t fakes_state(unsigned long what)
{
	int taken = locks_taken;

	if (what == 0) {
		return locks_held;
	}
	if (what == 1) {
		locks_taken = 0;
		return taken;
	}
	return (int64_t)datas[what - 2].num_selected;
}
