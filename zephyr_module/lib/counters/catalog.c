/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/drivers/hwcnt.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/port.h>

#include "cbor.h"
#include "sink.h"

#define CATALOG_VERSION 1

#ifdef CONFIG_ZC_RUNTIME_CRT
#define RUNTIME "crt"
#else
#define RUNTIME "tvm-ffi"
#endif

static void put_counter(struct zc_sink *sink, const struct hwcnt_counter *counter)
{
	zc_cbor_put_array(sink, 7);
	zc_cbor_put_text(sink, counter->name);
	zc_cbor_put_text(sink, counter->unit);
	zc_cbor_put_uint(sink, counter->width);
	zc_cbor_put_uint(sink, counter->kind);
	zc_cbor_put_uint(sink, counter->flags);
	zc_cbor_put_uint(sink, counter->max_per_cycle);
	zc_cbor_put_text(sink, counter->description);
}

static void put_provider(struct zc_sink *sink, const struct device *dev)
{
	const struct hwcnt_info *info = hwcnt_info(dev);
	const char *unavailable = hwcnt_unavailable(dev);

	zc_cbor_put_array(sink, 6);
	zc_cbor_put_text(sink, dev->name);
	zc_cbor_put_text(sink, info->compatible);
	zc_cbor_put_uint(sink, info->num_slots);
	zc_cbor_put(sink, ZC_CBOR_UINT, hwcnt_clock_hz(dev));
	if (unavailable == NULL) {
		zc_cbor_put(sink, ZC_CBOR_SIMPLE, ZC_CBOR_NULL);
	} else {
		zc_cbor_put_text(sink, unavailable);
	}
	zc_cbor_put_array(sink, info->num_counters);
	for (size_t i = 0; i < info->num_counters; i++) {
		put_counter(sink, &info->counters[i]);
	}
}

void zc_counters_write_catalog(struct zc_sink *sink)
{
	uint32_t num_providers = (uint32_t)zc_port_num_providers();

	zc_cbor_put_array(sink, 6);
	zc_cbor_put_uint(sink, CATALOG_VERSION);
	zc_cbor_put_text(sink, zc_port_board());
	zc_cbor_put_text(sink, RUNTIME);
	zc_cbor_put(sink, ZC_CBOR_UINT, zc_port_clock_hz());
	zc_cbor_put_uint(sink, CONFIG_ZC_RECORD_BUFFER_SIZE);
	zc_cbor_put_array(sink, num_providers);
	for (size_t i = 0; i < num_providers; i++) {
		put_provider(sink, zc_port_provider(i));
	}
}

uint32_t zc_counters_catalog_crc(void)
{
	struct zc_tap tap;

	zc_tap_init(&tap, NULL);
	zc_counters_write_catalog(&tap.sink);
	return tap.crc;
}
