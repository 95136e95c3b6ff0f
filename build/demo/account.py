"""The account: what was seen at each station of the road, as text for a person and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Dict, List, Union

Value = Union[str, int, float, bool, None]


@dataclass(frozen=True)
class Station:
    """One station: what was seen there, and whether the road goes on from it."""

    name: str
    passed: bool
    facts: Dict[str, Value] = field(default_factory=dict)
    pictures: List[str] = field(default_factory=list)


class Account:
    """What the walk saw; each station is written down as soon as it was left."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.stations: List[Station] = []

    @property
    def complete(self) -> bool:
        """Whether there are stations and every one was passed."""
        return bool(self.stations) and all(station.passed for station in self.stations)

    def add(self, station: Station) -> None:
        """Keep a station, on the disk too, and say it."""
        self.stations.append(station)
        text = json.dumps([asdict(one) for one in self.stations], ensure_ascii=False, indent=1)
        self._path.write_text(text + "\n", encoding="utf-8")
        print(station_text(len(self.stations), station), flush=True)


def station_text(number: int, station: Station) -> str:
    """Return a station as lines for a terminal."""
    mark = "passed" if station.passed else "NOT PASSED"
    lines = [f"{number:2}. {station.name}: {mark}"]
    lines += [f"      {name}: {_said(value)}" for name, value in station.facts.items()]
    lines += [f"      picture: {picture}" for picture in station.pictures]
    return "\n".join(lines)


def _said(value: Value) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", " ")
    return str(value)
