/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Link driver: a pseudo-terminal. Prints the path that the host opens like a serial port. */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <zephyr_counters/link.h>
#include <zephyr_counters/posix.h>

#define BUF_SIZE 65536

static int master;
static const char *path;
static size_t out_len;
static uint8_t out[BUF_SIZE];
static uint8_t in[BUF_SIZE];

static void flush(void)
{
	size_t sent = 0;

	while (sent < out_len) {
		ssize_t n = write(master, &out[sent], out_len - sent);

		if (n > 0) {
			sent += (size_t)n;
		} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
			zc_posix_fail("write");
		} else {
			zc_posix_wait(master, POLLOUT);
		}
	}
	out_len = 0;
}

static void send_bytes(const uint8_t *data, size_t len)
{
	while (len > 0) {
		size_t room = sizeof(out) - out_len;
		size_t part = len < room ? len : room;

		memcpy(&out[out_len], data, part);
		out_len += part;
		data += part;
		len -= part;
		if (out_len == sizeof(out)) {
			flush();
		}
	}
}

static void open_master(void)
{
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 ||
	    fcntl(master, F_SETFL, O_NONBLOCK) != 0) {
		zc_posix_fail("pseudo-terminal");
	}
	path = ptsname(master);
	if (path == NULL) {
		zc_posix_fail("pseudo-terminal");
	}
}

/* Kept open: while no process has the slave open, reading from the master would be an error. */
static void open_slave(void)
{
	int slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios settings;

	if (slave < 0 || tcgetattr(slave, &settings) != 0) {
		zc_posix_fail(path);
	}
	cfmakeraw(&settings);
	if (tcsetattr(slave, TCSANOW, &settings) != 0) {
		zc_posix_fail(path);
	}
}

static int init(void)
{
	open_master();
	open_slave();
	return 0;
}

static void ready(void)
{
	flush();
	if (puts(path) < 0 || fflush(stdout) != 0) {
		zc_posix_fail("standard output");
	}
}

static void wait_for_input(void)
{
	flush();
	zc_posix_wait(master, POLLIN);
}

static size_t claim(const uint8_t **data)
{
	ssize_t len = read(master, in, sizeof(in));

	if (len < 0 && errno != EAGAIN && errno != EINTR) {
		zc_posix_fail("read");
	}
	*data = in;
	return len > 0 ? (size_t)len : 0;
}

/* Nothing to release: claim() reads into the same memory again, once all of it was used. */
static void release(size_t len)
{
	(void)len;
	flush();
}

const struct zc_link_driver zc_link_driver = {
	.init = init,
	.ready = ready,
	.send = send_bytes,
	.wait = wait_for_input,
	.claim = claim,
	.release = release,
};
