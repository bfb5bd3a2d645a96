/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The part of Zephyr's header of this name that this project uses, for hosts without Zephyr. */

#ifndef ZC_POSIX_ZEPHYR_DEVICE_H_
#define ZC_POSIX_ZEPHYR_DEVICE_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr/toolchain.h>

/** A device: a provider of counters. */
struct device {
	/** Unique on the board. */
	const char *name;
	const void *config;
	const void *api;
	void *data;
};

/** @brief Define the operations of a device of a class: `static DEVICE_API(hwcnt, api) = {...};` */
#define DEVICE_API(class_, name_) const struct class_##_driver_api name_

/**
 * @brief Make a provider known, where Zephyr would use devicetree.
 *
 * At file scope, once a provider; any source file that is linked in may do so. The linker gathers
 * the devices between __start_hwcnt_providers and __stop_hwcnt_providers.
 * @param name_ a string: `"host-clock"`
 * @param api_ pointer to a struct hwcnt_driver_api
 * @param config_ pointer to constant data, or NULL
 * @param data_ pointer to the driver's state, or NULL
 */
#define ZC_POSIX_PROVIDER(name_, api_, config_, data_)                                             \
	static const struct device ZC_POSIX_CAT(zc_posix_provider_, __LINE__)                      \
		__attribute__((used, section("hwcnt_providers"), aligned(sizeof(void *)))) = {     \
			.name = (name_),                                                           \
			.config = (config_),                                                       \
			.api = (api_),                                                             \
			.data = (data_),                                                           \
	}

#endif /* ZC_POSIX_ZEPHYR_DEVICE_H_ */
