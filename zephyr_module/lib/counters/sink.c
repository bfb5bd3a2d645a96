/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "sink.h"

#include <zephyr/sys/crc.h>
#include <zephyr/sys/util.h>

static void count(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct zc_count_sink *count = CONTAINER_OF(sink, struct zc_count_sink, sink);

	ARG_UNUSED(data);
	count->bytes += len;
}

void zc_count_sink_init(struct zc_count_sink *sink)
{
	sink->sink.write = count;
	sink->bytes = 0;
}

static void update_crc(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct zc_crc_sink *crc = CONTAINER_OF(sink, struct zc_crc_sink, sink);

	crc->crc = crc32_ieee_update(crc->crc, data, len);
	if (crc->next != NULL) {
		crc->next->write(crc->next, data, len);
	}
}

void zc_crc_sink_init(struct zc_crc_sink *crc, struct zc_sink *next)
{
	crc->sink.write = update_crc;
	crc->next = next;
	crc->crc = 0;
}
