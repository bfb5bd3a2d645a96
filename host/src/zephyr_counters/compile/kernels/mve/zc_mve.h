/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Included by all files that need vectors of integers (Helium, Armv8.1-M ARM, C1.3). */

#ifndef ZC_MVE_H_
#define ZC_MVE_H_

#if !defined(__ARM_FEATURE_MVE) || (__ARM_FEATURE_MVE & 1) == 0
#error "the model's kernels need a core with MVE (Helium); compile the model for this core"
#endif

#endif /* ZC_MVE_H_ */
