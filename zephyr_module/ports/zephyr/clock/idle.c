/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* Around the kernel's own functions, by the linker's option --wrap. */

#include "clock.h"

void __real_arch_cpu_idle(void);
void __real_arch_cpu_atomic_idle(unsigned int key);
void __wrap_arch_cpu_idle(void);
void __wrap_arch_cpu_atomic_idle(unsigned int key);

void __wrap_arch_cpu_idle(void)
{
	zc_clock_before_sleep();
	__real_arch_cpu_idle();
}

void __wrap_arch_cpu_atomic_idle(unsigned int key)
{
	zc_clock_before_sleep();
	__real_arch_cpu_atomic_idle(key);
}
