/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* As much memory as the project says: a model that does not fit fails here as on a board. */

#include <stdlib.h>

#include "crt_shim.h"

/* In front of each piece, and as aligned as what malloc() gives, so that the piece is as well. */
union header {
	size_t len;
	long double as_aligned_as_any;
};

static size_t used;

void *zc_crt_alloc(size_t len)
{
	union header *header;

	if (len > CONFIG_ZC_CRT_HEAP_SIZE - used) {
		return NULL;
	}
	header = malloc(sizeof(*header) + len);
	if (header == NULL) {
		return NULL;
	}
	header->len = len;
	used += len;
	return &header[1];
}

void zc_crt_free(void *memory)
{
	union header *header = memory;

	if (header != NULL) {
		header--;
		used -= header->len;
		free(header);
	}
}
