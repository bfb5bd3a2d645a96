/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Between the link and how its UART is driven: by interrupts, or by DMA.
 */

#ifndef ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_UART_H_
#define ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_UART_H_

#include <stdint.h>

#include <zephyr/device.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/ring_buffer.h>

/** @brief The link's UART. */
extern const struct device *const zc_uart;

/** @brief What waits to be sent; filled by the serving thread, emptied by the driving file. */
extern struct ring_buf zc_uart_tx_ring;

/** @brief Given when something was received. */
extern struct k_sem zc_uart_rx_ready;

/** @brief Given when something was sent. */
extern struct k_sem zc_uart_tx_space;

/** @brief Note that bytes were lost; from an interrupt, before @ref zc_uart_rx_ready is given. */
void zc_uart_overrun(void);

/* The rest is by the file that drives it. */

/** @brief Before anything is sent. @return 0 or -errno */
int zc_uart_init(void);

/**
 * @brief Receive, unless it does already; from the serving thread.
 *
 * Called at the start, and whenever there is room again.
 */
void zc_uart_resume(void);

/** @brief Bytes received and not yet released, as many as lie together; 0 if none. */
uint32_t zc_uart_claim(uint8_t **data);

/** @brief Make room; @p len of what was claimed. */
void zc_uart_release(uint32_t len);

/** @brief See to it that what waits is sent. */
void zc_uart_transmit(void);

/** @brief End both directions; what was not sent is in the ring. */
void zc_uart_stop(void);

#endif /* ZEPHYR_COUNTERS_PORTS_ZEPHYR_LINK_UART_H_ */
