/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Sizes within the CRT, which includes this file by its name.
 *
 * Meanings: src/runtime/crt/crt_config.h.template of TVM 0.18.
 */

#ifndef ZC_CRT_CONFIG_H_
#define ZC_CRT_CONFIG_H_

#define TVM_CRT_DEBUG                    0
#define TVM_CRT_LOG_LEVEL                TVM_CRT_LOG_LEVEL_WARN
#define TVM_CRT_MAX_NDIM                 CONFIG_ZC_CRT_MAX_NDIM
#define TVM_CRT_MAX_ARGS                 CONFIG_ZC_CRT_MAX_ARGS
#define TVM_CRT_MAX_STRLEN_DLTYPE        10
#define TVM_CRT_MAX_STRLEN_FUNCTION_NAME CONFIG_ZC_CRT_MAX_FUNCTION_NAME
#define TVM_CRT_MAX_STRLEN_PARAM_NAME    CONFIG_ZC_CRT_MAX_PARAM_NAME

/*
 * TVM 0.18 on the host receives a packet into as many bytes as its own build says, 2048 unless
 * built otherwise, and drops a larger one without a word (micro_session.cc, crt_config.h.template).
 * So this is what the board says it can do, and what it sends.
 */
#define ZC_CRT_HOST_PACKET_SIZE (CONFIG_ZC_PACKET_SIZE < 2048 ? CONFIG_ZC_PACKET_SIZE : 2048)

/* What is received: the graph of a graph executor comes in one packet, however long it is. */
#define ZC_CRT_GRAPH_PACKET_SIZE (CONFIG_ZC_CRT_GRAPH_SIZE + 256)
#define TVM_CRT_MAX_PACKET_SIZE_BYTES                                                              \
	(CONFIG_ZC_PACKET_SIZE > ZC_CRT_GRAPH_PACKET_SIZE ? CONFIG_ZC_PACKET_SIZE                  \
							  : ZC_CRT_GRAPH_PACKET_SIZE)

/* The system library, the graph executor and the AOT executor. */
#define TVM_CRT_MAX_REGISTERED_MODULES 3

/* Of the names that the CRT registers itself, those that functions.def has not. */
#define ZC_CRT_OWN_NAMES                                                                           \
	"runtime.SystemLib\0"                                                                      \
	"tvm.rpc.server.ModuleGetFunction\0"                                                       \
	"tvm.contrib.random.random_fill\0"                                                         \
	"tvm.aot_executor.create\0"                                                                \
	"tvm.graph_executor.create\0"

/* Bytes of the names of functions.def. */
enum zc_crt_names {
	ZC_CRT_FUNCTION_NAMES_SIZE = 0
#define ZC_FUNCTION(name, signature, handler)            +sizeof(name)
#define ZC_CRT_FUNCTION(name, handler)                   +sizeof(name)
#define ZC_CRT_LAYERS_FUNCTION(name, signature, handler) +sizeof(name)
#include <zephyr_counters/functions.def>
};

/*
 * The registry (func_registry.c) has a pointer for each 11 bytes that it takes a name to have, and
 * 3 bytes of its own. What applications register besides comes on top.
 */
#define ZC_CRT_NAMES_SIZE                                                                          \
	(sizeof(ZC_CRT_OWN_NAMES) + ZC_CRT_FUNCTION_NAMES_SIZE + 3U + CONFIG_ZC_CRT_EXTRA_NAMES)
#define ZC_CRT_REGISTRY_SIZE ((ZC_CRT_NAMES_SIZE * (11U + sizeof(void *)) + 10U) / 11U)

/* The pointers are at its end, so that is where their alignment comes from. */
#define TVM_CRT_GLOBAL_FUNC_REGISTRY_SIZE_BYTES                                                    \
	((ZC_CRT_REGISTRY_SIZE + sizeof(void *) - 1U) / sizeof(void *) * sizeof(void *))

#endif /* ZC_CRT_CONFIG_H_ */
