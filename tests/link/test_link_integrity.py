# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`make bench-link-integrity` counts damaged frames that are taken for good ones."""

from __future__ import annotations

import pytest
from zephyr_counters.link.wire import framing

from bench.link_integrity import KINDS, taken


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_damage_is_counted(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged, wrong = taken(KINDS[kind], 1000)
    assert 990 <= damaged <= 1000 and wrong == 0
    # A link without a checksum is found out.
    monkeypatch.setattr(framing, "crc_hqx", lambda data, value: 0)
    assert taken(KINDS[kind], 1000)[1] > 100
