/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * model.profile: the model with a record for each layer, and one for the whole. model.layers: their
 * names. layers_graph.c or layers_aot.c knows the executor.
 */

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <zephyr/sys/util.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>

#include "crt_shim.h"

static uint32_t count_layers(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < zc_crt_num_steps(); i++) {
		count += zc_crt_layer_name(i) != NULL ? 1U : 0U;
	}
	return count;
}

static int profile_once(uint16_t repetition)
{
	int err = zc_counters_begin(count_layers(), ZC_ORIGIN_WHOLE, repetition);

	if (err != 0) {
		return err;
	}
	err = zc_crt_run_layers(repetition);
	(void)zc_counters_end(err == 0 ? 0 : ZC_RECORD_UNFINISHED, NULL);
	return err;
}

static int profile(uint32_t repetitions)
{
	/* Of a kernel that was called before, by itself. */
	(void)zc_kernel_take_failure();
	for (uint32_t i = 0; i < repetitions; i++) {
		int err = profile_once((uint16_t)i);

		if (err != 0) {
			return zc_error(
				err,
				err == -EBUSY ? ZC_ERROR_REGION_OPEN : ZC_ERROR_OPERATOR_FAILED, 0);
		}
	}
	return 0;
}

int zc_crt_profile(const union zc_value *args, struct zc_result *result)
{
	ARG_UNUSED(result);
	if (args[0].word > UINT16_MAX) {
		return zc_error(-EINVAL, ZC_ERROR_TAKES_NUMBER, UINT16_MAX);
	}
	if (zc_crt_num_steps() == 0U) {
		return zc_error(-ENOENT, ZC_ERROR_NO_EXECUTOR, 0);
	}
	return profile((uint32_t)args[0].word);
}

/* Each layer's name and a line feed, in the order of their tags. */
static int write_names(struct zc_sink *sink, size_t max, uint32_t number)
{
	ARG_UNUSED(max);
	ARG_UNUSED(number);
	for (uint32_t i = 0; i < zc_crt_num_steps(); i++) {
		const char *name = zc_crt_layer_name(i);

		if (name != NULL) {
			sink->write(sink, (const uint8_t *)name, strlen(name));
			sink->write(sink, (const uint8_t *)"\n", 1);
		}
	}
	return 0;
}

int zc_crt_layers(const union zc_value *args, struct zc_result *result)
{
	if (zc_crt_num_steps() == 0U) {
		return zc_error(-ENOENT, ZC_ERROR_NO_EXECUTOR, 0);
	}
	result->write = write_names;
	result->offset = (uint32_t)args[0].word;
	return 0;
}

#define ZC_CRT_LAYERS_FUNCTION(name, signature, handler) ZC_CRT_PACKED(signature, handler)
#include <zephyr_counters/functions.def>

tvm_crt_error_t zc_crt_register_layers(void)
{
	static const struct zc_crt_function functions[] = {
#define ZC_CRT_LAYERS_FUNCTION(name, signature, handler) {name, packed_##handler},
#include <zephyr_counters/functions.def>
	};

	return zc_crt_register(functions, ARRAY_SIZE(functions));
}
