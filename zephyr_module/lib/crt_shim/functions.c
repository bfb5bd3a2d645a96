/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The functions of functions.def as packed functions of the CRT, and the registry. */

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <tvm/runtime/c_backend_api.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>

#include <zephyr_counters/counters.h>

#include "crt_shim.h"

static int refuse(const char *signature)
{
	(void)zc_error_name(-EINVAL, ZC_ERROR_SIGNATURE, 0, signature, ZC_TERMINATED);
	return zc_crt_fail();
}

static bool read_value(char letter, const TVMValue *arg, int code, union zc_value *value)
{
	if (letter == 'i' && code == kTVMArgInt && (uint64_t)arg->v_int64 <= UINT32_MAX) {
		value->word = (uintptr_t)arg->v_int64;
	} else if (letter == 's' && code == kTVMStr) {
		value->span.data = (const uint8_t *)arg->v_str;
		value->span.len = strlen(arg->v_str);
	} else if (letter == 'b' && code == kTVMBytes) {
		const TVMByteArray *bytes = arg->v_handle;

		value->span.data = (const uint8_t *)bytes->data;
		value->span.len = bytes->size;
	} else {
		return false;
	}
	return true;
}

/*
 * What no function has to know: the timer of an evaluator that failed may still run, and a call
 * proves that the reply before it arrived. But the catalog is what a session asks first: if the
 * session before ended inside a region, or before a reply with records arrived, its records stay.
 */
static void before(zc_function function)
{
	zc_crt_timer_reset();
	if (function == zc_hwcnt_catalog) {
		zc_counters_abort();
		zc_counters_not_taken();
	} else {
		zc_counters_taken();
	}
}

int zc_crt_call(ZC_CRT_ARGS)
{
	const struct zc_crt_shared *shared = own;
	union zc_value values[ZC_FUNCTION_MAX_ARGS];
	struct zc_result result = {.has_number = false};
	const char *letter = shared->signature;
	bool optional = false;
	int read = 0;

	memset(values, 0, sizeof(values));
	for (; *letter != '\0' && !(optional && read == num_args); letter++) {
		if (*letter == '?') {
			optional = true;
			continue;
		}
		if (read == num_args ||
		    !read_value(*letter, &args[read], type_codes[read], &values[read])) {
			return refuse(shared->signature);
		}
		read++;
	}
	if (read != num_args) {
		return refuse(shared->signature);
	}
	before(shared->call);
	if (shared->call(values, &result) != 0) {
		return zc_crt_fail();
	}
	if (shared->call == zc_hwcnt_select) {
		zc_crt_evaluator_restart();
	}
	return zc_crt_return(&result, ret, ret_code);
}

tvm_crt_error_t zc_crt_register(const struct zc_crt_function *functions, size_t num)
{
	int err = 0;

	for (; err == 0 && num > 0U; num--, functions++) {
		err = TVMFuncRegisterGlobal(functions->name,
					    (TVMFunctionHandle)(uintptr_t)functions->call, 1);
	}
	return (tvm_crt_error_t)err;
}

#define ZC_FUNCTION(name, signature, handler)                                                      \
	BUILD_ASSERT(sizeof(signature) <= 2U * ZC_FUNCTION_MAX_ARGS,                               \
		     name " has too many arguments");                                              \
	ZC_CRT_PACKED(signature, handler)
#include <zephyr_counters/functions.def>

tvm_crt_error_t zc_crt_register_functions(void)
{
	static const struct zc_crt_function functions[] = {
#define ZC_FUNCTION(name, signature, handler) {name, packed_##handler},
#define ZC_CRT_FUNCTION(name, handler)        {name, handler},
#include <zephyr_counters/functions.def>
	};

	return zc_crt_register(functions, ARRAY_SIZE(functions));
}
