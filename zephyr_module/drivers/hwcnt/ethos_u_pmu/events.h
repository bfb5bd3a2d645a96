/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * PMU events of the Ethos-U55, Ethos-U65 and Ethos-U85, by their names in the core driver's
 * pmu_ethosu.h. The Technical Reference Manuals (102420, 102023, 102685) describe most of them at
 * register PMEVTYPER0, field EV_TYPE; that of the U85 has further ones of the driver as reserved.
 * For the U85, the events of all SRAM ports and of all external ports are listed, those of each
 * single port are not.
 *
 * Included with NPU_EVENT(event, name, unit, description) defined. The rows of the NPU that the
 * core driver is built for take part, in one order for all.
 */

#ifdef ETHOSU85
#define NPU_EVENT_U85(...) NPU_EVENT(__VA_ARGS__)
#define NPU_EVENT_U55_U65(...)
#else
#define NPU_EVENT_U85(...)
#define NPU_EVENT_U55_U65(...) NPU_EVENT(__VA_ARGS__)
#endif

/* clang-format off */
/* What each memory port counts. */
#define NPU_PORT_EVENTS(EVENT, PORT, name, text) \
	EVENT(PORT##_RD_TRANS_ACCEPTED, name "-rd-trans-accepted", "1", text ": reads accepted") \
	EVENT(PORT##_RD_TRANS_COMPLETED, name "-rd-trans-completed", "1", \
	      text ": reads completed") \
	EVENT(PORT##_RD_DATA_BEAT_RECEIVED, name "-rd-data-beat-received", "1", \
	      text ": data beats read") \
	EVENT(PORT##_RD_TRAN_REQ_STALLED, name "-rd-tran-req-stalled", "cycles", \
	      text ": read requests stalled") \
	EVENT(PORT##_WR_TRANS_ACCEPTED, name "-wr-trans-accepted", "1", text ": writes accepted") \
	EVENT(PORT##_WR_TRANS_COMPLETED_M, name "-wr-trans-completed-m", "1", \
	      text ": writes completed, as manager") \
	EVENT(PORT##_WR_TRANS_COMPLETED_S, name "-wr-trans-completed-s", "1", \
	      text ": writes completed, as subordinate") \
	EVENT(PORT##_WR_DATA_BEAT_WRITTEN, name "-wr-data-beat-written", "1", \
	      text ": data beats written") \
	EVENT(PORT##_WR_TRAN_REQ_STALLED, name "-wr-tran-req-stalled", "cycles", \
	      text ": write requests stalled") \
	EVENT(PORT##_WR_DATA_BEAT_STALLED, name "-wr-data-beat-stalled", "cycles", \
	      text ": data beats to write stalled") \
	EVENT(PORT##_ENABLED_CYCLES, name "-enabled-cycles", "cycles", text ": enabled") \
	EVENT(PORT##_RD_STALL_LIMIT, name "-rd-stall-limit", "cycles", \
	      text ": reads stalled by their limit") \
	EVENT(PORT##_WR_STALL_LIMIT, name "-wr-stall-limit", "cycles", \
	      text ": writes stalled by their limit")

NPU_EVENT(NPU_IDLE, "npu-idle", "cycles", "NPU idle")
NPU_EVENT(CC_STALLED_ON_BLOCKDEP, "cc-stalled-on-blockdep", "cycles",
	  "command controller stalled on a block dependency")
NPU_EVENT_U55_U65(CC_STALLED_ON_SHRAM_RECONFIG, "cc-stalled-on-shram-reconfig", "cycles",
	  "command controller stalled on shared RAM reconfiguration")
NPU_EVENT(NPU_ACTIVE, "npu-active", "cycles", "NPU active")
NPU_EVENT(MAC_ACTIVE, "mac-active", "cycles", "MAC units active")
NPU_EVENT_U55_U65(MAC_ACTIVE_8BIT, "mac-active-8bit", "cycles", "MAC units active, 8-bit")
NPU_EVENT_U55_U65(MAC_ACTIVE_16BIT, "mac-active-16bit", "cycles", "MAC units active, 16-bit")
NPU_EVENT(MAC_DPU_ACTIVE, "mac-dpu-active", "cycles", "dot product units active")
NPU_EVENT_U55_U65(MAC_STALLED_BY_WD_ACC, "mac-stalled-by-wd-acc", "cycles",
	  "MAC units stalled by weight decoder or accumulators")
NPU_EVENT_U55_U65(MAC_STALLED_BY_WD, "mac-stalled-by-wd", "cycles",
	  "MAC units stalled by weight decoder")
NPU_EVENT_U85(MAC_STALLED_BY_W_OR_ACC, "mac-stalled-by-w-or-acc", "cycles",
	  "MAC units stalled by weights or accumulators")
NPU_EVENT_U85(MAC_STALLED_BY_W, "mac-stalled-by-w", "cycles", "MAC units stalled by weights")
NPU_EVENT(MAC_STALLED_BY_ACC, "mac-stalled-by-acc", "cycles", "MAC units stalled by accumulators")
NPU_EVENT(MAC_STALLED_BY_IB, "mac-stalled-by-ib", "cycles", "MAC units stalled by input buffer")
NPU_EVENT_U55_U65(MAC_ACTIVE_32BIT, "mac-active-32bit", "cycles", "MAC units active, 32-bit")
NPU_EVENT_U55_U65(MAC_STALLED_BY_INT_W, "mac-stalled-by-int-w", "cycles",
	  "MAC units stalled by INT W")
NPU_EVENT_U55_U65(MAC_STALLED_BY_INT_ACC, "mac-stalled-by-int-acc", "cycles",
	  "MAC units stalled by INT ACC")
NPU_EVENT(AO_ACTIVE, "ao-active", "cycles", "output unit active")
NPU_EVENT_U55_U65(AO_ACTIVE_8BIT, "ao-active-8bit", "cycles", "output unit active, 8-bit")
NPU_EVENT_U55_U65(AO_ACTIVE_16BIT, "ao-active-16bit", "cycles", "output unit active, 16-bit")
NPU_EVENT_U55_U65(AO_STALLED_BY_OFMP_OB, "ao-stalled-by-ofmp-ob", "cycles",
	  "output unit stalled by output feature map or buffer")
NPU_EVENT_U55_U65(AO_STALLED_BY_OFMP, "ao-stalled-by-ofmp", "cycles",
	  "output unit stalled by output feature map")
NPU_EVENT_U85(AO_STALLED_BY_BS_OR_OB, "ao-stalled-by-bs-or-ob", "cycles",
	  "output unit stalled by bias and scale or output buffer")
NPU_EVENT_U85(AO_STALLED_BY_BS, "ao-stalled-by-bs", "cycles",
	  "output unit stalled by bias and scale")
NPU_EVENT(AO_STALLED_BY_OB, "ao-stalled-by-ob", "cycles", "output unit stalled by output buffer")
NPU_EVENT_U55_U65(AO_STALLED_BY_ACC_IB, "ao-stalled-by-acc-ib", "cycles",
	  "output unit stalled by accumulators or input buffer")
NPU_EVENT_U55_U65(AO_STALLED_BY_ACC, "ao-stalled-by-acc", "cycles",
	  "output unit stalled by accumulators")
NPU_EVENT_U55_U65(AO_STALLED_BY_IB, "ao-stalled-by-ib", "cycles",
	  "output unit stalled by input buffer")
NPU_EVENT_U85(AO_STALLED_BY_AB_OR_CB, "ao-stalled-by-ab-or-cb", "cycles",
	  "output unit stalled by accumulator or chaining buffer")
NPU_EVENT_U85(AO_STALLED_BY_AB, "ao-stalled-by-ab", "cycles",
	  "output unit stalled by accumulator buffer")
NPU_EVENT_U85(AO_STALLED_BY_CB, "ao-stalled-by-cb", "cycles",
	  "output unit stalled by chaining buffer")
NPU_EVENT(WD_ACTIVE, "wd-active", "cycles", "weight decoder active")
NPU_EVENT(WD_STALLED, "wd-stalled", "cycles", "weight decoder stalled")
NPU_EVENT_U55_U65(WD_STALLED_BY_WS, "wd-stalled-by-ws", "cycles",
	  "weight decoder stalled by weight stream")
NPU_EVENT(WD_STALLED_BY_WD_BUF, "wd-stalled-by-wd-buf", "cycles",
	  "weight decoder stalled by its buffer")
NPU_EVENT_U55_U65(WD_PARSE_ACTIVE, "wd-parse-active", "cycles", "weight parser active")
NPU_EVENT_U55_U65(WD_PARSE_STALLED, "wd-parse-stalled", "cycles", "weight parser stalled")
NPU_EVENT_U55_U65(WD_PARSE_STALLED_IN, "wd-parse-stalled-in", "cycles",
	  "weight parser stalled on its input")
NPU_EVENT_U55_U65(WD_PARSE_STALLED_OUT, "wd-parse-stalled-out", "cycles",
	  "weight parser stalled on its output")
NPU_EVENT_U55_U65(WD_TRANS_WS, "wd-trans-ws", "1", "weight decoder transfers, WS")
NPU_EVENT_U55_U65(WD_TRANS_WB, "wd-trans-wb", "1", "weight decoder transfers, WB")
NPU_EVENT_U55_U65(WD_TRANS_DW0, "wd-trans-dw0", "1", "weight decoder transfers, DW0")
NPU_EVENT_U55_U65(WD_TRANS_DW1, "wd-trans-dw1", "1", "weight decoder transfers, DW1")
NPU_PORT_EVENTS(NPU_EVENT_U55_U65, AXI0, "axi0", "AXI port 0")
NPU_EVENT_U85(WD_STALLED_BY_WS_FC, "wd-stalled-by-ws-fc", "cycles",
	  "weight decoder stalled by weight stream FC")
NPU_EVENT_U85(WD_STALLED_BY_WS_TC, "wd-stalled-by-ws-tc", "cycles",
	  "weight decoder stalled by weight stream TC")
NPU_EVENT_U85(WD_TRANS_WBLK, "wd-trans-wblk", "1", "weight decoder transfers, WBLK")
NPU_EVENT_U85(WD_TRANS_WS_FC, "wd-trans-ws-fc", "1", "weight decoder transfers, WS FC")
NPU_EVENT_U85(WD_TRANS_WS_TC, "wd-trans-ws-tc", "1", "weight decoder transfers, WS TC")
NPU_EVENT_U85(WD_STALLED_BY_WS_SC0, "wd-stalled-by-ws-sc0", "cycles",
	  "weight decoder stalled by weight stream core 0")
NPU_EVENT_U85(WD_STALLED_BY_WS_SC1, "wd-stalled-by-ws-sc1", "cycles",
	  "weight decoder stalled by weight stream core 1")
NPU_EVENT_U85(WD_STALLED_BY_WS_SC2, "wd-stalled-by-ws-sc2", "cycles",
	  "weight decoder stalled by weight stream core 2")
NPU_EVENT_U85(WD_STALLED_BY_WS_SC3, "wd-stalled-by-ws-sc3", "cycles",
	  "weight decoder stalled by weight stream core 3")
NPU_EVENT_U85(WD_PARSE_ACTIVE_SC0, "wd-parse-active-sc0", "cycles", "weight parser 0 active")
NPU_EVENT_U85(WD_PARSE_ACTIVE_SC1, "wd-parse-active-sc1", "cycles", "weight parser 1 active")
NPU_EVENT_U85(WD_PARSE_ACTIVE_SC2, "wd-parse-active-sc2", "cycles", "weight parser 2 active")
NPU_EVENT_U85(WD_PARSE_ACTIVE_SC3, "wd-parse-active-sc3", "cycles", "weight parser 3 active")
NPU_EVENT_U85(WD_PARSE_STALL_SC0, "wd-parse-stall-sc0", "cycles", "weight parser 0 stalled")
NPU_EVENT_U85(WD_PARSE_STALL_SC1, "wd-parse-stall-sc1", "cycles", "weight parser 1 stalled")
NPU_EVENT_U85(WD_PARSE_STALL_SC2, "wd-parse-stall-sc2", "cycles", "weight parser 2 stalled")
NPU_EVENT_U85(WD_PARSE_STALL_SC3, "wd-parse-stall-sc3", "cycles", "weight parser 3 stalled")
NPU_EVENT_U85(WD_PARSE_STALL_IN_SC0, "wd-parse-stall-in-sc0", "cycles",
	  "weight parser 0 stalled on its input")
NPU_EVENT_U85(WD_PARSE_STALL_IN_SC1, "wd-parse-stall-in-sc1", "cycles",
	  "weight parser 1 stalled on its input")
NPU_EVENT_U85(WD_PARSE_STALL_IN_SC2, "wd-parse-stall-in-sc2", "cycles",
	  "weight parser 2 stalled on its input")
NPU_EVENT_U85(WD_PARSE_STALL_IN_SC3, "wd-parse-stall-in-sc3", "cycles",
	  "weight parser 3 stalled on its input")
NPU_EVENT_U85(WD_PARSE_STALL_OUT_SC0, "wd-parse-stall-out-sc0", "cycles",
	  "weight parser 0 stalled on its output")
NPU_EVENT_U85(WD_PARSE_STALL_OUT_SC1, "wd-parse-stall-out-sc1", "cycles",
	  "weight parser 1 stalled on its output")
NPU_EVENT_U85(WD_PARSE_STALL_OUT_SC2, "wd-parse-stall-out-sc2", "cycles",
	  "weight parser 2 stalled on its output")
NPU_EVENT_U85(WD_PARSE_STALL_OUT_SC3, "wd-parse-stall-out-sc3", "cycles",
	  "weight parser 3 stalled on its output")
NPU_EVENT_U85(WD_TRANS_WS_SC0, "wd-trans-ws-sc0", "1", "weight decoder transfers, WS SC0")
NPU_EVENT_U85(WD_TRANS_WS_SC1, "wd-trans-ws-sc1", "1", "weight decoder transfers, WS SC1")
NPU_EVENT_U85(WD_TRANS_WS_SC2, "wd-trans-ws-sc2", "1", "weight decoder transfers, WS SC2")
NPU_EVENT_U85(WD_TRANS_WS_SC3, "wd-trans-ws-sc3", "1", "weight decoder transfers, WS SC3")
NPU_EVENT_U85(WD_TRANS_WB0, "wd-trans-wb0", "1", "weight decoder transfers, WB0")
NPU_EVENT_U85(WD_TRANS_WB1, "wd-trans-wb1", "1", "weight decoder transfers, WB1")
NPU_EVENT_U85(WD_TRANS_WB2, "wd-trans-wb2", "1", "weight decoder transfers, WB2")
NPU_EVENT_U85(WD_TRANS_WB3, "wd-trans-wb3", "1", "weight decoder transfers, WB3")
NPU_PORT_EVENTS(NPU_EVENT_U85, SRAM, "sram", "SRAM ports")
NPU_EVENT(AXI_LATENCY_ANY, "axi-latency-any", "1", "AXI reads")
NPU_EVENT(AXI_LATENCY_32, "axi-latency-32", "1", "AXI reads that took 32 cycles or more")
NPU_EVENT(AXI_LATENCY_64, "axi-latency-64", "1", "AXI reads that took 64 cycles or more")
NPU_EVENT(AXI_LATENCY_128, "axi-latency-128", "1", "AXI reads that took 128 cycles or more")
NPU_EVENT(AXI_LATENCY_256, "axi-latency-256", "1", "AXI reads that took 256 cycles or more")
NPU_EVENT(AXI_LATENCY_512, "axi-latency-512", "1", "AXI reads that took 512 cycles or more")
NPU_EVENT(AXI_LATENCY_1024, "axi-latency-1024", "1", "AXI reads that took 1024 cycles or more")
NPU_EVENT(ECC_DMA, "ecc-dma", "1", "ECC errors, DMA")
NPU_EVENT_U55_U65(ECC_SB0, "ecc-sb0", "1", "ECC errors, SB0")
NPU_PORT_EVENTS(NPU_EVENT_U55_U65, AXI1, "axi1", "AXI port 1")
NPU_EVENT_U55_U65(ECC_SB1, "ecc-sb1", "1", "ECC errors, SB1")
NPU_EVENT_U85(ECC_MAC_IB, "ecc-mac-ib", "1", "ECC errors, MAC IB")
NPU_EVENT_U85(ECC_MAC_AB, "ecc-mac-ab", "1", "ECC errors, MAC AB")
NPU_EVENT_U85(ECC_AO_CB, "ecc-ao-cb", "1", "ECC errors, AO CB")
NPU_EVENT_U85(ECC_AO_OB, "ecc-ao-ob", "1", "ECC errors, AO OB")
NPU_EVENT_U85(ECC_AO_LUT, "ecc-ao-lut", "1", "ECC errors, AO LUT")
NPU_PORT_EVENTS(NPU_EVENT_U85, EXT, "ext", "external ports")
/* clang-format on */

#undef NPU_PORT_EVENTS
#undef NPU_EVENT_U85
#undef NPU_EVENT_U55_U65
