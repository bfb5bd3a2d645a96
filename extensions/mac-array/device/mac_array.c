/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "mac_array.h"

#include <stdbool.h>
#include <string.h>

#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/error.h>

#include "mac_array_bus.h"
#include "mac_array_regs.h"

/* Reads of the status register before the hardware is given up. */
#define MAX_POLLS   100000000U

#define LOG_JOBS    32
#define LOG_VERSION 1

/* A job in the log, little-endian; ../README.md has the table. */
#define LOG_SIZE       32
#define LOG_KIND       1
#define LOG_CODE       2
#define LOG_DIMS       4
#define LOG_NUM_DIMS   9
#define LOG_STRIDES    22
#define LOG_CYCLES     24
#define LOG_STALLS     28
#define KIND_CONV      0
#define KIND_DEPTHWISE 1
#define KIND_MATMUL    2
/* Stands for jobs that the log had no room for. */
#define KIND_LOST 255

enum {
	COUNTER_JOBS,
	COUNTER_BUSY_CYCLES,
	COUNTER_FIRST_EVENT,
	COUNTER_JOB_LOG = COUNTER_FIRST_EVENT + MAC_ARRAY_NUM_EVENTS - 1,
	NUM_COUNTERS,
};

#define COUNTER(name_, unit_, flags_, max_, description_)                                          \
	{                                                                                          \
		.name = name_, .unit = unit_, .description = description_, .kind = HWCNT_COUNT,    \
		.width = 32, .flags = flags_, .max_per_cycle = max_,                               \
	}

/* Those that take a slot stand in the order of enum mac_array_event. */
static const struct hwcnt_counter counters[NUM_COUNTERS] = {
	COUNTER("jobs", "jobs", HWCNT_FIXED, 1, "jobs finished"),
	COUNTER("busy-cycles", "cycles", HWCNT_FIXED, 1, "cycles in which a job was running"),
	COUNTER("stall-cycles", "cycles", 0, 1,
		"busy cycles in which the array waited for the DMA"),
	COUNTER("macs", "macs", 0, 64, "multiply-accumulates, padding included"),
	COUNTER("bytes-in", "bytes", 0, 4, "bytes loaded by the DMA"),
	COUNTER("bytes-out", "bytes", 0, 4, "bytes stored by the DMA"),
	COUNTER("tiles", "tiles", 0, 1, "tiles of outputs computed"),
	{
		.name = "job-log",
		.unit = "bytes",
		.description = "a line a job: kind, dimensions, cycles, stalls",
		.kind = HWCNT_BYTES,
		.flags = HWCNT_FIXED,
	},
};

static const struct hwcnt_info info = {
	.compatible = MAC_ARRAY_COMPATIBLE,
	.counters = counters,
	.num_counters = NUM_COUNTERS,
	.num_slots = MAC_ARRAY_NUM_SLOTS,
	.flags = HWCNT_SIMULATED,
};

/* Registers of the selected counters, in the order selected. */
static uint16_t selected_regs[NUM_COUNTERS];
static size_t num_selected;

static uint8_t job_log[LOG_JOBS][LOG_SIZE];
static size_t log_len;
static uint32_t log_lost;
static bool log_on;

static const struct hwcnt_info *mac_array_info(const struct device *dev)
{
	ARG_UNUSED(dev);
	return &info;
}

static uint64_t mac_array_clock_hz(const struct device *dev)
{
	ARG_UNUSED(dev);
	return MAC_ARRAY_CLOCK_HZ;
}

static const char *mac_array_unavailable(const struct device *dev)
{
	ARG_UNUSED(dev);
	return mac_array_bus_read(MAC_ARRAY_ID) == MAC_ARRAY_ID_VALUE
		       ? NULL
		       : "its identification register holds something else";
}

static void clear_log(void)
{
	log_len = 0;
	log_lost = 0;
}

static int mac_array_select(const struct device *dev, const uint16_t *selected, size_t num)
{
	uint32_t slot = 0;

	ARG_UNUSED(dev);
	num_selected = 0;
	log_on = false;
	clear_log();
	for (size_t i = 0; i < num; i++) {
		uint32_t reg = MAC_ARRAY_JOBS;

		if (selected[i] == COUNTER_JOB_LOG) {
			log_on = true;
			continue;
		}
		if (selected[i] == COUNTER_BUSY_CYCLES) {
			reg = MAC_ARRAY_BUSY_CYCLES;
		} else if (selected[i] >= COUNTER_FIRST_EVENT) {
			mac_array_bus_write(MAC_ARRAY_EVENT(slot), MAC_ARRAY_STALL_CYCLES +
									   selected[i] -
									   COUNTER_FIRST_EVENT);
			reg = MAC_ARRAY_COUNT(slot);
			slot++;
		}
		selected_regs[num_selected++] = (uint16_t)reg;
	}
	for (; slot < MAC_ARRAY_NUM_SLOTS; slot++) {
		mac_array_bus_write(MAC_ARRAY_EVENT(slot), MAC_ARRAY_NO_EVENT);
	}
	return 0;
}

static void mac_array_read(const struct device *dev, uint64_t *values)
{
	ARG_UNUSED(dev);
	for (size_t i = 0; i < num_selected; i++) {
		values[i] = mac_array_bus_read(selected_regs[i]);
	}
}

static int mac_array_drain(const struct device *dev, uint16_t counter, uint8_t *buf, size_t size)
{
	size_t len;

	ARG_UNUSED(dev);
	if (counter != COUNTER_JOB_LOG) {
		return -ENOTSUP;
	}
	len = log_len * LOG_SIZE;
	clear_log();
	if (buf == NULL) {
		return (int)len;
	}
	memcpy(buf, job_log, MIN(len, size));
	return len <= size ? (int)len : -ENOBUFS;
}

DEVICE_API(hwcnt, mac_array_api) = {
	.info = mac_array_info,
	.clock_hz = mac_array_clock_hz,
	.unavailable = mac_array_unavailable,
	.select = mac_array_select,
	.read = mac_array_read,
	.drain = mac_array_drain,
};

static uint8_t kind_of(const int32_t *job)
{
	if (job[JOB_GROUPS] != 1) {
		return KIND_DEPTHWISE;
	}
	return job[JOB_IN_H] == 1 && job[JOB_IN_W] == 1 ? KIND_MATMUL : KIND_CONV;
}

static void log_job(const int32_t *job, uint32_t status)
{
	uint8_t *entry;

	if (log_len == LOG_JOBS) {
		/* The last line becomes the number of those that are not there, itself included. */
		log_lost += log_lost == 0 ? 2U : 1U;
		entry = job_log[LOG_JOBS - 1];
		memset(entry, 0, LOG_SIZE);
		entry[0] = LOG_VERSION;
		entry[LOG_KIND] = KIND_LOST;
		sys_put_le32(log_lost, &entry[LOG_CYCLES]);
		return;
	}
	entry = job_log[log_len++];
	memset(entry, 0, LOG_SIZE);
	entry[0] = LOG_VERSION;
	entry[LOG_KIND] = kind_of(job);
	entry[LOG_CODE] = (uint8_t)MAC_ARRAY_STATUS_CODE(status);
	for (size_t i = 0; i < LOG_NUM_DIMS; i++) {
		sys_put_le16((uint16_t)job[JOB_BATCH + i], &entry[LOG_DIMS + 2 * i]);
	}
	entry[LOG_STRIDES] = (uint8_t)job[JOB_STRIDE_H];
	entry[LOG_STRIDES + 1] = (uint8_t)job[JOB_STRIDE_W];
	sys_put_le32(mac_array_bus_read(MAC_ARRAY_CYCLES), &entry[LOG_CYCLES]);
	sys_put_le32(mac_array_bus_read(MAC_ARRAY_STALLS), &entry[LOG_STALLS]);
}

static void write_address(uint32_t which, const void *pointer)
{
	uint64_t address = (uintptr_t)pointer;

	mac_array_bus_write(MAC_ARRAY_ADDRESS_LOW(which), (uint32_t)address);
	mac_array_bus_write(MAC_ARRAY_ADDRESS_HIGH(which), (uint32_t)(address >> 32));
}

static int wait(uint32_t *status)
{
	for (uint32_t i = 0; i < MAX_POLLS; i++) {
		*status = mac_array_bus_read(MAC_ARRAY_STATUS);
		if ((*status & MAC_ARRAY_STATUS_DONE) != 0) {
			return 0;
		}
	}
	return zc_error_name(-ETIMEDOUT, ZC_ERROR_ACCELERATOR_TIMEOUT, 0, "mac-array",
			     ZC_TERMINATED);
}

int32_t mac_array_run(const int32_t *job, const int8_t *x, const int8_t *w, const int32_t *bias,
		      const int32_t *multiplier, const int32_t *shift, int8_t *y)
{
	uint32_t status;
	int err;

	for (uint32_t i = 0; i < MAC_ARRAY_JOB_WORDS; i++) {
		mac_array_bus_write(MAC_ARRAY_JOB(i), (uint32_t)job[i]);
	}
	write_address(ADDRESS_X, x);
	write_address(ADDRESS_W, w);
	write_address(ADDRESS_BIAS, bias);
	write_address(ADDRESS_MULTIPLIER, multiplier);
	write_address(ADDRESS_SHIFT, shift);
	write_address(ADDRESS_Y, y);
	mac_array_bus_write(MAC_ARRAY_CONTROL, MAC_ARRAY_CONTROL_START);
	err = wait(&status);
	if (err == 0 && log_on) {
		log_job(job, status);
	}
	if (err == 0 && (status & MAC_ARRAY_STATUS_ERROR) != 0) {
		err = zc_error_name(-EINVAL, ZC_ERROR_ACCELERATOR_REFUSED,
				    MAC_ARRAY_STATUS_CODE(status), "mac-array", ZC_TERMINATED);
	}
	if (err != 0) {
		zc_kernel_failed(err);
	}
	return err;
}
