/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "emulated.h"

#define SYST_CSR     (*(volatile uint32_t *)0xe000e010U)
#define SYST_RVR     (*(volatile uint32_t *)0xe000e014U)
#define SYST_CVR     (*(volatile uint32_t *)0xe000e018U)
#define SYST_RUN     0x5U
#define SYST_MASK    0x00ffffffU
#define CPACR        (*(volatile uint32_t *)0xe000ed88U)
#define CPACR_CP1011 0x00f00000U
#define SYS_WRITE0   0x04U
#define SYS_EXIT     0x18U
#define EXIT_OK      ((const char *)0x20026U)
#define EXIT_ERROR   ((const char *)0x20023U)

static uint32_t begun;

static void semihost(uint32_t operation, const char *argument)
{
	register uint32_t r0 __asm__("r0") = operation;
	register const char *r1 __asm__("r1") = argument;

	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void emulated_print(const char *text)
{
	semihost(SYS_WRITE0, text);
}

void emulated_print_number(uint32_t number)
{
	char text[12];
	char *at = &text[sizeof(text) - 1];

	*at = '\0';
	*--at = ' ';
	do {
		*--at = (char)('0' + number % 10U);
		number /= 10U;
	} while (number > 0U);
	emulated_print(at);
}

void emulated_begin(void)
{
	SYST_RVR = SYST_MASK;
	SYST_CVR = 0;
	SYST_CSR = SYST_RUN;
	begun = SYST_CVR;
}

uint32_t emulated_end(void)
{
	return (begun - SYST_CVR) & SYST_MASK;
}

static void fault(void)
{
	emulated_print("fault\n");
	semihost(SYS_EXIT, EXIT_ERROR);
}

extern uint32_t stack_top[];
void reset(void);

void reset(void)
{
	/* Floats and vectors are off after reset. */
	CPACR |= CPACR_CP1011;
	__asm__ volatile("dsb\n\tisb");
	semihost(SYS_EXIT, main() == 0 ? EXIT_OK : EXIT_ERROR);
	for (;;) {
	}
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {
	stack_top,     (void *)reset, (void *)fault, (void *)fault,
	(void *)fault, (void *)fault, (void *)fault, (void *)fault};
