/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#define _GNU_SOURCE

#include <sys/random.h>
#include <time.h>

#include <zephyr_counters/port.h>

#define NS_PER_S 1000000000U

/* Made by the linker if there is at least one provider. */
extern const struct device __start_hwcnt_providers[] __attribute__((weak));
extern const struct device __stop_hwcnt_providers[] __attribute__((weak));

uint64_t zc_port_clock(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t zc_port_clock_hz(void)
{
	return NS_PER_S;
}

enum hwcnt_clock zc_port_clock_kind(void)
{
	return HWCNT_CLOCK_HOST;
}

const char *zc_port_clock_name(void)
{
	return "monotonic";
}

/* A process has no interrupts to lock. */
unsigned int zc_port_irq_lock(void)
{
	return 0;
}

void zc_port_irq_unlock(unsigned int key)
{
	ARG_UNUSED(key);
}

void zc_port_random(uint8_t *buf, size_t len)
{
	while (len > 0) {
		ssize_t got = getrandom(buf, len, 0);

		if (got > 0) {
			buf += got;
			len -= (size_t)got;
		}
	}
}

const char *zc_port_board(void)
{
	return "posix";
}

size_t zc_port_num_providers(void)
{
	return (size_t)(__stop_hwcnt_providers - __start_hwcnt_providers);
}

const struct device *zc_port_provider(size_t index)
{
	return &__start_hwcnt_providers[index];
}
