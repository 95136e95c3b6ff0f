"""Loading the layout file that stands beside a module."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

HEADER = (
    "#:import palette client.theme.palette.palette\n"
    "#:import tokens client.theme.tokens\n"
    "#:import icons client.theme.icons\n"
)
"""Names that every layout may use."""


def load(module_file: str) -> None:
    """Load ``<module>.kv``, once, when its module is imported.

    Args:
        module_file: the module's ``__file__``.
    """
    path = Path(module_file).with_suffix(".kv")
    Builder.load_string(HEADER + path.read_text(encoding="utf-8"), filename=str(path))
