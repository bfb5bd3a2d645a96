/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Serve the model that is linked in; the same on every platform.
 */

#include <zephyr_counters/link.h>

int main(void)
{
	return zc_link_serve() == 0 ? 0 : 1;
}
