# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Links from a page to the repository's other files lead to their web page.

The pages keep links that work in the repository. Links between pages are Sphinx's to check.
"""

from __future__ import annotations

import re
from pathlib import Path

_LINK = re.compile(r"(\]\()(?!\w+:|#|/)([^)#\s]+)(#[^)\s]+)?(\))")


class MissingFile(Exception):
    """A file that a link leads to does not exist."""


def outward(text: str, page: Path, root: Path, repository: str) -> str:
    """Return a page's text with such links replaced.

    Args:
        text: the page, as Markdown.
        page: its file, whose folder links are relative to.
        root: the repository.
        repository: its address on the web.

    Raises:
        MissingFile: a file that a link leads to does not exist.
    """

    def replaced(found: re.Match[str]) -> str:
        target = (page.parent / found[2]).resolve()
        if target.parent == page.parent and target.suffix == ".md":
            return found[0]
        if target.is_relative_to(page.parent / "pictures"):
            return found[0]  # made by the build
        if not target.is_relative_to(root) or not target.exists():
            raise MissingFile(f"{page}: {found[2]} does not exist")
        kind = "tree" if target.is_dir() else "blob"
        address = f"{repository}/{kind}/main/{target.relative_to(root)}{found[3] or ''}"
        return f"{found[1]}{address}{found[4]}"

    return _LINK.sub(replaced, text)
