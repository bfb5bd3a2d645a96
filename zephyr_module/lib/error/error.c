/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr_counters/error.h>

#define MAX_DIGITS 10

static char text[160];
static size_t text_len;
static int kernel_failure;

/* Names may come from the link; a text must be one that the host can print. */
static void append(const char *part, size_t len)
{
	for (; len > 0 && *part != '\0' && text_len < sizeof(text) - 1; len--, part++) {
		text[text_len++] = *part >= ' ' && *part <= '~' ? *part : '?';
	}
	text[text_len] = '\0';
}

/* A space and the number. */
static void append_number(uint32_t number)
{
	char digits[1 + MAX_DIGITS];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + number % 10U);
		number /= 10U;
	} while (number > 0U);
	digits[--first] = ' ';
	append(&digits[first], sizeof(digits) - first);
}

int zc_error(int err, enum zc_error_number number, uint32_t argument)
{
	text_len = 0;
	append("zc-error", ZC_TERMINATED);
	append_number(number);
	append_number(argument);
	return err;
}

int zc_error_name(int err, enum zc_error_number number, uint32_t argument, const char *name,
		  size_t name_len)
{
	(void)zc_error(err, number, argument);
	append(" ", ZC_TERMINATED);
	append(name, name_len);
	return err;
}

void zc_error_add(const char *more)
{
	append(": ", ZC_TERMINATED);
	append(more, ZC_TERMINATED);
}

const char *zc_error_text(void)
{
	return text;
}

void zc_error_clear(void)
{
	text_len = 0;
	text[0] = '\0';
}

void zc_kernel_failed(int err)
{
	if (kernel_failure == 0) {
		kernel_failure = err;
	}
}

int zc_kernel_take_failure(void)
{
	int err = kernel_failure;

	kernel_failure = 0;
	return err;
}
