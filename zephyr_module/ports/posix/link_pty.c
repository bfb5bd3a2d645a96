/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * A board behind a pseudo-terminal. Prints the path that the host opens like a serial port, and
 * serves until standard input ends, so that it never outlives whoever started it.
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/link.h>
#include <zephyr_counters/server.h>

#define BUF_SIZE 65536

struct link {
	int master;
	size_t out_len;
	uint8_t out[BUF_SIZE];
	uint8_t in[BUF_SIZE];
};

static struct link the_link;

static void die(const char *what, const char *why)
{
	(void)fprintf(stderr, "%s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

static void leave_at_end_of_input(short revents)
{
	char ignored[64];

	if (revents != 0 && read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0) {
		exit(EXIT_SUCCESS);
	}
}

static void wait_for(const struct link *link, short events)
{
	struct pollfd fds[] = {
		{.fd = link->master, .events = events},
		{.fd = STDIN_FILENO, .events = POLLIN},
	};

	while ((fds[0].revents & events) == 0) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR) {
			die("poll", strerror(errno));
		}
		leave_at_end_of_input(fds[1].revents);
	}
}

static void flush(struct link *link)
{
	size_t sent = 0;

	while (sent < link->out_len) {
		ssize_t n = write(link->master, &link->out[sent], link->out_len - sent);

		if (n > 0) {
			sent += (size_t)n;
		} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
			die("write", strerror(errno));
		} else {
			wait_for(link, POLLOUT);
		}
	}
	link->out_len = 0;
}

static void send_bytes(void *context, const uint8_t *data, size_t len)
{
	struct link *link = context;

	while (len > 0) {
		size_t room = sizeof(link->out) - link->out_len;
		size_t part = len < room ? len : room;

		memcpy(&link->out[link->out_len], data, part);
		link->out_len += part;
		data += part;
		len -= part;
		if (link->out_len == sizeof(link->out)) {
			flush(link);
		}
	}
}

static int open_master(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 ||
	    fcntl(master, F_SETFL, O_NONBLOCK) != 0) {
		die("pseudo-terminal", strerror(errno));
	}
	return master;
}

/* Kept open: while nobody has the slave open, reading from the master would be an error. */
static void open_slave(const char *path)
{
	int slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios settings;

	if (slave < 0 || tcgetattr(slave, &settings) != 0) {
		die(path, strerror(errno));
	}
	cfmakeraw(&settings);
	if (tcsetattr(slave, TCSANOW, &settings) != 0) {
		die(path, strerror(errno));
	}
}

static void serve(struct link *link)
{
	for (;;) {
		ssize_t len = read(link->master, link->in, sizeof(link->in));

		if (len > 0) {
			zc_server_receive(link->in, (size_t)len);
			flush(link);
		} else if (len < 0 && errno != EAGAIN && errno != EINTR) {
			die("read", strerror(errno));
		} else {
			wait_for(link, POLLIN);
		}
	}
}

int zc_link_serve(void)
{
	const char *path;

	the_link.master = open_master();
	path = ptsname(the_link.master);
	if (path == NULL) {
		die("pseudo-terminal", strerror(errno));
	}
	open_slave(path);
	if (zc_server_init(send_bytes, &the_link) != 0) {
		die("cannot start", zc_error_text());
	}
	flush(&the_link);
	if (puts(path) < 0 || fflush(stdout) != 0) {
		die("standard output", strerror(errno));
	}
	serve(&the_link);
	return 0;
}
