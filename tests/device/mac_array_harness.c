/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The mac-array's driver and model, driven by lines on stdin, each answered by one line of numbers
 * or hexadecimal bytes. Tensors are files, so that none is larger than it says.
 *
 *   run JOB X W BIAS MULTIPLIER SHIFT Y_SIZE OUT   result, kernel failure; `-` is a null pointer
 *   select ID...                                   result
 *   read                                           the values, in the order selected
 *   drain SIZE                                     result, bytes
 *   forget                                         result
 *   peek OFFSET / poke OFFSET VALUE                a register
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/sys/util.h>

#include <zephyr_counters/error.h>

#include "mac_array.h"
#include "mac_array_bus.h"

#define MAX_LINE  4096
#define MAX_WORDS 16

static const struct device array = {.name = "mac-array", .api = &mac_array_api};

static size_t num_values;

static void *load(const char *path)
{
	FILE *file;
	void *data;
	long size;

	if (strcmp(path, "-") == 0) {
		return NULL;
	}
	file = fopen(path, "rb");
	if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
		abort();
	}
	size = ftell(file);
	rewind(file);
	data = malloc((size_t)size);
	if (fread(data, 1, (size_t)size, file) != (size_t)size) {
		abort();
	}
	(void)fclose(file);
	return data;
}

static void store(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0) {
		abort();
	}
}

static void run(char **word)
{
	void *in[6];
	size_t size = strtoul(word[6], NULL, 0);
	int8_t *y = size == 0 ? NULL : malloc(size);
	int32_t result;

	for (size_t i = 0; i < ARRAY_SIZE(in); i++) {
		in[i] = load(word[i]);
	}
	if (y != NULL) {
		memset(y, 0x55, size);
	}
	result = mac_array_run(in[0], in[1], in[2], in[3], in[4], in[5], y);
	printf("%" PRId32 " %d", result, zc_kernel_take_failure());
	store(word[7], y, size);
	for (size_t i = 0; i < ARRAY_SIZE(in); i++) {
		free(in[i]);
	}
	free(y);
}

static void select_counters(char **word)
{
	uint16_t ids[MAX_WORDS];
	size_t num = 0;
	int result;

	for (; word[num] != NULL; num++) {
		ids[num] = (uint16_t)strtoul(word[num], NULL, 0);
	}
	result = hwcnt_select(&array, &array, ids, num);
	if (result == 0) {
		num_values = 0;
		for (size_t i = 0; i < num; i++) {
			num_values += hwcnt_info(&array)->counters[ids[i]].kind != HWCNT_BYTES;
		}
	}
	printf("%d", result);
}

static void read_values(void)
{
	uint64_t values[MAX_WORDS];

	hwcnt_read(&array, values);
	for (size_t i = 0; i < num_values; i++) {
		printf("%" PRIu64 " ", values[i]);
	}
}

static void drain(size_t size)
{
	uint8_t *buf = malloc(size);
	uint16_t job_log = (uint16_t)(hwcnt_info(&array)->num_counters - 1U);
	int result = hwcnt_drain(&array, job_log, buf, size);
	size_t moved = result < 0 ? size : (size_t)result;

	printf("%d ", result);
	for (size_t i = 0; i < moved; i++) {
		printf("%02x", buf[i]);
	}
	free(buf);
}

static void command(char **word)
{
	if (strcmp(word[0], "run") == 0) {
		run(&word[1]);
	} else if (strcmp(word[0], "select") == 0) {
		select_counters(&word[1]);
	} else if (strcmp(word[0], "read") == 0) {
		read_values();
	} else if (strcmp(word[0], "drain") == 0) {
		drain(strtoul(word[1], NULL, 0));
	} else if (strcmp(word[0], "forget") == 0) {
		printf("%d",
		       mac_array_api.drain(NULL, (uint16_t)(hwcnt_info(&array)->num_counters - 1U),
					   NULL, 0));
	} else if (strcmp(word[0], "peek") == 0) {
		printf("%" PRIu32, mac_array_bus_read((uint32_t)strtoul(word[1], NULL, 0)));
	} else if (strcmp(word[0], "poke") == 0) {
		mac_array_bus_write((uint32_t)strtoul(word[1], NULL, 0),
				    (uint32_t)strtoul(word[2], NULL, 0));
	}
	printf("\n");
	fflush(stdout);
}

int main(void)
{
	static char line[MAX_LINE];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *word[MAX_WORDS] = {NULL};
		char *at = strtok(line, " \n");

		for (size_t i = 0; i < ARRAY_SIZE(word) - 1 && at != NULL; i++) {
			word[i] = at;
			at = strtok(NULL, " \n");
		}
		command(word);
	}
	return 0;
}
