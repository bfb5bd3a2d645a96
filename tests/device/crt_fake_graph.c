/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* A fake of the CRT's graph executor: an input, and operators that are the fake kernel. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tvm/runtime/crt/graph_executor_module.h>
#include <tvm/runtime/crt/internal/graph_executor/graph_executor.h>
#include <zephyr/toolchain.h>

#include "crt_fake.h"
#include "crt_shim.h"

static int call_operator(TVMPackedFunc *pf)
{
	TVMValue ret;
	int ret_code;

	ARG_UNUSED(pf);
	return crt_fake_call("kernel", NULL, NULL, 0, &ret, &ret_code);
}

/* The fake's JSON is the number of operators. */
int TVMGraphExecutor_Create(const char *sym_json, TVMModuleHandle module_handle,
			    const DLDevice *devices, TVMGraphExecutor **executor)
{
	uint32_t num = (uint32_t)strtoul(sym_json, NULL, 10);
	TVMGraphExecutor *created;

	ARG_UNUSED(module_handle);
	ARG_UNUSED(devices);
	if (num == 0U) {
		return -1;
	}
	created = calloc(1, sizeof(*created));
	created->op_execs_count = num + 1U;
	created->nodes = calloc(num + 1U, sizeof(*created->nodes));
	created->op_execs = calloc(num + 1U, sizeof(*created->op_execs));
	for (uint32_t i = 0; i <= num; i++) {
		(void)snprintf(created->nodes[i].name, sizeof(created->nodes[i].name),
			       i == 0 ? "input" : "operator_%u", (unsigned int)i);
		created->op_execs[i].fexec = i == 0 ? NULL : created;
		created->op_execs[i].Call = call_operator;
	}
	*executor = created;
	return 0;
}

int TVMGraphExecutor_Release(TVMGraphExecutor **executor)
{
	free((*executor)->nodes);
	free((*executor)->op_execs);
	free(*executor);
	*executor = NULL;
	return 0;
}

/* Its functions are called directly, so only the room for the name is taken. */
tvm_crt_error_t TVMGraphExecutorModule_Register(void)
{
	return TVMFuncRegisterGlobal("tvm.graph_executor.create",
				     (TVMFunctionHandle)(uintptr_t)call_operator, 0);
}
