/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * From a selection's bytes to drivers that count it.
 *
 *   selection = [flags, [provider, [counter, ...]], ...]
 */

#include <string.h>

#include <zephyr/sys/crc.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>

#include "cbor.h"
#include "internal.h"

#define FLAG_LOCK_IRQ 0x01U

struct zc_selection zc_selection;

/* A selection while it is read. */
struct parser {
	struct zc_cbor_reader reader;
	struct zc_selection *selection;
	const struct hwcnt_info *info;
	/* Of the group that is being read; `slots` are those it needs. */
	struct zc_group *group;
	uint32_t slots;
};

/* "NAME WHAT: NUMBER" */
static int refuse(int err, const struct device *dev, const char *what, uint32_t number)
{
	char text[64];

	(void)strncpy(text, dev->name, sizeof(text) / 2);
	text[sizeof(text) / 2] = '\0';
	(void)strcat(text, what);
	return zc_error_num(err, text, number);
}

static int malformed(const struct parser *parser)
{
	return zc_error_num(-EINVAL, "selection malformed at byte", (uint32_t)parser->reader.at);
}

/*
 * The ticks in which a counter may advance by 2^width:
 *
 *   2^width * clock_hz / (provider's clock_hz * max_per_cycle)
 *
 * rounded down; divided first, so that nothing overflows. Where the provider does not know how fast
 * a counter is, once a cycle is assumed, and where it has no clock, ours.
 */
static uint64_t wrap_ticks(const struct device *dev, const struct hwcnt_counter *counter)
{
	uint64_t clock_hz = zc_port_clock_hz();
	uint64_t per_second = hwcnt_clock_hz(dev);
	uint64_t ticks;
	uint64_t rest;

	if (counter->kind != HWCNT_COUNT || counter->width == 64) {
		return UINT64_MAX;
	}
	if (per_second == 0) {
		per_second = clock_hz;
	}
	per_second *= MAX(counter->max_per_cycle, 1U);
	ticks = clock_hz / per_second;
	rest = clock_hz % per_second;
	for (unsigned int left = counter->width; left > 0; left--) {
		if (ticks >> 63 != 0) {
			return UINT64_MAX;
		}
		ticks <<= 1;
		rest <<= 1;
		if (rest >= per_second) {
			rest -= per_second;
			ticks++;
		}
	}
	return ticks;
}

static void add_number(struct zc_selection *selection, const struct device *dev,
		       const struct hwcnt_counter *counter)
{
	uint32_t number = selection->num_numbers++;
	uint32_t traits = counter->width - 1U;

	if (counter->kind == HWCNT_LEVEL) {
		traits |= ZC_TRAIT_LEVEL;
	}
	/* Levels, and what has more than 32 bits. */
	selection->needs_care |= traits >= 32;
	if ((counter->flags & HWCNT_RUNNING) != 0) {
		traits |= ZC_TRAIT_RUNNING;
	}
	selection->traits[number] = (uint8_t)traits;
	selection->positions[number] = selection->num_positions;
	selection->wrap_ticks[number] = wrap_ticks(dev, counter);
}

static int add_counter(struct parser *parser, uint32_t id)
{
	struct zc_selection *selection = parser->selection;
	struct zc_group *group = parser->group;
	const struct hwcnt_counter *counter;

	if (id >= parser->info->num_counters) {
		return refuse(-EINVAL, group->dev, " has no counter", id);
	}
	if (selection->num_positions == CONFIG_ZC_MAX_SELECTED) {
		return zc_error_num(-ENOSPC, "selection has more counters than",
				    CONFIG_ZC_MAX_SELECTED);
	}
	counter = &parser->info->counters[id];
	if (counter->kind == HWCNT_BYTES) {
		selection->has_opaque = true;
		selection->needs_care = true;
	} else {
		add_number(selection, group->dev, counter);
	}
	selection->counters[selection->num_positions++] = (uint16_t)id;
	group->num_positions++;
	if ((counter->flags & HWCNT_FIXED) == 0) {
		parser->slots++;
	}
	return 0;
}

static void read_nothing(const struct device *dev, uint64_t *values)
{
	ARG_UNUSED(dev);
	ARG_UNUSED(values);
}

/* A group for the provider of that number, without counters yet. */
static int add_group(struct parser *parser, uint32_t provider)
{
	struct zc_selection *selection = parser->selection;
	struct zc_group *group = &selection->groups[selection->num_groups];
	const struct device *dev;
	const char *unavailable;

	if (provider >= zc_port_num_providers()) {
		return zc_error_num(-EINVAL, "selection has no provider", provider);
	}
	dev = zc_port_provider(provider);
	for (size_t i = 0; i < selection->num_groups; i++) {
		if (selection->groups[i].dev == dev) {
			return malformed(parser);
		}
	}
	if (selection->num_groups == CONFIG_ZC_MAX_PROVIDERS) {
		return zc_error_num(-ENOSPC, "more providers than", CONFIG_ZC_MAX_PROVIDERS);
	}
	unavailable = hwcnt_unavailable(dev);
	if (unavailable != NULL) {
		return zc_error(-ENODEV, dev->name, unavailable, strlen(unavailable));
	}
	group->dev = dev;
	group->first_number = selection->num_numbers;
	group->read = ((const struct hwcnt_driver_api *)dev->api)->read;
	selection->num_groups++;
	parser->group = group;
	parser->info = hwcnt_info(dev);
	parser->slots = 0;
	return 0;
}

/* [provider, [counter, ...]] */
static int parse_group(struct parser *parser)
{
	bool pair = zc_cbor_get(&parser->reader, ZC_CBOR_ARRAY) == 2;
	uint32_t provider = zc_cbor_get(&parser->reader, ZC_CBOR_UINT);
	uint32_t left = zc_cbor_get(&parser->reader, ZC_CBOR_ARRAY);
	int err;

	if (!pair || left == 0) {
		return malformed(parser);
	}
	err = add_group(parser, provider);
	for (; err == 0 && left > 0; left--) {
		uint32_t id = zc_cbor_get(&parser->reader, ZC_CBOR_UINT);

		err = parser->reader.failed ? malformed(parser) : add_counter(parser, id);
	}
	if (err == 0 && parser->slots > parser->info->num_slots) {
		err = refuse(-ENOSPC, parser->group->dev, " needs more slots than",
			     parser->info->num_slots);
	}
	return err;
}

static int parse(const uint8_t *cbor, size_t len, struct zc_selection *selection)
{
	struct parser parser = {.reader = {.data = cbor, .len = len}, .selection = selection};
	uint32_t left = zc_cbor_get(&parser.reader, ZC_CBOR_ARRAY);
	uint32_t flags = zc_cbor_get(&parser.reader, ZC_CBOR_UINT);

	memset(selection, 0, sizeof(*selection));
	selection->traits[0] = ZC_TRAIT_BITS;
	selection->num_numbers = 1;
	selection->groups[0].read = read_nothing;
	selection->lock_irq = flags != 0;
	selection->needs_care = flags != 0;
	selection->crc = crc32_ieee(cbor, len);
	if (flags <= FLAG_LOCK_IRQ) {
		while (--left > 0 && !parser.reader.failed) {
			int err = parse_group(&parser);

			if (err != 0) {
				return err;
			}
		}
	}
	if (parser.reader.failed || parser.reader.at != len || left != 0) {
		return malformed(&parser);
	}
	/* A region and one inside it, for the calibration. */
	if (2 * ZC_RECORD_SIZE(selection->num_numbers) > sizeof(zc_record_buffer)) {
		return zc_error(-ENOSPC, "record buffer too small", NULL, 0);
	}
	return 0;
}

static void stop(const struct zc_selection *selection)
{
	for (size_t i = 0; i < selection->num_groups; i++) {
		(void)hwcnt_select(selection->groups[i].dev, NULL, 0);
	}
}

static int start(const struct zc_selection *selection)
{
	const uint16_t *counters = selection->counters;

	for (size_t i = 0; i < selection->num_groups; i++) {
		const struct zc_group *group = &selection->groups[i];
		int err = hwcnt_select(group->dev, counters, group->num_positions);

		if (err != 0) {
			return refuse(err, group->dev, " refuses with error", (uint32_t)-err);
		}
		counters += group->num_positions;
	}
	return 0;
}

int zc_counters_select(const uint8_t *cbor, size_t len)
{
	struct zc_selection selection;
	int err;

	err = parse(cbor, len, &selection);
	if (err == 0 && zc_recorder.next != zc_recorder.regions) {
		err = zc_error(-EBUSY, "a region is open", NULL, 0);
	}
	if (err != 0) {
		return err;
	}
	stop(&zc_selection);
	err = start(&selection);
	if (err == 0) {
		zc_selection = selection;
		zc_calibrate();
	} else {
		stop(&selection);
		/* It worked before, and stopping it was all that happened since. */
		(void)start(&zc_selection);
	}
	return err;
}

int zc_counters_init(void)
{
	/* [0]: no flags, no counters; so there always is a selection that records belong to. */
	static const uint8_t nothing[] = {ZC_CBOR_ARRAY | 1U, 0};

	zc_recorder_reset();
	return zc_counters_select(nothing, sizeof(nothing));
}
