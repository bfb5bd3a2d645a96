/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A fake of a header of TVM 0.18: the fields that lib/crt_shim uses, and no others.
 */

#ifndef FAKE_GRAPH_EXECUTOR_H_
#define FAKE_GRAPH_EXECUTOR_H_

#include <stdint.h>

#include <tvm/runtime/crt/graph_executor.h>
#include <tvm/runtime/crt/packed_func.h>

struct fake_node {
	char name[TVM_CRT_MAX_STRLEN_FUNCTION_NAME];
};

struct TVMGraphExecutor {
	struct fake_node *nodes;
	TVMPackedFunc *op_execs;
	uint32_t op_execs_count;
};

#endif /* FAKE_GRAPH_EXECUTOR_H_ */
