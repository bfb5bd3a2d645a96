/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Fill the real registry (func_registry.c of TVM 0.18), as large as crt_config.h makes it, with
 * the names of crt_config.h and those of the command line, and find each of them again.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tvm/runtime/crt/func_registry.h>

#include "crt_config.h"

#define MAX_NAMES 64

/* As many different functions as there are names; none is called. */
static TVMBackendPackedCFunc function(size_t index)
{
	return (TVMBackendPackedCFunc)(uintptr_t)(0x1000U + 16U * index);
}

static void check(int holds, const char *what, const char *name)
{
	if (!holds) {
		(void)fprintf(stderr, "%s: %s\n", what, name);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static const char own[] = ZC_CRT_OWN_NAMES
#define ZC_FUNCTION(name, signature, handler)            name "\0"
#define ZC_CRT_FUNCTION(name, handler)                   name "\0"
#define ZC_CRT_LAYERS_FUNCTION(name, signature, handler) name "\0"
#include <zephyr_counters/functions.def>
		;
	const char *names[MAX_NAMES];
	size_t num = 0;
	TVMMutableFuncRegistry registry;
	uint8_t *memory = malloc(TVM_CRT_GLOBAL_FUNC_REGISTRY_SIZE_BYTES);

	for (const char *name = own; *name != '\0'; name += strlen(name) + 1U) {
		names[num++] = name;
	}
	for (int i = 1; i < argc; i++) {
		names[num++] = argv[i];
	}
	check(TVMMutableFuncRegistry_Create(&registry, memory,
					    TVM_CRT_GLOBAL_FUNC_REGISTRY_SIZE_BYTES) == 0,
	      "not made", "registry");
	check((uintptr_t)registry.registry.funcs % sizeof(void *) == 0U, "not aligned", "pointers");
	for (size_t i = 0; i < num; i++) {
		check(TVMMutableFuncRegistry_Set(&registry, names[i], function(i), 0) == 0,
		      "not registered", names[i]);
	}
	for (size_t i = 0; i < num; i++) {
		tvm_function_index_t index;
		TVMBackendPackedCFunc found;

		check(TVMFuncRegistry_Lookup(&registry.registry, names[i], &index) == 0,
		      "not found", names[i]);
		check(TVMFuncRegistry_GetByIndex(&registry.registry, index, &found) == 0 &&
			      found == function(i),
		      "another function", names[i]);
	}
	free(memory);
	return 0;
}
