/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Counters for a stock time_evaluator. The CRT's own evaluator runs, and calls the timer below for
 * each attempt; what it was asked for is noted on its way in, so that the timer can tell an attempt
 * that was too short, and is made again with more calls, from one that counts.
 */

#include <stdbool.h>
#include <stdint.h>

#include <tvm/runtime/c_runtime_api.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>

#include "crt_shim.h"

/* Places of arguments of runtime.RPCTimeEvaluator: rpc_module.cc of TVM 0.18. */
#define ARG_MIN_REPEAT_MS 6
#define ARG_LIMIT_ZERO    7

/* The CRT has no header that declares it. */
int RPCTimeEvaluator(TVMValue *args, int *type_codes, int num_args, TVMValue *ret_val,
		     int *ret_type_code);

static struct {
	/* The evaluators since the selection was made: the tag of what is measured. */
	uint32_t count;
	double min_repeat_s;
	int limit_zero_times;
	/* Within one repeat. */
	int zero_times;
	uint16_t repetition;
} evaluator;

static bool timer_runs;

void zc_crt_timer_reset(void)
{
	if (timer_runs) {
		timer_runs = false;
		(void)zc_counters_end(ZC_RECORD_UNFINISHED, NULL);
	}
}

/* A new selection forgot the records of those before. */
void zc_crt_evaluator_restart(void)
{
	evaluator.count = 0;
	evaluator.repetition = 0;
}

/* What the CRT's evaluator asks itself after an attempt. */
static bool is_tried_again(uint64_t ticks, double seconds)
{
	if (ticks == 0U) {
		evaluator.zero_times++;
	}
	return seconds < evaluator.min_repeat_s &&
	       evaluator.zero_times < evaluator.limit_zero_times;
}

/* Evaluators count from 1, so that 0 is what is measured without one. */
tvm_crt_error_t TVMPlatformTimerStart(void)
{
	zc_crt_timer_reset();
	zc_counters_taken();
	if (zc_counters_begin(evaluator.count, ZC_ORIGIN_FUNCTION, evaluator.repetition) != 0) {
		return kTvmErrorPlatformTimerBadState;
	}
	timer_runs = true;
	return kTvmErrorNoError;
}

/* Both ends come from a clock of 64 bits, so no measurement is longer than it can tell. */
tvm_crt_error_t TVMPlatformTimerStop(double *elapsed_time_seconds)
{
	uint64_t ticks = 0;
	int err;

	if (!timer_runs) {
		return kTvmErrorPlatformTimerBadState;
	}
	if (zc_kernel_take_failure() != 0) {
		/* TVM's kernels do not return it. */
		zc_crt_timer_reset();
		return kTvmErrorPlatformCheckFailure;
	}
	timer_runs = false;
	/* A record without room counts as dropped, and the next blob says so. */
	err = zc_counters_end(0, &ticks);
	*elapsed_time_seconds = (double)ticks / (double)zc_port_clock_hz();
	if (is_tried_again(ticks, *elapsed_time_seconds)) {
		if (err == 0) {
			zc_counters_undo();
		}
		return kTvmErrorNoError;
	}
	evaluator.zero_times = 0;
	evaluator.repetition++;
	return kTvmErrorNoError;
}

int zc_crt_create_evaluator(ZC_CRT_ARGS)
{
	int err = RPCTimeEvaluator(args, type_codes, num_args, ret, ret_code);

	ARG_UNUSED(own);
	if (err != 0) {
		return err;
	}
	/* Of a kernel that was called before, by itself. */
	(void)zc_kernel_take_failure();
	evaluator.count++;
	evaluator.min_repeat_s = (double)args[ARG_MIN_REPEAT_MS].v_int64 / 1000.0;
	evaluator.limit_zero_times = (int)args[ARG_LIMIT_ZERO].v_int64;
	evaluator.zero_times = 0;
	evaluator.repetition = 0;
	return 0;
}
