/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Selects what it is told of each provider of the posix port, works for some time, and prints what
 * each counter did: provider, counter, difference. Without arguments: the providers, their clocks
 * and why they are unavailable.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/drivers/hwcnt.h>

#define MAX_COUNTERS 16
#define PAGE         4096U
#define PAGES        64U

extern const struct device __start_hwcnt_providers[];
extern const struct device __stop_hwcnt_providers[];

/* Touches fresh pages, and spends some milliseconds. */
static void work(void)
{
	volatile unsigned char *memory = malloc(PAGES * PAGE);

	for (unsigned int round = 0; round < 200U; round++) {
		for (size_t i = 0; i < PAGES * PAGE; i += 64U) {
			memory[i] = (unsigned char)(memory[i] + round);
		}
	}
	free((void *)memory);
}

static void list(const struct device *dev)
{
	const struct hwcnt_info *info = hwcnt_info(dev);
	const char *unavailable = hwcnt_unavailable(dev);

	printf("%s|%s|%u|%" PRIu64 "|%s|", dev->name, info->compatible,
	       (unsigned int)info->num_slots, hwcnt_clock_hz(dev),
	       unavailable == NULL ? "" : unavailable);
	for (size_t i = 0; i < info->num_counters; i++) {
		printf("%s ", info->counters[i].name);
	}
	printf("\n");
}

/* Backwards, so that the order of the values is that of the selection and not the table's. */
static void measure(const struct device *dev)
{
	const struct hwcnt_info *info = hwcnt_info(dev);
	uint64_t before[MAX_COUNTERS];
	uint64_t after[MAX_COUNTERS];
	uint16_t ids[MAX_COUNTERS];
	size_t num = info->num_counters;
	int err;

	for (size_t i = 0; i < num; i++) {
		ids[i] = (uint16_t)(num - 1U - i);
	}
	err = hwcnt_select(dev, dev, ids, num);
	if (err != 0) {
		printf("%s|error|%d\n", dev->name, err);
		return;
	}
	hwcnt_read(dev, before);
	work();
	hwcnt_read(dev, after);
	for (size_t i = 0; i < num; i++) {
		printf("%s|%s|%" PRIu64 "\n", dev->name, info->counters[ids[i]].name,
		       after[i] - before[i]);
	}
	ids[1] = ids[0];
	printf("%s|twice|%d\n", dev->name, hwcnt_select(dev, dev, ids, 2));
	ids[0] = (uint16_t)num;
	printf("%s|unknown|%d\n", dev->name, hwcnt_select(dev, dev, ids, 1));
	printf("%s|none|%d\n", dev->name, hwcnt_select(dev, dev, NULL, 0));
}

int main(int argc, char **argv)
{
	for (const struct device *dev = __start_hwcnt_providers; dev < __stop_hwcnt_providers;
	     dev++) {
		if (argc == 1) {
			list(dev);
		} else if (strcmp(argv[1], dev->name) == 0) {
			measure(dev);
		}
	}
	return 0;
}
