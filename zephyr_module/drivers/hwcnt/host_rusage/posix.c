/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Provider `host-rusage`: what the operating system did to this thread, from getrusage(2). */

#define _GNU_SOURCE

#include <limits.h>
#include <sys/resource.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/sys/util.h>

#include "../common/constant.h"
#include "../common/fixed.h"

/* Threads have a usage of their own on Linux only. */
#ifdef RUSAGE_THREAD
#define WHO RUSAGE_THREAD
#else
#define WHO RUSAGE_SELF
#endif

#define COUNTER(name_, unit_, description_)                                                        \
	{                                                                                          \
		.name = name_, .unit = unit_, .description = description_, .kind = HWCNT_COUNT,    \
		.width = CHAR_BIT * sizeof(long), .flags = HWCNT_FIXED,                            \
	}

static const struct hwcnt_counter counters[] = {
	COUNTER("minor-faults", "faults", "page faults without input or output"),
	COUNTER("major-faults", "faults", "page faults that waited for a disk"),
	COUNTER("voluntary-switches", "switches", "the thread waited for something"),
	COUNTER("involuntary-switches", "switches", "the thread was interrupted by another one"),
};

static const struct hwcnt_info info = {
	.compatible = "zephyr-counters,host-rusage",
	.counters = counters,
	.num_counters = ARRAY_SIZE(counters),
};

static void host_rusage_read(const struct device *dev, uint64_t *values)
{
	const struct hwcnt_fixed_selection *selection = dev->data;
	struct rusage usage;

	(void)getrusage(WHO, &usage);

	const long all[] = {usage.ru_minflt, usage.ru_majflt, usage.ru_nvcsw, usage.ru_nivcsw};

	for (size_t i = 0; i < selection->num; i++) {
		values[i] = (unsigned long)all[selection->counters[i]];
	}
}

static DEVICE_API(hwcnt, api) = {
	.info = hwcnt_constant_info,
	.clock_hz = hwcnt_no_clock_hz,
	.select = hwcnt_fixed_select,
	.read = host_rusage_read,
};

static struct hwcnt_fixed_selection selection;

ZC_POSIX_PROVIDER("host-rusage", &api, &info, &selection);
