/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Link driver: a UART by DMA, with an interrupt per buffer instead of per byte, which a fast line
 * needs. The buffers together are CONFIG_ZC_LINK_RX_SIZE; while none is free, what arrives is lost
 * and reported.
 */

#include <errno.h>

#include <zephyr/drivers/serial/uart_async_rx.h>
#include <zephyr/drivers/uart.h>

#include "uart.h"

/* A line that rests this long has no more to say for now: two characters at 115,200 baud. */
#define RX_IDLE_US 200

/* Of Zephyr's helper: a power of two, of less than 128 bytes each. */
#define RX_BUF_SIZE 64U
#define RX_BUFS     (CONFIG_ZC_LINK_RX_SIZE / RX_BUF_SIZE)

BUILD_ASSERT(IS_POWER_OF_TWO(RX_BUFS) && CONFIG_ZC_LINK_RX_SIZE % RX_BUF_SIZE == 0,
	     "CONFIG_ZC_LINK_RX_SIZE has to be 64 times a power of two");

static uint8_t rx_memory[CONFIG_ZC_LINK_RX_SIZE] __aligned(4);
static const struct uart_async_rx_config rx_config = {
	.buffer = rx_memory,
	.length = sizeof(rx_memory),
	.buf_cnt = RX_BUFS,
};
static struct uart_async_rx rx;
static bool receiving;
static bool buf_wanted;
/* Bytes of the ring that the UART is sending. */
static uint32_t transmitting;

static void transmit_next(void)
{
	uint8_t *chunk;

	transmitting = ring_buf_get_claim(&zc_uart_tx_ring, &chunk, CONFIG_ZC_LINK_TX_SIZE);
	if (transmitting > 0U && uart_tx(zc_uart, chunk, transmitting, SYS_FOREVER_US) != 0) {
		(void)ring_buf_get_finish(&zc_uart_tx_ring, 0);
		transmitting = 0;
	}
}

static void give_buf(void)
{
	uint8_t *buf = uart_async_rx_buf_req(&rx);

	buf_wanted = buf == NULL;
	if (buf != NULL && uart_rx_buf_rsp(zc_uart, buf, uart_async_rx_get_buf_len(&rx)) != 0) {
		uart_async_rx_on_buf_rel(&rx, buf);
	}
}

static void on_event(const struct device *dev, struct uart_event *event, void *user_data)
{
	ARG_UNUSED(dev);
	ARG_UNUSED(user_data);
	switch (event->type) {
	case UART_TX_DONE:
	case UART_TX_ABORTED:
		(void)ring_buf_get_finish(&zc_uart_tx_ring, event->data.tx.len);
		transmit_next();
		k_sem_give(&zc_uart_tx_space);
		break;
	case UART_RX_RDY:
		uart_async_rx_on_rdy(&rx, event->data.rx.buf, event->data.rx.len);
		k_sem_give(&zc_uart_rx_ready);
		break;
	case UART_RX_BUF_REQUEST:
		give_buf();
		break;
	case UART_RX_BUF_RELEASED:
		uart_async_rx_on_buf_rel(&rx, event->data.rx_buf.buf);
		break;
	case UART_RX_STOPPED:
		zc_uart_overrun();
		break;
	case UART_RX_DISABLED:
		receiving = false;
		k_sem_give(&zc_uart_rx_ready);
		break;
	default:
		break;
	}
}

static int init(void)
{
	int err;

	if (!device_is_ready(zc_uart)) {
		return -ENODEV;
	}
	err = uart_async_rx_init(&rx, &rx_config);
	return err != 0 ? err : uart_callback_set(zc_uart, on_event, NULL);
}

static int start_receiving(void)
{
	uint8_t *buf;

	/* The UART has none of the buffers; the helper keeps those that were released empty. */
	if (atomic_get(&rx.pending_bytes) == 0) {
		uart_async_rx_reset(&rx);
	}
	buf_wanted = false;
	buf = uart_async_rx_buf_req(&rx);
	if (buf == NULL) {
		return -ENOMEM;
	}
	return uart_rx_enable(zc_uart, buf, uart_async_rx_get_buf_len(&rx), RX_IDLE_US);
}

static void resume(void)
{
	unsigned int key = irq_lock();

	if (!receiving) {
		receiving = start_receiving() == 0;
	} else if (buf_wanted) {
		give_buf();
	}
	irq_unlock(key);
}

static size_t claim(const uint8_t **data)
{
	uint8_t *chunk;
	size_t len = uart_async_rx_data_claim(&rx, &chunk, RX_BUF_SIZE);

	*data = chunk;
	return len;
}

static void release(size_t len)
{
	(void)uart_async_rx_data_consume(&rx, len);
	resume();
}

static void transmit_ring(void)
{
	unsigned int key = irq_lock();

	if (transmitting == 0U) {
		transmit_next();
	}
	irq_unlock(key);
}

/* What the UART is sending leaves before the first polled byte. */
static void stop(void)
{
	(void)uart_rx_disable(zc_uart);
	(void)ring_buf_get_finish(&zc_uart_tx_ring, transmitting);
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
