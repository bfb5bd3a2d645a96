/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The architected events of the Armv8.1-M PMU by their names in the Armv8-M Architecture Reference
 * Manual, DDI 0553, chapter "The Performance Monitoring Extension". CMSIS has them in armv8m_pmu.h,
 * with a slip at MVE_ST_MULTI_RETIRED, to which it gives the number of MVE_LD_MULTI_SPEC. A core
 * counts 0 for an event that it does not implement. The driver uses CHAIN (0x001e) itself.
 *
 * Included with PMU_EVENT(number, name, unit, description) defined.
 */

#define PMU_EVENT_A(...)
#define PMU_EVENT_M(...) PMU_EVENT(__VA_ARGS__)
#include "../arm_events/arm_events.h"
#undef PMU_EVENT_A
#undef PMU_EVENT_M

/* clang-format off */
PMU_EVENT(0x0040, "l1d-cache-rd", "1", "level 1 data cache reads")
PMU_EVENT(0x0100, "le-retired", "instructions", "loop ends executed")
PMU_EVENT(0x0101, "le-spec", "instructions", "loop ends, speculative ones too")
PMU_EVENT(0x0104, "bf-retired", "instructions", "branch futures executed")
PMU_EVENT(0x0105, "bf-spec", "instructions", "branch futures, speculative ones too")
PMU_EVENT(0x0108, "le-cancel", "instructions", "loop ends not taken")
PMU_EVENT(0x0109, "bf-cancel", "instructions", "branch futures not taken")
PMU_EVENT(0x0114, "se-call-s", "1", "calls that changed to Secure state")
PMU_EVENT(0x0115, "se-call-ns", "1", "calls that changed to Non-secure state")
PMU_EVENT(0x0118, "dwt-cmpmatch0", "1", "matches of DWT comparator 0")
PMU_EVENT(0x0119, "dwt-cmpmatch1", "1", "matches of DWT comparator 1")
PMU_EVENT(0x011a, "dwt-cmpmatch2", "1", "matches of DWT comparator 2")
PMU_EVENT(0x011b, "dwt-cmpmatch3", "1", "matches of DWT comparator 3")
PMU_EVENT(0x0200, "mve-inst-retired", "instructions", "vector instructions executed")
PMU_EVENT(0x0201, "mve-inst-spec", "instructions", "vector instructions, speculative ones too")
PMU_EVENT(0x0204, "mve-fp-retired", "instructions", "vector floating-point instructions executed")
PMU_EVENT(0x0205, "mve-fp-spec", "instructions",
	  "vector floating-point instructions, speculative ones too")
PMU_EVENT(0x0208, "mve-fp-hp-retired", "instructions",
	  "vector half-precision instructions executed")
PMU_EVENT(0x0209, "mve-fp-hp-spec", "instructions",
	  "vector half-precision instructions, speculative ones too")
PMU_EVENT(0x020c, "mve-fp-sp-retired", "instructions",
	  "vector single-precision instructions executed")
PMU_EVENT(0x020d, "mve-fp-sp-spec", "instructions",
	  "vector single-precision instructions, speculative ones too")
PMU_EVENT(0x0214, "mve-fp-mac-retired", "instructions",
	  "vector floating-point multiplies and multiply-accumulates")
PMU_EVENT(0x0215, "mve-fp-mac-spec", "instructions",
	  "vector floating-point multiplies and multiply-accumulates, speculative ones too")
PMU_EVENT(0x0224, "mve-int-retired", "instructions", "vector integer instructions executed")
PMU_EVENT(0x0225, "mve-int-spec", "instructions",
	  "vector integer instructions, speculative ones too")
PMU_EVENT(0x0228, "mve-int-mac-retired", "instructions",
	  "vector integer multiplies and multiply-accumulates")
PMU_EVENT(0x0229, "mve-int-mac-spec", "instructions",
	  "vector integer multiplies and multiply-accumulates, speculative ones too")
PMU_EVENT(0x0238, "mve-ldst-retired", "instructions", "vector loads and stores executed")
PMU_EVENT(0x0239, "mve-ldst-spec", "instructions", "vector loads and stores, speculative ones too")
PMU_EVENT(0x023c, "mve-ld-retired", "instructions", "vector loads executed")
PMU_EVENT(0x023d, "mve-ld-spec", "instructions", "vector loads, speculative ones too")
PMU_EVENT(0x0240, "mve-st-retired", "instructions", "vector stores executed")
PMU_EVENT(0x0241, "mve-st-spec", "instructions", "vector stores, speculative ones too")
PMU_EVENT(0x0244, "mve-ldst-contig-retired", "instructions",
	  "vector contiguous loads and stores executed")
PMU_EVENT(0x0245, "mve-ldst-contig-spec", "instructions",
	  "vector contiguous loads and stores, speculative ones too")
PMU_EVENT(0x0248, "mve-ld-contig-retired", "instructions", "vector contiguous loads executed")
PMU_EVENT(0x0249, "mve-ld-contig-spec", "instructions",
	  "vector contiguous loads, speculative ones too")
PMU_EVENT(0x024c, "mve-st-contig-retired", "instructions", "vector contiguous stores executed")
PMU_EVENT(0x024d, "mve-st-contig-spec", "instructions",
	  "vector contiguous stores, speculative ones too")
PMU_EVENT(0x0250, "mve-ldst-noncontig-retired", "instructions",
	  "vector gathers and scatters executed")
PMU_EVENT(0x0251, "mve-ldst-noncontig-spec", "instructions",
	  "vector gathers and scatters, speculative ones too")
PMU_EVENT(0x0254, "mve-ld-noncontig-retired", "instructions", "vector gathers executed")
PMU_EVENT(0x0255, "mve-ld-noncontig-spec", "instructions", "vector gathers, speculative ones too")
PMU_EVENT(0x0258, "mve-st-noncontig-retired", "instructions", "vector scatters executed")
PMU_EVENT(0x0259, "mve-st-noncontig-spec", "instructions", "vector scatters, speculative ones too")
PMU_EVENT(0x025c, "mve-ldst-multi-retired", "instructions",
	  "vector loads and stores of several registers executed")
PMU_EVENT(0x025d, "mve-ldst-multi-spec", "instructions",
	  "vector loads and stores of several registers, speculative ones too")
PMU_EVENT(0x0260, "mve-ld-multi-retired", "instructions",
	  "vector loads of several registers executed")
PMU_EVENT(0x0261, "mve-ld-multi-spec", "instructions",
	  "vector loads of several registers, speculative ones too")
PMU_EVENT(0x0264, "mve-st-multi-retired", "instructions",
	  "vector stores of several registers executed")
PMU_EVENT(0x0265, "mve-st-multi-spec", "instructions",
	  "vector stores of several registers, speculative ones too")
PMU_EVENT(0x028c, "mve-ldst-unaligned-retired", "instructions",
	  "vector unaligned loads and stores executed")
PMU_EVENT(0x028d, "mve-ldst-unaligned-spec", "instructions",
	  "vector unaligned loads and stores, speculative ones too")
PMU_EVENT(0x0290, "mve-ld-unaligned-retired", "instructions", "vector unaligned loads executed")
PMU_EVENT(0x0291, "mve-ld-unaligned-spec", "instructions",
	  "vector unaligned loads, speculative ones too")
PMU_EVENT(0x0294, "mve-st-unaligned-retired", "instructions", "vector unaligned stores executed")
PMU_EVENT(0x0295, "mve-st-unaligned-spec", "instructions",
	  "vector unaligned stores, speculative ones too")
PMU_EVENT(0x0298, "mve-ldst-unaligned-noncontig-retired", "instructions",
	  "vector unaligned gathers and scatters executed")
PMU_EVENT(0x0299, "mve-ldst-unaligned-noncontig-spec", "instructions",
	  "vector unaligned gathers and scatters, speculative ones too")
PMU_EVENT(0x02a0, "mve-vreduce-retired", "instructions", "vector reductions executed")
PMU_EVENT(0x02a1, "mve-vreduce-spec", "instructions", "vector reductions, speculative ones too")
PMU_EVENT(0x02a4, "mve-vreduce-fp-retired", "instructions",
	  "vector floating-point reductions executed")
PMU_EVENT(0x02a5, "mve-vreduce-fp-spec", "instructions",
	  "vector floating-point reductions, speculative ones too")
PMU_EVENT(0x02a8, "mve-vreduce-int-retired", "instructions", "vector integer reductions executed")
PMU_EVENT(0x02a9, "mve-vreduce-int-spec", "instructions",
	  "vector integer reductions, speculative ones too")
PMU_EVENT(0x02b8, "mve-pred", "cycles", "cycles with a predicated vector beat executed")
PMU_EVENT(0x02cc, "mve-stall", "cycles", "stalls by vector instructions")
PMU_EVENT(0x02cd, "mve-stall-resource", "cycles",
	  "stalls by vector instructions: a resource is taken")
PMU_EVENT(0x02ce, "mve-stall-resource-mem", "cycles",
	  "stalls by vector instructions: the memory unit is taken")
PMU_EVENT(0x02cf, "mve-stall-resource-fp", "cycles",
	  "stalls by vector instructions: floating-point unit taken")
PMU_EVENT(0x02d0, "mve-stall-resource-int", "cycles",
	  "stalls by vector instructions: the integer unit is taken")
PMU_EVENT(0x02d3, "mve-stall-break", "cycles", "stalls by breaks of vector instruction chaining")
PMU_EVENT(0x02d4, "mve-stall-dependency", "cycles", "stalls by vector register dependencies")
PMU_EVENT(0x4007, "itcm-access", "1", "instruction TCM accesses")
PMU_EVENT(0x4008, "dtcm-access", "1", "data TCM accesses")
PMU_EVENT(0x4010, "trcextout0", "1", "ETM external output 0")
PMU_EVENT(0x4011, "trcextout1", "1", "ETM external output 1")
PMU_EVENT(0x4012, "trcextout2", "1", "ETM external output 2")
PMU_EVENT(0x4013, "trcextout3", "1", "ETM external output 3")
PMU_EVENT(0x4018, "cti-trigout4", "1", "cross-trigger output 4")
PMU_EVENT(0x4019, "cti-trigout5", "1", "cross-trigger output 5")
PMU_EVENT(0x401a, "cti-trigout6", "1", "cross-trigger output 6")
PMU_EVENT(0x401b, "cti-trigout7", "1", "cross-trigger output 7")
/* clang-format on */
