"""Sticks as screens and the command line see them: by the place where a stick is in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from client.laptop.sticks import consent
from client.laptop.sticks.account import StickAccount, failed
from client.laptop.sticks.visit import Cancel, Report, never, unheard, visit

if TYPE_CHECKING:
    from client.laptop.laptop import Laptop


class Sticks:
    """What one laptop does with sticks. Its methods belong on the executor."""

    def __init__(self, laptop: Laptop) -> None:
        self._laptop = laptop

    @property
    def consent(self) -> bool:
        """Whether this school's sticks are synced without a question."""
        return consent.consent(self._laptop.store)

    @consent.setter
    def consent(self, given: bool) -> None:
        consent.give_consent(self._laptop.store, given)

    def visit(self, root: Path, report: Report = unheard, cancel: Cancel = never) -> StickAccount:
        """Visit the stick that is in at ``root`` (`client.laptop.sticks.visit`)."""
        from sync.errors import StickError
        from sync.sticks.volume import find_stick

        try:
            volume = find_stick(root)
            if volume is None:
                raise StickError("stick-none", str(root))
        except StickError as error:
            return failed(error)
        return visit(self._laptop, volume, report, cancel)
