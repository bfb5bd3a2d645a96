/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zephyr_counters/posix.h>

void zc_posix_fail(const char *what)
{
	(void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void leave_at_end_of_input(short revents)
{
	char ignored[64];

	if (revents != 0 && read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0) {
		exit(EXIT_SUCCESS);
	}
}

void zc_posix_wait(int file, short events)
{
	struct pollfd fds[] = {
		{.fd = file, .events = events},
		{.fd = STDIN_FILENO, .events = POLLIN},
	};

	while ((fds[0].revents & (events | POLLERR | POLLHUP)) == 0) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR) {
			zc_posix_fail("poll");
		}
		leave_at_end_of_input(fds[1].revents);
	}
}
