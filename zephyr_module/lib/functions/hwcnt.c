/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* hwcnt.*: lib/counters for a host. */

#include <errno.h>

#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/function.h>

static int write_catalog(struct zc_sink *sink, size_t max, uint32_t number)
{
	ARG_UNUSED(max);
	ARG_UNUSED(number);
	zc_counters_write_catalog(sink);
	return 0;
}

int zc_hwcnt_catalog(const union zc_value *args, struct zc_result *result)
{
	result->write = write_catalog;
	result->offset = (uint32_t)args[0].word;
	return 0;
}

int zc_hwcnt_select(const union zc_value *args, struct zc_result *result)
{
	ARG_UNUSED(result);
	return zc_counters_select(args[0].span.data, args[0].span.len);
}

int zc_hwcnt_begin(const union zc_value *args, struct zc_result *result)
{
	ARG_UNUSED(result);
	return zc_counters_begin((uint32_t)args[0].word, ZC_ORIGIN_USER, 0);
}

int zc_hwcnt_end(const union zc_value *args, struct zc_result *result)
{
	int err = zc_counters_end(0, NULL);

	ARG_UNUSED(args);
	ARG_UNUSED(result);
	/* A record without room was counted as dropped, and the next blob says so. */
	return err == -ENOBUFS ? 0 : err;
}

/* The argument is the number that the host gives its request, which the blob repeats. */
int zc_hwcnt_take(const union zc_value *args, struct zc_result *result)
{
	result->write = zc_counters_write_records;
	result->number = (uint32_t)args[0].word;
	return 0;
}
