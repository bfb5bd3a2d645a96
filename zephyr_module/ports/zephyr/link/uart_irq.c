/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Link driver: a UART by interrupts, which every UART driver can do. */

#include <errno.h>

#include <zephyr/drivers/uart.h>
#include <zephyr/sys/atomic.h>

#include "uart.h"

RING_BUF_DECLARE(rx_ring, CONFIG_ZC_LINK_RX_SIZE);
/* Some UARTs can always send, and would be asked in vain at each byte that they receive. */
static bool transmitting;
/* The host may have begun before this boot did. */
static atomic_t rx_paused = ATOMIC_INIT(1);

/*
 * Whether there may be more. A full ring stops reception: what the UART or the host can
 * hold is then not lost, and what they cannot is seen as an overrun.
 */
static bool receive(void)
{
	uint8_t *chunk;
	uint32_t room = ring_buf_put_claim(&rx_ring, &chunk, CONFIG_ZC_LINK_RX_SIZE);
	int got;

	if (room == 0U) {
		atomic_set(&rx_paused, 1);
		uart_irq_rx_disable(zc_uart);
		return false;
	}
	got = uart_fifo_read(zc_uart, chunk, (int)room);
	(void)ring_buf_put_finish(&rx_ring, (uint32_t)MAX(got, 0));
	k_sem_give(&zc_uart_rx_ready);
	return got > 0;
}

static void transmit(void)
{
	uint8_t *chunk;
	uint32_t len = ring_buf_get_claim(&zc_uart_tx_ring, &chunk, CONFIG_ZC_LINK_TX_SIZE);
	int sent = 0;

	if (len == 0U) {
		transmitting = false;
		uart_irq_tx_disable(zc_uart);
	} else {
		sent = uart_fifo_fill(zc_uart, chunk, (int)len);
	}
	(void)ring_buf_get_finish(&zc_uart_tx_ring, (uint32_t)MAX(sent, 0));
	k_sem_give(&zc_uart_tx_space);
}

static void check_overrun(const struct device *dev)
{
	int errors = uart_err_check(dev);

	/* Negative if the driver cannot tell. */
	if (errors > 0 && (errors & UART_ERROR_OVERRUN) != 0) {
		zc_uart_overrun();
	}
}

/* Drivers of UARTs that interrupt at a change only call this from uart_irq_tx_enable(). */
static void on_interrupt(const struct device *dev, void *user_data)
{
	ARG_UNUSED(user_data);
	(void)uart_irq_update(dev);
	check_overrun(dev);
	while (uart_irq_rx_ready(dev) > 0 && receive()) {
		(void)uart_irq_update(dev);
	}
	if (transmitting && uart_irq_tx_ready(dev) > 0) {
		transmit();
	}
}

static int init(void)
{
	if (!device_is_ready(zc_uart)) {
		return -ENODEV;
	}
	return uart_irq_callback_user_data_set(zc_uart, on_interrupt, NULL);
}

/* What arrived in the meantime may not interrupt again, so it is looked for here. */
static void resume(void)
{
	unsigned int key = irq_lock();

	if (atomic_clear(&rx_paused) != 0) {
		uart_irq_rx_enable(zc_uart);
		on_interrupt(zc_uart, NULL);
	}
	irq_unlock(key);
}

static size_t claim(const uint8_t **data)
{
	uint8_t *chunk;
	uint32_t len = ring_buf_get_claim(&rx_ring, &chunk, CONFIG_ZC_LINK_RX_SIZE);

	*data = chunk;
	return len;
}

static void release(size_t len)
{
	(void)ring_buf_get_finish(&rx_ring, (uint32_t)len);
	resume();
}

/* Not every UART interrupts because it could send, so the first bytes are put there here. */
static void transmit_ring(void)
{
	unsigned int key = irq_lock();

	transmitting = true;
	uart_irq_tx_enable(zc_uart);
	on_interrupt(zc_uart, NULL);
	irq_unlock(key);
}

static void stop(void)
{
	uart_irq_rx_disable(zc_uart);
	uart_irq_tx_disable(zc_uart);
}

static void wait(void)
{
	resume();
	(void)k_sem_take(&zc_uart_rx_ready, K_FOREVER);
}

static void send(const uint8_t *data, size_t len)
{
	zc_uart_send(data, len, transmit_ring);
}

static void panic(void)
{
	zc_uart_panic(stop);
}

const struct zc_link_driver zc_link_driver = {
	.init = init,
	.send = send,
	.wait = wait,
	.claim = claim,
	.release = release,
	.lost = zc_uart_lost,
	.wake = zc_uart_wake,
	.panic = panic,
};
