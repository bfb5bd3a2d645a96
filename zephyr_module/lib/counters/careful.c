/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * What only some regions need: locked interrupts, levels, wide counters, opaque bytes, and what is
 * done when there is no room. Not in region.c, so that it stays out of the way of the others.
 */

#include <string.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>

#include "internal.h"
#include "records.h"

void zc_recorder_reset(void)
{
	struct zc_recorder *recorder = &zc_recorder;

	recorder->next = recorder->regions;
	recorder->careful =
		&recorder->regions[zc_selection.needs_care ? 0 : ARRAY_SIZE(recorder->regions)];
	recorder->groups_end = &zc_selection.groups[MAX(zc_selection.num_groups, 1U)];
	recorder->num_values = MAX(zc_selection.num_numbers, 2U) - 1U;
	recorder->record_size = ZC_RECORD_SIZE(recorder->num_values);
	recorder->last = (void *)((uint8_t *)zc_record_buffer + sizeof(zc_record_buffer) -
				  2 * recorder->record_size);
	recorder->record = zc_records_first();
	memset(&zc_taking, 0, sizeof(zc_taking));
}

int zc_begin_carefully(struct zc_region *region)
{
	if (region == NULL) {
		return zc_error(-EBUSY, ZC_ERROR_COUNTERS_NOT_INITIALIZED, 0);
	}
	if (region == &zc_recorder.regions[ARRAY_SIZE(zc_recorder.regions)]) {
		return zc_error(-EBUSY, ZC_ERROR_REGIONS_TOO_MANY, 0);
	}
	/* What was collected before a region is not that region's; the one around it lacks it. */
	zc_records_add_opaque(region == zc_recorder.regions ? &region->label : &region[-1].label,
			      0);
	if (zc_selection.lock_irq) {
		region->irq_key = zc_port_irq_lock();
	}
	return 0;
}

static uint64_t whole_number(uint64_t number, uint64_t begin, unsigned int traits)
{
	/* As it was read: the lower half was replaced by a difference. */
	number = (number & ~(uint64_t)UINT32_MAX) | (uint32_t)(number + begin);
	return (traits & ZC_TRAIT_LEVEL) != 0 ? number : number - begin;
}

void zc_end_carefully(const struct zc_region *region, struct zc_record *record)
{
	if (zc_selection.lock_irq) {
		zc_port_irq_unlock(region->irq_key);
		record->label |= ZC_LABEL(0U, ZC_ABOUT_FLAGS(ZC_RECORD_IRQ_LOCKED));
	}
	for (size_t i = 1; i < zc_selection.num_numbers; i++) {
		record->numbers[i] = whole_number(record->numbers[i], region->numbers[i],
						  zc_selection.traits[i]);
	}
	if (zc_selection.has_opaque) {
		zc_records_add_opaque(&record->label, CONFIG_ZC_MAX_OPAQUE);
	}
}

int zc_records_drop(struct zc_record *record)
{
	zc_recorder.record = record;
	zc_taking.dropped++;
	return zc_error(-ENOBUFS, ZC_ERROR_RECORD_BUFFER_FULL, 0);
}
