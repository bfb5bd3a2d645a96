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

enum state {
	FIND_START,
	LENGTH,
	PAYLOAD,
	CRC,
};

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
	*deframer = (struct zc_deframer){.buf = buf, .size = size, .state = FIND_START};
}

static void begin(struct zc_deframer *d)
{
	d->state = LENGTH;
	d->field_fill = 0;
	d->fill = 0;
	d->lost_told = false;
	d->crc = crc16_itu_t(CRC_INITIAL, start, sizeof(start));
}

static int drop(struct zc_deframer *d, int err)
{
	d->state = FIND_START;
	d->lost_told = true;
	return err;
}

static int find_start(struct zc_deframer *d, uint8_t byte)
{
	bool escaped = d->escaped;

	d->escaped = byte == ESCAPE;
	if (escaped && byte == START) {
		begin(d);
	} else if (byte != ESCAPE && byte != NOP && !d->lost_told) {
		return drop(d, -ENOMSG);
	}
	return 0;
}

static int take_length(struct zc_deframer *d, uint8_t byte)
{
	d->field[d->field_fill++] = byte;
	if (d->field_fill < 4) {
		return 0;
	}
	d->len = sys_get_le32(d->field);
	if (d->len > d->size) {
		return drop(d, -EMSGSIZE);
	}
	d->field_fill = 0;
	d->state = d->len == 0 ? CRC : PAYLOAD;
	return 0;
}

static int take_crc(struct zc_deframer *d, uint8_t byte)
{
	d->field[d->field_fill++] = byte;
	if (d->field_fill < 2) {
		return 0;
	}
	if (sys_get_le16(d->field) != d->crc) {
		return drop(d, -EBADMSG);
	}
	d->state = FIND_START;
	return 1;
}

static int take_unescaped(struct zc_deframer *d, uint8_t byte)
{
	switch (d->state) {
	case LENGTH:
		return take_length(d, byte);
	case PAYLOAD:
		d->buf[d->fill++] = byte;
		if (d->fill == d->len) {
			d->state = CRC;
		}
		return 0;
	default:
		return take_crc(d, byte);
	}
}

static int take(struct zc_deframer *d, uint8_t byte)
{
	if (d->state == FIND_START) {
		return find_start(d, byte);
	}
	if (d->state != CRC) {
		d->crc = crc16_itu_t(d->crc, &byte, 1);
	}
	if (!d->escaped) {
		d->escaped = byte == ESCAPE;
		return d->escaped ? 0 : take_unescaped(d, byte);
	}
	d->escaped = false;
	switch (byte) {
	case ESCAPE:
		return take_unescaped(d, byte);
	case NOP:
		return 0;
	case START:
		begin(d);
		return -EPIPE;
	default:
		return drop(d, -EILSEQ);
	}
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
