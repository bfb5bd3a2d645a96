/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* zephyr_counters/server.h over the CRT's RPC server, so that both runtimes have the same links. */

#include <errno.h>

#include <tvm/runtime/crt/logging.h>
#include <tvm/runtime/crt/microtvm_rpc_server.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/server.h>

#include "crt_config.h"
#include "crt_shim.h"

/* Start of packet, length and CRC of a frame (framing.h), and the session's header (session.h). */
#define FRAME_OVERHEAD 11

static zc_server_send send_to_host;
static microtvm_rpc_server_t server;

static ssize_t write_to_host(void *context, const uint8_t *data, size_t num_bytes)
{
	send_to_host(context, data, num_bytes);
	return (ssize_t)num_bytes;
}

/* In place of the CRT's own, which knows only of what it receives. */
int zc_crt_max_packet_size(ZC_CRT_ARGS)
{
	ARG_UNUSED(args);
	ARG_UNUSED(type_codes);
	ARG_UNUSED(num_args);
	ARG_UNUSED(own);
	ret->v_int64 = ZC_CRT_HOST_PACKET_SIZE - FRAME_OVERHEAD;
	*ret_code = kTVMArgInt;
	return 0;
}

static int register_functions(void)
{
	tvm_crt_error_t err = zc_crt_register_functions();

	if (err == kTvmErrorNoError) {
		err = zc_crt_register_executor();
	}
	if (err == kTvmErrorFunctionRegistryFull) {
		return zc_error(-ENOSPC, ZC_ERROR_REGISTRY_FULL,
				TVM_CRT_GLOBAL_FUNC_REGISTRY_SIZE_BYTES);
	}
	return err == kTvmErrorNoError ? 0
				       : zc_error(-EIO, ZC_ERROR_REGISTRY_FAILED, (uint32_t)err);
}

int zc_server_init(zc_server_send send, void *context)
{
	int err = zc_counters_init();

	if (err != 0) {
		return err;
	}
	send_to_host = send;
	if (TVMPlatformInitialize() != kTvmErrorNoError) {
		return zc_error(-EIO, ZC_ERROR_PLATFORM_FAILED, 0);
	}
	server = MicroTVMRpcServerInit(write_to_host, context);
	err = register_functions();
	if (err != 0) {
		zc_server_log(zc_error_text());
	}
	return err;
}

/* A frame that cannot be read is passed over, as its sender repeats itself or gives up. */
void zc_server_receive(const uint8_t *data, size_t len)
{
	/* The CRT only reads it. */
	uint8_t *cursor = (uint8_t *)(uintptr_t)data;

	while (len > 0U) {
		size_t before = len;
		tvm_crt_error_t err = MicroTVMRpcServerLoop(server, &cursor, &len);

		if (err == kTvmErrorPlatformShutdown) {
			/* The host's session is over, and the CRT serves no other. */
			zc_crt_restart();
		}
		if (len == before) {
			cursor++;
			len--;
		}
	}
}

void zc_server_log(const char *text)
{
	TVMLogf("%s", text);
}
