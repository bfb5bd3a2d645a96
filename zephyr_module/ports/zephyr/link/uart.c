/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "uart.h"

#include <zephyr/drivers/uart.h>
#include <zephyr/sys/atomic.h>

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

bool zc_uart_lost(void)
{
	return atomic_clear(&overrun) != 0;
}

void zc_uart_wake(void)
{
	k_sem_give(&zc_uart_rx_ready);
}

static void send_polling(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uart_poll_out(zc_uart, data[i]);
	}
}

void zc_uart_send(const uint8_t *data, size_t len, void (*transmit)(void))
{
	if (panicking) {
		send_polling(data, len);
		return;
	}
	while (len > 0U) {
		uint32_t put = ring_buf_put(&zc_uart_tx_ring, data, (uint32_t)len);

		data += put;
		len -= put;
		transmit();
		if (len > 0U) {
			(void)k_sem_take(&zc_uart_tx_space, K_FOREVER);
		}
	}
}

void zc_uart_panic(void (*stop)(void))
{
	uint8_t *chunk;
	uint32_t len;

	if (!device_is_ready(zc_uart)) {
		return;
	}
	panicking = true;
	stop();
	while ((len = ring_buf_get_claim(&zc_uart_tx_ring, &chunk, CONFIG_ZC_LINK_TX_SIZE)) > 0U) {
		send_polling(chunk, len);
		(void)ring_buf_get_finish(&zc_uart_tx_ring, len);
	}
}
