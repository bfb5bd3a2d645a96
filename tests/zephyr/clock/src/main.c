/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The port's clock over a FAKE DWT: memory at the addresses of its registers, and a cycle counter
 * that follows simulated time while the core is awake.
 */

#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/sys_io.h>
#include <zephyr/ztest.h>

#include <zephyr_counters/port.h>

#include "clock.h"
#include "fake_registers.h"

#define DWT        0xe0001000UL
#define DWT_CTRL   0xe0001000UL
#define DWT_CYCCNT 0xe0001004UL
#define SCS        0xe000e000UL
#define DEMCR      0xe000edfcUL
#define RTC_HZ     32768U
#define STATED_HZ  64000000U

/* Of the counter before it wraps, in microseconds. */
#define WRAP_US (BIT64(32) / (FAKE_MHZ + 1U))

static uint64_t slept_us;

static uint64_t now_us(void)
{
	return k_cyc_to_us_floor64(k_cycle_get_64());
}

uint32_t fake_read32(mem_addr_t address)
{
	if (address == DWT_CYCCNT) {
		return (uint32_t)((now_us() - slept_us) * FAKE_MHZ);
	}
	return *(volatile uint32_t *)address;
}

uint32_t fake_rtc(void)
{
	return (uint32_t)(now_us() * RTC_HZ / USEC_PER_SEC);
}

static int map_registers(void)
{
	return fake_registers_map(DWT, 0x1000) | fake_registers_map(SCS, 0x1000);
}

SYS_INIT(map_registers, PRE_KERNEL_1, 0);

static void sleep_us(uint32_t us)
{
	uint64_t begin = now_us();

	zc_clock_before_sleep();
	k_usleep(us);
	slept_us += now_us() - begin;
}

/* Signed, as zassert_within() subtracts. */
static int64_t expected(uint64_t us)
{
	return (int64_t)(us * zc_port_clock_hz() / USEC_PER_SEC);
}

static int64_t since(uint64_t begin)
{
	return (int64_t)(zc_port_clock() - begin);
}

ZTEST_SUITE(clock, NULL, NULL, NULL, NULL, NULL);

ZTEST(clock, test_which_it_is)
{
	if (FAKE_MHZ == 0U) {
		zassert_str_equal(zc_port_clock_name(), "kernel, as the DWT does not count");
		zassert_equal(zc_port_clock_hz(), RTC_HZ);
		return;
	}
	zassert_str_equal(zc_port_clock_name(), "dwt");
	zassert_equal(zc_port_clock_kind(), HWCNT_CLOCK_CORE);
	zassert_equal(sys_read32(DEMCR), BIT(24), "trace is enabled");
	zassert_equal(sys_read32(DWT_CTRL), BIT(0), "CYCCNT is enabled");
}

ZTEST(clock, test_frequency_is_the_true_one)
{
	if (FAKE_MHZ == 0U) {
		ztest_test_skip();
	}
	/* As stated, or as compared with the kernel's clock. */
	if (FAKE_MHZ * USEC_PER_SEC == STATED_HZ) {
		zassert_equal(zc_port_clock_hz(), STATED_HZ);
	} else {
		zassert_within(zc_port_clock_hz(), FAKE_MHZ * USEC_PER_SEC, USEC_PER_SEC);
	}
}

ZTEST(clock, test_a_busy_region_is_exact)
{
	uint64_t begin = zc_port_clock();
	uint64_t at = now_us();

	k_busy_wait(1234);
	zassert_within(since(begin), expected(now_us() - at), 1);
}

ZTEST(clock, test_longer_than_a_wrap)
{
	uint64_t begin = zc_port_clock();
	uint64_t at = now_us();

	/* The core is awake: no word of sleep to the clock. */
	k_sleep(K_USEC(3U * WRAP_US + 7U));
	zassert_within(since(begin), expected(now_us() - at), expected(now_us() - at) / 1000 + 1);
}

ZTEST(clock, test_sleep_is_time)
{
	/* Each sleep is exact to a cycle of the kernel's clock, or two at its ends. */
	const int64_t slack = (int64_t)(2U * zc_port_clock_hz() / RTC_HZ) + 1;
	uint64_t begin = zc_port_clock();
	uint64_t at = now_us();
	uint64_t before;

	k_busy_wait(500);
	sleep_us(100000);
	k_busy_wait(500);
	zassert_within(since(begin), expected(now_us() - at), slack);

	/* Several, without a reading of the clock in between. */
	for (int i = 0; i < 5; i++) {
		sleep_us(10000);
	}
	zassert_within(since(begin), expected(now_us() - at), 2 * slack);

	before = zc_port_clock();
	zc_clock_before_sleep();
	zassert_true(zc_port_clock() >= before, "it never steps back");
}

ZTEST(clock, test_no_sleep_costs_nothing)
{
	uint64_t begin;
	uint64_t at;

	zc_clock_before_sleep();
	begin = zc_port_clock();
	at = now_us();
	k_busy_wait(20);
	zassert_within(since(begin), expected(now_us() - at), 2);
}
