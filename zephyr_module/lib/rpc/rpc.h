/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Codes of TVM's RPC protocol (src/runtime/rpc/minrpc/rpc_reference.h).
 */

#ifndef ZC_RPC_RPC_H_
#define ZC_RPC_RPC_H_

#include <zephyr/toolchain.h>

#include "../wire/session.h"

#define ZC_RPC_VERSION "0.8.0"

/** Bytes of the largest packet, not counting its own length field. */
#define ZC_RPC_MAX_PACKET (CONFIG_ZC_PACKET_SIZE - ZC_SESSION_HEADER_SIZE - sizeof(uint64_t))

/** Most bytes that a function returns: the packet without all else of its message, see reply.c. */
#define ZC_RPC_MAX_BYTES                                                                           \
	((uint32_t)(CONFIG_ZC_PACKET_SIZE - ZC_SESSION_HEADER_SIZE - (8 + 4 + 4 + 4 + 8 + 4 + 8)))

BUILD_ASSERT(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are sent as they are in memory");

enum zc_rpc_code {
	ZC_RPC_SHUTDOWN = 1,
	ZC_RPC_INIT_SERVER = 2,
	ZC_RPC_CALL_FUNC = 3,
	ZC_RPC_RETURN = 4,
	ZC_RPC_EXCEPTION = 5,
	ZC_RPC_COPY_FROM_REMOTE = 6,
	ZC_RPC_COPY_TO_REMOTE = 7,
	ZC_RPC_COPY_ACK = 8,
	/* From here on they have arguments, as functions do. */
	ZC_RPC_SYSCALLS = 9,
	ZC_RPC_GET_GLOBAL_FUNC = 9,
	ZC_RPC_FREE_HANDLE = 10,
	ZC_RPC_DEV_SET_DEVICE = 11,
	ZC_RPC_DEV_GET_ATTR = 12,
	ZC_RPC_DEV_ALLOC_DATA = 13,
	ZC_RPC_DEV_FREE_DATA = 14,
	ZC_RPC_DEV_STREAM_SYNC = 15,
	ZC_RPC_COPY_AMONG_REMOTE = 16,
	ZC_RPC_DEV_ALLOC_DATA_WITH_SCOPE = 17,
	ZC_RPC_DEV_CREATE_STREAM = 18,
	ZC_RPC_DEV_FREE_STREAM = 19,
	ZC_RPC_DEV_SET_STREAM = 20,
	ZC_RPC_DEV_GET_CURRENT_STREAM = 21,
};

#endif /* ZC_RPC_RPC_H_ */
