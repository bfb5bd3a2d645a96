/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * PMU events of the Ethos-U55 and Ethos-U65, by their names in the core driver's
 * pmu_ethosu.h, which are those of the Technical Reference Manual, section "PMU events".
 *
 * NPU_EVENT(event, name, unit, description)
 */

/* clang-format off */
NPU_EVENT(NPU_IDLE, "npu-idle", "cycles", "NPU idle")
NPU_EVENT(CC_STALLED_ON_BLOCKDEP, "cc-stalled-on-blockdep", "cycles",
	  "command controller stalled on a block dependency")
NPU_EVENT(CC_STALLED_ON_SHRAM_RECONFIG, "cc-stalled-on-shram-reconfig", "cycles",
	  "command controller stalled on shared RAM reconfiguration")
NPU_EVENT(NPU_ACTIVE, "npu-active", "cycles", "NPU active")
NPU_EVENT(MAC_ACTIVE, "mac-active", "cycles", "MAC units active")
NPU_EVENT(MAC_ACTIVE_8BIT, "mac-active-8bit", "cycles", "MAC units active, 8-bit")
NPU_EVENT(MAC_ACTIVE_16BIT, "mac-active-16bit", "cycles", "MAC units active, 16-bit")
NPU_EVENT(MAC_DPU_ACTIVE, "mac-dpu-active", "cycles", "dot product units active")
NPU_EVENT(MAC_STALLED_BY_WD_ACC, "mac-stalled-by-wd-acc", "cycles",
	  "MAC units stalled by weight decoder or accumulators")
NPU_EVENT(MAC_STALLED_BY_WD, "mac-stalled-by-wd", "cycles", "MAC units stalled by weight decoder")
NPU_EVENT(MAC_STALLED_BY_ACC, "mac-stalled-by-acc", "cycles", "MAC units stalled by accumulators")
NPU_EVENT(MAC_STALLED_BY_IB, "mac-stalled-by-ib", "cycles", "MAC units stalled by input buffer")
NPU_EVENT(MAC_ACTIVE_32BIT, "mac-active-32bit", "cycles", "MAC units active, 32-bit")
NPU_EVENT(MAC_STALLED_BY_INT_W, "mac-stalled-by-int-w", "cycles", "MAC units stalled by INT W")
NPU_EVENT(MAC_STALLED_BY_INT_ACC, "mac-stalled-by-int-acc", "cycles",
	  "MAC units stalled by INT ACC")
NPU_EVENT(AO_ACTIVE, "ao-active", "cycles", "output unit active")
NPU_EVENT(AO_ACTIVE_8BIT, "ao-active-8bit", "cycles", "output unit active, 8-bit")
NPU_EVENT(AO_ACTIVE_16BIT, "ao-active-16bit", "cycles", "output unit active, 16-bit")
NPU_EVENT(AO_STALLED_BY_OFMP_OB, "ao-stalled-by-ofmp-ob", "cycles",
	  "output unit stalled by output feature map or buffer")
NPU_EVENT(AO_STALLED_BY_OFMP, "ao-stalled-by-ofmp", "cycles",
	  "output unit stalled by output feature map")
NPU_EVENT(AO_STALLED_BY_OB, "ao-stalled-by-ob", "cycles", "output unit stalled by output buffer")
NPU_EVENT(AO_STALLED_BY_ACC_IB, "ao-stalled-by-acc-ib", "cycles",
	  "output unit stalled by accumulators or input buffer")
NPU_EVENT(AO_STALLED_BY_ACC, "ao-stalled-by-acc", "cycles", "output unit stalled by accumulators")
NPU_EVENT(AO_STALLED_BY_IB, "ao-stalled-by-ib", "cycles", "output unit stalled by input buffer")
NPU_EVENT(WD_ACTIVE, "wd-active", "cycles", "weight decoder active")
NPU_EVENT(WD_STALLED, "wd-stalled", "cycles", "weight decoder stalled")
NPU_EVENT(WD_STALLED_BY_WS, "wd-stalled-by-ws", "cycles", "weight decoder stalled by weight stream")
NPU_EVENT(WD_STALLED_BY_WD_BUF, "wd-stalled-by-wd-buf", "cycles",
	  "weight decoder stalled by its buffer")
NPU_EVENT(WD_PARSE_ACTIVE, "wd-parse-active", "cycles", "weight parser active")
NPU_EVENT(WD_PARSE_STALLED, "wd-parse-stalled", "cycles", "weight parser stalled")
NPU_EVENT(WD_PARSE_STALLED_IN, "wd-parse-stalled-in", "cycles",
	  "weight parser stalled on its input")
NPU_EVENT(WD_PARSE_STALLED_OUT, "wd-parse-stalled-out", "cycles",
	  "weight parser stalled on its output")
NPU_EVENT(WD_TRANS_WS, "wd-trans-ws", "1", "weight decoder transfers, WS")
NPU_EVENT(WD_TRANS_WB, "wd-trans-wb", "1", "weight decoder transfers, WB")
NPU_EVENT(WD_TRANS_DW0, "wd-trans-dw0", "1", "weight decoder transfers, DW0")
NPU_EVENT(WD_TRANS_DW1, "wd-trans-dw1", "1", "weight decoder transfers, DW1")
NPU_EVENT(AXI0_RD_TRANS_ACCEPTED, "axi0-rd-trans-accepted", "1", "AXI port 0: reads accepted")
NPU_EVENT(AXI0_RD_TRANS_COMPLETED, "axi0-rd-trans-completed", "1", "AXI port 0: reads completed")
NPU_EVENT(AXI0_RD_DATA_BEAT_RECEIVED, "axi0-rd-data-beat-received", "1",
	  "AXI port 0: data beats read")
NPU_EVENT(AXI0_RD_TRAN_REQ_STALLED, "axi0-rd-tran-req-stalled", "cycles",
	  "AXI port 0: read requests stalled")
NPU_EVENT(AXI0_WR_TRANS_ACCEPTED, "axi0-wr-trans-accepted", "1", "AXI port 0: writes accepted")
NPU_EVENT(AXI0_WR_TRANS_COMPLETED_M, "axi0-wr-trans-completed-m", "1",
	  "AXI port 0: writes completed, as manager")
NPU_EVENT(AXI0_WR_TRANS_COMPLETED_S, "axi0-wr-trans-completed-s", "1",
	  "AXI port 0: writes completed, as subordinate")
NPU_EVENT(AXI0_WR_DATA_BEAT_WRITTEN, "axi0-wr-data-beat-written", "1",
	  "AXI port 0: data beats written")
NPU_EVENT(AXI0_WR_TRAN_REQ_STALLED, "axi0-wr-tran-req-stalled", "cycles",
	  "AXI port 0: write requests stalled")
NPU_EVENT(AXI0_WR_DATA_BEAT_STALLED, "axi0-wr-data-beat-stalled", "cycles",
	  "AXI port 0: data beats to write stalled")
NPU_EVENT(AXI0_ENABLED_CYCLES, "axi0-enabled-cycles", "cycles", "AXI port 0: enabled")
NPU_EVENT(AXI0_RD_STALL_LIMIT, "axi0-rd-stall-limit", "cycles",
	  "AXI port 0: reads stalled by their limit")
NPU_EVENT(AXI0_WR_STALL_LIMIT, "axi0-wr-stall-limit", "cycles",
	  "AXI port 0: writes stalled by their limit")
NPU_EVENT(AXI_LATENCY_ANY, "axi-latency-any", "1", "AXI reads")
NPU_EVENT(AXI_LATENCY_32, "axi-latency-32", "1", "AXI reads that took 32 cycles or more")
NPU_EVENT(AXI_LATENCY_64, "axi-latency-64", "1", "AXI reads that took 64 cycles or more")
NPU_EVENT(AXI_LATENCY_128, "axi-latency-128", "1", "AXI reads that took 128 cycles or more")
NPU_EVENT(AXI_LATENCY_256, "axi-latency-256", "1", "AXI reads that took 256 cycles or more")
NPU_EVENT(AXI_LATENCY_512, "axi-latency-512", "1", "AXI reads that took 512 cycles or more")
NPU_EVENT(AXI_LATENCY_1024, "axi-latency-1024", "1", "AXI reads that took 1024 cycles or more")
NPU_EVENT(ECC_DMA, "ecc-dma", "1", "ECC errors, DMA")
NPU_EVENT(ECC_SB0, "ecc-sb0", "1", "ECC errors, SB0")
NPU_EVENT(AXI1_RD_TRANS_ACCEPTED, "axi1-rd-trans-accepted", "1", "AXI port 1: reads accepted")
NPU_EVENT(AXI1_RD_TRANS_COMPLETED, "axi1-rd-trans-completed", "1", "AXI port 1: reads completed")
NPU_EVENT(AXI1_RD_DATA_BEAT_RECEIVED, "axi1-rd-data-beat-received", "1",
	  "AXI port 1: data beats read")
NPU_EVENT(AXI1_RD_TRAN_REQ_STALLED, "axi1-rd-tran-req-stalled", "cycles",
	  "AXI port 1: read requests stalled")
NPU_EVENT(AXI1_WR_TRANS_ACCEPTED, "axi1-wr-trans-accepted", "1", "AXI port 1: writes accepted")
NPU_EVENT(AXI1_WR_TRANS_COMPLETED_M, "axi1-wr-trans-completed-m", "1",
	  "AXI port 1: writes completed, as manager")
NPU_EVENT(AXI1_WR_TRANS_COMPLETED_S, "axi1-wr-trans-completed-s", "1",
	  "AXI port 1: writes completed, as subordinate")
NPU_EVENT(AXI1_WR_DATA_BEAT_WRITTEN, "axi1-wr-data-beat-written", "1",
	  "AXI port 1: data beats written")
NPU_EVENT(AXI1_WR_TRAN_REQ_STALLED, "axi1-wr-tran-req-stalled", "cycles",
	  "AXI port 1: write requests stalled")
NPU_EVENT(AXI1_WR_DATA_BEAT_STALLED, "axi1-wr-data-beat-stalled", "cycles",
	  "AXI port 1: data beats to write stalled")
NPU_EVENT(AXI1_ENABLED_CYCLES, "axi1-enabled-cycles", "cycles", "AXI port 1: enabled")
NPU_EVENT(AXI1_RD_STALL_LIMIT, "axi1-rd-stall-limit", "cycles",
	  "AXI port 1: reads stalled by their limit")
NPU_EVENT(AXI1_WR_STALL_LIMIT, "axi1-wr-stall-limit", "cycles",
	  "AXI port 1: writes stalled by their limit")
NPU_EVENT(ECC_SB1, "ecc-sb1", "1", "ECC errors, SB1")
/* clang-format on */
