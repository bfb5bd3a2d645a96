/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>

#include "../rpc/arena.h"
#include "../rpc/handle.h"
#include "../rpc/handler.h"
#include "../rpc/refuse.h"
#include "../rpc/reply.h"
#include "evaluator.h"
#include "executor.h"
#include "measure.h"

/* So that no packet keeps the device busy for ever. */
#define MAX_CALLS         1000000U
#define MAX_MIN_REPEAT_MS 60000U

/* In the arena, where its handle leads to. */
struct evaluator {
	uint16_t kernel;
	/* Records. */
	uint16_t repeat;
	/* Calls per record. */
	uint32_t number;
	/* `number` is raised until a record lasts as long; 0 for never. */
	uint32_t min_repeat_ms;
};

/* Calls of a kernel that make up one record. */
struct batch {
	uint32_t kernel;
	uint32_t number;
};

static int run_batch(const void *context)
{
	const struct batch *batch = context;
	int err = 0;

	for (uint32_t i = 0; err == 0 && i < batch->number; i++) {
		err = zc_call_run(batch->kernel);
	}
	return err;
}

/*
 * Double the number of calls until they last long enough, or there are MAX_CALLS: that also ends it
 * on a clock that stands still, for which TVM has limit_zero_time_iterations. No records of these.
 */
static int raise_number(struct batch *batch, const struct evaluator *evaluator)
{
	uint64_t wanted = evaluator->min_repeat_ms * (zc_port_clock_hz() / 1000U);

	while (wanted > 0 && batch->number <= MAX_CALLS / 2U) {
		uint64_t begin = zc_port_clock();
		int err = run_batch(batch);

		if (err != 0 || zc_port_clock() - begin >= wanted) {
			return err;
		}
		batch->number *= 2U;
	}
	return 0;
}

static int run_repeats(struct batch *batch, const struct evaluator *evaluator, double *seconds)
{
	struct zc_measured measured = {
		.run = run_batch,
		.context = batch,
		.tag = evaluator->kernel,
		.origin = ZC_ORIGIN_FUNCTION,
	};
	/* As TVM does: the first call finds cold caches, and is not measured. */
	int err = zc_call_run(batch->kernel);

	if (err == 0) {
		err = raise_number(batch, evaluator);
	}
	for (uint32_t i = 0; err == 0 && i < evaluator->repeat; i++) {
		uint64_t ticks = 0;

		err = zc_measure(&measured, (uint16_t)i, &ticks);
		seconds[i] = (double)ticks / (double)(zc_port_clock_hz() * batch->number);
	}
	return err;
}

/* `args` are the number of calls per record, and the number of records. */
static int read_counts(struct evaluator *evaluator, const struct zc_span *kernel_name,
		       const union zc_arg *args)
{
	int kernel = zc_kernel_find(kernel_name);
	uint32_t number = (uint32_t)args[0].word;
	uint32_t repeat = (uint32_t)args[1].word;

	if (kernel < 0) {
		return kernel;
	}
	if (number == 0 || repeat == 0 || repeat > UINT16_MAX || number > MAX_CALLS / repeat) {
		return zc_error(-EINVAL, ZC_ERROR_EVALUATOR_CALLS, MAX_CALLS);
	}
	evaluator->kernel = (uint16_t)kernel;
	evaluator->number = number;
	evaluator->repeat = (uint16_t)repeat;
	return 0;
}

static int evaluate(const struct evaluator *evaluator, struct zc_reader *args, bool wants_seconds)
{
	struct batch batch = {.kernel = evaluator->kernel, .number = evaluator->number};
	uint32_t size = evaluator->repeat * (uint32_t)sizeof(double);
	uint32_t memory;
	void *seconds;
	int err = zc_call_prepare(batch.kernel, args);

	if (err == 0) {
		err = zc_arena_alloc(size, ZC_HANDLE_CALL, &seconds, &memory);
	}
	if (err != 0) {
		return err;
	}
	err = run_repeats(&batch, evaluator, seconds);
	if (err == 0 && wants_seconds) {
		/* Little-endian float64, as this memory holds them. */
		err = zc_return_bytes(seconds, size);
	}
	(void)zc_arena_free_handle(memory);
	return err;
}

/* Name, number, repeat, and the kernel's own arguments. */
int zc_kernel_profile(const union zc_arg *args, struct zc_reader *rest)
{
	struct evaluator evaluator = {.min_repeat_ms = 0};
	int err = read_counts(&evaluator, &args[0].span, &args[1]);

	return err != 0 ? err : evaluate(&evaluator, rest, false);
}

/*
 * Module (or None: there is but one), name, device type, device id, number, repeat, min_repeat_ms,
 * limit_zero_time_iterations, cooldown_interval_ms, repeats_to_cooldown, cache_flush_bytes,
 * f_preproc_name.
 */
int zc_evaluator_create(const union zc_arg *args, struct zc_reader *rest)
{
	struct evaluator evaluator;
	uint32_t handle;
	void *data;
	int err;

	ARG_UNUSED(rest);
	if (args[6].word > MAX_MIN_REPEAT_MS) {
		return zc_error(-EINVAL, ZC_ERROR_EVALUATOR_DURATION, MAX_MIN_REPEAT_MS);
	}
	if (args[8].word != 0 || args[10].word != 0 || args[11].span.len != 0) {
		return zc_refuse(ZC_ERROR_EVALUATOR_OPTION);
	}
	err = read_counts(&evaluator, &args[1].span, &args[4]);
	if (err == 0) {
		err = zc_arena_alloc(sizeof(evaluator), ZC_HANDLE_EVALUATOR, &data, &handle);
	}
	if (err != 0) {
		return err;
	}
	evaluator.min_repeat_ms = (uint32_t)args[6].word;
	memcpy(data, &evaluator, sizeof(evaluator));
	return zc_return(TVM_FFI_FUNCTION, handle);
}

int zc_evaluator_call(uintptr_t handle, struct zc_reader *args)
{
	const struct evaluator *evaluator = zc_arena_data(handle);

	if (evaluator == NULL || zc_handle_kind(handle) != ZC_HANDLE_EVALUATOR) {
		return zc_refuse_handle();
	}
	return evaluate(evaluator, args, true);
}
