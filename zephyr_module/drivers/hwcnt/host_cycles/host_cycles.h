/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The counter that user space may read, by processor. Needs _POSIX_C_SOURCE. */

#ifndef DRIVERS_HWCNT_HOST_CYCLES_HOST_CYCLES_H_
#define DRIVERS_HWCNT_HOST_CYCLES_HOST_CYCLES_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) || defined(__i386__)

#include <cpuid.h>
#include <time.h>

#define ZC_HOST_CYCLES_DESCRIPTION "time-stamp counter (RDTSC), constant rate"

#define ZC_NS_PER_S                1000000000U

/* Intel SDM 17.17.1 and AMD APM 2 13.2.4: CPUID 80000007h EDX bit 8, invariant TSC. */
static inline const char *zc_host_cycles_unavailable(void)
{
	unsigned int a, b, c, d;

	if (__get_cpuid(0x80000007U, &a, &b, &c, &d) != 0 && (d >> 8 & 1U) != 0) {
		return NULL;
	}
	return "the time-stamp counter is not invariant (CPUID 80000007h)";
}

/* The fence keeps what is measured from moving past the reading. */
static inline uint64_t zc_host_cycles(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high)::"memory");
	return ((uint64_t)high << 32) | low;
}

static inline uint64_t zc_host_cycles_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * ZC_NS_PER_S + (uint64_t)now.tv_nsec;
}

/* From CPUID 15h, where it gives crystal and ratio; else measured for 20 ms. */
static inline uint64_t zc_host_cycles_hz(void)
{
	unsigned int denominator, numerator, crystal_hz, d;
	uint64_t begin_ns, begin, end_ns, end;

	if (__get_cpuid(0x15U, &denominator, &numerator, &crystal_hz, &d) != 0 &&
	    denominator != 0 && numerator != 0 && crystal_hz != 0) {
		return (uint64_t)crystal_hz * numerator / denominator;
	}
	begin_ns = zc_host_cycles_now_ns();
	begin = zc_host_cycles();
	do {
		end_ns = zc_host_cycles_now_ns();
		end = zc_host_cycles();
	} while (end_ns - begin_ns < ZC_NS_PER_S / 50U);
	return (end - begin) * ZC_NS_PER_S / (end_ns - begin_ns);
}

#elif defined(__aarch64__)

#define ZC_HOST_CYCLES_DESCRIPTION "virtual counter (CNTVCT_EL0), constant rate"

static inline const char *zc_host_cycles_unavailable(void)
{
	return NULL;
}

static inline uint64_t zc_host_cycles(void)
{
	uint64_t value;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(value)::"memory");
	return value;
}

static inline uint64_t zc_host_cycles_hz(void)
{
	uint64_t hz;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
	return hz;
}

#else

#define ZC_HOST_CYCLES_DESCRIPTION "none on this processor"

static inline const char *zc_host_cycles_unavailable(void)
{
	return "no counter of this processor is readable from user space";
}

static inline uint64_t zc_host_cycles(void)
{
	return 0;
}

static inline uint64_t zc_host_cycles_hz(void)
{
	return 0;
}

#endif

#endif /* DRIVERS_HWCNT_HOST_CYCLES_HOST_CYCLES_H_ */
