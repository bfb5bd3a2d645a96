/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * From a selection's bytes to drivers that count it.
 *
 *   selection = [version, id, flags, [[provider, [counter, ...]], ...]]
 */

#include <string.h>

#include <zephyr/sys/crc.h>

#include <zephyr_counters/cbor.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>

#include "internal.h"

#define FLAG_LOCK_IRQ 0x01U

struct zc_selection zc_selection;

/* A selection while it is read. */
struct parser {
	struct zc_cbor_reader reader;
	struct zc_selection *selection;
	/* Of the group that is being read. */
	const struct hwcnt_info *info;
	struct zc_group *group;
};

static int refuse(int err, enum zc_error_number number, const struct device *dev, uint32_t argument)
{
	return zc_error_name(err, number, argument, dev->name, ZC_TERMINATED);
}

static int malformed(const struct parser *parser)
{
	return zc_error(-EINVAL, ZC_ERROR_SELECTION_MALFORMED, (uint32_t)parser->reader.at);
}

static void add_number(struct zc_selection *selection, const struct hwcnt_counter *counter)
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
}

static int add_counter(struct parser *parser, uint32_t id)
{
	struct zc_selection *selection = parser->selection;
	struct zc_group *group = parser->group;
	const struct hwcnt_counter *counter;

	if (id >= parser->info->num_counters) {
		return refuse(-EINVAL, ZC_ERROR_COUNTER_UNKNOWN, group->dev, id);
	}
	if (selection->num_positions == CONFIG_ZC_MAX_SELECTED) {
		return zc_error(-ENOSPC, ZC_ERROR_COUNTERS_TOO_MANY, CONFIG_ZC_MAX_SELECTED);
	}
	counter = &parser->info->counters[id];
	if (counter->kind == HWCNT_BYTES) {
		selection->has_opaque = true;
		selection->needs_care = true;
	} else {
		add_number(selection, counter);
	}
	selection->counters[selection->num_positions++] = (uint16_t)id;
	group->num_positions++;
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
		return zc_error(-EINVAL, ZC_ERROR_PROVIDER_UNKNOWN, provider);
	}
	dev = zc_port_provider(provider);
	for (size_t i = 0; i < selection->num_groups; i++) {
		if (selection->groups[i].dev == dev) {
			return malformed(parser);
		}
	}
	if (selection->num_groups == CONFIG_ZC_MAX_PROVIDERS) {
		return zc_error(-ENOSPC, ZC_ERROR_PROVIDERS_TOO_MANY, CONFIG_ZC_MAX_PROVIDERS);
	}
	unavailable = hwcnt_unavailable(dev);
	if (unavailable != NULL) {
		(void)refuse(-ENODEV, ZC_ERROR_PROVIDER_UNAVAILABLE, dev, 0);
		zc_error_add(unavailable);
		return -ENODEV;
	}
	group->dev = dev;
	group->first_number = selection->num_numbers;
	group->read = ((const struct hwcnt_driver_api *)dev->api)->read;
	selection->num_groups++;
	parser->group = group;
	parser->info = hwcnt_info(dev);
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
	return err;
}

static int parse(const uint8_t *cbor, size_t len, struct zc_selection *selection)
{
	struct parser parser = {.reader = {.data = cbor, .len = len}, .selection = selection};
	uint32_t items = zc_cbor_get(&parser.reader, ZC_CBOR_ARRAY);
	uint32_t version = zc_cbor_get(&parser.reader, ZC_CBOR_UINT);
	/* The id is the host's: it makes the CRC-32 one that no other request has. */
	uint32_t id = zc_cbor_get(&parser.reader, ZC_CBOR_UINT);
	uint32_t flags = zc_cbor_get(&parser.reader, ZC_CBOR_UINT);
	uint32_t left = zc_cbor_get(&parser.reader, ZC_CBOR_ARRAY);

	ARG_UNUSED(id);

	memset(selection, 0, sizeof(*selection));
	selection->traits[0] = ZC_TRAIT_BITS;
	selection->num_numbers = 1;
	selection->groups[0].read = read_nothing;
	selection->lock_irq = flags != 0;
	selection->needs_care = flags != 0;
	selection->crc = crc32_ieee(cbor, len);
	if (items != ZC_SELECTION_ITEMS || version != ZC_SELECTION_VERSION ||
	    flags > FLAG_LOCK_IRQ) {
		return malformed(&parser);
	}
	for (; left > 0; left--) {
		int err = parse_group(&parser);

		if (err != 0) {
			return err;
		}
	}
	if (parser.reader.failed || parser.reader.at != len) {
		return malformed(&parser);
	}
	/* A region and one inside it, for the calibration. */
	if (2 * ZC_RECORD_SIZE(selection->num_numbers) > sizeof(zc_record_buffer)) {
		return zc_error(-ENOSPC, ZC_ERROR_RECORD_BUFFER_TOO_SMALL, 0);
	}
	return 0;
}

/* Let all counters of a selection count, or none. `dev` is the provider that refused. */
static int count(const struct zc_selection *selection, bool on, const struct device **dev)
{
	const uint16_t *counters = selection->counters;
	int err = 0;

	for (size_t i = 0; err == 0 && i < selection->num_groups; i++) {
		const struct zc_group *group = &selection->groups[i];

		*dev = group->dev;
		err = hwcnt_select(*dev, &zc_selection, counters, on ? group->num_positions : 0U);
		counters += group->num_positions;
	}
	return err;
}

/* The one before it is left only when this one counts. */
static int replace(const struct zc_selection *selection)
{
	const struct device *refusing;
	const struct device *ignored;
	int err;

	(void)count(&zc_selection, false, &ignored);
	err = count(selection, true, &refusing);
	if (err == 0) {
		zc_selection = *selection;
		zc_calibrate();
		return 0;
	}
	(void)count(selection, false, &ignored);
	/* It worked before, and stopping it was all that happened since. */
	(void)count(&zc_selection, true, &ignored);
	if (err == -ENOSPC) {
		return refuse(err, ZC_ERROR_SLOTS_TOO_FEW, refusing,
			      hwcnt_info(refusing)->num_slots);
	}
	return refuse(err, ZC_ERROR_PROVIDER_REFUSED, refusing, (uint32_t)-err);
}

int zc_counters_select(const uint8_t *cbor, size_t len)
{
	struct zc_selection selection;
	int err;

	err = parse(cbor, len, &selection);
	if (err == 0 && zc_recorder.next != zc_recorder.regions) {
		err = zc_error(-EBUSY, ZC_ERROR_REGION_OPEN, 0);
	}
	return err != 0 ? err : replace(&selection);
}

int zc_counters_init(void)
{
	/* No flags, no counters; so there always is a selection that records belong to. */
	static const uint8_t nothing[] = {ZC_CBOR_ARRAY | ZC_SELECTION_ITEMS, ZC_SELECTION_VERSION,
					  0, 0, ZC_CBOR_ARRAY};

	zc_recorder_reset();
	return zc_counters_select(nothing, sizeof(nothing));
}
