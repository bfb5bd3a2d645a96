/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The hardware model, seen from the bus: registers and counters. */

#include <stddef.h>

#include "mac_array_bus.h"
#include "mac_array_hardware.h"

static struct {
	struct mac_array_job job;
	uint32_t status;
	uint32_t cycles;
	uint32_t stalls;
	uint32_t jobs;
	uint32_t busy_cycles;
	uint32_t event[MAC_ARRAY_NUM_SLOTS];
	uint32_t count[MAC_ARRAY_NUM_SLOTS];
} regs;

static uint64_t event_count(uint32_t event, const struct mac_array_cost *cost)
{
	switch (event) {
	case MAC_ARRAY_STALL_CYCLES:
		return cost->stalls;
	case MAC_ARRAY_MACS:
		return cost->macs;
	case MAC_ARRAY_BYTES_IN:
		return cost->bytes_in;
	case MAC_ARRAY_BYTES_OUT:
		return cost->bytes_out;
	case MAC_ARRAY_TILES:
		return cost->tiles;
	default:
		return 0;
	}
}

static void run(void)
{
	struct mac_array_cost cost;
	enum mac_array_code code = mac_array_check(&regs.job);

	regs.cycles = 0;
	regs.stalls = 0;
	if (code == MAC_ARRAY_OK) {
		code = mac_array_compute(&regs.job);
	}
	if (code != MAC_ARRAY_OK) {
		regs.status = MAC_ARRAY_STATUS_DONE | MAC_ARRAY_STATUS_ERROR | (uint32_t)code << 8;
		return;
	}
	mac_array_cost(&regs.job, &cost);
	regs.cycles = (uint32_t)cost.cycles;
	regs.stalls = (uint32_t)cost.stalls;
	regs.jobs++;
	regs.busy_cycles += (uint32_t)cost.cycles;
	for (size_t i = 0; i < MAC_ARRAY_NUM_SLOTS; i++) {
		regs.count[i] += (uint32_t)event_count(regs.event[i], &cost);
	}
	regs.status = MAC_ARRAY_STATUS_DONE;
}

/* The register of an array at `offset`, or -1 if it is not one of the `num` from `first` on. */
static int32_t index_of(uint32_t offset, uint32_t first, uint32_t num)
{
	uint32_t index = (offset - first) / 4U;

	return offset >= first && index < num ? (int32_t)index : -1;
}

uint32_t mac_array_bus_read(uint32_t offset)
{
	int32_t slot = index_of(offset, MAC_ARRAY_COUNT(0), MAC_ARRAY_NUM_SLOTS);

	if (slot >= 0) {
		return regs.count[slot];
	}
	switch (offset) {
	case MAC_ARRAY_ID:
		return MAC_ARRAY_ID_VALUE;
	case MAC_ARRAY_STATUS:
		return regs.status;
	case MAC_ARRAY_CYCLES:
		return regs.cycles;
	case MAC_ARRAY_STALLS:
		return regs.stalls;
	case MAC_ARRAY_JOBS:
		return regs.jobs;
	case MAC_ARRAY_BUSY_CYCLES:
		return regs.busy_cycles;
	default:
		return 0;
	}
}

static void write_address(uint32_t index, uint32_t value)
{
	uint64_t *address = &regs.job.address[index / 2U];

	if (index % 2U == 0) {
		*address = (*address & ~(uint64_t)UINT32_MAX) | value;
	} else {
		*address = (*address & UINT32_MAX) | (uint64_t)value << 32;
	}
}

void mac_array_bus_write(uint32_t offset, uint32_t value)
{
	int32_t index = index_of(offset, MAC_ARRAY_JOB(0), MAC_ARRAY_JOB_WORDS);

	if (index >= 0) {
		regs.job.word[index] = (int32_t)value;
		return;
	}
	index = index_of(offset, MAC_ARRAY_ADDRESS_LOW(0), 2U * MAC_ARRAY_NUM_ADDRESSES);
	if (index >= 0) {
		write_address((uint32_t)index, value);
		return;
	}
	index = index_of(offset, MAC_ARRAY_EVENT(0), MAC_ARRAY_NUM_SLOTS);
	if (index >= 0) {
		regs.event[index] = value;
		return;
	}
	index = index_of(offset, MAC_ARRAY_COUNT(0), MAC_ARRAY_NUM_SLOTS);
	if (index >= 0) {
		regs.count[index] = value;
		return;
	}
	if (offset == MAC_ARRAY_CONTROL && (value & MAC_ARRAY_CONTROL_START) != 0) {
		run();
	}
}
