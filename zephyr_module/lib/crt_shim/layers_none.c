/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* A firmware that cannot profile by layers: the host runs its models, or they are one function. */

#include "crt_shim.h"

tvm_crt_error_t zc_crt_register_executor(void)
{
	return kTvmErrorNoError;
}
