/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* A group of events of perf_event_open(2) that are counted and read together. */

#ifndef DRIVERS_HWCNT_PERF_EVENT_PERF_GROUP_H_
#define DRIVERS_HWCNT_PERF_EVENT_PERF_GROUP_H_

#include <linux/perf_event.h>
#include <stddef.h>
#include <stdint.h>

#define ZC_PERF_MAX_EVENTS 16

/* Where in zc_perf_group.values things are. */
#define ZC_PERF_NOT_COUNTING 0U
#define ZC_PERF_EVENTS       1U

/* As in struct perf_event_attr. */
struct zc_perf_event {
	uint32_t type;
	uint64_t config;
};

struct zc_perf_group {
	/* -1 if the group is closed. */
	int leader;
	int members[ZC_PERF_MAX_EVENTS];
	size_t num;
	/* Nanoseconds in which nothing was counted, then the events as opened. */
	uint64_t values[ZC_PERF_EVENTS + ZC_PERF_MAX_EVENTS];
};

/* Events of this thread in user mode, pinned, stopped. 0; -ENOTSUP not together; -errno. */
int zc_perf_group_open(struct zc_perf_group *group, const struct zc_perf_event *events, size_t num);

/* Count from now on; -EBUSY if others hold the counters. */
int zc_perf_group_start(struct zc_perf_group *group);

void zc_perf_group_read(struct zc_perf_group *group);
void zc_perf_group_close(struct zc_perf_group *group);

/* Why zc_perf_group_open() failed, for people. */
void zc_perf_explain(int err, char *text, size_t size);

#endif /* DRIVERS_HWCNT_PERF_EVENT_PERF_GROUP_H_ */
