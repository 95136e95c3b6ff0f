"""What the person in charge should do now: decided from how the server stands."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple

from sync.errors import CODES, Fault
from sync.fleet import Change
from sync_server.pages.morning import DAY_MS, Line, Morning
from sync_server.pages.words import Words

LOW_BYTES = 5 << 30
LOW_SHARE = 0.05
BACKUP_DAYS = 14
SILENT_MS = 2 * DAY_MS
OFTEN = 2
"""A laptop that was set back once in two weeks was perhaps mended; more often, it is a rule."""
_BUDGETS = {"link-budget-day": "budget_day", "link-budget-month": "budget_month"}


class Advice(NamedTuple):
    """A sentence by its key in the words, and what it names; sizes are in bytes."""

    key: str
    values: Dict[str, Any]


def advise(morning: Morning) -> List[Advice]:
    """Return what is to be done, the most urgent first; nothing where all is well."""
    found: List[Advice] = []
    low = min(LOW_BYTES, int(morning.total_bytes * LOW_SHARE))
    if morning.free_bytes < low:
        found.append(Advice("disk", {"free": morning.free_bytes}))
    for line in morning.lines:
        found += _about(line, morning.now_ms)
    for told in morning.happened:
        if told.change is Change.SET_BACK and told.count >= OFTEN:
            found.append(Advice("set_back", {"name": told.laptop}))
    if morning.backup_days is None or morning.backup_days > BACKUP_DAYS:
        found.append(Advice("backup", {"data": morning.data}))
    if morning.away:
        found.append(Advice("away", {}))
    return list({one.key + str(one.values): one for one in found}.values())


def written(words: Words, values: Mapping[str, Any]) -> Dict[str, Any]:
    """Return what an advice names as it is written in a language."""
    return {name: words.size(one) if name == "free" else one for name, one in values.items()}


def is_fault(code: str) -> bool:
    """Tell whether something else than the link ended a turn: trying again alone does not help."""
    kind = CODES.get(code)
    return kind is not None and kind.fault is not Fault.LINK


def _about(line: Line, now_ms: int) -> List[Advice]:
    found: List[Advice] = []
    if line.last_contact_ms is None:
        found.append(Advice("never", {"name": line.name, "address": line.address}))
    elif is_fault(line.night.code):
        named = {"name": line.name, "address": line.address, "code": line.night.code}
        found.append(Advice("fault", named))
    elif line.night.code or now_ms - line.last_contact_ms > SILENT_MS:
        found.append(Advice("unreachable", {"name": line.name}))
    if line.missing:
        found.append(Advice("lessons", {}))
    if line.night.held in _BUDGETS and line.night.missing:
        found.append(Advice(_BUDGETS[line.night.held], {}))
    if line.refused:
        found.append(Advice("refused", {"name": line.name, "n": line.refused}))
    return found
