/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/drivers/hwcnt.h>

#include <zephyr_counters/cbor.h>
#include <zephyr_counters/counters.h>
#include <zephyr_counters/port.h>

#include "internal.h"
#include "sink.h"

#define CATALOG_VERSION 2

#ifdef CONFIG_ZC_RUNTIME_CRT
#define RUNTIME     "crt"
#define ARENA_BYTES CONFIG_ZC_CRT_HEAP_SIZE
#else
#define RUNTIME     "tvm-ffi"
#define ARENA_BYTES CONFIG_ZC_ARENA_SIZE
#endif

/* From record_buffer_bytes on in docs/blob.cddl. */
static const uint32_t limits[] = {
	sizeof(zc_record_buffer), ZC_RECORD_SIZE(1),
	sizeof(uint64_t),         CONFIG_ZC_MAX_SELECTED,
	CONFIG_ZC_MAX_PROVIDERS,  CONFIG_ZC_MAX_OPAQUE,
	CONFIG_ZC_PACKET_SIZE,    ARENA_BYTES,
};

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

	zc_cbor_put_array(sink, 8);
	zc_cbor_put_text(sink, dev->name);
	zc_cbor_put_text(sink, info->compatible);
	zc_cbor_put_uint(sink, info->num_slots);
	zc_cbor_put(sink, ZC_CBOR_UINT, hwcnt_clock_hz(dev));
	if (unavailable == NULL) {
		zc_cbor_put(sink, ZC_CBOR_SIMPLE, ZC_CBOR_NULL);
	} else {
		zc_cbor_put_text(sink, unavailable);
	}
	zc_cbor_put_uint(sink, info->clock);
	zc_cbor_put_uint(sink, info->flags);
	zc_cbor_put_array(sink, info->num_counters);
	for (size_t i = 0; i < info->num_counters; i++) {
		put_counter(sink, &info->counters[i]);
	}
}

void zc_counters_write_catalog(struct zc_sink *sink)
{
	uint32_t num_providers = (uint32_t)zc_port_num_providers();

	zc_cbor_put_array(sink, 7 + ARRAY_SIZE(limits));
	zc_cbor_put_uint(sink, CATALOG_VERSION);
	zc_cbor_put_text(sink, zc_port_board());
	zc_cbor_put_text(sink, RUNTIME);
	zc_cbor_put(sink, ZC_CBOR_UINT, zc_port_clock_hz());
	zc_cbor_put_uint(sink, zc_port_clock_kind());
	zc_cbor_put_text(sink, zc_port_clock_name());
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		zc_cbor_put_uint(sink, limits[i]);
	}
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
