/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* How the driver reaches the registers. Here they are a model's; on silicon, a memory mapping. */

#ifndef MAC_ARRAY_BUS_H_
#define MAC_ARRAY_BUS_H_

#include <stdint.h>

uint32_t mac_array_bus_read(uint32_t offset);
void mac_array_bus_write(uint32_t offset, uint32_t value);

#endif /* MAC_ARRAY_BUS_H_ */
