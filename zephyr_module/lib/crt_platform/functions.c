/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* hwcnt.* as packed functions of the CRT, and the registry. */

#include <errno.h>
#include <stdint.h>

#include <tvm/runtime/c_backend_api.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>

#include "crt_platform.h"

static const char no_argument[] = "takes no argument";

static int write_catalog(struct zc_sink *sink)
{
	zc_counters_write_catalog(sink);
	return 0;
}

static int write_records(struct zc_sink *sink)
{
	return zc_counters_write_records(sink, ZC_CRT_REPLY_MAX);
}

/*
 * What a session asks first. If the one before ended inside a region, or before a reply with
 * records arrived, the records are kept for this one.
 */
static int catalog(ZC_CRT_ARGS)
{
	ARG_UNUSED(own);
	zc_crt_timer_reset();
	zc_counters_abort();
	zc_counters_not_taken();
	return zc_crt_return_part(args, type_codes, num_args, ret, ret_code, write_catalog);
}

static int select_counters(ZC_CRT_ARGS)
{
	const TVMByteArray *bytes;

	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 1 || type_codes[0] != kTVMBytes) {
		return zc_crt_refuse("takes bytes");
	}
	zc_crt_timer_reset();
	bytes = args[0].v_handle;
	if (zc_counters_select((const uint8_t *)bytes->data, bytes->size) != 0) {
		return zc_crt_fail();
	}
	zc_crt_evaluator_restart();
	return 0;
}

static int begin(ZC_CRT_ARGS)
{
	int64_t tag = zc_crt_number(args, type_codes, num_args, UINT32_MAX);

	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (tag < 0) {
		return -1;
	}
	zc_crt_timer_reset();
	zc_counters_taken();
	if (zc_counters_begin((uint32_t)tag, ZC_ORIGIN_USER, 0) != 0) {
		return zc_crt_refuse("two regions are open already");
	}
	return 0;
}

static int end(ZC_CRT_ARGS)
{
	int err;

	ARG_UNUSED(args);
	ARG_UNUSED(type_codes);
	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 0) {
		return zc_crt_refuse(no_argument);
	}
	zc_crt_timer_reset();
	err = zc_counters_end(0, NULL);
	/* A record that found no room was counted as dropped, and the host is told so. */
	return err == 0 || err == -ENOBUFS ? 0 : zc_crt_fail();
}

/* The records go when the next is asked for: by then this reply has arrived. */
static int take(ZC_CRT_ARGS)
{
	ARG_UNUSED(own);
	if (num_args != 0) {
		return zc_crt_refuse(no_argument);
	}
	zc_crt_timer_reset();
	zc_counters_taken();
	return zc_crt_return_part(args, type_codes, num_args, ret, ret_code, write_records);
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

tvm_crt_error_t zc_crt_register_functions(void)
{
	static const struct zc_crt_function functions[] = {
		{"hwcnt.catalog", catalog}, {"hwcnt.select", select_counters},
		{"hwcnt.begin", begin},     {"hwcnt.end", end},
		{"hwcnt.take", take},       {"runtime.RPCTimeEvaluator", zc_crt_create_evaluator},
	};

	return zc_crt_register(functions, ARRAY_SIZE(functions));
}
