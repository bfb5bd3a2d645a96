/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The server between standard input and output, without a pseudo-terminal. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <zephyr_counters/server.h>

static void send_bytes(void *context, const uint8_t *data, size_t len)
{
	(void)context;
	if (fwrite(data, 1, len, stdout) != len) {
		abort();
	}
}

int main(void)
{
	static uint8_t bytes[4096];
	ssize_t len;

	if (zc_server_init(send_bytes, NULL) != 0) {
		return EXIT_FAILURE;
	}
	do {
		if (fflush(stdout) != 0) {
			return EXIT_FAILURE;
		}
		len = read(STDIN_FILENO, bytes, sizeof(bytes));
		if (len > 0) {
			zc_server_receive(bytes, (size_t)len);
		}
	} while (len > 0);
	return EXIT_SUCCESS;
}
