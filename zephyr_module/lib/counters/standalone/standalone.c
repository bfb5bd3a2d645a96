/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Not in a firmware that serves a host: nothing of lib/counters calls this file. */

#include <string.h>

#include <zephyr_counters/cbor.h>
#include <zephyr_counters/port.h>
#include <zephyr_counters/standalone.h>

#include "../internal.h"

/* Heads of the selection, of each group and its counters, and a counter are 5 bytes at most. */
#define MOST_GROUP_BYTES (3U * 5U * CONFIG_ZC_MAX_PROVIDERS + 5U * CONFIG_ZC_MAX_SELECTED)
#define MOST_HEAD_BYTES  (5U * 5U)

struct writer {
	struct zc_sink sink;
	uint8_t bytes[MOST_HEAD_BYTES + MOST_GROUP_BYTES];
	size_t len;
};

static void write_bytes(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	struct writer *writer = CONTAINER_OF(sink, struct writer, sink);

	memcpy(&writer->bytes[writer->len], data, len);
	writer->len += len;
}

/* What of a provider is selected. */
struct choice {
	const struct device *dev;
	uint16_t counters[CONFIG_ZC_MAX_SELECTED];
	size_t num;
};

static void choose(const struct device *dev, size_t room, struct choice *choice)
{
	const struct hwcnt_info *info = hwcnt_info(dev);
	size_t slots = info->num_slots;

	choice->dev = dev;
	choice->num = 0;
	for (uint16_t id = 0; id < info->num_counters && choice->num < room; id++) {
		const struct hwcnt_counter *counter = &info->counters[id];
		size_t needed = (counter->flags & HWCNT_FIXED) == 0U ? 1U : 0U;

		if (counter->kind != HWCNT_BYTES && (counter->flags & HWCNT_EXPENSIVE) == 0U &&
		    needed <= slots) {
			slots -= needed;
			choice->counters[choice->num++] = id;
		}
	}
}

/* Leaves the counters on, so that a provider that cannot count together with them says so. */
static const char *try_choice(const struct choice *choice)
{
	const char *unavailable = hwcnt_unavailable(choice->dev);

	if (unavailable != NULL) {
		return unavailable;
	}
	if (choice->num == 0U) {
		return "no counter or no room";
	}
	return hwcnt_select(choice->dev, &zc_selection, choice->counters, choice->num) == 0
		       ? NULL
		       : "its driver refuses";
}

static void put_choice(struct zc_sink *sink, uint32_t provider, const struct choice *choice)
{
	zc_cbor_put_array(sink, 2);
	zc_cbor_put_uint(sink, provider);
	zc_cbor_put_array(sink, (uint32_t)choice->num);
	for (size_t i = 0; i < choice->num; i++) {
		zc_cbor_put_uint(sink, choice->counters[i]);
	}
}

/* All groups, and how many they are. */
static uint32_t put_choices(struct zc_sink *sink,
			    void (*refused)(const struct device *dev, const char *why))
{
	uint32_t num = 0;
	size_t room = CONFIG_ZC_MAX_SELECTED;
	uint32_t num_providers = (uint32_t)zc_port_num_providers();

	for (uint32_t i = 0; i < num_providers; i++) {
		struct choice choice;
		const char *why;

		choose(zc_port_provider(i), num < CONFIG_ZC_MAX_PROVIDERS ? room : 0U, &choice);
		why = try_choice(&choice);
		if (why != NULL) {
			refused(choice.dev, why);
			continue;
		}
		put_choice(sink, i, &choice);
		room -= choice.num;
		num++;
	}
	return num;
}

int zc_counters_select_all(void (*refused)(const struct device *dev, const char *why))
{
	struct writer groups = {.sink = {.write = write_bytes}};
	struct writer selection = {.sink = {.write = write_bytes}};
	uint32_t num = put_choices(&groups.sink, refused);

	for (size_t i = 0; i < zc_port_num_providers(); i++) {
		(void)hwcnt_select(zc_port_provider(i), &zc_selection, NULL, 0);
	}
	zc_cbor_put_array(&selection.sink, ZC_SELECTION_ITEMS);
	zc_cbor_put_uint(&selection.sink, ZC_SELECTION_VERSION);
	zc_cbor_put_uint(&selection.sink, 0);
	zc_cbor_put_uint(&selection.sink, 0);
	zc_cbor_put_array(&selection.sink, num);
	write_bytes(&selection.sink, groups.bytes, groups.len);
	return zc_counters_select(selection.bytes, selection.len);
}

/* As docs/blob.md: a counter whose speed is not known is taken to advance once per cycle. */
static bool may_have_wrapped(const struct zc_region_value *value, uint64_t ticks)
{
	double seconds = (double)ticks / (double)zc_port_clock_hz();
	uint64_t hz = hwcnt_clock_hz(value->provider);
	double most = seconds * (double)(hz != 0U ? hz : zc_port_clock_hz()) *
		      (double)MAX(value->counter->max_per_cycle, 1U);

	return value->counter->kind == HWCNT_COUNT && value->counter->width < 64U &&
	       most >= (double)(1ULL << value->counter->width);
}

static bool is_stuck(size_t position)
{
	for (size_t i = 0; i < zc_calibration.num_stuck; i++) {
		if (zc_calibration.stuck[i] == position) {
			return true;
		}
	}
	return false;
}

static void show_record(const struct zc_record *record,
			void (*show)(const struct zc_region_value *value))
{
	const struct zc_group *group = zc_selection.groups;
	size_t number = 1;

	for (size_t groups = zc_selection.num_groups; groups > 0; groups--, group++) {
		const struct hwcnt_counter *counters = hwcnt_info(group->dev)->counters;

		for (size_t left = group->num_positions; left > 0; left--, number++) {
			size_t position = zc_selection.positions[number];
			struct zc_region_value value = {
				.provider = group->dev,
				.counter = &counters[zc_selection.counters[position]],
				.value = zc_records_number(record, number),
				.stuck = is_stuck(position),
			};

			value.wrapped = may_have_wrapped(&value, record->numbers[0]);
			show(&value);
		}
	}
}

void zc_counters_show_last(void (*show)(const struct zc_region_value *value))
{
	const struct zc_record *last = NULL;

	for (struct zc_record *record = zc_records_first(); record < zc_recorder.record;
	     record = zc_records_next(record)) {
		last = record;
	}
	if (last != NULL) {
		show_record(last, show);
	}
	zc_recorder.record = zc_records_first();
}
