/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * In the place of the RPC server on the link: commands that end in '%', replies that end in '\n',
 * as those of upstream's demo. An inference is answered by the index of the largest output and
 * milliseconds, then its counters.
 */

#include <errno.h>
#include <string.h>

#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/counters.h>
#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>
#include <zephyr_counters/server.h>

#include <tvm/input_data.h>
#include <tvm/output_data.h>
#include ZC_DEMO_HEADER

#include "console.h"
#include "counters.h"

#define JOIN_EXPANDED(a, b) a##b
#define JOIN(a, b)          JOIN_EXPANDED(a, b)
#define MODEL(name)         JOIN(ZC_DEMO_MODEL, name)

#define COMMAND_END         '%'

BUILD_ASSERT(sizeof(input_data) >= ZC_DEMO_INPUT_SIZE, "input_data.h: less than the model reads");
BUILD_ASSERT(sizeof(output_data) >= ZC_DEMO_OUTPUT_SIZE,
	     "output_data.h: less than the model writes");

static char command[16];
static size_t command_len;

/* The last one if there are several. */
static size_t largest_output(void)
{
	size_t largest = 0;

	for (size_t i = 1; i < output_data_len; i++) {
		if (output_data[i] >= output_data[largest]) {
			largest = i;
		}
	}
	return largest;
}

static void infer(void)
{
	struct MODEL(_inputs) inputs = {input_data};
	struct MODEL(_outputs) outputs = {output_data};
	uint64_t ticks;
	int32_t err;

	demo_counters_begin();
	err = MODEL(_run)(&inputs, &outputs);
	ticks = demo_counters_end();
	if (err != 0 || zc_kernel_take_failure() != 0) {
		zc_server_log("the model failed");
		TVMPlatformAbort(kTvmErrorPlatformCheckFailure);
	}
	demo_put("result:");
	demo_put_number(largest_output());
	demo_put(":");
	demo_put_number(ticks * 1000U / zc_port_clock_hz());
	demo_put("\n");
	demo_counters_show();
}

/* A command that is too long was cut, so it is unknown. */
static void carry_out(void)
{
	if (strcmp(command, "init") == 0) {
		demo_put("wakeup\n");
	} else if (strcmp(command, "infer") == 0) {
		infer();
	} else {
		demo_put("ready\n");
	}
}

void zc_server_receive(const uint8_t *data, size_t len)
{
	for (; len > 0U; len--, data++) {
		if (*data == COMMAND_END) {
			command[command_len] = '\0';
			command_len = 0;
			carry_out();
		} else if (command_len < sizeof(command) - 1U) {
			command[command_len++] = (char)*data;
		}
	}
}

/* A host that waits for the board to wake up need not ask. */
int zc_server_init(zc_server_send send, void *context)
{
	demo_console_init(send, context);
	demo_put("wakeup\n");
	return TVMPlatformInitialize() == kTvmErrorNoError ? zc_counters_init() : -EIO;
}
