/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Between the link driver and the server, on every platform. */

#include <errno.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/link.h>
#include <zephyr_counters/server.h>

#include "link_port.h"

static const struct zc_link_driver *const driver = &zc_link_driver;

static void send(void *context, const uint8_t *data, size_t len)
{
	(void)context;
	driver->send(data, len);
}

static void receive_all(void)
{
	const uint8_t *data;
	size_t len;

	while ((len = driver->claim(&data)) > 0U) {
		zc_server_receive(data, len);
		driver->release(len);
	}
}

int zc_link_serve(void)
{
	int err = driver->init();

	if (err == 0) {
		err = zc_server_init(send, NULL);
	}
	if (err != 0) {
		zc_link_failed(err);
		return err;
	}
	if (driver->ready != NULL) {
		driver->ready();
	}
	for (;;) {
		driver->wait();
		receive_all();
		if (driver->lost != NULL && driver->lost()) {
			(void)zc_error(-EIO, ZC_ERROR_FRAME_OVERRUN, 0);
			zc_server_log(zc_error_text());
		}
		zc_link_idle();
	}
}

void zc_link_wake(void)
{
	if (driver->wake != NULL) {
		driver->wake();
	}
}

void zc_link_panic(void)
{
	static bool panicking;

	if (!panicking && driver->panic != NULL) {
		panicking = true;
		driver->panic();
	}
}
