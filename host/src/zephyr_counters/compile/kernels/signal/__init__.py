# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""C functions of audio front ends and detectors, which frontends call for custom operators."""

from __future__ import annotations

from zephyr_counters.compile.kernels.c_files import c_files

SIGNAL = c_files("signal", "zc_signal.h", "zc_signal.c")
FFT = {
    dtype: c_files("signal", "zc_fft.h", "zc_fft_template.h", f"zc_fft_{name}.c")
    for dtype, name in (("int16", "int16"), ("int32", "int32"), ("float32", "float"))
}
DETECTION = c_files("signal", "zc_detection.h", "zc_detection.c")
