/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief zc_error() for the most common case: nothing to tell beside what is wrong.
 */

#ifndef ZC_RUNTIME_REFUSE_H_
#define ZC_RUNTIME_REFUSE_H_

/** @return -EINVAL */
int zc_refuse(const char *what);

/** @return -EINVAL, with the text that a handle is not valid */
int zc_refuse_handle(void);

#endif /* ZC_RUNTIME_REFUSE_H_ */
