/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* hwcnt.* as packed functions of the CRT. */

#include <errno.h>
#include <stdint.h>

#include <tvm/runtime/c_backend_api.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>

#include "crt_platform.h"

#define ARGS       TVMValue *args, int *type_codes, int num_args, TVMValue *ret, int *ret_code, void *own
#define ARGS_GIVEN args, type_codes, num_args, ret, ret_code

static int refuse(const char *what)
{
	(void)zc_error(-EINVAL, what, NULL, 0);
	return zc_crt_fail();
}

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
static int catalog(ARGS)
{
	ARG_UNUSED(own);
	zc_crt_timer_reset();
	zc_counters_abort();
	zc_counters_not_taken();
	return zc_crt_return_part(write_catalog, ARGS_GIVEN);
}

static int select_counters(ARGS)
{
	const TVMByteArray *bytes;

	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 1 || type_codes[0] != kTVMBytes) {
		return refuse("hwcnt.select takes bytes");
	}
	zc_crt_timer_reset();
	bytes = args[0].v_handle;
	if (zc_counters_select((const uint8_t *)bytes->data, bytes->size) != 0) {
		return zc_crt_fail();
	}
	zc_crt_evaluator_restart();
	return 0;
}

static int begin(ARGS)
{
	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 1 || type_codes[0] != kTVMArgInt || args[0].v_int64 < 0 ||
	    args[0].v_int64 > UINT32_MAX) {
		return refuse("hwcnt.begin takes a tag of 32 bits");
	}
	zc_crt_timer_reset();
	zc_counters_taken();
	if (zc_counters_begin((uint32_t)args[0].v_int64, ZC_ORIGIN_USER, 0) != 0) {
		return refuse("two regions are open already");
	}
	return 0;
}

static int end(ARGS)
{
	int err;

	ARG_UNUSED(args);
	ARG_UNUSED(type_codes);
	ARG_UNUSED(ret);
	ARG_UNUSED(ret_code);
	ARG_UNUSED(own);
	if (num_args != 0) {
		return refuse("hwcnt.end takes no argument");
	}
	zc_crt_timer_reset();
	err = zc_counters_end(0, NULL);
	/* A record that found no room was counted as dropped, and the host is told so. */
	return err == 0 || err == -ENOBUFS ? 0 : zc_crt_fail();
}

/* The records go when the next is asked for: by then this reply has arrived. */
static int take(ARGS)
{
	ARG_UNUSED(own);
	if (num_args != 0) {
		return refuse("hwcnt.take takes no argument");
	}
	zc_crt_timer_reset();
	zc_counters_taken();
	return zc_crt_return_part(write_records, ARGS_GIVEN);
}

tvm_crt_error_t zc_crt_register_counters(void)
{
	static const struct {
		const char *name;
		TVMBackendPackedCFunc call;
	} functions[] = {
		{"hwcnt.catalog", catalog}, {"hwcnt.select", select_counters},
		{"hwcnt.begin", begin},     {"hwcnt.end", end},
		{"hwcnt.take", take},
	};
	int err = 0;

	for (size_t i = 0; err == 0 && i < ARRAY_SIZE(functions); i++) {
		err = TVMFuncRegisterGlobal(functions[i].name,
					    (TVMFunctionHandle)(uintptr_t)functions[i].call, 0);
	}
	return (tvm_crt_error_t)err;
}
