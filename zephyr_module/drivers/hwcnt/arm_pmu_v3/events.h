/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The common architectural and microarchitectural events 0x00 to 0x3f of PMUv3; the core says which
 * of them it has.
 *
 * Included with PMU_EVENT(number, name, unit, description) defined.
 */

#define PMU_EVENT_A(...) PMU_EVENT(__VA_ARGS__)
#define PMU_EVENT_M(...)
#include "../arm_events/arm_events.h"
#undef PMU_EVENT_A
#undef PMU_EVENT_M
