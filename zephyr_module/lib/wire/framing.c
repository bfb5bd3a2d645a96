/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Byte-compatible with the framing layer of microTVM (TVM 0.18).
 *
 *   stream  = *( nop / frame / noise )
 *   nop     = %xFE                      ; sent once after a reset, ends a half-sent escape
 *   frame   = start length payload crc
 *   start   = %xFF %xFD
 *   length  = 4escaped                  ; of the payload, before escaping, little-endian
 *   payload = *escaped
 *   crc     = 2escaped                  ; little-endian
 *   escaped = [nop2] ( %x00-FE / %xFF %xFF )
 *   nop2    = %xFF %xFE                 ; ignored
 *
 * The CRC is CRC-16 with polynomial 0x1021 and initial value 0xffff over the bytes as sent, from
 * the start up to the last one of the payload. A start inside a frame abandons that frame and
 * begins another, so a receiver finds its way back after any loss.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/crc.h>

#include "framing.h"

#define ESCAPE      0xffU
#define NOP         0xfeU
#define START       0xfdU
#define CRC_INITIAL 0xffffU
#define LENGTH_SIZE 4U

static const uint8_t start[] = {ESCAPE, START};

static void send_raw(struct zc_framer *framer, const uint8_t *data, size_t len)
{
	framer->crc = crc16_itu_t(framer->crc, data, len);
	framer->send(framer->context, data, len);
}

void zc_frame_begin(struct zc_framer *framer, uint32_t len)
{
	static const uint8_t nop = NOP;
	uint8_t field[4];

	if (!framer->started) {
		framer->started = true;
		framer->send(framer->context, &nop, 1);
	}
	framer->crc = CRC_INITIAL;
	send_raw(framer, start, sizeof(start));
	sys_put_le32(len, field);
	zc_frame_write(framer, field, sizeof(field));
}

void zc_frame_write(struct zc_framer *framer, const uint8_t *data, size_t len)
{
	while (len > 0) {
		const uint8_t *escape = memchr(data, ESCAPE, len);
		size_t run = escape == NULL ? len : (size_t)(escape - data) + 1;

		send_raw(framer, data, run);
		if (escape != NULL) {
			send_raw(framer, escape, 1);
		}
		data += run;
		len -= run;
	}
}

void zc_frame_end(struct zc_framer *framer)
{
	uint8_t field[2];

	sys_put_le16(framer->crc, field);
	zc_frame_write(framer, field, sizeof(field));
}

void zc_deframer_init(struct zc_deframer *deframer, uint8_t *buf, size_t size)
{
	*deframer = (struct zc_deframer){.buf = buf, .size = size};
}

static void begin(struct zc_deframer *d)
{
	d->inside = true;
	d->escaped = false;
	d->lost_told = false;
	d->len = 0;
	d->fill = 0;
	d->crc = crc16_itu_t(CRC_INITIAL, start, sizeof(start));
}

static int drop(struct zc_deframer *d, enum zc_error_number reason)
{
	d->inside = false;
	d->escaped = false;
	d->lost_told = true;
	d->dropped = reason;
	return -EBADMSG;
}

static int find_start(struct zc_deframer *d, uint8_t byte)
{
	if (d->escaped && byte == START) {
		begin(d);
		return 0;
	}
	d->escaped = byte == ESCAPE;
	if (byte == ESCAPE || byte == NOP || d->lost_told) {
		return 0;
	}
	return drop(d, ZC_ERROR_FRAME_START);
}

static int take_unescaped(struct zc_deframer *d, uint8_t byte)
{
	uint32_t at = d->fill++;

	if (at < LENGTH_SIZE) {
		d->len |= (uint32_t)byte << (8U * at);
		return at == LENGTH_SIZE - 1U && d->len > d->size ? drop(d, ZC_ERROR_FRAME_LENGTH)
								  : 0;
	}
	at -= LENGTH_SIZE;
	if (at < d->len) {
		d->buf[at] = byte;
		return 0;
	}
	if (at == d->len) {
		d->crc_low = byte;
		return 0;
	}
	d->inside = false;
	return (d->crc_low | (uint32_t)byte << 8) == d->crc ? 1 : drop(d, ZC_ERROR_FRAME_CRC);
}

static int take(struct zc_deframer *d, uint8_t byte)
{
	if (!d->inside) {
		return find_start(d, byte);
	}
	if (d->fill < LENGTH_SIZE || d->fill - LENGTH_SIZE < d->len) {
		d->crc = crc16_itu_t(d->crc, &byte, 1);
	}
	if (d->escaped && byte == START) {
		(void)drop(d, ZC_ERROR_FRAME_CUT);
		begin(d);
		return -EBADMSG;
	}
	if (d->escaped && byte == NOP) {
		d->escaped = false;
		return 0;
	}
	if (d->escaped && byte != ESCAPE) {
		return drop(d, ZC_ERROR_FRAME_ESCAPE);
	}
	d->escaped = !d->escaped && byte == ESCAPE;
	return d->escaped ? 0 : take_unescaped(d, byte);
}

int zc_deframe(struct zc_deframer *deframer, const uint8_t *data, size_t len, size_t *used)
{
	size_t at = 0;
	int result = 0;

	while (at < len && result == 0) {
		result = take(deframer, data[at++]);
	}
	*used = at;
	return result;
}
