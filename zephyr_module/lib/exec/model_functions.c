/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <zephyr/sys/crc.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/cbor.h>
#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/model.h>

#include "../rpc/arena.h"
#include "../rpc/handler.h"
#include "../rpc/reply.h"
#include "../rpc/rpc.h"
#include "arguments.h"
#include "executor.h"

#define INFO_VERSION 2
#define INFO_FIELDS  9

static void write_tensors(struct zc_sink *sink, const uint16_t *indices, uint8_t count)
{
	zc_cbor_put_array(sink, count);
	for (uint8_t i = 0; i < count; i++) {
		const uint32_t *type = zc_model.tensors[indices[i]].type;

		zc_cbor_put_array(sink, 3);
		zc_cbor_put_uint(sink, ZC_TYPE_CODE(type));
		zc_cbor_put_uint(sink, ZC_TYPE_BITS(type));
		zc_cbor_put_array(sink, ZC_TYPE_NDIM(type));
		for (uint32_t d = 1; d <= ZC_TYPE_NDIM(type); d++) {
			zc_cbor_put_uint(sink, type[d]);
		}
	}
}

/* `model-info` of docs/blob.cddl. */
static int write_info(struct zc_sink *sink, size_t max, uint32_t number)
{
	ARG_UNUSED(max);
	ARG_UNUSED(number);
	zc_cbor_put_array(sink, INFO_FIELDS);
	zc_cbor_put_uint(sink, INFO_VERSION);
	zc_cbor_put_text(sink, zc_model.name);
	zc_cbor_put_bytes(sink, zc_model.hash, sizeof(zc_model.hash));
	zc_cbor_put_uint(sink, zc_model.num_layers);
	zc_cbor_put_uint(sink, zc_model.num_kernels);
	write_tensors(sink, zc_model.inputs, zc_model.num_inputs);
	write_tensors(sink, zc_model.outputs, zc_model.num_outputs);
	zc_cbor_put_uint(sink, zc_counters_catalog_crc());
	zc_cbor_put_uint(sink, ZC_RPC_MAX_PACKET);
	return 0;
}

int zc_model_info(const union zc_arg *args, struct zc_reader *rest)
{
	static const struct zc_result result = {.write = write_info};

	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	return zc_return_result(&result);
}

static const struct zc_model_tensor *find(const uint16_t *indices, uint8_t count, uintptr_t index)
{
	if (index >= count) {
		(void)zc_error(-ENOENT, ZC_ERROR_TENSOR_UNKNOWN, (uint32_t)index);
		return NULL;
	}
	return &zc_model.tensors[indices[index]];
}

/* CRC-32 without its highest bit: an integer argument is less than UINT32_MAX. */
static uint32_t crc_of(const uint8_t *data, const struct zc_model_tensor *tensor)
{
	return crc32_ieee(data, zc_model_tensor_size(tensor)) & INT32_MAX;
}

/* A checksum may follow: the CRC-16 of a frame misses 1 in 105,000 bursts. */
int zc_model_set_input(const union zc_arg *args, struct zc_reader *rest)
{
	const struct zc_model_tensor *input =
		find(zc_model.inputs, zc_model.num_inputs, args[0].word);
	uint8_t *data;
	int err = input == NULL ? -ENOENT : zc_tensor_locate(&args[1].tensor, input->type, &data);

	if (err != 0) {
		return err;
	}
	if (rest->args_read > 2 && crc_of(data, input) != args[2].word) {
		return zc_error(-EBADMSG, ZC_ERROR_TENSOR_DAMAGED, 0);
	}
	memcpy(input->data, data, zc_model_tensor_size(input));
	return 0;
}

/* Into the tensor given, or into a new one. */
int zc_model_get_output(const union zc_arg *args, struct zc_reader *rest)
{
	const struct zc_model_tensor *output =
		find(zc_model.outputs, zc_model.num_outputs, args[0].word);
	bool given = rest->args_read > 1;
	uint8_t *data;
	void *new_data;
	uint32_t handle;
	int err;

	if (output == NULL) {
		return -ENOENT;
	}
	if (given) {
		err = zc_tensor_locate(&args[1].tensor, output->type, &data);
	} else {
		err = zc_arena_alloc(zc_model_tensor_size(output), ZC_HANDLE_TENSOR, &new_data,
				     &handle);
		data = new_data;
	}
	if (err != 0) {
		return err;
	}
	memcpy(data, output->data, zc_model_tensor_size(output));
	return given ? 0 : zc_return_tensor(output->type, data, handle);
}

int zc_model_output_crc(const union zc_arg *args, struct zc_reader *rest)
{
	const struct zc_model_tensor *output =
		find(zc_model.outputs, zc_model.num_outputs, args[0].word);

	ARG_UNUSED(rest);
	if (output == NULL) {
		return -ENOENT;
	}
	return zc_return(TVM_FFI_INT, crc_of(output->data, output));
}

/* Layer, its argument, and the byte to begin at: the rest of that tensor, or what fits a packet. */
int zc_model_layer_tensor(const union zc_arg *args, struct zc_reader *rest)
{
	const struct zc_layer *layer;
	const struct zc_model_tensor *tensor;
	uint32_t size;
	uint32_t left;

	ARG_UNUSED(rest);
	if (args[0].word >= zc_model.num_layers) {
		return zc_error(-ENOENT, ZC_ERROR_LAYER_UNKNOWN, (uint32_t)args[0].word);
	}
	layer = &zc_model.layers[args[0].word];
	if (args[1].word >= zc_model.kernels[layer->kernel].num_args) {
		return zc_error(-ENOENT, ZC_ERROR_TENSOR_UNKNOWN, (uint32_t)args[1].word);
	}
	tensor = &zc_model.tensors[layer->args[args[1].word]];
	size = zc_model_tensor_size(tensor);
	left = size - MIN(size, (uint32_t)args[2].word);
	return zc_return_bytes((const uint8_t *)tensor->data + size - left,
			       MIN(left, ZC_RPC_MAX_BYTES));
}

void zc_state_reset(void)
{
	if (zc_model.state_first != NULL) {
		memcpy(zc_model.state, zc_model.state_first, zc_model.state_size);
	} else if (zc_model.state != NULL) {
		memset(zc_model.state, 0, zc_model.state_size);
	}
}

int zc_model_reset(const union zc_arg *args, struct zc_reader *rest)
{
	ARG_UNUSED(args);
	ARG_UNUSED(rest);
	zc_state_reset();
	return 0;
}
