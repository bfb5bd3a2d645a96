/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Also in the place of the CRT's log, and of the RPC server's. */

#include "console.h"

#include <stdarg.h>
#include <string.h>

#include <tvm/runtime/crt/logging.h>
#include <tvm/runtime/crt/platform.h>

static zc_server_send send_to_host;
static void *send_context;

void demo_console_init(zc_server_send send, void *context)
{
	send_to_host = send;
	send_context = context;
}

void demo_put(const char *text)
{
	send_to_host(send_context, (const uint8_t *)text, strlen(text));
}

void demo_put_number(uint64_t number)
{
	char digits[21];
	char *first = &digits[sizeof(digits) - 1];

	*first = '\0';
	do {
		*--first = (char)('0' + number % 10U);
		number /= 10U;
	} while (number > 0U);
	demo_put(first);
}

void zc_server_log(const char *text)
{
	demo_put(text);
	demo_put("\n");
}

void TVMLogf(const char *format, ...)
{
	char line[128];
	va_list args;

	va_start(args, format);
	(void)TVMPlatformFormatMessage(line, sizeof(line), format, args);
	va_end(args);
	zc_server_log(line);
}
