/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#define _GNU_SOURCE

#include "perf_group.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PARANOID_FILE "/proc/sys/kernel/perf_event_paranoid"
#define NS_PER_S      1000000000U

/* What read(2) gives with the read_format below. */
struct reading {
	uint64_t num;
	uint64_t enabled_ns;
	uint64_t running_ns;
	uint64_t values[ZC_PERF_MAX_EVENTS];
};

static int open_event(const struct zc_perf_event *event, int leader)
{
	struct perf_event_attr attr;
	long fd;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = event->type;
	attr.config = event->config;
	attr.disabled = leader < 0;
	attr.pinned = leader < 0;
	attr.exclude_kernel = 1;
	attr.exclude_hv = 1;
	attr.read_format =
		PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

int zc_perf_group_open(struct zc_perf_group *group, const struct zc_perf_event *events, size_t num)
{
	memset(group, 0, sizeof(*group));
	group->leader = -1;
	if (num > ZC_PERF_MAX_EVENTS) {
		return -ENOSPC;
	}
	for (size_t i = 0; i < num; i++) {
		int fd = open_event(&events[i], group->leader);

		if (fd < 0) {
			/* The kernel refuses a member that the group cannot be counted with. */
			return group->num > 0 && (fd == -EINVAL || fd == -ENOSPC) ? -ENOTSUP : fd;
		}
		group->members[group->num++] = fd;
		group->leader = group->members[0];
	}
	return 0;
}

/* 0, or -EIO if the kernel has given the pinned group up. */
static int read_group(const struct zc_perf_group *group, struct reading *reading)
{
	size_t size = offsetof(struct reading, values) + group->num * sizeof(uint64_t);
	ssize_t got = read(group->leader, reading, sizeof(*reading));

	return got >= 0 && (size_t)got == size ? 0 : -EIO;
}

int zc_perf_group_start(struct zc_perf_group *group)
{
	struct reading reading;

	if (ioctl(group->leader, PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP) != 0 ||
	    ioctl(group->leader, PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP) != 0) {
		return -EIO;
	}
	if (read_group(group, &reading) != 0 || reading.running_ns != reading.enabled_ns) {
		return -EBUSY;
	}
	return 0;
}

void zc_perf_group_read(struct zc_perf_group *group)
{
	struct reading reading;

	if (group->num == 0) {
		return;
	}
	if (read_group(group, &reading) == 0) {
		group->values[ZC_PERF_NOT_COUNTING] = reading.enabled_ns - reading.running_ns;
		memcpy(&group->values[ZC_PERF_EVENTS], reading.values,
		       group->num * sizeof(uint64_t));
	} else {
		struct timespec now;

		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		group->values[ZC_PERF_NOT_COUNTING] =
			(uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
	}
}

void zc_perf_group_close(struct zc_perf_group *group)
{
	for (size_t i = group->num; i > 0; i--) {
		(void)close(group->members[i - 1]);
	}
	group->num = 0;
	group->leader = -1;
}

void zc_perf_explain(int err, char *text, size_t size)
{
	FILE *file = fopen(PARANOID_FILE, "r");
	char paranoid[16] = "not there";

	if (file != NULL) {
		if (fgets(paranoid, sizeof(paranoid), file) != NULL) {
			paranoid[strcspn(paranoid, "\n")] = '\0';
		}
		(void)fclose(file);
	}
	(void)snprintf(text, size, "perf_event_open: %s (perf_event_paranoid is %s)",
		       strerror(-err), paranoid);
}
