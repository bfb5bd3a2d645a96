/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include "crt_fake.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <tvm/runtime/crt/logging.h>
#include <tvm/runtime/crt/microtvm_rpc_server.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>

#include "counters_fakes.h"
#include "crt_shim.h"

#define MAX_FUNCTIONS 64
#define NAME_SIZE     64
#define C32           1
#define GOLDEN_RATIO  1.618

/* What the fake server cannot read, and what ends it. */
#define BYTE_UNREADABLE 0xee
#define BYTE_SHUTDOWN   0xdd

int RPCTimeEvaluator(TVMValue *args, int *type_codes, int num_args, TVMValue *ret_val,
		     int *ret_type_code);

struct crt_fake_kernel crt_fake_kernel;
unsigned long crt_fake_kernel_calls;
const char *crt_fake_more_name;

static struct {
	char name[NAME_SIZE];
	TVMBackendPackedCFunc call;
} functions[MAX_FUNCTIONS];

static size_t num_functions;
static size_t names_len;
static char last_error[256];
static char logged[256];
static microtvm_rpc_channel_write_t write_to_host;
static void *write_context;

static struct {
	int number;
	int repeat;
	double min_repeat_s;
	int64_t limit_zero_times;
} evaluator;

/* A count and the names at the front, an end to them, pointers at the back. */
static bool fits(size_t len)
{
	const size_t size = TVM_CRT_GLOBAL_FUNC_REGISTRY_SIZE_BYTES;
	const size_t most = size / (11U + sizeof(void *));

	return num_functions < most &&
	       2U + names_len + len + 1U + 1U <= size - most * sizeof(void *);
}

static size_t find(const char *name)
{
	size_t i = 0;

	while (i < num_functions && strcmp(functions[i].name, name) != 0) {
		i++;
	}
	return i;
}

int TVMFuncRegisterGlobal(const char *name, TVMFunctionHandle f, int override)
{
	size_t i = find(name);

	if (i < num_functions && override == 0) {
		return kTvmErrorFunctionAlreadyDefined;
	}
	if (i == num_functions) {
		if (!fits(strlen(name)) || num_functions == MAX_FUNCTIONS) {
			return kTvmErrorFunctionRegistryFull;
		}
		(void)snprintf(functions[i].name, NAME_SIZE, "%s", name);
		names_len += strlen(name) + 1U;
		num_functions++;
	}
	functions[i].call = (TVMBackendPackedCFunc)(uintptr_t)f;
	return 0;
}

static int run_kernel(void)
{
	struct crt_fake_kernel *kernel = &crt_fake_kernel;
	bool fails = kernel->calls_to_failure > 0 && --kernel->calls_to_failure == 0;

	crt_fake_kernel_calls++;
	(void)fakes_command("sleep", 0, 0, kernel->ticks);
	(void)fakes_command("add", 0, C32, kernel->count);
	if (fails && kernel->fails_quietly) {
		zc_kernel_failed(-EIO);
		return 0;
	}
	return fails ? -1 : 0;
}

int crt_fake_call(const char *name, TVMValue *args, int *type_codes, int num_args, TVMValue *ret,
		  int *ret_code)
{
	size_t i = find(name);

	if (strcmp(name, "kernel") == 0) {
		/* Of the system library, which has a registry of its own. */
		return run_kernel();
	}
	if (i == num_functions) {
		TVMAPISetLastError("no such function");
		return kTvmErrorFunctionNameNotFound;
	}
	return functions[i].call(args, type_codes, num_args, ret, ret_code, NULL);
}

void TVMAPISetLastError(const char *msg)
{
	(void)snprintf(last_error, sizeof(last_error), "%s", msg);
}

const char *TVMGetLastError(void)
{
	return last_error;
}

void TVMLogf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)TVMPlatformFormatMessage(logged, sizeof(logged), format, args);
	va_end(args);
}

const char *crt_fake_log(void)
{
	static char copy[sizeof(logged)];

	memcpy(copy, logged, sizeof(copy));
	logged[0] = '\0';
	return copy;
}

/* So many calls as the last attempt says are enough, and some more than then. */
static void call_more(double seconds)
{
	double enough = evaluator.min_repeat_s / (seconds / evaluator.number) + 1.0;
	double more = evaluator.number * GOLDEN_RATIO;

	if (seconds > 0.0) {
		evaluator.number = (int)MAX(enough, more);
	}
}

/* The real ones are weak. */
tvm_crt_error_t TVMPlatformBeforeMeasurement(void)
{
	return kTvmErrorNoError;
}

tvm_crt_error_t TVMPlatformAfterMeasurement(void)
{
	return kTvmErrorNoError;
}

static int attempt(double *seconds)
{
	int err = TVMPlatformBeforeMeasurement();

	if (err == 0) {
		err = TVMPlatformTimerStart();
	}
	for (int i = 0; err == 0 && i < evaluator.number; i++) {
		err = run_kernel();
	}
	if (err == 0) {
		err = TVMPlatformTimerStop(seconds);
	}
	return err == 0 ? (int)TVMPlatformAfterMeasurement() : err;
}

static int measure(double *mean)
{
	double seconds = 0.0;
	int64_t zero_times = 0;
	int err;

	do {
		call_more(seconds);
		err = attempt(&seconds);
		zero_times += seconds == 0.0 ? 1 : 0;
	} while (err == 0 && seconds < evaluator.min_repeat_s &&
		 zero_times < evaluator.limit_zero_times);
	*mean = seconds / evaluator.number;
	return err;
}

int crt_fake_evaluate(TVMValue *ret, int *ret_code)
{
	TVMByteArray *bytes = zc_crt_alloc(sizeof(*bytes));
	double *means = zc_crt_alloc((size_t)evaluator.repeat * sizeof(double));
	int err = bytes == NULL || means == NULL ? (int)kTvmErrorPlatformNoMemory : run_kernel();

	for (int i = 0; err == 0 && i < evaluator.repeat; i++) {
		err = measure(&means[i]);
	}
	if (err != 0) {
		zc_crt_free(means);
		zc_crt_free(bytes);
		return err;
	}
	bytes->data = (const char *)means;
	bytes->size = (size_t)evaluator.repeat * sizeof(double);
	ret->v_handle = bytes;
	*ret_code = kTVMBytes;
	return 0;
}

int RPCTimeEvaluator(TVMValue *args, int *type_codes, int num_args, TVMValue *ret_val,
		     int *ret_type_code)
{
	ARG_UNUSED(ret_val);
	ARG_UNUSED(ret_type_code);
	if (num_args < 12) {
		TVMAPISetLastError("not enough arguments");
		return kTvmErrorFunctionCallNumArguments;
	}
	if (type_codes[6] != kTVMArgInt || type_codes[7] != kTVMArgInt) {
		TVMAPISetLastError("an argument has the wrong type");
		return kTvmErrorFunctionCallWrongArgType;
	}
	evaluator.number = (int)args[4].v_int64;
	evaluator.repeat = (int)args[5].v_int64;
	evaluator.min_repeat_s = (double)args[6].v_int64 / 1000.0;
	evaluator.limit_zero_times = args[7].v_int64;
	return 0;
}

static int evaluator_of_the_runtime(TVMValue *args, int *type_codes, int num_args, TVMValue *ret,
				    int *ret_code, void *own)
{
	ARG_UNUSED(own);
	return RPCTimeEvaluator(args, type_codes, num_args, ret, ret_code);
}

microtvm_rpc_server_t MicroTVMRpcServerInit(microtvm_rpc_channel_write_t write_func,
					    void *write_func_ctx)
{
	static const char *const others[] = {
		"runtime.SystemLib",
		"tvm.rpc.server.ModuleGetFunction",
		"tvm.rpc.server.GetCRTMaxPacketSize",
		"tvm.contrib.random.random_fill",
		"tvm.aot_executor.create",
	};

	write_to_host = write_func;
	write_context = write_func_ctx;
	(void)TVMFuncRegisterGlobal("runtime.RPCTimeEvaluator",
				    (TVMFunctionHandle)(uintptr_t)evaluator_of_the_runtime, 0);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		(void)TVMFuncRegisterGlobal(
			others[i], (TVMFunctionHandle)(uintptr_t)evaluator_of_the_runtime, 0);
	}
	if (crt_fake_more_name != NULL) {
		(void)TVMFuncRegisterGlobal(crt_fake_more_name,
					    (TVMFunctionHandle)(uintptr_t)evaluator_of_the_runtime,
					    0);
	}
	return &evaluator;
}

/* Sends back what it reads. */
tvm_crt_error_t MicroTVMRpcServerLoop(microtvm_rpc_server_t server, uint8_t **new_data,
				      size_t *new_data_size_bytes)
{
	ARG_UNUSED(server);
	while (*new_data_size_bytes > 0U) {
		if (**new_data == BYTE_UNREADABLE) {
			return kTvmErrorFramingInvalidEscape;
		}
		if (**new_data == BYTE_SHUTDOWN) {
			return kTvmErrorPlatformShutdown;
		}
		(void)write_to_host(write_context, *new_data, 1);
		(*new_data)++;
		(*new_data_size_bytes)--;
	}
	return kTvmErrorNoError;
}
