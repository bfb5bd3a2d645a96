/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The link over a UART that holds 16 bytes, to a server that sends back all that it receives. */

#include <zephyr/drivers/serial/uart_emul.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <zephyr_counters/link.h>
#include <zephyr_counters/server.h>

#define TOTAL (64U * 1024U)
/* Below the threads of the UART and of the link, as a host is beside them. */
#define PRIORITY_OF_HOST 10
#define PRIORITY_OF_LINK 5

static const struct device *const uart = DEVICE_DT_GET(DT_NODELABEL(link_uart));
static zc_server_send send_back;
static uint32_t rest_every;
static const char *logged;
static uint32_t back;
static uint32_t wrong;

int zc_server_init(zc_server_send send, void *context)
{
	ARG_UNUSED(context);
	send_back = send;
	return 0;
}

void zc_server_receive(const uint8_t *data, size_t len)
{
	static uint32_t calls;

	if (rest_every != 0U && ++calls % rest_every == 0U) {
		k_msleep(5);
	}
	send_back(NULL, data, len);
}

void zc_server_log(const char *text)
{
	logged = text;
}

static void serve(void *a, void *b, void *c)
{
	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	(void)zc_link_serve();
}

K_THREAD_DEFINE(link_thread, 4096, serve, NULL, NULL, NULL, PRIORITY_OF_LINK, 0, 0);

static uint8_t byte_at(uint32_t index)
{
	return (uint8_t)(index * 167U + (index >> 8));
}

static void take_back(const struct device *dev, size_t size, void *user_data)
{
	uint8_t data[16];

	ARG_UNUSED(size);
	ARG_UNUSED(user_data);
	for (uint32_t got; (got = uart_emul_get_tx_data(dev, data, sizeof(data))) > 0U;) {
		for (uint32_t i = 0; i < got; i++) {
			wrong += data[i] != byte_at(back + i) ? 1U : 0U;
		}
		back += got;
	}
}

static void *set_up(void)
{
	k_thread_priority_set(k_current_get(), PRIORITY_OF_HOST);
	zassert_not_null(send_back);
	uart_emul_callback_tx_data_ready_set(uart, take_back, NULL);
	return NULL;
}

/* Send as fast as the UART takes it, `chunk` bytes at once. */
static void exchange(uint32_t chunk, uint32_t server_rests_every)
{
	uint32_t sent = 0;
	uint32_t idle = 0;

	rest_every = server_rests_every;
	back = 0;
	wrong = 0;
	while (back < TOTAL && idle < 1000U) {
		uint8_t data[64];
		uint32_t len = MIN(chunk, TOTAL - sent);
		uint32_t put;

		for (uint32_t i = 0; i < len; i++) {
			data[i] = byte_at(sent + i);
		}
		put = uart_emul_put_rx_data(uart, data, len);
		sent += put;
		idle = put == 0U ? idle + 1U : 0U;
		if (put == 0U) {
			k_sleep(K_TICKS(1));
		}
	}
	zassert_equal(back, TOTAL, "%u of %u bytes came back", back, TOTAL);
	zassert_equal(wrong, 0, "%u bytes came back changed", wrong);
}

ZTEST_SUITE(link_uart, NULL, set_up, NULL, NULL, NULL);

ZTEST(link_uart, test_at_full_speed)
{
	exchange(64, 0);
}

ZTEST(link_uart, test_single_bytes)
{
	exchange(1, 0);
}

ZTEST(link_uart, test_a_server_that_is_kept_from_reading)
{
	exchange(64, 7);
}

ZTEST(link_uart, test_overrun_is_told)
{
	static const uint8_t byte = 0x55;

	Z_TEST_SKIP_IFNDEF(CONFIG_UART_INTERRUPT_DRIVEN);
	rest_every = 0;
	logged = NULL;
	uart_emul_set_errors(uart, UART_ERROR_OVERRUN);
	zassert_equal(uart_emul_put_rx_data(uart, &byte, 1), 1);
	k_msleep(10);
	zassert_not_null(logged);
	zassert_str_equal(logged, "zc-error 7 0");
}
