/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * A fake of TVM's C runtime (CRT): what lib/crt_shim calls, and what calls it. Its registry has
 * room for as much as the real one's, and its time evaluator calls the platform's timer when the
 * real one does (func_registry.c, crt_runtime_api.c of TVM 0.18).
 */

#ifndef CRT_FAKE_H_
#define CRT_FAKE_H_

#include <stddef.h>
#include <stdint.h>

#include <tvm/runtime/c_backend_api.h>
#include <tvm/runtime/c_runtime_api.h>

/* What a kernel does when it is called. */
struct crt_fake_kernel {
	/* Of the fake clock. */
	uint64_t ticks;
	/* Added to counter c32 of provider 0. */
	uint64_t count;
	/* Counts down at each call; fails when it becomes 0. */
	unsigned long calls_to_failure;
	/* As an accelerator inside it does, and not by what it returns. */
	int fails_quietly;
};

extern struct crt_fake_kernel crt_fake_kernel;

/* Calls of it so far. */
extern unsigned long crt_fake_kernel_calls;

/* A function that the runtime registers beyond those that the shim knows of, or NULL. */
extern const char *crt_fake_more_name;

/* Call a function of the registry as the RPC server does. */
int crt_fake_call(const char *name, TVMValue *args, int *type_codes, int num_args, TVMValue *ret,
		  int *ret_code);

/* Run the evaluator that was made last. */
int crt_fake_evaluate(TVMValue *ret, int *ret_code);

/* What was logged since the last time. */
const char *crt_fake_log(void);

#endif /* CRT_FAKE_H_ */
