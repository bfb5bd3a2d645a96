/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Link driver: a UART without interrupts, for drivers and emulators whose interrupts do not work. A
 * byte is lost if the UART has no room for it before this is called again, so the host has to wait
 * for each answer, as it does, and the line must be slow or the UART's buffer long enough.
 */

#include <errno.h>

#include <zephyr/drivers/uart.h>

#include "uart.h"

/* Twice the rate of bytes at 115,200 baud. */
#define PERIOD K_USEC(40)

static uint8_t received[CONFIG_ZC_LINK_RX_SIZE];
static size_t len;
static size_t first;

static int init(void)
{
	return device_is_ready(zc_uart) ? 0 : -ENODEV;
}

static void send(const uint8_t *data, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uart_poll_out(zc_uart, data[i]);
	}
}

static void receive(void)
{
	unsigned char byte;

	while (len < sizeof(received) && uart_poll_in(zc_uart, &byte) == 0) {
		received[len++] = byte;
	}
}

static void wait(void)
{
	receive();
	while (len == first && k_sem_take(&zc_uart_rx_ready, PERIOD) != 0) {
		receive();
	}
}

static size_t claim(const uint8_t **data)
{
	if (len == first) {
		first = 0;
		len = 0;
		receive();
	}
	*data = &received[first];
	return len - first;
}

static void release(size_t count)
{
	first += count;
}

static void panic(void)
{
}

const struct zc_link_driver zc_link_driver = {
	.init = init,
	.send = send,
	.wait = wait,
	.claim = claim,
	.release = release,
	.wake = zc_uart_wake,
	.panic = panic,
};
