/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A compiled model: what `tvmc compile` generates and the runtime walks.
 *
 * All of it is constant, so it stays in flash; only activations and scratch memory, which the
 * tensors point to, and the arguments of one call are RAM. One table drives `model.run` and
 * `model.profile`. Names and shapes of layers are in the archive alone; the hash says which archive
 * that is.
 */

#ifndef ZEPHYR_COUNTERS_MODEL_H_
#define ZEPHYR_COUNTERS_MODEL_H_

#include <zephyr_counters/ffi_abi.h>

/** Version of the structures in this header; generated sources name the one they were made for. */
#define ZC_MODEL_ABI 2

/**
 * @brief First word of a tensor's type; its `ndim` extents follow, a word each.
 *
 * Its low 24 bits are a DLDataType of one lane, as it lies in memory.
 */
#define ZC_TYPE(code, bits, ndim)                                                                  \
	((uint32_t)(code) | (uint32_t)(bits) << 8 | 1UL << 16 | (uint32_t)(ndim) << 24)
#define ZC_TYPE_NDIM(type)  ((type)[0] >> 24)
#define ZC_TYPE_DTYPE(type) ((type)[0] & 0xffffffU)
#define ZC_TYPE_CODE(type)  ((type)[0] & 0xffU)
#define ZC_TYPE_BITS(type)  ((type)[0] >> 8 & 0xffU)

/** Memory and type of a tensor, a constant, or a layer's scratch memory. */
struct zc_model_tensor {
	/** Aligned to 16 bytes; not written if it is a constant. */
	void *data;
	/** A ZC_TYPE() and the extents. */
	const uint32_t *type;
};

/** A compiled function and the tensors it takes: inputs and constants first, outputs last. */
struct zc_kernel {
	/** Name by which a TVM RPC session finds it. */
	const char *name;
	/** Reads of its arguments' DLTensors only `data`: shapes are constants in it. */
	tvm_ffi_safe_call call;
	/** A layer that calls it: that layer's tensors have the types that the kernel takes. */
	uint16_t layer;
	uint8_t num_args;
};

/** A layer's `scratch` if it has none. */
#define ZC_NO_TENSOR UINT16_MAX

/** One step of the model. */
struct zc_layer {
	/** Index into zc_model.kernels. */
	uint16_t kernel;
	/** The tensor whose memory TVMBackendAllocWorkspace gives out, or ZC_NO_TENSOR. */
	uint16_t scratch;
	/** Indices into zc_model.tensors, as many as the kernel's num_args. */
	const uint16_t *args;
};

/** A whole model. `zc_model` is the one that a firmware holds. */
struct zc_model {
	uint16_t abi;
	uint16_t num_kernels;
	uint16_t num_layers;
	uint8_t num_inputs;
	uint8_t num_outputs;
	const char *name;
	const struct zc_kernel *kernels;
	const struct zc_layer *layers;
	const struct zc_model_tensor *tensors;
	/** Indices into `tensors`. */
	const uint16_t *inputs;
	const uint16_t *outputs;
	/** Memory for the arguments of one call: room for those of any kernel. */
	TVMFFIAny *args;
	DLTensor *arg_tensors;
	/** What is kept from one run to the next; NULL if nothing is. */
	uint8_t *state;
	/** Its first content; NULL for zeros. */
	const uint8_t *state_first;
	uint32_t state_size;
	/** SHA-256 of the archive's metadata, which holds that of the source model. */
	uint8_t hash[32];
};

extern const struct zc_model zc_model;

#endif /* ZEPHYR_COUNTERS_MODEL_H_ */
