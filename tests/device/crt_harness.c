/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * lib/crt_shim over a fake of TVM's C runtime, with the fakes of lib/counters, driven by lines
 * on stdin. Each command is answered by one line: what the function returned, its error or its
 * number, bytes in hexadecimal
 * or `-`, the error's text.
 *
 * init; call NAME ARGUMENT...: an argument is i and a number, s and a text, x and hexadecimal;
 * evaluate; kernel TICKS COUNT CALLS_TO_FAILURE QUIETLY; calls: of the kernel; register NAME;
 * hog BYTES: of the heap, 0 gives them back; graph OPERATORS; release; receive HEX; logged; and
 * those of counters_fakes.h.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tvm/runtime/crt/graph_executor.h>
#include <tvm/runtime/crt/platform.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_counters/error.h>
#include <zephyr_counters/port.h>
#include <zephyr_counters/server.h>

#include "counters_fakes.h"
#include "crt_fake.h"
#include "crt_shim.h"

#define MAX_LINE  8192
#define MAX_WORDS 16

static TVMGraphExecutor *graph;
static uint8_t sent[256];
static size_t sent_len;

static struct {
	const uint8_t *bytes;
	size_t len;
	const char *text;
} out;

void zc_port_random(uint8_t *buf, size_t len)
{
	memset(buf, 0x3c, len);
}

static void send_to_host(void *context, const uint8_t *data, size_t len)
{
	ARG_UNUSED(context);
	for (size_t i = 0; i < len && sent_len < sizeof(sent); i++) {
		sent[sent_len++] = data[i];
	}
}

/* Exactly as large as it says, so that a sanitizer sees a read behind it. */
static size_t from_hex(const char *hex, uint8_t **bytes)
{
	size_t len = strlen(hex) / 2;

	*bytes = malloc(len == 0 ? 1 : len);
	for (size_t i = 0; i < len; i++) {
		unsigned int byte;

		(void)sscanf(&hex[2 * i], "%2x", &byte);
		(*bytes)[i] = (uint8_t)byte;
	}
	return len;
}

/* As the RPC server does when it has sent them. */
static void free_bytes(TVMValue *value, int code)
{
	if (code == kTVMBytes) {
		TVMByteArray *bytes = value->v_handle;

		(void)TVMPlatformMemoryFree((void *)(uintptr_t)bytes->data, (DLDevice){kDLCPU, 0});
		(void)TVMPlatformMemoryFree(bytes, (DLDevice){kDLCPU, 0});
	}
}

static void answer(int64_t result)
{
	printf("%" PRId64 " ", result);
	for (size_t i = 0; i < out.len; i++) {
		printf("%02x", out.bytes[i]);
	}
	printf("%s %s\n", out.len == 0 ? "-" : "", out.text);
	fflush(stdout);
}

/* Answers itself, as its bytes are given back. */
static void answer_call(int result, TVMValue *ret, int ret_code)
{
	const TVMByteArray *bytes = ret->v_handle;

	if (result == 0 && ret_code == kTVMBytes) {
		out.bytes = (const uint8_t *)bytes->data;
		out.len = bytes->size;
	}
	out.text = result != 0 ? TVMGetLastError() : "";
	answer(result == 0 && ret_code == kTVMArgInt ? ret->v_int64 : result);
	free_bytes(ret, result == 0 ? ret_code : kTVMNullptr);
}

static void call(char **word, int num)
{
	TVMValue args[MAX_WORDS];
	int codes[MAX_WORDS];
	TVMByteArray arrays[MAX_WORDS];
	uint8_t *memory[MAX_WORDS] = {NULL};
	TVMValue ret = {.v_handle = NULL};
	int ret_code = kTVMNullptr;
	int result;

	for (int i = 0; i < num; i++) {
		const char *text = &word[i + 1][1];

		switch (word[i + 1][0]) {
		case 'i':
			codes[i] = kTVMArgInt;
			args[i].v_int64 = strtoll(text, NULL, 0);
			break;
		case 's':
			codes[i] = kTVMStr;
			args[i].v_str = text;
			break;
		default:
			codes[i] = kTVMBytes;
			arrays[i].size = from_hex(text, &memory[i]);
			arrays[i].data = (const char *)memory[i];
			args[i].v_handle = &arrays[i];
		}
	}
	result = crt_fake_call(word[0], args, codes, num, &ret, &ret_code);
	answer_call(result, &ret, ret_code);
	for (int i = 0; i < num; i++) {
		free(memory[i]);
	}
}

static int hog(size_t len)
{
	static void *memory;

	zc_crt_free(memory);
	memory = len == 0 ? NULL : zc_crt_alloc(len);
	return len != 0 && memory == NULL ? -ENOMEM : 0;
}

static int receive(const char *hex)
{
	uint8_t *bytes;
	size_t len = from_hex(hex, &bytes);

	sent_len = 0;
	zc_server_receive(bytes, len);
	free(bytes);
	out.bytes = sent;
	out.len = sent_len;
	return 0;
}

static int64_t run(char **word)
{
	const char *name = word[0];
	unsigned long a = strtoul(word[1], NULL, 0);
	unsigned long b = strtoul(word[2], NULL, 0);
	uint64_t c = strtoull(word[3], NULL, 0);

	if (strcmp(name, "init") == 0) {
		return zc_server_init(send_to_host, NULL);
	} else if (strcmp(name, "kernel") == 0) {
		crt_fake_kernel = (struct crt_fake_kernel){strtoull(word[1], NULL, 0), b,
							   (unsigned long)c, atoi(word[4])};
	} else if (strcmp(name, "calls") == 0) {
		return (int64_t)crt_fake_kernel_calls;
	} else if (strcmp(name, "register") == 0) {
		return TVMFuncRegisterGlobal(word[1], (TVMFunctionHandle)(uintptr_t)run, 0);
	} else if (strcmp(name, "hog") == 0) {
		return hog(a);
	} else if (strcmp(name, "graph") == 0) {
		return TVMGraphExecutor_Create(word[1], NULL, NULL, &graph);
	} else if (strcmp(name, "release") == 0) {
		return TVMGraphExecutor_Release(&graph);
	} else if (strcmp(name, "receive") == 0) {
		return receive(word[1]);
	} else if (strcmp(name, "logged") == 0) {
		out.text = crt_fake_log();
	} else if (!fakes_command(name, a, b, c)) {
		return -ENOSYS;
	}
	return strcmp(name, "state") == 0 ? fakes_state(a) : 0;
}

static void serve(char **word, int num)
{
	TVMValue ret = {.v_handle = NULL};
	int ret_code = kTVMNullptr;
	int result;

	out.len = 0;
	out.text = "";
	if (strcmp(word[0], "call") == 0) {
		call(&word[1], num - 2);
	} else if (strcmp(word[0], "evaluate") == 0) {
		result = crt_fake_evaluate(&ret, &ret_code);
		answer_call(result, &ret, ret_code);
	} else {
		answer(run(word));
	}
}

int main(int argc, char **argv)
{
	static char line[MAX_LINE];
	static char empty[] = "";

	crt_fake_more_name = argc > 1 ? argv[1] : NULL;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *word[MAX_WORDS];
		int num = 0;

		for (size_t i = 0; i < ARRAY_SIZE(word); i++) {
			word[i] = strtok(i == 0 ? line : NULL, " \n");
			num += word[i] != NULL ? 1 : 0;
			word[i] = word[i] != NULL ? word[i] : empty;
		}
		serve(word, num);
	}
	return 0;
}
