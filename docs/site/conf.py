# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Configuration of Sphinx; docs/site/__main__.py puts it beside the pages."""

from zephyr_counters import __version__

project = "zephyr-counters"
copyright = "2026 zephyr-counters contributors"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings = ["misc.highlighting_failure"]  # the second word after a fence is for tests

autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # else attributes of protocols are described twice

html_theme = "furo"
html_title = "zephyr-counters"
html_extra_path = ["extra"]
