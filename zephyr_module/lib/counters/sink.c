/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "sink.h"

#include <zephyr/sys/crc.h>
#include <zephyr/sys/util.h>

static void pass(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct zc_tap *tap = CONTAINER_OF(sink, struct zc_tap, sink);

	tap->bytes += len;
	tap->crc = crc32_ieee_update(tap->crc, data, len);
	if (tap->next != NULL) {
		tap->next->write(tap->next, data, len);
	}
}

void zc_tap_init(struct zc_tap *tap, struct zc_sink *next)
{
	*tap = (struct zc_tap){.sink = {.write = pass}, .next = next};
}
