"""Raised and lowered letters, as the client can draw them."""

from __future__ import annotations

import re
from dataclasses import replace

from content.documents.document import Span

_RAISED = str.maketrans("1234n", "¹²³⁴ⁿ")
"""Those that the client's font has; there are none that are lowered."""


def shifted(text: str, raised: bool, style: Span) -> Span:
    """Raised or lowered text: in letters of that kind if there are such, else as a formula."""
    inside = text.strip()
    if not inside:
        return replace(style, text=text)
    if raised and all(ord(letter) in _RAISED for letter in text):
        return replace(style, text=text.translate(_RAISED))
    sign = "^" if raised else "_"
    if re.fullmatch(r"[\d+\-−=()]+|[A-Za-z]", inside):
        return Span(f"{sign}{{{inside}}}", formula=True)
    if re.fullmatch(r"[\w+\-., ]+", inside) and "_" not in inside:
        return Span(f"{sign}{{\\text{{{inside}}}}}", formula=True)
    return replace(style, text=text)
