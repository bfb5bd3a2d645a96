/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "mac_array.h"

ZC_POSIX_PROVIDER("mac-array", &mac_array_api, NULL, NULL);
