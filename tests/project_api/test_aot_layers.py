# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators of models that TVM 0.18 compiled ahead of time: found, and bracketed by the linker."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from counters_native import MODULE
from zephyr_counters.project_api import aot_layers

SOURCE = "codegen/host/src/default_lib1.c"
PLAIN = """
#include <stdint.h>
#define TVM_DLL
TVM_DLL int32_t tvmgen_default_fused_add(float* p0, uint8_t* global_workspace_1_var);
TVM_DLL int32_t tvmgen_default_helper(float* p0) {
  return p0 == 0;
}

TVM_DLL int32_t tvmgen_default_fused_add(float* p0, uint8_t* global_workspace_1_var) {
  p0[0] += 1;
  return tvmgen_default_helper(p0);
}

TVM_DLL int32_t tvmgen_default_fused_fail(const float* p0, int32_t* p1) {
  return p0[0] > 2 ? -1 : 0;
}

TVM_DLL int32_t tvmgen_default___tvm_main__(float* x_buffer_var, uint8_t* workspace_var) {
  if (tvmgen_default_fused_add(x_buffer_var, workspace_var) != 0 ) return -1;
  if (tvmgen_default_fused_add(x_buffer_var, workspace_var) != 0 ) return -1;
  if (tvmgen_default_fused_fail(x_buffer_var, 0) != 0 ) return -1;
  return 0;
}
"""
PROGRAM = """
#include <stdio.h>
#include <zephyr_counters/aot_layers.h>
static uint32_t next;
bool zc_aot_layer_begin(void)
{
	printf("%s\\n", zc_aot_layers[next]);
	return next++ != 1;
}
void zc_aot_layer_end(int32_t status)
{
	printf("end %d\\n", (int)status);
}
int32_t tvmgen_default___tvm_main__(float *x, uint8_t *workspace);
int main(void)
{
	float x = 1;
	int32_t status = tvmgen_default___tvm_main__(&x, 0);

	printf("%d of %u\\n", (int)status, (unsigned int)zc_aot_num_layers);
	return 0;
}
"""
EXPECTED = """\
tvmgen_default_fused_add
end 0
tvmgen_default_fused_add:2
tvmgen_default_fused_fail
end -1
-1 of 3
"""


def layers_of(*texts: str) -> aot_layers.Layers | None:
    return aot_layers.find(
        {f"codegen/host/src/default_lib{i}.c": text.encode() for i, text in enumerate(texts)}
    )


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("level", ["-O0", "-O3"])
def test_each_operator_is_bracketed_though_it_is_in_the_same_file(
    compiler: str, level: str, tmp_path: Path
) -> None:
    """Neither inlined nor called past its bracket; the source stays as it is."""
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler}")
    found = aot_layers.find({SOURCE: PLAIN.encode(), "codegen/host/src/x.cc": b"int f;"})
    assert found is not None
    found.write(tmp_path)
    folder = tmp_path / aot_layers.FOLDER
    assert {one.name for one in folder.iterdir()} == {"layers.c", "default_lib1.h"}
    (tmp_path / "model.c").write_text(PLAIN)
    (tmp_path / "main.c").write_text(PROGRAM)
    command = [compiler, level, f"-I{MODULE / 'include'}"]
    for source, more in (
        (tmp_path / "model.c", ["-w", "-include", str(folder / "default_lib1.h")]),
        (folder / "layers.c", ["-Wall", "-Werror"]),
        (tmp_path / "main.c", ["-Wall", "-Werror"]),
    ):
        output = tmp_path / f"{source.stem}.o"
        subprocess.run([*command, *more, "-c", source, "-o", output], check=True)
    objects = [tmp_path / f"{name}.o" for name in ("layers", "main", "model")]
    # In any order: a weak function yields whichever comes first.
    for order in (objects, objects[::-1]):
        subprocess.run([compiler, *order, "-o", tmp_path / "program"], check=True)
        done = subprocess.run([tmp_path / "program"], capture_output=True, text=True, check=True)
        assert done.stdout == EXPECTED


def test_an_operator_of_another_file() -> None:
    operator, rest = PLAIN.split("TVM_DLL int32_t tvmgen_default_fused_fail", 1)
    found = layers_of(operator, f"TVM_DLL int32_t tvmgen_default_fused_fail{rest}")
    assert found is not None
    assert {one.file[-6:] for one in found.functions.values()} == {"lib0.c", "lib1.c"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "int main(void) { return 0; }",
        PLAIN.replace("___tvm_main__", "_other"),
        PLAIN + PLAIN.replace("tvmgen_default", "tvmgen_second"),
        PLAIN.replace("tvmgen_default_fused", "fused"),
        "TVM_DLL int32_t tvmgen_default___tvm_main__(",
    ],
)
def test_other_code_has_no_layers(text: str) -> None:
    assert layers_of(text) is None


def test_an_unusual_parameter_leaves_its_operator_alone() -> None:
    """A name that is not one, or a type that says what is called."""
    for parameter in ("float p0[3]", "float* p0) { system(0", '"', "..."):
        found = layers_of(PLAIN.replace("const float* p0", parameter))
        assert found is not None
        assert {*found.functions} == {"tvmgen_default_fused_add"}
