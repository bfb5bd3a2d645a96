/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What handles a request of TVM's RPC protocol, and the handlers of functions.def.
 */

#ifndef ZC_RPC_HANDLER_H_
#define ZC_RPC_HANDLER_H_

#include "reader.h"

/**
 * @brief Handler of a ZC_RPC_FUNCTION or of a system call.
 * @param args as the format says
 * @param rest what the format left unread
 * @return ZC_ANSWERED; 0 if it is done and has no result, which the caller then sends; or -errno
 */
typedef int (*zc_handler)(const union zc_arg *args, struct zc_reader *rest);

#define ZC_RPC_FUNCTION(name, signature, handler)                                                  \
	int handler(const union zc_arg *args, struct zc_reader *rest);
#include <zephyr_counters/functions.def>

#endif /* ZC_RPC_HANDLER_H_ */
