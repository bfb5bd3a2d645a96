/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Log lines wait in a queue for the thread that serves the host, since a message must not come into
 * the middle of another. In a panic no other thread runs any more, and they are sent at once.
 */

#include <zephyr/kernel.h>
#include <zephyr/logging/log_backend.h>
#include <zephyr/logging/log_output.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/link.h>
#include <zephyr_counters/server.h>

#include "log_backend.h"

#define LINE_SIZE 128

static char line[LINE_SIZE];
static size_t line_len;
static bool panicking;

K_MSGQ_DEFINE(lines, LINE_SIZE, CONFIG_ZC_LOG_LINES, 1);

void zc_log_send_lines(void)
{
	static char sent[LINE_SIZE];

	while (k_msgq_get(&lines, sent, K_NO_WAIT) == 0) {
		zc_server_log(sent);
	}
}

static void end_line(void)
{
	line[line_len] = '\0';
	if (line_len == 0) {
		return;
	}
	line_len = 0;
	if (panicking) {
		zc_server_log(line);
		return;
	}
	(void)k_msgq_put(&lines, line, K_FOREVER);
	zc_link_wake();
}

static int collect(uint8_t *data, size_t length, void *context)
{
	ARG_UNUSED(context);
	for (size_t i = 0; i < length; i++) {
		if (data[i] == '\n' || data[i] == '\r') {
			end_line();
		} else if (line_len < sizeof(line) - 1) {
			line[line_len++] = (char)data[i];
		}
	}
	return (int)length;
}

static uint8_t output_buf[64];
LOG_OUTPUT_DEFINE(link_output, collect, output_buf, sizeof(output_buf));

static void process(const struct log_backend *const backend, union log_msg_generic *msg)
{
	ARG_UNUSED(backend);
	log_output_msg_process(&link_output, &msg->log,
			       LOG_OUTPUT_FLAG_LEVEL | LOG_OUTPUT_FLAG_CRLF_LFONLY);
}

static void panic(const struct log_backend *const backend)
{
	ARG_UNUSED(backend);
	zc_link_panic();
	panicking = true;
	zc_log_send_lines();
	log_output_flush(&link_output);
}

static const struct log_backend_api link_backend_api = {
	.process = process,
	.panic = panic,
};

LOG_BACKEND_DEFINE(zephyr_counters_link, link_backend_api, true);
