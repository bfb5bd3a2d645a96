/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * A group of software events, which most kernels lend where they have no hardware counters to lend.
 * Prints what opening gave, the page faults and the task's nanoseconds of some work, and the time
 * in which the group was not counting; then what an event that does not exist is answered with.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "perf_group.h"

#define SIZE 4000000U

int main(void)
{
	static const struct zc_perf_event events[] = {
		{PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK},
		{PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS},
	};
	static const struct zc_perf_event unknown = {PERF_TYPE_SOFTWARE, 1000};
	static struct zc_perf_group group;
	uint64_t faults;
	uint64_t ns;
	char text[128];
	int err = zc_perf_group_open(&group, events, 2);

	if (err == 0) {
		err = zc_perf_group_start(&group);
	}
	printf("%d ", err);
	if (err == 0) {
		volatile char *memory;

		zc_perf_group_read(&group);
		ns = group.values[ZC_PERF_EVENTS];
		faults = group.values[ZC_PERF_EVENTS + 1];
		memory = malloc(SIZE);
		for (size_t i = 0; i < SIZE; i += 64U) {
			memory[i] = 1;
		}
		zc_perf_group_read(&group);
		free((void *)memory);
		printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		       group.values[ZC_PERF_EVENTS + 1] - faults, group.values[ZC_PERF_EVENTS] - ns,
		       group.values[ZC_PERF_NOT_COUNTING]);
	}
	zc_perf_group_close(&group);
	err = zc_perf_group_open(&group, &unknown, 1);
	zc_perf_explain(err, text, sizeof(text));
	printf("%d %s\n", err, text);
	zc_perf_group_close(&group);
	return 0;
}
