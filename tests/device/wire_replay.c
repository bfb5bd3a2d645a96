/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Does to framing and session what standard input says, a command a line, and tells what came of
 * it, a line each. Bytes are hex; "-" is none. test_wire.py has the vectors.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/session.h"

#define MAX_BYTES 8192

static uint8_t sent[MAX_BYTES];
static size_t sent_len;
static uint8_t buf[MAX_BYTES];
static struct zc_framer framer;
static struct zc_deframer deframer;
static struct zc_session session;

static void print_hex(const char *what, const uint8_t *data, size_t len)
{
	(void)printf("%s ", what);
	for (size_t i = 0; i < len; i++) {
		(void)printf("%02x", data[i]);
	}
	(void)puts(len == 0 ? "-" : "");
}

static size_t parse_hex(const char *text, uint8_t *out)
{
	size_t len = 0;

	for (; text[0] != '-' && text[0] != '\0' && text[1] != '\0'; text += 2) {
		const char digits[3] = {text[0], text[1], '\0'};

		out[len++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return len;
}

static void keep(void *context, const uint8_t *data, size_t len)
{
	(void)context;
	if (len > sizeof(sent) - sent_len) {
		abort();
	}
	memcpy(&sent[sent_len], data, len);
	sent_len += len;
}

static void print_sent(void)
{
	print_hex("sent", sent, sent_len);
	sent_len = 0;
}

static void on_dropped(enum zc_error_number reason)
{
	(void)printf("damaged %d\n", (int)reason);
}

static void on_opened(void)
{
	(void)puts("established");
}

static void on_closed(void)
{
	(void)puts("terminated");
}

static void on_message(uint8_t *body, size_t len)
{
	print_hex("message", body, len);
}

static const struct zc_session_events events = {
	.opened = on_opened,
	.closed = on_closed,
	.message = on_message,
	.dropped = on_dropped,
};

static void feed(const uint8_t *data, size_t len)
{
	while (len > 0) {
		size_t used;
		int result = zc_deframe(&deframer, data, len, &used);

		if (result > 0) {
			print_hex("packet", buf, deframer.len);
		} else if (result < 0) {
			on_dropped(deframer.dropped);
		}
		data += used;
		len -= used;
	}
}

static void run(const char *command, const char *arg)
{
	static uint8_t bytes[MAX_BYTES];
	size_t len = parse_hex(arg, bytes);

	if (strcmp(command, "framer") == 0) {
		framer = (struct zc_framer){.send = keep};
	} else if (strcmp(command, "frame") == 0) {
		zc_frame_begin(&framer, (uint32_t)len);
		zc_frame_write(&framer, bytes, len);
		zc_frame_end(&framer);
	} else if (strcmp(command, "deframer") == 0) {
		zc_deframer_init(&deframer, buf, strtoul(arg, NULL, 10));
	} else if (strcmp(command, "feed") == 0) {
		feed(bytes, len);
	} else if (strcmp(command, "session") == 0) {
		zc_session_init(&session, &events, keep, NULL, buf, sizeof(buf), bytes[0]);
	} else if (strcmp(command, "receive") == 0) {
		zc_session_receive(&session, bytes, len);
	} else if (strcmp(command, "message") == 0) {
		zc_session_begin(&session, (uint32_t)len);
		zc_session_write(&session, bytes, len);
		zc_session_end(&session);
	} else if (strcmp(command, "log") == 0) {
		zc_session_log(&session, (const char *)bytes, len);
	} else if (strcmp(command, "unsent") == 0) {
		sent_len = 0;
		session.framer.started = false;
	} else if (strcmp(command, "sent") == 0) {
		print_sent();
	} else if (strcmp(command, "state") == 0) {
		(void)printf("state %d\n", session.established);
	} else {
		abort();
	}
}

int main(void)
{
	static char line[3 * MAX_BYTES];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		const char *command = strtok(line, " \n");
		const char *arg = strtok(NULL, " \n");

		run(command, arg == NULL ? "-" : arg);
	}
	return 0;
}
