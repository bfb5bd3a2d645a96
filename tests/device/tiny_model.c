/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The smallest model that has everything: two kernels in two layers, an input, an output, and
 * scratch memory. scale: y = 2 x + b, over int32[4]. total: z = sum of y, through the workspace.
 */

#include <string.h>

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>

#define LENGTH 4

static const uint32_t vector[] = {ZC_TYPE(DL_INT, 32, 1), LENGTH};
static const uint32_t scalar[] = {ZC_TYPE(DL_INT, 32, 2), 1, 1};
static const uint32_t bytes[] = {ZC_TYPE(DL_UINT, 8, 1), 64};

static int32_t memory[LENGTH + LENGTH + 1];
static int32_t bias[LENGTH] = {1, 2, 3, 4};
static uint8_t workspace[64] __aligned(16);
static TVMFFIAny call_args[3];
static DLTensor call_tensors[3];

enum {
	X,
	B,
	Y,
	Z,
	SCRATCH,
};

static const struct zc_model_tensor tensors[] = {
	[X] = {&memory[0], vector},      [B] = {bias, vector},
	[Y] = {&memory[LENGTH], vector}, [Z] = {&memory[LENGTH + LENGTH], scalar},
	[SCRATCH] = {workspace, bytes},
};

static int32_t *data_of(void *args, int index)
{
	return ((DLTensor *)((TVMFFIAny *)args)[index].v_ptr)->data;
}

static int32_t scale(void *self, void *args, int32_t num_args, void *result)
{
	ARG_UNUSED(self);
	ARG_UNUSED(num_args);
	ARG_UNUSED(result);
	for (int i = 0; i < LENGTH; i++) {
		uint32_t value = 2U * (uint32_t)data_of(args, 0)[i] + (uint32_t)data_of(args, 1)[i];

		data_of(args, 2)[i] = (int32_t)value;
	}
	return 0;
}

/* -1 in the first element asks for more scratch memory than there is, -2 for a failing job. */
static int32_t total(void *self, void *args, int32_t num_args, void *result)
{
	int32_t first = data_of(args, 0)[0];
	int32_t *copy =
		TVMBackendAllocWorkspace(DL_DEVICE_CPU, 0, first == -1 ? 65 : 16, DL_INT, 32);
	uint32_t sum = 0;

	ARG_UNUSED(self);
	ARG_UNUSED(num_args);
	ARG_UNUSED(result);
	if (copy == NULL) {
		return -1;
	}
	memcpy(copy, data_of(args, 0), LENGTH * sizeof(*copy));
	for (int i = 0; i < LENGTH; i++) {
		sum += (uint32_t)copy[i];
	}
	data_of(args, 1)[0] = (int32_t)sum;
	if (first == -2) {
		zc_kernel_failed(-5);
	}
	return TVMBackendFreeWorkspace(DL_DEVICE_CPU, 0, copy);
}

static const uint16_t scale_args[] = {X, B, Y};
static const uint16_t total_args[] = {Y, Z};

static const struct zc_kernel kernels[] = {
	{.name = "scale", .call = scale, .layer = 0, .num_args = 3},
	{.name = "total", .call = total, .layer = 1, .num_args = 2},
};

static const struct zc_layer layers[] = {
	{.kernel = 0, .scratch = ZC_NO_TENSOR, .args = scale_args},
	{.kernel = 1, .scratch = SCRATCH, .args = total_args},
};

static const uint16_t inputs[] = {X};
static const uint16_t outputs[] = {Z, Y};

const struct zc_model zc_model = {
	.abi = ZC_MODEL_ABI,
	.name = "tiny",
	.hash = {0xaa, 0xbb},
	.kernels = kernels,
	.num_kernels = ARRAY_SIZE(kernels),
	.layers = layers,
	.num_layers = ARRAY_SIZE(layers),
	.tensors = tensors,
	.inputs = inputs,
	.num_inputs = ARRAY_SIZE(inputs),
	.outputs = outputs,
	.num_outputs = ARRAY_SIZE(outputs),
	.args = call_args,
	.arg_tensors = call_tensors,
};
