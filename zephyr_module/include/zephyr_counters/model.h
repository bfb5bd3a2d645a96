/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A compiled model: what `tvmc compile` generates and the runtime walks.
 *
 * All of it is constant, so it stays in flash; only the activations and the workspace that the
 * tensors point to are memory. One table drives `model.run` and `model.profile`.
 */

#ifndef ZEPHYR_COUNTERS_MODEL_H_
#define ZEPHYR_COUNTERS_MODEL_H_

#include <zephyr_counters/ffi_abi.h>

/** Version of the structures in this header; generated sources name the one they were made for. */
#define ZC_MODEL_ABI 2

/** A compiled function and the tensors it takes: inputs and constants first, outputs last. */
struct zc_kernel {
	/** Name by which a TVM RPC session finds it. */
	const char *name;
	tvm_ffi_safe_call call;
	/** One DLTensor pointer an argument; dtype and shape are the kernel's signature. */
	const TVMFFIAny *signature;
	uint8_t num_args;
};

/** One step of the model. */
struct zc_layer {
	/** Index into zc_model.kernels. */
	uint16_t kernel;
	/** As many as the kernel's num_args, each a DLTensor pointer. */
	const TVMFFIAny *args;
};

/** A whole model. `zc_model` is the one that a firmware holds. */
struct zc_model {
	uint16_t abi;
	const char *name;
	/** SHA-256 of the archive's metadata, which holds that of the source model. */
	uint8_t hash[32];
	const struct zc_kernel *kernels;
	uint16_t num_kernels;
	const struct zc_layer *layers;
	uint16_t num_layers;
	const DLTensor *const *inputs;
	uint8_t num_inputs;
	const DLTensor *const *outputs;
	uint8_t num_outputs;
	/** Scratch memory for TVMBackendAllocWorkspace, used as a stack; aligned to 16 bytes. */
	uint8_t *workspace;
	uint32_t workspace_size;
	/** What is kept from one run to the next; NULL if nothing is. */
	uint8_t *state;
	/** Its first content; NULL for zeros. */
	const uint8_t *state_first;
	uint32_t state_size;
};

extern const struct zc_model zc_model;

#endif /* ZEPHYR_COUNTERS_MODEL_H_ */
