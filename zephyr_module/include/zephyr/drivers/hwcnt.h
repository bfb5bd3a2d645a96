/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Hardware counters driver class.
 *
 * A *provider* is a device with counters: a CPU's cycle counter or PMU, an accelerator's PMU, a
 * cache, the kernel's own statistics. A provider describes its counters as constant data, lets a
 * limited number of them be selected at once, and reads all selected ones in one call.
 *
 * A *counter* is named by its index in the provider's table. Values are read raw, at the counter's
 * own width; the caller takes differences modulo that width.
 */

#ifndef ZEPHYR_INCLUDE_DRIVERS_HWCNT_H_
#define ZEPHYR_INCLUDE_DRIVERS_HWCNT_H_

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/device.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a counter's value means. */
enum hwcnt_kind {
	/** Counts up and wraps at its width; a region's value is a difference. */
	HWCNT_COUNT = 0,
	/** A level, such as a high-water mark; a region's value is the one at its end. */
	HWCNT_LEVEL = 1,
	/** Opaque bytes that the driver collects in a region; decoded on the host. */
	HWCNT_BYTES = 2,
};

/** The counter needs no slot: it always counts. */
#define HWCNT_FIXED 0x01U
/** The counter advances whenever the CPU runs; one that does not is reported as not advancing. */
#define HWCNT_RUNNING 0x02U
/** Reading the counter takes so long that it has to be asked for by name; '*' leaves it out. */
#define HWCNT_EXPENSIVE 0x04U

/** What drives a clock, and so what a count of its cycles means. */
enum hwcnt_clock {
	/** There is no clock, or the driver does not know. */
	HWCNT_CLOCK_NONE = 0,
	/** The clock of the core that runs the kernels. */
	HWCNT_CLOCK_CORE = 1,
	/** A timer: constant, and not the core's clock. */
	HWCNT_CLOCK_TIMER = 2,
	/** The clock of the machine that simulates or runs the firmware as a process. */
	HWCNT_CLOCK_HOST = 3,
};

/** Flag of a provider: a simulation makes its values up. */
#define HWCNT_SIMULATED 0x01U

/** A counter, as constant data. */
struct hwcnt_counter {
	/** Lower case, unique in the provider: `cycles`, `bytes-in`. */
	const char *name;
	/** `cycles`, `ns`, `bytes`, `instructions`, `1`, ... */
	const char *unit;
	/** One line. */
	const char *description;
	/** enum hwcnt_kind */
	uint8_t kind;
	/** Bits, 1 to 64; 0 for HWCNT_BYTES. */
	uint8_t width;
	/** HWCNT_FIXED, HWCNT_RUNNING, HWCNT_EXPENSIVE */
	uint8_t flags;
	/** The most it can advance in one cycle of the provider's clock; 0 if unknown. */
	uint8_t max_per_cycle;
};

/** A provider, as constant data. */
struct hwcnt_info {
	/** As in devicetree: `arm,cortex-m-dwt`. */
	const char *compatible;
	const struct hwcnt_counter *counters;
	uint16_t num_counters;
	/** How many counters without HWCNT_FIXED can be selected at once. */
	uint8_t num_slots;
	/** enum hwcnt_clock: the clock whose frequency clock_hz() returns. */
	uint8_t clock;
	/** HWCNT_SIMULATED */
	uint8_t flags;
};

/**
 * A provider's operations. All are called by the provider's owner, from one thread at a time,
 * between regions except read and drain.
 */
__subsystem struct hwcnt_driver_api {
	/** The provider's constant data. */
	const struct hwcnt_info *(*info)(const struct device *dev);
	/** Frequency in Hz of the clock that its cycles are counted in; 0 if there is none. */
	uint64_t (*clock_hz)(const struct device *dev);
	/**
	 * NULL if the counters can be read, else one line that says why not. May be NULL itself.
	 */
	const char *(*unavailable)(const struct device *dev);
	/**
	 * Program the counters to read from now on and let them count. `num` 0 stops all. They are
	 * in the table, none twice, and fit into the slots: hwcnt_select() sees to that.
	 * @return 0; -ENOTSUP these cannot be counted together; -EBUSY others hold the hardware;
	 *         -EIO it did not take it.
	 */
	int (*select)(const struct device *dev, const uint16_t *counters, size_t num);
	/** Read the selected counters in the order selected, HWCNT_BYTES left out. No locks, no
	 * waits. */
	void (*read)(const struct device *dev, uint64_t *values);
	/**
	 * Move out the bytes that a HWCNT_BYTES counter collected since the last drain.
	 * @param buf where to, or NULL to forget them
	 * @param size of buf, 0 if it is NULL
	 * @return bytes moved, or with NULL forgotten; -ENOBUFS more than `size` were there: `size`
	 *         of them were moved and the rest is forgotten.
	 */
	int (*drain)(const struct device *dev, uint16_t counter, uint8_t *buf, size_t size);
};

/** @brief The provider's constant data. */
static inline const struct hwcnt_info *hwcnt_info(const struct device *dev)
{
	return ((const struct hwcnt_driver_api *)dev->api)->info(dev);
}

/** @brief Frequency of the provider's clock in Hz, 0 if it has none. */
static inline uint64_t hwcnt_clock_hz(const struct device *dev)
{
	return ((const struct hwcnt_driver_api *)dev->api)->clock_hz(dev);
}

/** @brief NULL if the provider's counters can be read, else why not. */
static inline const char *hwcnt_unavailable(const struct device *dev)
{
	const struct hwcnt_driver_api *api = (const struct hwcnt_driver_api *)dev->api;

	return api->unavailable == NULL ? NULL : api->unavailable(dev);
}

/**
 * @brief Claim a provider: from now on only its owner can select its counters.
 *
 * Claiming, releasing and selecting are for threads, not for interrupt handlers. Those of an owner
 * are the owner's to put in order; two owners can call them at the same time.
 * @param owner an address that is the caller's alone; not NULL
 * @return 0, also if it was the owner's already; -EBUSY another owner has it; -ENOMEM too many
 *         providers are claimed
 */
int hwcnt_claim(const struct device *dev, const void *owner);

/** @brief Undo hwcnt_claim(). @return 0; -EBUSY another owner has it; -EALREADY it has no owner */
int hwcnt_release(const struct device *dev, const void *owner);

/**
 * @brief Select the counters to read; see hwcnt_driver_api.select.
 *
 * Selecting claims the provider, and selecting none releases it.
 * @param owner as of hwcnt_claim()
 * @return also -EINVAL unknown counter or one named twice; -ENOSPC more than the slots; -EBUSY,
 *         -ENOMEM as hwcnt_claim(): then the driver was not asked, and what was selected before
 *         still is
 */
int hwcnt_select(const struct device *dev, const void *owner, const uint16_t *counters, size_t num);

/**
 * @brief Read the selected counters; see hwcnt_driver_api.read.
 *
 * From any thread or interrupt handler while the selection stays as it is.
 * @param values one for each selected counter is written, and no more: with nothing selected
 *               they stay as they were
 */
static inline void hwcnt_read(const struct device *dev, uint64_t *values)
{
	((const struct hwcnt_driver_api *)dev->api)->read(dev, values);
}

/** @brief Move out opaque bytes; see hwcnt_driver_api.drain. @return also -ENOTSUP */
static inline int hwcnt_drain(const struct device *dev, uint16_t counter, uint8_t *buf, size_t size)
{
	const struct hwcnt_driver_api *api = (const struct hwcnt_driver_api *)dev->api;

	return api->drain == NULL ? -ENOTSUP : api->drain(dev, counter, buf, size);
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_INCLUDE_DRIVERS_HWCNT_H_ */
