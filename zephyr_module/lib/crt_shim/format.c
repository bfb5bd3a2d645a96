/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The formatting of TVMPlatform*; apart from platform.c, whose log formats with it. */

#include <stdarg.h>
#include <stdio.h>

#include <tvm/runtime/crt/platform.h>

/* What does not fit is cut; the CRT wants the length of what is in the buffer. */
size_t TVMPlatformFormatMessage(char *out_buf, size_t out_buf_size_bytes, const char *fmt,
				va_list args)
{
	int len = vsnprintf(out_buf, out_buf_size_bytes, fmt, args);

	if (len < 0 || out_buf_size_bytes == 0U) {
		return 0;
	}
	return (size_t)len < out_buf_size_bytes ? (size_t)len : out_buf_size_bytes - 1U;
}
