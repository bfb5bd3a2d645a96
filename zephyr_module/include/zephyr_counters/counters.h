/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Select counters, measure regions, hand out what was recorded.
 *
 * A region is what happens between zc_counters_begin() and zc_counters_end(). Regions nest two
 * deep: a model and its layers. The bytes handed out are those of docs/blob.cddl.
 *
 * zc_counters_begin() and zc_counters_end() may be called at any time, in any order, from any
 * thread and from interrupt handlers: what does not fit is refused. The regions are one stack, so
 * those of two threads at the same time lie in each other, and values are right only while one
 * thread measures. All other functions are for the one thread that serves the host, or that
 * measures without one.
 */

#ifndef ZEPHYR_COUNTERS_COUNTERS_H_
#define ZEPHYR_COUNTERS_COUNTERS_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr_counters/sink.h>

/** What a record's tag counts; bits 0-1 of its flags. */
enum zc_origin {
	ZC_ORIGIN_USER = 0,
	ZC_ORIGIN_LAYER = 1,
	ZC_ORIGIN_WHOLE = 2,
	ZC_ORIGIN_FUNCTION = 3,
};

#define ZC_RECORD_UNFINISHED 0x04U
#define ZC_RECORD_CUT        0x08U
#define ZC_RECORD_IRQ_LOCKED 0x10U

/** @brief Find the providers and select nothing. @return 0 or -errno */
int zc_counters_init(void);

/**
 * @brief Set what is measured from now on, and calibrate it.
 *
 * Records not yet taken are forgotten, as they belong to the selection before. On an error the
 * selection before stays, with its records, and zc_error_text() says why.
 * @param cbor a `selection`
 * @return 0; -EINVAL malformed, or an unknown provider or counter; -ENOSPC too many for the
 *         provider's slots, or more than CONFIG_ZC_MAX_SELECTED; -ENODEV provider unavailable;
 *         -EBUSY inside a region; or what the driver said
 */
int zc_counters_select(const uint8_t *cbor, size_t len);

/** @brief Begin a region. @return 0, or -EBUSY if two are open, or before zc_counters_init() */
int zc_counters_begin(uint32_t tag, enum zc_origin origin, uint16_t repetition);

/**
 * @brief End the innermost region and record it.
 * @param flags ZC_RECORD_UNFINISHED or 0
 * @param ticks duration out, or NULL
 * @return 0; -EALREADY no region is open; -ENOBUFS no room: counted as dropped
 */
int zc_counters_end(uint32_t flags, uint64_t *ticks);

/**
 * @brief Forget the record that is last: it was an attempt that does not count.
 *
 * For a record of zc_counters_end() that returned 0, before anything else is recorded.
 */
void zc_counters_undo(void);

/** @brief End every open region as unfinished: a session ended in the middle. */
void zc_counters_abort(void);

/** @brief Write the `catalog`. */
void zc_counters_write_catalog(struct zc_sink *sink);

/** @brief CRC-32 of the catalog. */
uint32_t zc_counters_catalog_crc(void);

/**
 * @brief Write `records` and its CRC-32: as many of the oldest records as fit into `max` bytes.
 *
 * They are forgotten by zc_counters_taken(), not before, so a reply that is lost on the link loses
 * nothing. Called twice in a row it writes the same bytes, so that a first pass can count them.
 * @param request number of the host's request, which the blob repeats
 * @return 0, or -ENOBUFS if not even one record fits
 */
int zc_counters_write_records(struct zc_sink *sink, size_t max, uint32_t request);

/** @brief Forget the records that were written last. Harmless if there are none. */
void zc_counters_taken(void);

/** @brief The records that were written last did not arrive: keep them. */
void zc_counters_not_taken(void);

#endif /* ZEPHYR_COUNTERS_COUNTERS_H_ */
