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

BUILD_ASSERT(CONFIG_ZC_MAX_PROVIDERS < UINT8_MAX, "a group's provider has 8 bits");

struct zc_selection zc_selection;

/* `NAME TEXT NUMBER TEXT NUMBER`, as far as it is wanted. */
struct message {
	char text[128];
	size_t len;
};

static void add(struct message *message, const char *text)
{
	size_t len = MIN(strlen(text), sizeof(message->text) - message->len);

	memcpy(&message->text[message->len], text, len);
	message->len += len;
}

static void add_number(struct message *message, uint32_t number)
{
	char digits[11];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10U);
		number /= 10U;
	} while (number > 0U);
	add(message, &digits[at]);
}

static int refuse(int err, const struct message *message)
{
	return zc_error(err, "selection", message->text, message->len);
}

/* `NAME WHAT NUMBER` */
static int refuse_counter(const struct device *dev, const char *what, uint32_t number)
{
	struct message message = {.len = 0};

	add(&message, dev->name);
	add(&message, what);
	add_number(&message, number);
	return refuse(-EINVAL, &message);
}

static int refuse_slots(const struct device *dev, uint32_t needs, uint32_t has)
{
	struct message message = {.len = 0};

	add(&message, dev->name);
	add(&message, " needs ");
	add_number(&message, needs);
	add(&message, " slots, has ");
	add_number(&message, has);
	return refuse(-ENOSPC, &message);
}

/* `NAME WHY: DETAIL` */
static int refuse_provider(int err, const struct device *dev, const char *why, const char *detail)
{
	struct message message = {.len = 0};

	add(&message, dev->name);
	add(&message, why);
	add(&message, detail);
	return refuse(err, &message);
}

static int malformed(const struct zc_cbor_reader *reader)
{
	return zc_error_num(-EINVAL, "selection is malformed at byte", (uint32_t)reader->at);
}

const struct hwcnt_counter *zc_selected(const struct zc_selection *selection, size_t position,
					const struct device **dev)
{
	const struct zc_group *group = selection->groups;
	size_t left = position;

	while (left >= group->num_positions) {
		left -= group->num_positions;
		group++;
	}
	*dev = group->dev;
	return &hwcnt_info(group->dev)->counters[selection->counters[position]];
}

/* One more counter for the group; positions before `first` belong to other groups. */
static int add_counter(struct zc_selection *selection, struct zc_group *group, size_t first,
		       uint32_t id)
{
	const struct hwcnt_info *info = hwcnt_info(group->dev);
	const struct hwcnt_counter *counter;

	if (id >= info->num_counters) {
		return refuse_counter(group->dev, " has no counter ", id);
	}
	for (size_t i = first; i < selection->num_positions; i++) {
		if (selection->counters[i] == id) {
			return refuse_counter(group->dev, " is to count twice: ", id);
		}
	}
	if (selection->num_positions == CONFIG_ZC_MAX_SELECTED) {
		return zc_error_num(-ENOSPC, "selection has more counters than",
				    CONFIG_ZC_MAX_SELECTED);
	}
	counter = &info->counters[id];
	selection->counters[selection->num_positions] = (uint16_t)id;
	selection->num_positions++;
	group->num_positions++;
	if (counter->kind != HWCNT_BYTES) {
		selection->widths[selection->num_values] = (uint8_t)(
			counter->width | (counter->kind == HWCNT_LEVEL ? ZC_WIDTH_LEVEL : 0U));
		selection->num_values++;
		group->num_values++;
	}
	return 0;
}

static int check_slots(const struct zc_selection *selection, const struct zc_group *group,
		       size_t first)
{
	const struct hwcnt_info *info = hwcnt_info(group->dev);
	uint32_t needs = 0;

	for (size_t i = first; i < selection->num_positions; i++) {
		needs += (info->counters[selection->counters[i]].flags & HWCNT_FIXED) == 0;
	}
	return needs <= info->num_slots ? 0 : refuse_slots(group->dev, needs, info->num_slots);
}

/* [provider, [counter, ...]] */
static int parse_group(struct zc_cbor_reader *reader, struct zc_selection *selection)
{
	struct zc_group *group = &selection->groups[selection->num_groups];
	size_t first = selection->num_positions;
	const char *unavailable;
	uint32_t provider;
	uint32_t num;
	uint32_t id;
	int err;

	if (!zc_cbor_get(reader, ZC_CBOR_ARRAY, &num) || num != 2 ||
	    !zc_cbor_get(reader, ZC_CBOR_UINT, &provider) ||
	    !zc_cbor_get(reader, ZC_CBOR_ARRAY, &num) || num == 0) {
		return malformed(reader);
	}
	if (provider >= zc_port_num_providers()) {
		return zc_error_num(-EINVAL, "selection has an unknown provider", provider);
	}
	group->dev = zc_port_provider(provider);
	for (size_t i = 0; i < selection->num_groups; i++) {
		if (selection->groups[i].dev == group->dev) {
			return refuse_provider(-EINVAL, group->dev, " is named twice", "");
		}
	}
	if (selection->num_groups == CONFIG_ZC_MAX_PROVIDERS) {
		return zc_error_num(-ENOSPC, "selection has more providers than",
				    CONFIG_ZC_MAX_PROVIDERS);
	}
	unavailable = hwcnt_unavailable(group->dev);
	if (unavailable != NULL) {
		return refuse_provider(-ENODEV, group->dev, " is unavailable: ", unavailable);
	}
	selection->num_groups++;
	for (; num > 0; num--) {
		if (!zc_cbor_get(reader, ZC_CBOR_UINT, &id)) {
			return malformed(reader);
		}
		err = add_counter(selection, group, first, id);
		if (err != 0) {
			return err;
		}
	}
	return check_slots(selection, group, first);
}

static int parse(const uint8_t *cbor, size_t len, struct zc_selection *selection)
{
	struct zc_cbor_reader reader = {.data = cbor, .len = len};
	uint32_t flags;
	uint32_t num;
	int err;

	memset(selection, 0, sizeof(*selection));
	if (!zc_cbor_get(&reader, ZC_CBOR_ARRAY, &num) || num == 0 ||
	    !zc_cbor_get(&reader, ZC_CBOR_UINT, &flags)) {
		return malformed(&reader);
	}
	if ((flags & ~FLAG_LOCK_IRQ) != 0) {
		return zc_error_num(-EINVAL, "selection has unknown flags", flags);
	}
	for (num--; num > 0; num--) {
		err = parse_group(&reader, selection);
		if (err != 0) {
			return err;
		}
	}
	if (reader.at != len) {
		return malformed(&reader);
	}
	if (!zc_records_fit(selection->num_values)) {
		return zc_error(-ENOSPC, "selection has records that the buffer cannot hold", NULL,
				0);
	}
	selection->lock_irq = (flags & FLAG_LOCK_IRQ) != 0;
	selection->crc = crc32_ieee(cbor, len);
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
			return refuse_provider(err, group->dev, " cannot count these ",
					       err == -ENOTSUP ? "together" : "now");
		}
		counters += group->num_positions;
	}
	return 0;
}

int zc_counters_select(const uint8_t *cbor, size_t len)
{
	struct zc_selection selection;
	int err;

	if (!zc_regions_closed()) {
		return zc_error(-EBUSY, "selection cannot change inside a region", NULL, 0);
	}
	err = parse(cbor, len, &selection);
	if (err != 0) {
		return err;
	}
	stop(&zc_selection);
	err = start(&selection);
	if (err != 0) {
		stop(&selection);
		/* It worked before, and stopping it was all that happened since. */
		(void)start(&zc_selection);
		return err;
	}
	zc_selection = selection;
	zc_calibrate();
	return 0;
}

int zc_counters_init(void)
{
	/* [0]: no flags, no counters; so there always is a selection that records belong to. */
	static const uint8_t nothing[] = {ZC_CBOR_ARRAY | 1U, 0};

	return zc_counters_select(nothing, sizeof(nothing));
}
