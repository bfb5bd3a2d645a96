/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The events 0x00 to 0x3f, whose numbers are shared by the Performance Monitors of A-profile cores
 * (PMUv3) and the PMU of Armv8.1-M cores. Names are those of the Arm Architecture Reference Manual
 * for A-profile, DDI 0487, chapter "The Performance Monitors Extension", and of the Armv8-M
 * Architecture Reference Manual, DDI 0553, chapter "The Performance Monitoring Extension".
 * CPU_CYCLES (0x11) is each driver's fixed counter, CHAIN (0x1e) counts nothing of its own.
 *
 * Included with three macros defined, each with (number, name, unit, description):
 *   PMU_EVENT    both profiles have it
 *   PMU_EVENT_A  A-profile only
 *   PMU_EVENT_M  M-profile only
 */

/* clang-format off */
PMU_EVENT_A(0x00, "sw-incr", "1", "writes to PMSWINC_EL0")
PMU_EVENT_M(0x00, "sw-incr", "1", "writes to PMU_SWINC")
PMU_EVENT(0x01, "l1i-cache-refill", "1", "level 1 instruction cache refills")
PMU_EVENT_A(0x02, "l1i-tlb-refill", "1", "level 1 instruction TLB refills")
PMU_EVENT(0x03, "l1d-cache-refill", "1", "level 1 data cache refills")
PMU_EVENT(0x04, "l1d-cache", "1", "level 1 data cache accesses")
PMU_EVENT_A(0x05, "l1d-tlb-refill", "1", "level 1 data TLB refills")
PMU_EVENT(0x06, "ld-retired", "instructions", "loads executed")
PMU_EVENT(0x07, "st-retired", "instructions", "stores executed")
PMU_EVENT(0x08, "inst-retired", "instructions", "instructions executed")
PMU_EVENT(0x09, "exc-taken", "1", "exceptions taken")
PMU_EVENT(0x0a, "exc-return", "instructions", "exception returns executed")
PMU_EVENT_A(0x0b, "cid-write-retired", "instructions", "writes to CONTEXTIDR executed")
PMU_EVENT(0x0c, "pc-write-retired", "instructions", "changes of the PC by software")
PMU_EVENT(0x0d, "br-immed-retired", "instructions", "immediate branches executed")
PMU_EVENT(0x0e, "br-return-retired", "instructions", "function returns executed")
PMU_EVENT(0x0f, "unaligned-ldst-retired", "instructions", "unaligned loads and stores executed")
PMU_EVENT(0x10, "br-mis-pred", "1", "branches mispredicted or not predicted, speculative ones too")
PMU_EVENT(0x12, "br-pred", "1", "predictable branches, speculative ones too")
PMU_EVENT(0x13, "mem-access", "1", "data memory accesses")
PMU_EVENT(0x14, "l1i-cache", "1", "level 1 instruction cache accesses")
PMU_EVENT(0x15, "l1d-cache-wb", "1", "level 1 data cache write-backs")
PMU_EVENT(0x16, "l2d-cache", "1", "level 2 data cache accesses")
PMU_EVENT(0x17, "l2d-cache-refill", "1", "level 2 data cache refills")
PMU_EVENT(0x18, "l2d-cache-wb", "1", "level 2 data cache write-backs")
PMU_EVENT(0x19, "bus-access", "1", "bus accesses")
PMU_EVENT(0x1a, "memory-error", "1", "local memory errors")
PMU_EVENT(0x1b, "inst-spec", "instructions", "instructions, speculative ones too")
PMU_EVENT_A(0x1c, "ttbr-write-retired", "instructions", "writes to TTBR executed")
PMU_EVENT(0x1d, "bus-cycles", "cycles", "bus cycles")
PMU_EVENT(0x1f, "l1d-cache-allocate", "1", "level 1 data cache allocations without refill")
PMU_EVENT(0x20, "l2d-cache-allocate", "1", "level 2 data cache allocations without refill")
PMU_EVENT(0x21, "br-retired", "instructions", "branches executed")
PMU_EVENT(0x22, "br-mis-pred-retired", "instructions", "mispredicted branches executed")
PMU_EVENT(0x23, "stall-frontend", "cycles", "cycles with nothing issued because of the front end")
PMU_EVENT(0x24, "stall-backend", "cycles", "cycles with nothing issued because of the back end")
PMU_EVENT_A(0x25, "l1d-tlb", "1", "level 1 data TLB accesses")
PMU_EVENT_A(0x26, "l1i-tlb", "1", "level 1 instruction TLB accesses")
PMU_EVENT(0x27, "l2i-cache", "1", "level 2 instruction cache accesses")
PMU_EVENT(0x28, "l2i-cache-refill", "1", "level 2 instruction cache refills")
PMU_EVENT(0x29, "l3d-cache-allocate", "1", "level 3 data cache allocations without refill")
PMU_EVENT(0x2a, "l3d-cache-refill", "1", "level 3 data cache refills")
PMU_EVENT(0x2b, "l3d-cache", "1", "level 3 data cache accesses")
PMU_EVENT(0x2c, "l3d-cache-wb", "1", "level 3 data cache write-backs")
PMU_EVENT_A(0x2d, "l2d-tlb-refill", "1", "level 2 data TLB refills")
PMU_EVENT_A(0x2e, "l2i-tlb-refill", "1", "level 2 instruction TLB refills")
PMU_EVENT_A(0x2f, "l2d-tlb", "1", "level 2 data TLB accesses")
PMU_EVENT_A(0x30, "l2i-tlb", "1", "level 2 instruction TLB accesses")
PMU_EVENT_A(0x31, "remote-access", "1", "accesses to another socket")
PMU_EVENT_A(0x32, "ll-cache", "1", "last level cache accesses")
PMU_EVENT_A(0x33, "ll-cache-miss", "1", "last level cache misses")
PMU_EVENT_A(0x34, "dtlb-walk", "1", "data TLB walks")
PMU_EVENT_A(0x35, "itlb-walk", "1", "instruction TLB walks")
PMU_EVENT_A(0x36, "ll-cache-rd", "1", "last level cache reads")
PMU_EVENT_M(0x36, "ll-cache-rd", "1", "last level data cache reads")
PMU_EVENT_A(0x37, "ll-cache-miss-rd", "1", "last level cache read misses")
PMU_EVENT_M(0x37, "ll-cache-miss-rd", "1", "last level data cache read misses")
PMU_EVENT_A(0x38, "remote-access-rd", "1", "reads from another socket")
PMU_EVENT_A(0x39, "l1d-cache-lmiss-rd", "1", "level 1 data cache long-latency read misses")
PMU_EVENT_M(0x39, "l1d-cache-miss-rd", "1", "level 1 data cache read misses")
PMU_EVENT_A(0x3a, "op-retired", "1", "operations executed")
PMU_EVENT_M(0x3a, "op-complete", "1", "operations retired")
PMU_EVENT(0x3b, "op-spec", "1", "operations, speculative ones too")
PMU_EVENT(0x3c, "stall", "cycles", "cycles with nothing sent for execution")
PMU_EVENT_A(0x3d, "stall-slot-backend", "1", "operation slots empty because of the back end")
PMU_EVENT_M(0x3d, "stall-op-backend", "1", "operation slots empty because of the back end")
PMU_EVENT_A(0x3e, "stall-slot-frontend", "1", "operation slots empty because of the front end")
PMU_EVENT_M(0x3e, "stall-op-frontend", "1", "operation slots empty because of the front end")
PMU_EVENT_A(0x3f, "stall-slot", "1", "operation slots empty")
PMU_EVENT_M(0x3f, "stall-op", "1", "operation slots empty")
/* clang-format on */
