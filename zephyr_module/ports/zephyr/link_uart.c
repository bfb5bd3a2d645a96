/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/drivers/uart.h>
#include <zephyr/sys/atomic.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/link.h>
#include <zephyr_counters/server.h>

#include "link_internal.h"
#include "link_uart.h"

#define LINK_NODE                                                                                  \
	COND_CODE_1(DT_HAS_CHOSEN(zephyr_counters_link), (DT_CHOSEN(zephyr_counters_link)),        \
		    (DT_CHOSEN(zephyr_console)))

const struct device *const zc_uart = DEVICE_DT_GET(LINK_NODE);

RING_BUF_DECLARE(zc_uart_tx_ring, CONFIG_ZC_LINK_TX_SIZE);
K_SEM_DEFINE(zc_uart_rx_ready, 0, 1);
K_SEM_DEFINE(zc_uart_tx_space, 0, 1);
static bool panicking;
static atomic_t overrun;

void zc_uart_overrun(void)
{
	atomic_set(&overrun, 1);
}

static void send_polling(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uart_poll_out(zc_uart, data[i]);
	}
}

static void send(void *context, const uint8_t *data, size_t len)
{
	ARG_UNUSED(context);
	if (panicking) {
		send_polling(data, len);
		return;
	}
	while (len > 0U) {
		uint32_t put = ring_buf_put(&zc_uart_tx_ring, data, (uint32_t)len);

		data += put;
		len -= put;
		zc_uart_transmit();
		if (len > 0U) {
			(void)k_sem_take(&zc_uart_tx_space, K_FOREVER);
		}
	}
}

void zc_link_wake(void)
{
	k_sem_give(&zc_uart_rx_ready);
}

void zc_link_panic(void)
{
	uint8_t *chunk;
	uint32_t len;

	if (panicking || !device_is_ready(zc_uart)) {
		return;
	}
	panicking = true;
	zc_uart_stop();
	while ((len = ring_buf_get_claim(&zc_uart_tx_ring, &chunk, CONFIG_ZC_LINK_TX_SIZE)) > 0U) {
		send_polling(chunk, len);
		(void)ring_buf_get_finish(&zc_uart_tx_ring, len);
	}
}

static void serve_received(void)
{
	uint8_t *chunk;
	uint32_t len;

	while ((len = zc_uart_claim(&chunk)) > 0U) {
		zc_server_receive(chunk, len);
		zc_uart_release(len);
		zc_uart_resume();
	}
}

int zc_link_serve(void)
{
	int err;

	if (!device_is_ready(zc_uart)) {
		return -ENODEV;
	}
	err = zc_uart_init();
	if (err != 0) {
		return err;
	}
	err = zc_server_init(send, NULL);
	if (err != 0) {
		return err;
	}
	for (;;) {
		zc_uart_resume();
		(void)k_sem_take(&zc_uart_rx_ready, K_FOREVER);
		serve_received();
		if (atomic_clear(&overrun) != 0) {
			(void)zc_error(-EIO, ZC_ERROR_FRAME_OVERRUN, 0);
			zc_server_log(zc_error_text());
		}
		zc_log_send_lines();
	}
}
