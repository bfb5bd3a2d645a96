# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Templates filled in: one HTML file with its own style and script, and nothing else.

Names come from models and boards and are escaped by the template engine; a content security policy
lets nothing run or load but the page's own script and style.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from zephyr_counters.report.page.text import count, number, percent, time
from zephyr_counters.report.text import printable

_TEMPLATES = resources.files(__package__) / "templates"


def fill(template: str, variables: Mapping[str, Any]) -> str:
    """Return the page that a template makes of variables."""
    style, script = _file("page.css"), _file("page.js")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_file),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(time=time, count=count, number=number, percent=percent)
    return environment.get_template(template).render(
        **variables,
        style=style,
        script=script,
        policy=(
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
    )


def _shown(value: object) -> object:
    """Return what a template prints; names show control and format characters as escapes."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _file(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return what a content security policy calls a text by."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
