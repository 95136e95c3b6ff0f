"""A visit of the doctor: every part of a laptop's folder in turn, the ground first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Optional, Tuple

from client.health.database import look_at_file, look_at_losses
from client.health.finding import Finding
from client.health.journal import look_at_work
from client.health.machine import (
    look_at_clock,
    look_at_disk,
    look_at_leftovers,
    look_at_resets,
)
from client.health.membership import look_at_membership
from client.health.packs import look_at_packs
from client.health.vaults import look_at_vaults
from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.people import membership as memberships
from client.laptop.problems import problem_of
from client.messages import Message
from sync.clock import Clock
from sync.finding import State


@dataclass(frozen=True)
class Visit:
    """What a visit found, and the language that the laptop's people chose, where one is known."""

    findings: Tuple[Finding, ...]
    language: str = ""

    @property
    def ill(self) -> Tuple[Finding, ...]:
        """What stays to be done."""
        return tuple(one for one in self.findings if one.state is State.ILL)

    @property
    def mendable(self) -> bool:
        """Tell whether another visit could mend something."""
        return any(one.mendable for one in self.findings)


def visit(folder: Path, *, mend: bool, clock: Optional[Clock] = None) -> Visit:
    """Look a laptop's folder over; mend what can be mended without losing anything.

    One part that cannot be looked at keeps nobody from looking at the others.
    """
    found: List[Finding] = []
    _part(found, "database", lambda: look_at_file(folder, mend))
    openable = all(one.state is not State.ILL for one in found)
    _part(found, "membership", lambda: look_at_membership(folder, mend))
    known = memberships.load(folder)
    people = known.people if known is not None else ()
    _part(found, "vaults", lambda: look_at_vaults(folder, people, mend))
    if not openable:
        return Visit(tuple(found))
    laptop = Laptop.open(folder, clock)
    try:
        _inside(found, laptop, mend)
        return Visit(tuple(found), laptop.preference("language"))
    finally:
        laptop.close()


def _inside(found: List[Finding], laptop: Laptop, mend: bool) -> None:
    store, library = laptop.store, laptop.library
    names = {one.id: one.name for one in laptop.people()}
    _part(found, "database", lambda: look_at_losses(store, lambda one: names.get(one, one)))
    if laptop.enrolled:
        _part(found, "work", lambda: look_at_work(store))
        _part(found, "resets", lambda: look_at_resets(store))
    _part(found, "packs", lambda: look_at_packs(store, library, mend))
    _part(found, "clock", lambda: look_at_clock(store))
    _part(found, "disk", lambda: look_at_disk(store, mend))
    _part(found, "leftovers", lambda: look_at_leftovers(store, mend))


def _part(found: List[Finding], check: str, look: Callable[[], List[Finding]]) -> None:
    try:
        found += look()
    except LaptopError as error:
        found.append(Finding(check, State.ILL, error.message, str(error)))
    except Exception as error:  # noqa: BLE001 - what is broken is what this looks at
        problem = problem_of(error, check)
        sentence = Message("doctor.unknown", {"said": problem.sentence})
        found.append(Finding(check, State.ILL, sentence, f"{type(error).__name__}: {error}"))
