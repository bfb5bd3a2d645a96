/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * lib/counters with fake providers and a fake clock, driven by lines on stdin. Each command is
 * answered by one line: what the function returned, bytes in hexadecimal or `-`, the error's text.
 * end's bytes are the duration in ticks; those of select-all and show-last are text, a line for
 * each call of what they are given.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/sys/util.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>
#include <zephyr_counters/standalone.h>

#include "counters_fakes.h"

#define MAX_LINE 20000

static struct {
	struct zc_sink sink;
	uint8_t bytes[CONFIG_ZC_RECORD_BUFFER_SIZE * 4 + 8192];
	size_t len;
} out;

static void collect(struct zc_sink *sink, const uint8_t *data, size_t len)
{
	ARG_UNUSED(sink);
	if (len > sizeof(out.bytes) - out.len) {
		abort();
	}
	memcpy(&out.bytes[out.len], data, len);
	out.len += len;
}

static void answer(int64_t result)
{
	printf("%" PRId64 " ", result);
	for (size_t i = 0; i < out.len; i++) {
		printf("%02x", out.bytes[i]);
	}
	printf("%s %s\n", out.len == 0 ? "-" : "", zc_error_text());
	fflush(stdout);
	out.len = 0;
	zc_error_clear();
}

/* Exactly as large as it says, so that a sanitizer sees a read behind it. */
static int select_hex(const char *hex)
{
	size_t len = strcmp(hex, "-") == 0 ? 0 : strlen(hex) / 2;
	uint8_t *bytes = malloc(len == 0 ? 1 : len);
	int result;

	for (size_t i = 0; i < len; i++) {
		unsigned int byte;

		(void)sscanf(&hex[2 * i], "%2x", &byte);
		bytes[i] = (uint8_t)byte;
	}
	result = zc_counters_select(bytes, len);
	free(bytes);
	return result;
}

static int end(unsigned long flags)
{
	uint64_t ticks = 0;
	int result = zc_counters_end((uint32_t)flags, &ticks);

	if (result != -EALREADY) {
		for (size_t i = 0; i < 8; i++) {
			out.bytes[i] = (uint8_t)(ticks >> (56U - 8U * i));
		}
		out.len = 8;
	}
	return result;
}

static void put_line(const char *line)
{
	collect(&out.sink, (const uint8_t *)line, strlen(line));
}

static void put_refused(const struct device *dev, const char *why)
{
	char line[100];

	(void)snprintf(line, sizeof(line), "%s %s\n", dev->name, why);
	put_line(line);
}

static void put_value(const struct zc_region_value *value)
{
	char line[100];

	(void)snprintf(line, sizeof(line), "%s:%s %" PRIu64 "%s%s\n", value->provider->name,
		       value->counter->name, value->value, value->stuck ? " stuck" : "",
		       value->wrapped ? " wrapped" : "");
	put_line(line);
}

static int64_t run(char **word)
{
	const char *name = word[0];
	unsigned long a = strtoul(word[1], NULL, 0);
	unsigned long b = strtoul(word[2], NULL, 0);
	uint64_t c = strtoull(word[3], NULL, 0);

	if (strcmp(name, "init") == 0) {
		return zc_counters_init();
	} else if (strcmp(name, "select") == 0) {
		return select_hex(word[1]);
	} else if (strcmp(name, "begin") == 0) {
		return zc_counters_begin((uint32_t)a, (enum zc_origin)b, (uint16_t)c);
	} else if (strcmp(name, "end") == 0) {
		return end(a);
	} else if (strcmp(name, "abort") == 0) {
		zc_counters_abort();
	} else if (strcmp(name, "catalog") == 0) {
		zc_counters_write_catalog(&out.sink);
		return zc_counters_catalog_crc();
	} else if (strcmp(name, "take") == 0) {
		return zc_counters_write_records(&out.sink, a, (uint32_t)b);
	} else if (strcmp(name, "select-all") == 0) {
		return zc_counters_select_all(put_refused);
	} else if (strcmp(name, "show-last") == 0) {
		zc_counters_show_last(put_value);
	} else if (strcmp(name, "taken") == 0) {
		zc_counters_taken();
	} else if (strcmp(name, "not-taken") == 0) {
		zc_counters_not_taken();
	} else if (!fakes_command(name, a, b, c)) {
		return -ENOSYS;
	}
	return strcmp(name, "state") == 0 ? fakes_state(a) : 0;
}

int main(void)
{
	static char line[MAX_LINE];
	static char empty[] = "";

	out.sink.write = collect;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *word[4] = {empty, empty, empty, empty};
		char *at = strtok(line, " \n");

		for (size_t i = 0; i < ARRAY_SIZE(word) && at != NULL; i++) {
			word[i] = at;
			at = strtok(NULL, " \n");
		}
		answer(run(word));
	}
	return 0;
}
