/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The part of the tvm-ffi and DLPack binary interfaces that generated kernels use.
 *
 * Layouts and numbers are those of tvm-ffi 0.1 (`tvm/ffi/c_api.h`) and DLPack 1.x (`dlpack.h`).
 * Both hold on 32-bit and 64-bit targets.
 */

#ifndef ZEPHYR_COUNTERS_FFI_ABI_H_
#define ZEPHYR_COUNTERS_FFI_ABI_H_

#include <stddef.h>
#include <stdint.h>

/** DLPack device type of host memory. */
#define DL_DEVICE_CPU 1

/** DLPack type codes. */
enum dl_type_code {
	DL_INT = 0,
	DL_UINT = 1,
	DL_FLOAT = 2,
	DL_BFLOAT = 4,
	DL_BOOL = 6,
};

typedef struct {
	int32_t device_type;
	int32_t device_id;
} DLDevice;

typedef struct {
	uint8_t code;
	uint8_t bits;
	uint16_t lanes;
} DLDataType;

typedef struct {
	void *data;
	DLDevice device;
	int32_t ndim;
	DLDataType dtype;
	int64_t *shape;
	int64_t *strides;
	uint64_t byte_offset;
} DLTensor;

/** Type indices of TVMFFIAny values that cross the RPC link or reach a kernel. */
enum tvm_ffi_type_index {
	TVM_FFI_NONE = 0,
	TVM_FFI_INT = 1,
	TVM_FFI_BOOL = 2,
	TVM_FFI_FLOAT = 3,
	TVM_FFI_OPAQUE_PTR = 4,
	TVM_FFI_DTYPE = 5,
	TVM_FFI_DEVICE = 6,
	TVM_FFI_DLTENSOR_PTR = 7,
	TVM_FFI_RAW_STR = 8,
	TVM_FFI_BYTE_ARRAY_PTR = 9,
	TVM_FFI_SMALL_STR = 11,
	TVM_FFI_SMALL_BYTES = 12,
	TVM_FFI_STATIC_OBJECT_BEGIN = 64,
	TVM_FFI_STR = 65,
	TVM_FFI_BYTES = 66,
	TVM_FFI_FUNCTION = 68,
	TVM_FFI_TENSOR = 70,
	TVM_FFI_MODULE = 73,
};

typedef struct {
	int32_t type_index;
	uint32_t zero_padding;
	/* Anonymous, as generated kernels name its members; C99 knows that as an extension. */
	__extension__ union {
		int64_t v_int64;
		double v_float64;
		void *v_ptr;
		const char *v_c_str;
		DLDataType v_dtype;
		DLDevice v_device;
		uint64_t v_uint64;
	};
} TVMFFIAny;

/** A kernel in the tvm-ffi calling convention: 0 on success, negative on failure. */
typedef int32_t (*tvm_ffi_safe_call)(void *self, void *args, int32_t num_args, void *result);

/** What kernels ask of the runtime; scratch memory that lives until it is freed, last in first out.
 */
void *TVMBackendAllocWorkspace(int device_type, int device_id, uint64_t nbytes, int dtype_code_hint,
			       int dtype_bits_hint);
int TVMBackendFreeWorkspace(int device_type, int device_id, void *ptr);

#define TVM_DLL

#endif /* ZEPHYR_COUNTERS_FFI_ABI_H_ */
