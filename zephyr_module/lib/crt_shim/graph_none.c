/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* A firmware without the CRT's graph executor: its models are run by the host, or ahead of time. */

#include "crt_shim.h"

tvm_crt_error_t zc_crt_register_graph_executor(void)
{
	return kTvmErrorNoError;
}
