/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* TVMPlatform* of tvm/runtime/crt/platform.h, without the timer and the formatting, on port.h. */

#include <stdlib.h>

#include <tvm/runtime/crt/logging.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/port.h>

#include "crt_shim.h"

tvm_crt_error_t TVMPlatformInitialize(void)
{
	return kTvmErrorNoError;
}

/* The port makes abort() end the process or restart the board. */
void TVMPlatformAbort(tvm_crt_error_t code)
{
	TVMLogf("TVM's C runtime gives up with error 0x%04x", (unsigned int)code);
	abort();
}

/* The graph executor also asks for no bytes, and takes NULL for a failure. */
tvm_crt_error_t TVMPlatformMemoryAllocate(size_t num_bytes, DLDevice dev, void **out_ptr)
{
	ARG_UNUSED(dev);
	*out_ptr = zc_crt_alloc(MAX(num_bytes, 1U));
	return *out_ptr == NULL ? kTvmErrorPlatformNoMemory : kTvmErrorNoError;
}

tvm_crt_error_t TVMPlatformMemoryFree(void *ptr, DLDevice dev)
{
	ARG_UNUSED(dev);
	zc_crt_free(ptr);
	return kTvmErrorNoError;
}

tvm_crt_error_t TVMPlatformGenerateRandom(uint8_t *buffer, size_t num_bytes)
{
	zc_port_random(buffer, num_bytes);
	return kTvmErrorNoError;
}
