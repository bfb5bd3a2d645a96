# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Build the documentation's site: `python -m docs.site OUTPUT` in the repository, or make docs.

The pages of docs/ are copied to a temporary folder, the generated ones are added, and Sphinx
builds it. Any warning fails the build.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from importlib.metadata import metadata
from pathlib import Path

from docs.site import api, boards, commands, links, metrics, pictures

ROOT = Path(__file__).resolve().parents[2]
GENERATED = {"api": api, "boards": boards, "commands": commands, "metrics": metrics}
"""Pages by name; each module has text()."""


def prepare(folder: Path) -> None:
    """Write everything that Sphinx reads into a folder."""
    urls = (one.split(", ") for one in metadata("zephyr-counters").get_all("Project-URL", ()))
    repository = dict(urls)["Source"]
    pages = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
    pages |= {f"{name}.md": module.text() for name, module in GENERATED.items()}
    for name, text in pages.items():
        shown = links.outward(text, ROOT / "docs" / name, ROOT, repository)
        (folder / name).write_text(shown, encoding="utf-8")
    shutil.copy(Path(__file__).with_name("conf.py"), folder)
    made = folder / "pictures"
    made.mkdir()
    # Linked as files, which Sphinx copies as they are.
    extra = folder / "extra/pictures"
    extra.mkdir(parents=True)
    for name, text in pictures.files():
        (made / name).write_text(text, encoding="utf-8")
        (extra / name).write_text(text, encoding="utf-8")


def main() -> int:
    """Build the site; return Sphinx's exit code."""
    from sphinx.cmd.build import main as sphinx

    parser = argparse.ArgumentParser(description="Build the documentation's site.")
    parser.add_argument("output", type=Path, help="folder for the site")
    parser.add_argument("--builder", default="html", help="Sphinx's builder, such as linkcheck")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        code: int = sphinx(
            ["-b", options.builder, "-W", "--keep-going", "-q", folder, str(options.output)]
        )
        return code


if __name__ == "__main__":
    sys.exit(main())
