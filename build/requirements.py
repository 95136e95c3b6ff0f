"""Read the hash-locked requirements file and choose parts of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Collection, Dict, List, NamedTuple, Tuple

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)\s*(?:;\s*(?P<marker>[^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Pin(NamedTuple):
    """One `name==version` of a requirements file.

    `marker` is the text after the semicolon or empty, `sha256` the hex digests that are accepted
    and `text` the lines as they stood.
    """

    name: str
    version: str
    marker: str
    sha256: Tuple[str, ...]
    text: str


def normalised(name: str) -> str:
    """Return a distribution's name in the one spelling of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _blocks(text: str) -> List[str]:
    blocks: List[str] = []
    continued = False
    for line in text.splitlines():
        if continued:
            blocks[-1] += "\n" + line
        elif line.strip() and not line.lstrip().startswith("#"):
            blocks.append(line)
        continued = line.rstrip().endswith("\\")
    return blocks


def parse(text: str) -> Tuple[Pin, ...]:
    """Return the pins of a requirements file in its order.

    Raises ValueError, naming the line, for anything that is not an exact pin.
    """
    pins = []
    for block in _blocks(text):
        match = _PIN.match(block)
        if not match:
            raise ValueError(f"not an exact pin: {block.splitlines()[0]}")
        pins.append(
            Pin(
                normalised(match["name"]),
                match["version"],
                (match["marker"] or "").strip(),
                tuple(_HASH.findall(block)),
                block,
            )
        )
    return tuple(pins)


def read(path: Path) -> Tuple[Pin, ...]:
    """Return the pins of the file at `path`."""
    return parse(path.read_text(encoding="utf-8"))


def versions(pins: Collection[Pin]) -> Dict[str, str]:
    """Return name to version; for files whose pins carry no markers."""
    return {pin.name: pin.version for pin in pins}


def subset(pins: Collection[Pin], names: Collection[str]) -> str:
    """Return a requirements file with the pins of `names` alone, hashes and markers kept."""
    wanted = {normalised(name) for name in names}
    return "\n".join(pin.text for pin in pins if pin.name in wanted) + "\n"
