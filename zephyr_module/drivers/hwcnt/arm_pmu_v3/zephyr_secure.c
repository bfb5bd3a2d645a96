/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * In Secure state the event counters stand still unless EL3 allows them: MDCR_EL3.SPME, DDI 0487,
 * "MDCR_EL3, Monitor Debug Configuration Register (EL3)".
 */

#include <zephyr/kernel.h>

#define MDCR_EL3_SPME BIT64(17)

/* Called by the architecture's startup code in EL3. */
void z_arm64_el3_plat_init(void)
{
	write_sysreg(read_sysreg(mdcr_el3) | MDCR_EL3_SPME, mdcr_el3);
}
