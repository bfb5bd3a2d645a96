/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the link drivers of a UART share, whether it is driven by interrupts or by DMA.
 */

#ifndef ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_UART_H_
#define ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_UART_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/device.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/ring_buffer.h>

#include <zephyr_counters/link.h>

/** @brief The link's UART. */
extern const struct device *const zc_uart;

/** @brief What waits to be sent; filled by the serving thread, emptied by the driver. */
extern struct ring_buf zc_uart_tx_ring;

/** @brief Given when something was received. */
extern struct k_sem zc_uart_rx_ready;

/** @brief Given when something was sent. */
extern struct k_sem zc_uart_tx_space;

/** @brief Note that bytes were lost; from an interrupt, before @ref zc_uart_rx_ready is given. */
void zc_uart_overrun(void);

/** @brief zc_link_driver.send: through the ring; @p transmit has the UART send what is in it. */
void zc_uart_send(const uint8_t *data, size_t len, void (*transmit)(void));

/** @brief zc_link_driver.panic, by polling; @p stop ends both directions of the UART first. */
void zc_uart_panic(void (*stop)(void));

/** @brief zc_link_driver.lost */
bool zc_uart_lost(void);

/** @brief zc_link_driver.wake */
void zc_uart_wake(void);

#endif /* ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_UART_H_ */
