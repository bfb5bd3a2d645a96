/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* A port whose clock and providers do what they are told. */

#ifndef COUNTERS_FAKES_H_
#define COUNTERS_FAKES_H_

#include <stdbool.h>
#include <stdint.h>

/*
 * clock A: the clock advances by A at each reading. sleep 0 0 C: by C now.
 * cost A B C: counter B of provider A advances by C at each reading. set, add: now.
 * log A B C: provider A collects B bytes of value C. fail A B: selecting A fails with -B.
 * locks: into state. false if it is none of them.
 */
bool fakes_command(const char *name, unsigned long a, unsigned long b, uint64_t c);

/* 0 locks held, 1 locks taken since the last time, 2 + provider: counters selected there. */
int64_t fakes_state(unsigned long what);

#endif /* COUNTERS_FAKES_H_ */
