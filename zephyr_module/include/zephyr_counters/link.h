/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The stream of bytes between the server and the host.
 *
 * A firmware has one link driver: the C file that defines zc_link_driver. It moves bytes and knows
 * nothing of what they mean; zc_link_serve() moves them between the driver and the server.
 */

#ifndef ZEPHYR_COUNTERS_LINK_H_
#define ZEPHYR_COUNTERS_LINK_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @brief A way to reach the host: a UART, a pseudo-terminal, a socket.
 *
 * All operations are called from the serving thread, except wake() and panic().
 */
struct zc_link_driver {
	/** Open the link; called once, before all others. @return 0 or -errno */
	int (*init)(void);
	/**
	 * The server has started and has sent its first bytes: print where the host finds the
	 * link. NULL if the host knows.
	 */
	void (*ready)(void);
	/**
	 * Take all of @p data and wait where there is no room. What was taken leaves at the latest
	 * when wait() is called.
	 */
	void (*send)(const uint8_t *data, size_t len);
	/** Wait until there are bytes to claim, or wake() was called. May return early. */
	void (*wait)(void);
	/**
	 * Bytes received and not yet released, as many as lie together.
	 * @return how many; 0 if there are none
	 */
	size_t (*claim)(const uint8_t **data);
	/** Make room: @p len of the bytes that were claimed are done with. */
	void (*release)(size_t len);
	/** Whether bytes were lost since the last call. NULL if the link loses none. */
	bool (*lost)(void);
	/** Let wait() return; from any thread. NULL if nothing else waits for the serving thread.
	 */
	void (*wake)(void);
	/**
	 * From now on send without interrupts and threads, first what has not been sent yet; called
	 * once, from any context, even before init(). NULL if the firmware has no fatal errors that
	 * it survives.
	 */
	void (*panic)(void);
};

/** @brief The link driver of this firmware. */
extern const struct zc_link_driver zc_link_driver;

/**
 * @brief Open the link, start the server on it and serve for ever.
 * @return -errno if the link or the server cannot be started; does not return otherwise
 */
int zc_link_serve(void);

/** @brief Have the serving thread look for work other than received bytes; from any thread. */
void zc_link_wake(void);

/** @brief From now on send without interrupts and threads; see zc_link_driver.panic. */
void zc_link_panic(void);

#endif /* ZEPHYR_COUNTERS_LINK_H_ */
