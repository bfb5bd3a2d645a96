/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stdbool.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>

#include "evaluator.h"
#include "executor.h"
#include "functions.h"
#include "handle.h"
#include "refuse.h"
#include "reply.h"

/* So that no packet keeps the device busy for ever. */
#define MAX_CALLS         1000000U
#define MAX_MIN_REPEAT_MS 60000U

struct evaluator {
	uint16_t kernel;
	uint16_t generation;
	/* Records; 0 if the slot is free. */
	uint16_t repeat;
	/* Calls a record. */
	uint32_t number;
	/* `number` is raised until a record lasts as long; 0 for never. */
	uint32_t min_repeat_ms;
	/* Give up raising it after so many times that the clock did not advance. */
	uint32_t max_zero_times;
};

static struct evaluator evaluators[CONFIG_ZC_MAX_EVALUATORS];

static int run_times(const struct zc_call *call, uint32_t number)
{
	int err = 0;

	for (uint32_t i = 0; err == 0 && i < number; i++) {
		err = zc_call_run(call);
	}
	return err;
}

static int measure(const struct zc_call *call, uint32_t tag, uint32_t number, uint16_t repetition,
		   uint64_t *ticks)
{
	int err = zc_counters_begin(tag, ZC_ORIGIN_FUNCTION, repetition);
	int end_err;

	if (err != 0) {
		return err;
	}
	err = run_times(call, number);
	end_err = zc_counters_end(err == 0 ? 0 : ZC_RECORD_UNFINISHED, ticks);
	/* A record that found no room was counted as dropped, and the host is told so. */
	return err != 0 || end_err == -ENOBUFS ? err : end_err;
}

/* Double the number of calls until they last long enough. These calls leave no record. */
static int raise_number(const struct zc_call *call, const struct evaluator *evaluator,
			uint32_t *number)
{
	uint64_t wanted = evaluator->min_repeat_ms * (zc_port_clock_hz() / 1000U);
	uint32_t zero_times = 0;

	while (wanted > 0 && *number <= MAX_CALLS / 2U) {
		uint64_t begin = zc_port_clock();
		int err = run_times(call, *number);
		uint64_t ticks = zc_port_clock() - begin;

		if (ticks == 0) {
			zero_times++;
		}
		if (err != 0 || ticks >= wanted || zero_times > evaluator->max_zero_times) {
			return err;
		}
		*number *= 2U;
	}
	return 0;
}

static int run_repeats(const struct zc_call *call, const struct evaluator *evaluator)
{
	uint32_t number = evaluator->number;
	double ticks_per_second = (double)zc_port_clock_hz();
	/* As TVM does: the first call finds cold caches, and is not measured. */
	int err = zc_call_run(call);

	if (err == 0) {
		err = raise_number(call, evaluator, &number);
	}
	for (uint16_t i = 0; err == 0 && i < evaluator->repeat; i++) {
		uint64_t ticks = 0;

		err = measure(call, evaluator->kernel, number, i, &ticks);
		call->results[i] = (double)ticks / ticks_per_second / number;
	}
	return err;
}

/* `args` are the number of calls a record, and the number of records. */
static int read_counts(struct evaluator *evaluator, const struct zc_span *kernel_name,
		       const union zc_arg *args)
{
	int kernel = zc_kernel_find(kernel_name);
	uint32_t number = args[0].number;
	uint32_t repeat = args[1].number;

	if (kernel < 0) {
		return kernel;
	}
	if (number == 0 || repeat == 0 || repeat > UINT16_MAX || number > MAX_CALLS / repeat) {
		return zc_error_num(-EINVAL, "number times repeat is 0 or more than", MAX_CALLS);
	}
	evaluator->kernel = (uint16_t)kernel;
	evaluator->number = number;
	evaluator->repeat = (uint16_t)repeat;
	return 0;
}

static int evaluate(const struct evaluator *evaluator, struct zc_reader *args, bool wants_seconds)
{
	struct zc_call call;
	int err = zc_call_prepare(&call, evaluator->kernel, args, evaluator->repeat);

	if (err != 0) {
		return err;
	}
	err = run_repeats(&call, evaluator);
	if (err == 0 && wants_seconds) {
		/* Little-endian float64, as this memory holds them. */
		zc_return_bytes((const uint8_t *)call.results,
				evaluator->repeat * (uint32_t)sizeof(*call.results));
	}
	zc_call_free(&call);
	return err != 0 || wants_seconds ? err : ZC_NO_RESULT;
}

/* Name, number, repeat, and the kernel's own arguments. */
int zc_kernel_profile(const union zc_arg *args, struct zc_reader *rest)
{
	struct evaluator evaluator = {.min_repeat_ms = 0};
	int err = read_counts(&evaluator, &args[0].span, &args[1]);

	return err != 0 ? err : evaluate(&evaluator, rest, false);
}

static struct evaluator *find_free(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(evaluators); i++) {
		if (evaluators[i].repeat == 0) {
			return &evaluators[i];
		}
	}
	return NULL;
}

/*
 * Module (or None: there is but one), name, device type, device id, number, repeat, min_repeat_ms,
 * limit_zero_time_iterations, cooldown_interval_ms, repeats_to_cooldown, cache_flush_bytes,
 * f_preproc_name.
 */
int zc_evaluator_create(const union zc_arg *args, struct zc_reader *rest)
{
	struct evaluator *evaluator = find_free();
	int err;

	ARG_UNUSED(rest);
	if (evaluator == NULL) {
		return zc_error_num(-ENOMEM, "more time evaluators than", ARRAY_SIZE(evaluators));
	}
	if (args[6].number > MAX_MIN_REPEAT_MS) {
		return zc_error_num(-EINVAL, "min_repeat_ms is more than", MAX_MIN_REPEAT_MS);
	}
	if (args[8].number != 0 || args[10].number != 0 || args[11].span.len != 0) {
		return zc_refuse("no cooldown, cache flush or f_preproc");
	}
	err = read_counts(evaluator, &args[1].span, &args[4]);
	if (err != 0) {
		return err;
	}
	evaluator->min_repeat_ms = args[6].number;
	evaluator->max_zero_times = args[7].number;
	evaluator->generation++;
	zc_return(TVM_FFI_FUNCTION, zc_handle(ZC_HANDLE_EVALUATOR, evaluator->generation,
					      (uint32_t)(evaluator - evaluators)));
	return 0;
}

static struct evaluator *find(uintptr_t handle)
{
	uint32_t index = zc_handle_index(handle);

	if (index >= ARRAY_SIZE(evaluators) || evaluators[index].repeat == 0 ||
	    handle != zc_handle(ZC_HANDLE_EVALUATOR, evaluators[index].generation, index)) {
		return NULL;
	}
	return &evaluators[index];
}

int zc_evaluator_call(uintptr_t handle, struct zc_reader *args)
{
	const struct evaluator *evaluator = find(handle);

	return evaluator == NULL ? zc_refuse_handle() : evaluate(evaluator, args, true);
}

int zc_evaluator_free(uintptr_t handle)
{
	struct evaluator *evaluator = find(handle);

	if (evaluator == NULL) {
		return zc_refuse_handle();
	}
	evaluator->repeat = 0;
	return 0;
}

void zc_evaluator_reset(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(evaluators); i++) {
		evaluators[i].repeat = 0;
	}
}
