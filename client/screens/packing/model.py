"""Which lessons go onto which sticks: what it takes, and how far it is. Imports no kivy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Collection, Dict, FrozenSet, Optional, Sequence, Set, Tuple

from client.executor import DESK, Outcome
from client.laptop.sticks.packing import ALL, PackOffer, Wishes, estimate_s
from client.laptop.sticks.seen import Kind, SeenStick
from client.laptop.syncing.link_words import megabytes, takes
from client.messages import Message
from client.porter import WRITE, Errand
from client.screens.model import ScreenModel, Session
from client.screens.sticks.model import BUSY, DONE, QUIET, READY, WRONG, share_of


@dataclass(frozen=True)
class PackRow:
    """A pack to choose."""

    offer: PackOffer
    words: Tuple[Message, ...]
    chosen: bool


@dataclass(frozen=True)
class StickRow:
    """A stick to write to: ``mood`` as on the sticks' page; ``choosable`` unless it cannot be."""

    stick: SeenStick
    words: Tuple[Message, ...]
    mood: str
    chosen: bool = False
    choosable: bool = True
    share: Optional[float] = None


class Model(ScreenModel):
    """``offers`` is None until the laptop's packs were counted, in the background."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._porter = session.at_hand()
        self._porter.listen(self._sticks_moved)
        self.offers: Optional[Tuple[PackOffer, ...]] = None
        self.level = ALL
        self._packs: Optional[FrozenSet[str]] = None
        self._picked: Dict[Path, bool] = {}
        self._porter.look()
        self.reload()

    def close(self) -> None:
        """Listen no more."""
        self._porter.forget(self._sticks_moved)
        self.session.executor.drop("offers")

    def reload(self) -> None:
        """Count the packs again."""
        sticks = self.session.laptop.sticks
        self.session.executor.submit("offers", sticks.offers, self._counted, lane=DESK)

    def _counted(self, outcome: Outcome[Any]) -> None:
        if outcome.value is not None and outcome.value != self.offers:
            self.offers = tuple(outcome.value)
            self.changed()

    def _sticks_moved(self) -> None:
        here = {stick.root for stick in self._porter.sticks}
        self._picked = {root: one for root, one in self._picked.items() if root in here}
        self.changed()

    @property
    def grades(self) -> Tuple[int, ...]:
        """The grades for which there are packs."""
        return tuple(sorted({one.grade for one in self.offers or () if one.grade}))

    @property
    def lit_grades(self) -> FrozenSet[int]:
        """The grades of which every pack is chosen."""
        missing = {one.grade for one in self.offers or () if one.key not in self.chosen}
        return frozenset(self.grades) - missing

    @property
    def everything(self) -> bool:
        """Whether every pack is chosen."""
        return bool(self.offers) and all(one.key in self.chosen for one in self.offers or ())

    @property
    def chosen(self) -> FrozenSet[str]:
        """The packs chosen: at first those that a stick here carries, else those of the class."""
        if self._packs is not None:
            return self._packs
        keys = {one.key for one in self.offers or ()}
        carried = {key for stick in self._porter.sticks for key in stick.choice or ()} & keys
        return frozenset(carried or self._of_class() or keys)

    def _of_class(self) -> FrozenSet[str]:
        person = self.session.person
        grades = grades_of(person.class_name if person else "")
        return frozenset(one.key for one in self.offers or () if one.grade in grades)

    @property
    def rows(self) -> Tuple[PackRow, ...]:
        """The packs, by grade as the laptop lists them."""
        offers = sorted(self.offers or (), key=lambda one: one.grade)
        return tuple(self._row(one) for one in offers)

    def _row(self, offer: PackOffer) -> PackRow:
        size = megabytes(offer.sizes_bytes[self.level])
        words = [Message("packing.pack", {"n": offer.lessons, "size": size})]
        if self.level == ALL and offer.videos_here < offer.videos:
            values = {"n": offer.videos_here, "of": offer.videos}
            words.append(Message("packing.missing", values))
        return PackRow(offer, tuple(words), offer.key in self.chosen)

    def toggle_pack(self, key: str) -> None:
        """Choose a pack, or not."""
        self._choose(self.chosen ^ {key})

    def toggle_grade(self, grade: int) -> None:
        """Choose all packs of a grade, or none of them."""
        of_grade = {one.key for one in self.offers or () if one.grade == grade}
        lit = grade in self.lit_grades
        self._choose(self.chosen - of_grade if lit else self.chosen | of_grade)

    def toggle_all(self) -> None:
        """Choose all packs, or none."""
        keys = frozenset(one.key for one in self.offers or ())
        self._choose(frozenset() if self.everything else keys)

    def _choose(self, keys: Collection[str]) -> None:
        self._packs = frozenset(keys)
        self.changed()

    def choose_level(self, level: str) -> None:
        """Choose how much of the packs goes along."""
        self.level = level
        self.changed()

    @property
    def wishes(self) -> Wishes:
        """What was chosen."""
        return Wishes(dict.fromkeys(sorted(self.chosen), self.level))

    @property
    def size_bytes(self) -> int:
        """How much was chosen."""
        return self.wishes.size_bytes(self.offers or ())

    @property
    def writing(self) -> bool:
        """Whether sticks are being written."""
        return any(one.act == WRITE for one in self._porter.running)

    @property
    def sticks(self) -> Tuple[StickRow, ...]:
        """The sticks that are in, and what is done with them."""
        rows = [self._stick(stick) for stick in self._porter.sticks]
        here = {stick.root for stick in self._porter.sticks}
        gone = [one for one in self._porter.errands if one.stick.root not in here]
        return (*rows, *(_told(one) for one in gone if one.act == WRITE))

    def _stick(self, stick: SeenStick) -> StickRow:
        errand = self._porter.errand(stick.root)
        if errand is not None and not errand.ended:
            return _told(errand)
        words = [Message("stick_page.free", {"size": megabytes(stick.free_bytes)})]
        if stick.problem is not None:
            return StickRow(stick, (stick.problem.sentence,), WRONG, choosable=False)
        if not stick.writable:
            words.append(Message("stick_page.locked"))
            return StickRow(stick, tuple(words), QUIET, choosable=False)
        chosen = self._picked.get(stick.root, errand is None and stick.kind is Kind.OURS)
        if errand is not None and errand.act == WRITE and not chosen:
            return _told(errand)
        short_bytes = self.size_bytes - self._there_bytes(stick) - stick.free_bytes
        if short_bytes > 0:
            words.append(Message("packing.too_small", {"size": megabytes(short_bytes)}))
            return StickRow(stick, tuple(words), WRONG, choosable=False)
        if stick.kind is Kind.EMPTY:
            words.append(Message("packing.new"))
        elif stick.choice:
            words.append(Message("stick_page.carries", {"n": len(stick.choice)}))
        return StickRow(stick, tuple(words), READY, chosen)

    def _there_bytes(self, stick: SeenStick) -> int:
        """How much of what is chosen lies on a stick already, as far as its choice tells."""
        kept = {key: level for key, level in (stick.choice or {}).items() if key in self.chosen}
        return min(self.size_bytes, Wishes(kept).size_bytes(self.offers or ()))

    def toggle_stick(self, root: Path) -> None:
        """Write to a stick, or not."""
        row = next((one for one in self.sticks if one.stick.root == root), None)
        if row is not None and row.choosable:
            self._picked[root] = not row.chosen
            self.changed()

    @property
    def targets(self) -> Tuple[SeenStick, ...]:
        """The sticks that would be written now."""
        return tuple(one.stick for one in self.sticks if one.chosen)

    @property
    def summary(self) -> Message:
        """How much it is and how long it takes, or what is still to be chosen."""
        if not self.chosen:
            return Message("packing.choose_packs")
        speed = self.session.laptop.sticks.bytes_per_s
        values = {
            "n": len(self.chosen),
            "size": megabytes(self.size_bytes),
            "time": takes(estimate_s(self.size_bytes, speed)),
        }
        return Message("packing.summary", values)

    @property
    def button(self) -> Message:
        """What the button says."""
        count = len(self.targets)
        return Message("packing.write", {"n": count}) if count else Message("packing.write_none")

    @property
    def hint(self) -> Message:
        """What to do before the button, or what will be kept."""
        missing = self.chosen and not self.targets and not self.writing and self._porter.sticks
        return Message("packing.choose_sticks" if missing else "packing.kept")

    @property
    def may_write(self) -> bool:
        """Whether the button may be pressed."""
        return bool(self.chosen and self.targets) and not self.writing

    def write(self) -> None:
        """Write to all sticks chosen, at once."""
        if self.may_write:
            targets = self.targets
            for stick in targets:
                self._picked.pop(stick.root, None)
            self._porter.write(targets, self.wishes)

    def cancel(self, root: Path) -> None:
        """End writing one stick."""
        self._porter.cancel(root)


def grades_of(class_name: str) -> FrozenSet[int]:
    """Return the grades that a class's name tells of; a small school's 1–4 in one room are four."""
    found: Set[int] = set()
    for first, last in re.findall(r"(\d{1,2})(?:\s*[-–—]\s*(\d{1,2}))?", class_name):
        found.update(range(int(first), int(last or first) + 1) or (int(first), int(last)))
    return frozenset(found)


def _told(errand: Errand) -> StickRow:
    """A stick with what is done with it, or was done."""
    stick, progress = errand.stick, errand.progress
    if not errand.ended:
        words = [Message("stick_page.writing" if errand.act == WRITE else "stick_page.exchanging")]
        if progress is not None and progress.total_bytes:
            done, total = megabytes(progress.done_bytes), megabytes(progress.total_bytes)
            words.append(Message("packing.done_of", {"done": done, "total": total}))
        return StickRow(stick, tuple(words), BUSY, choosable=False, share=share_of(errand))
    if errand.stopped:
        return StickRow(stick, (Message("stick_page.stopped"),), QUIET)
    if errand.failure is not None:
        return StickRow(stick, (errand.failure.sentence,), WRONG)
    return StickRow(stick, (Message("stick_page.take_out"), *_aside(errand)), DONE)


def _aside(errand: Errand) -> Sequence[Message]:
    return [one.sentence for one in errand.written.set_aside] if errand.written else []
