"""How commands answer: one JSON object for scripts, or lines for people."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Mapping


def print_json(value: Mapping[str, Any]) -> None:
    """Print one line of JSON at once: UTF-8 (RFC 8259), escapes where that cannot be."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not utf8), flush=True)


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number with what it counts: ``1 file``, ``2 files``."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def tell(options: argparse.Namespace, value: Mapping[str, Any], text: str) -> None:
    """Print the value where ``--json`` was given, else the text."""
    if options.json:
        print_json(value)
    else:
        print(text)
