/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/atomic.h>
#include <zephyr/sys/ring_buffer.h>

#include <zephyr_counters/link.h>
#include <zephyr_counters/server.h>

#include "link_internal.h"

#define LINK_NODE                                                                                  \
	COND_CODE_1(DT_HAS_CHOSEN(zephyr_counters_link), (DT_CHOSEN(zephyr_counters_link)),        \
		    (DT_CHOSEN(zephyr_console)))

static const struct device *const uart = DEVICE_DT_GET(LINK_NODE);

RING_BUF_DECLARE(rx_ring, CONFIG_ZC_LINK_RX_SIZE);
RING_BUF_DECLARE(tx_ring, CONFIG_ZC_LINK_TX_SIZE);
static K_SEM_DEFINE(rx_ready, 0, 1);
static K_SEM_DEFINE(tx_space, 0, 1);
static bool panicking;
static atomic_t rx_paused;
static atomic_t rx_overrun;

/*
 * A full ring stops reception: what the UART or the host behind it can hold is then not lost, and
 * what they cannot is seen as an overrun.
 */
static void receive(void)
{
	uint8_t *chunk;
	uint32_t room = ring_buf_put_claim(&rx_ring, &chunk, CONFIG_ZC_LINK_RX_SIZE);
	int got;

	if (room == 0U) {
		atomic_set(&rx_paused, 1);
		uart_irq_rx_disable(uart);
		return;
	}
	got = uart_fifo_read(uart, chunk, (int)room);
	(void)ring_buf_put_finish(&rx_ring, (uint32_t)MAX(got, 0));
	k_sem_give(&rx_ready);
}

static void transmit(void)
{
	uint8_t *chunk;
	uint32_t len = ring_buf_get_claim(&tx_ring, &chunk, CONFIG_ZC_LINK_TX_SIZE);
	int sent = 0;

	if (len == 0U) {
		uart_irq_tx_disable(uart);
	} else {
		sent = uart_fifo_fill(uart, chunk, (int)len);
	}
	(void)ring_buf_get_finish(&tx_ring, (uint32_t)MAX(sent, 0));
	k_sem_give(&tx_space);
}

static void check_overrun(const struct device *dev)
{
	int errors = uart_err_check(dev);

	/* Negative if the driver cannot tell. */
	if (errors > 0 && (errors & UART_ERROR_OVERRUN) != 0) {
		atomic_set(&rx_overrun, 1);
	}
}

/* Drivers of UARTs that interrupt at a change only call this from uart_irq_tx_enable(). */
static void on_interrupt(const struct device *dev, void *user_data)
{
	ARG_UNUSED(user_data);
	(void)uart_irq_update(dev);
	check_overrun(dev);
	if (uart_irq_rx_ready(dev) > 0) {
		receive();
	}
	if (uart_irq_tx_ready(dev) > 0) {
		transmit();
	}
}

/* What arrived in the meantime may not interrupt again, so it is looked for here. */
static void resume_receiving(void)
{
	unsigned int key = irq_lock();

	if (atomic_clear(&rx_paused) != 0) {
		uart_irq_rx_enable(uart);
		on_interrupt(uart, NULL);
	}
	irq_unlock(key);
}

static void send_polling(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uart_poll_out(uart, data[i]);
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
		uint32_t put = ring_buf_put(&tx_ring, data, (uint32_t)len);

		data += put;
		len -= put;
		uart_irq_tx_enable(uart);
		if (len > 0U) {
			(void)k_sem_take(&tx_space, K_FOREVER);
		}
	}
}

void zc_link_wake(void)
{
	k_sem_give(&rx_ready);
}

void zc_link_panic(void)
{
	uint8_t *chunk;
	uint32_t len;

	if (panicking || !device_is_ready(uart)) {
		return;
	}
	panicking = true;
	uart_irq_rx_disable(uart);
	uart_irq_tx_disable(uart);
	while ((len = ring_buf_get_claim(&tx_ring, &chunk, CONFIG_ZC_LINK_TX_SIZE)) > 0U) {
		send_polling(chunk, len);
		(void)ring_buf_get_finish(&tx_ring, len);
	}
}

static void serve_received(void)
{
	uint8_t *chunk;
	uint32_t len;

	while ((len = ring_buf_get_claim(&rx_ring, &chunk, CONFIG_ZC_LINK_RX_SIZE)) > 0U) {
		zc_server_receive(chunk, len);
		(void)ring_buf_get_finish(&rx_ring, len);
		resume_receiving();
	}
}

int zc_link_serve(void)
{
	int err;

	if (!device_is_ready(uart)) {
		return -ENODEV;
	}
	err = uart_irq_callback_user_data_set(uart, on_interrupt, NULL);
	if (err != 0) {
		return err;
	}
	err = zc_server_init(send, NULL);
	if (err != 0) {
		return err;
	}
	/* The host may have begun before this boot did. */
	atomic_set(&rx_paused, 1);
	resume_receiving();
	for (;;) {
		(void)k_sem_take(&rx_ready, K_FOREVER);
		serve_received();
		if (atomic_clear(&rx_overrun) != 0) {
			zc_server_log("frame dropped: receive overrun");
		}
		zc_log_send_lines();
	}
}
