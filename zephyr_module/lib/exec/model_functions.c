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
#include "executor.h"

#define INFO_VERSION 2
#define INFO_FIELDS  9

static void write_tensors(struct zc_sink *sink, const DLTensor *const *tensors, uint8_t count)
{
	zc_cbor_put_array(sink, count);
	for (uint8_t i = 0; i < count; i++) {
		const DLTensor *tensor = tensors[i];

		zc_cbor_put_array(sink, 3);
		zc_cbor_put_uint(sink, tensor->dtype.code);
		zc_cbor_put_uint(sink, tensor->dtype.bits);
		zc_cbor_put_array(sink, (uint32_t)tensor->ndim);
		for (int32_t d = 0; d < tensor->ndim; d++) {
			zc_cbor_put(sink, ZC_CBOR_UINT, (uint64_t)tensor->shape[d]);
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

static uint32_t size_of(const DLTensor *tensor)
{
	uint32_t elements = 1;

	for (int32_t i = 0; i < tensor->ndim; i++) {
		elements *= (uint32_t)tensor->shape[i];
	}
	return (elements * tensor->dtype.bits * tensor->dtype.lanes + 7U) / 8U;
}

static uint8_t *data_of(const DLTensor *tensor)
{
	return (uint8_t *)tensor->data + tensor->byte_offset;
}

static const DLTensor *find(const DLTensor *const *tensors, uint8_t count, uintptr_t index)
{
	if (index >= count) {
		(void)zc_error(-ENOENT, ZC_ERROR_TENSOR_UNKNOWN, (uint32_t)index);
		return NULL;
	}
	return tensors[index];
}

/* CRC-32 without its highest bit: an integer argument is less than UINT32_MAX. */
static uint32_t crc_of(const uint8_t *data, const DLTensor *tensor)
{
	return crc32_ieee(data, size_of(tensor)) & INT32_MAX;
}

/* A checksum may follow: the CRC-16 of a frame misses 1 in 105,000 bursts. */
int zc_model_set_input(const union zc_arg *args, struct zc_reader *rest)
{
	const DLTensor *input = find(zc_model.inputs, zc_model.num_inputs, args[0].word);
	uint8_t *data;
	int err = input == NULL ? -ENOENT : zc_tensor_locate(&args[1].tensor, input, &data);

	if (err != 0) {
		return err;
	}
	if (rest->args_read > 2 && crc_of(data, input) != args[2].word) {
		return zc_error(-EBADMSG, ZC_ERROR_TENSOR_DAMAGED, 0);
	}
	memcpy(data_of(input), data, size_of(input));
	return 0;
}

/* Into the tensor given, or into a new one. */
int zc_model_get_output(const union zc_arg *args, struct zc_reader *rest)
{
	const DLTensor *output = find(zc_model.outputs, zc_model.num_outputs, args[0].word);
	bool given = rest->args_read > 1;
	uint8_t *data;
	void *new_data;
	uint32_t handle;
	int err;

	if (output == NULL) {
		return -ENOENT;
	}
	if (given) {
		err = zc_tensor_locate(&args[1].tensor, output, &data);
	} else {
		err = zc_arena_alloc(size_of(output), ZC_HANDLE_TENSOR, &new_data, &handle);
		data = new_data;
	}
	if (err != 0) {
		return err;
	}
	memcpy(data, data_of(output), size_of(output));
	return given ? 0 : zc_return_tensor(output, data, handle);
}

int zc_model_output_crc(const union zc_arg *args, struct zc_reader *rest)
{
	const DLTensor *output = find(zc_model.outputs, zc_model.num_outputs, args[0].word);

	ARG_UNUSED(rest);
	if (output == NULL) {
		return -ENOENT;
	}
	return zc_return(TVM_FFI_INT, crc_of(data_of(output), output));
}

/* Layer, its argument, and the byte to begin at: the rest of that tensor, or what fits a packet. */
int zc_model_layer_tensor(const union zc_arg *args, struct zc_reader *rest)
{
	const struct zc_layer *layer;
	const DLTensor *tensor;
	uint32_t left;

	ARG_UNUSED(rest);
	if (args[0].word >= zc_model.num_layers) {
		return zc_error(-ENOENT, ZC_ERROR_LAYER_UNKNOWN, (uint32_t)args[0].word);
	}
	layer = &zc_model.layers[args[0].word];
	if (args[1].word >= zc_model.kernels[layer->kernel].num_args) {
		return zc_error(-ENOENT, ZC_ERROR_TENSOR_UNKNOWN, (uint32_t)args[1].word);
	}
	tensor = layer->args[args[1].word].v_ptr;
	left = size_of(tensor);
	left -= MIN(left, (uint32_t)args[2].word);
	return zc_return_bytes(data_of(tensor) + size_of(tensor) - left,
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
