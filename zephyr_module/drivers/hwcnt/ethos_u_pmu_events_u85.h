/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * PMU events of the Ethos-U85, by their names in the core driver's
 * pmu_ethosu.h, which are those of the Technical Reference Manual, section "PMU events". Those of
 * all SRAM ports and of all external ports are here, those of each single port are not.
 *
 * NPU_EVENT(event, name, unit, description)
 */

/* clang-format off */
NPU_EVENT(NPU_IDLE, "npu-idle", "cycles", "NPU idle")
NPU_EVENT(CC_STALLED_ON_BLOCKDEP, "cc-stalled-on-blockdep", "cycles",
	  "command controller stalled on a block dependency")
NPU_EVENT(NPU_ACTIVE, "npu-active", "cycles", "NPU active")
NPU_EVENT(MAC_ACTIVE, "mac-active", "cycles", "MAC units active")
NPU_EVENT(MAC_DPU_ACTIVE, "mac-dpu-active", "cycles", "dot product units active")
NPU_EVENT(MAC_STALLED_BY_W_OR_ACC, "mac-stalled-by-w-or-acc", "cycles",
	  "MAC units stalled by weights or accumulators")
NPU_EVENT(MAC_STALLED_BY_W, "mac-stalled-by-w", "cycles", "MAC units stalled by weights")
NPU_EVENT(MAC_STALLED_BY_ACC, "mac-stalled-by-acc", "cycles", "MAC units stalled by accumulators")
NPU_EVENT(MAC_STALLED_BY_IB, "mac-stalled-by-ib", "cycles", "MAC units stalled by input buffer")
NPU_EVENT(AO_ACTIVE, "ao-active", "cycles", "output unit active")
NPU_EVENT(AO_STALLED_BY_BS_OR_OB, "ao-stalled-by-bs-or-ob", "cycles",
	  "output unit stalled by bias and scale or output buffer")
NPU_EVENT(AO_STALLED_BY_BS, "ao-stalled-by-bs", "cycles", "output unit stalled by bias and scale")
NPU_EVENT(AO_STALLED_BY_OB, "ao-stalled-by-ob", "cycles", "output unit stalled by output buffer")
NPU_EVENT(AO_STALLED_BY_AB_OR_CB, "ao-stalled-by-ab-or-cb", "cycles",
	  "output unit stalled by accumulator or chaining buffer")
NPU_EVENT(AO_STALLED_BY_AB, "ao-stalled-by-ab", "cycles",
	  "output unit stalled by accumulator buffer")
NPU_EVENT(AO_STALLED_BY_CB, "ao-stalled-by-cb", "cycles", "output unit stalled by chaining buffer")
NPU_EVENT(WD_ACTIVE, "wd-active", "cycles", "weight decoder active")
NPU_EVENT(WD_STALLED, "wd-stalled", "cycles", "weight decoder stalled")
NPU_EVENT(WD_STALLED_BY_WD_BUF, "wd-stalled-by-wd-buf", "cycles",
	  "weight decoder stalled by its buffer")
NPU_EVENT(WD_STALLED_BY_WS_FC, "wd-stalled-by-ws-fc", "cycles",
	  "weight decoder stalled by weight stream FC")
NPU_EVENT(WD_STALLED_BY_WS_TC, "wd-stalled-by-ws-tc", "cycles",
	  "weight decoder stalled by weight stream TC")
NPU_EVENT(WD_TRANS_WBLK, "wd-trans-wblk", "1", "weight decoder transfers, WBLK")
NPU_EVENT(WD_TRANS_WS_FC, "wd-trans-ws-fc", "1", "weight decoder transfers, WS FC")
NPU_EVENT(WD_TRANS_WS_TC, "wd-trans-ws-tc", "1", "weight decoder transfers, WS TC")
NPU_EVENT(WD_STALLED_BY_WS_SC0, "wd-stalled-by-ws-sc0", "cycles",
	  "weight decoder stalled by weight stream core 0")
NPU_EVENT(WD_STALLED_BY_WS_SC1, "wd-stalled-by-ws-sc1", "cycles",
	  "weight decoder stalled by weight stream core 1")
NPU_EVENT(WD_STALLED_BY_WS_SC2, "wd-stalled-by-ws-sc2", "cycles",
	  "weight decoder stalled by weight stream core 2")
NPU_EVENT(WD_STALLED_BY_WS_SC3, "wd-stalled-by-ws-sc3", "cycles",
	  "weight decoder stalled by weight stream core 3")
NPU_EVENT(WD_PARSE_ACTIVE_SC0, "wd-parse-active-sc0", "cycles", "weight parser 0 active")
NPU_EVENT(WD_PARSE_ACTIVE_SC1, "wd-parse-active-sc1", "cycles", "weight parser 1 active")
NPU_EVENT(WD_PARSE_ACTIVE_SC2, "wd-parse-active-sc2", "cycles", "weight parser 2 active")
NPU_EVENT(WD_PARSE_ACTIVE_SC3, "wd-parse-active-sc3", "cycles", "weight parser 3 active")
NPU_EVENT(WD_PARSE_STALL_SC0, "wd-parse-stall-sc0", "cycles", "weight parser 0 stalled")
NPU_EVENT(WD_PARSE_STALL_SC1, "wd-parse-stall-sc1", "cycles", "weight parser 1 stalled")
NPU_EVENT(WD_PARSE_STALL_SC2, "wd-parse-stall-sc2", "cycles", "weight parser 2 stalled")
NPU_EVENT(WD_PARSE_STALL_SC3, "wd-parse-stall-sc3", "cycles", "weight parser 3 stalled")
NPU_EVENT(WD_PARSE_STALL_IN_SC0, "wd-parse-stall-in-sc0", "cycles",
	  "weight parser 0 stalled on its input")
NPU_EVENT(WD_PARSE_STALL_IN_SC1, "wd-parse-stall-in-sc1", "cycles",
	  "weight parser 1 stalled on its input")
NPU_EVENT(WD_PARSE_STALL_IN_SC2, "wd-parse-stall-in-sc2", "cycles",
	  "weight parser 2 stalled on its input")
NPU_EVENT(WD_PARSE_STALL_IN_SC3, "wd-parse-stall-in-sc3", "cycles",
	  "weight parser 3 stalled on its input")
NPU_EVENT(WD_PARSE_STALL_OUT_SC0, "wd-parse-stall-out-sc0", "cycles",
	  "weight parser 0 stalled on its output")
NPU_EVENT(WD_PARSE_STALL_OUT_SC1, "wd-parse-stall-out-sc1", "cycles",
	  "weight parser 1 stalled on its output")
NPU_EVENT(WD_PARSE_STALL_OUT_SC2, "wd-parse-stall-out-sc2", "cycles",
	  "weight parser 2 stalled on its output")
NPU_EVENT(WD_PARSE_STALL_OUT_SC3, "wd-parse-stall-out-sc3", "cycles",
	  "weight parser 3 stalled on its output")
NPU_EVENT(WD_TRANS_WS_SC0, "wd-trans-ws-sc0", "1", "weight decoder transfers, WS SC0")
NPU_EVENT(WD_TRANS_WS_SC1, "wd-trans-ws-sc1", "1", "weight decoder transfers, WS SC1")
NPU_EVENT(WD_TRANS_WS_SC2, "wd-trans-ws-sc2", "1", "weight decoder transfers, WS SC2")
NPU_EVENT(WD_TRANS_WS_SC3, "wd-trans-ws-sc3", "1", "weight decoder transfers, WS SC3")
NPU_EVENT(WD_TRANS_WB0, "wd-trans-wb0", "1", "weight decoder transfers, WB0")
NPU_EVENT(WD_TRANS_WB1, "wd-trans-wb1", "1", "weight decoder transfers, WB1")
NPU_EVENT(WD_TRANS_WB2, "wd-trans-wb2", "1", "weight decoder transfers, WB2")
NPU_EVENT(WD_TRANS_WB3, "wd-trans-wb3", "1", "weight decoder transfers, WB3")
NPU_EVENT(SRAM_RD_TRANS_ACCEPTED, "sram-rd-trans-accepted", "1", "SRAM ports: reads accepted")
NPU_EVENT(SRAM_RD_TRANS_COMPLETED, "sram-rd-trans-completed", "1", "SRAM ports: reads completed")
NPU_EVENT(SRAM_RD_DATA_BEAT_RECEIVED, "sram-rd-data-beat-received", "1",
	  "SRAM ports: data beats read")
NPU_EVENT(SRAM_RD_TRAN_REQ_STALLED, "sram-rd-tran-req-stalled", "cycles",
	  "SRAM ports: read requests stalled")
NPU_EVENT(SRAM_WR_TRANS_ACCEPTED, "sram-wr-trans-accepted", "1", "SRAM ports: writes accepted")
NPU_EVENT(SRAM_WR_TRANS_COMPLETED_M, "sram-wr-trans-completed-m", "1",
	  "SRAM ports: writes completed, as manager")
NPU_EVENT(SRAM_WR_TRANS_COMPLETED_S, "sram-wr-trans-completed-s", "1",
	  "SRAM ports: writes completed, as subordinate")
NPU_EVENT(SRAM_WR_DATA_BEAT_WRITTEN, "sram-wr-data-beat-written", "1",
	  "SRAM ports: data beats written")
NPU_EVENT(SRAM_WR_TRAN_REQ_STALLED, "sram-wr-tran-req-stalled", "cycles",
	  "SRAM ports: write requests stalled")
NPU_EVENT(SRAM_WR_DATA_BEAT_STALLED, "sram-wr-data-beat-stalled", "cycles",
	  "SRAM ports: data beats to write stalled")
NPU_EVENT(SRAM_ENABLED_CYCLES, "sram-enabled-cycles", "cycles", "SRAM ports: enabled")
NPU_EVENT(SRAM_RD_STALL_LIMIT, "sram-rd-stall-limit", "cycles",
	  "SRAM ports: reads stalled by their limit")
NPU_EVENT(SRAM_WR_STALL_LIMIT, "sram-wr-stall-limit", "cycles",
	  "SRAM ports: writes stalled by their limit")
NPU_EVENT(AXI_LATENCY_ANY, "axi-latency-any", "1", "AXI reads")
NPU_EVENT(AXI_LATENCY_32, "axi-latency-32", "1", "AXI reads that took 32 cycles or more")
NPU_EVENT(AXI_LATENCY_64, "axi-latency-64", "1", "AXI reads that took 64 cycles or more")
NPU_EVENT(AXI_LATENCY_128, "axi-latency-128", "1", "AXI reads that took 128 cycles or more")
NPU_EVENT(AXI_LATENCY_256, "axi-latency-256", "1", "AXI reads that took 256 cycles or more")
NPU_EVENT(AXI_LATENCY_512, "axi-latency-512", "1", "AXI reads that took 512 cycles or more")
NPU_EVENT(AXI_LATENCY_1024, "axi-latency-1024", "1", "AXI reads that took 1024 cycles or more")
NPU_EVENT(ECC_DMA, "ecc-dma", "1", "ECC errors, DMA")
NPU_EVENT(ECC_MAC_IB, "ecc-mac-ib", "1", "ECC errors, MAC IB")
NPU_EVENT(ECC_MAC_AB, "ecc-mac-ab", "1", "ECC errors, MAC AB")
NPU_EVENT(ECC_AO_CB, "ecc-ao-cb", "1", "ECC errors, AO CB")
NPU_EVENT(ECC_AO_OB, "ecc-ao-ob", "1", "ECC errors, AO OB")
NPU_EVENT(ECC_AO_LUT, "ecc-ao-lut", "1", "ECC errors, AO LUT")
NPU_EVENT(EXT_RD_TRANS_ACCEPTED, "ext-rd-trans-accepted", "1", "external ports: reads accepted")
NPU_EVENT(EXT_RD_TRANS_COMPLETED, "ext-rd-trans-completed", "1", "external ports: reads completed")
NPU_EVENT(EXT_RD_DATA_BEAT_RECEIVED, "ext-rd-data-beat-received", "1",
	  "external ports: data beats read")
NPU_EVENT(EXT_RD_TRAN_REQ_STALLED, "ext-rd-tran-req-stalled", "cycles",
	  "external ports: read requests stalled")
NPU_EVENT(EXT_WR_TRANS_ACCEPTED, "ext-wr-trans-accepted", "1", "external ports: writes accepted")
NPU_EVENT(EXT_WR_TRANS_COMPLETED_M, "ext-wr-trans-completed-m", "1",
	  "external ports: writes completed, as manager")
NPU_EVENT(EXT_WR_TRANS_COMPLETED_S, "ext-wr-trans-completed-s", "1",
	  "external ports: writes completed, as subordinate")
NPU_EVENT(EXT_WR_DATA_BEAT_WRITTEN, "ext-wr-data-beat-written", "1",
	  "external ports: data beats written")
NPU_EVENT(EXT_WR_TRAN_REQ_STALLED, "ext-wr-tran-req-stalled", "cycles",
	  "external ports: write requests stalled")
NPU_EVENT(EXT_WR_DATA_BEAT_STALLED, "ext-wr-data-beat-stalled", "cycles",
	  "external ports: data beats to write stalled")
NPU_EVENT(EXT_ENABLED_CYCLES, "ext-enabled-cycles", "cycles", "external ports: enabled")
NPU_EVENT(EXT_RD_STALL_LIMIT, "ext-rd-stall-limit", "cycles",
	  "external ports: reads stalled by their limit")
NPU_EVENT(EXT_WR_STALL_LIMIT, "ext-wr-stall-limit", "cycles",
	  "external ports: writes stalled by their limit")
/* clang-format on */
