"""Two laptops that the same people share, and their school: what was written, who may read it.

The laptops, their databases and vaults and the server's services are the real ones; only stretching
is short and nobody waits. What was written is known here by its words.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Set

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import WorkId
from client.vaults.recovery import RecoveryCode
from client.vaults.secrets import Secret, pin
from sync.database import open_database
from sync.fields import to_text
from sync_server.people.school_rules import current_rules, tell_rules
from sync_server.records.own_journal import OwnJournal
from tests.simulation.machine import FusedConnection
from tests.support.power import Power, PowerCut
from tests.support.school import ADDRESS, MemoryRoad, School

PUPILS = ("Анна", "Болат")
TEACHER = "Сәуле"
PEOPLE = (*PUPILS, TEACHER)
LAPTOPS = ("one", "two")
PACK, LESSON = "algebra", "meaning"
TASKS = ("first", "second")
SHUT = ("vault-closed", "vault-missing", "not-a-teacher", "no-such-work")
RECOVERY = RecoveryCode.generate()


def fused(laptop: Laptop) -> FusedConnection:
    """The connection of a laptop's database, which can be cut."""
    connection = laptop.store.database.connection
    assert isinstance(connection, FusedConnection)
    return connection


def open_fused(path: Path, **options: Any) -> sqlite3.Connection:
    """Open a database as the programme does, with a connection that can be cut."""
    return open_database(path, **{**options, "factory": FusedConnection})


class Text(NamedTuple):
    """Words about one person, written once: ``shared`` with the teacher, or nobody else's."""

    words: str
    author: str
    shared: bool


class Desk:
    """A laptop, who sits there, and what lies on its disk."""

    def __init__(self, folder: Path, laptop: Laptop) -> None:
        self.folder = folder
        self.laptop = laptop
        self.works: Set[str] = set()
        self.drafts: Dict[str, Dict[str, str]] = {}


class Image(NamedTuple):
    """A copy of a disk."""

    folder: Path
    works: Set[str]
    drafts: Dict[str, Dict[str, str]]


class SharedWorld:
    """All of it, and what can happen to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.school = School(folder / "school")
        self._tell_recovery()
        self.road = MemoryRoad(self.school)
        self.texts: Dict[str, Text] = {}
        self.works: Set[str] = set()
        self.destroyed: Set[str] = set()
        self.secrets: Dict[str, List[Secret]] = {person: [] for person in PEOPLE}
        self.images: Dict[str, Image] = {}
        self._numbers = itertools.count(1)
        self.desks = {name: self._join(name) for name in LAPTOPS}
        self.ids = {person.name: person.id for person in self.desks["one"].laptop.people()}
        for name in LAPTOPS:
            self.take_image(name)

    def _tell_recovery(self) -> None:
        store, own_id = self.school.store, self.school.identity.public.device_id
        public = to_text(RECOVERY.public_key())
        with store.transaction() as transaction:
            journal = OwnJournal(transaction, own_id, self.school.clock)
            rules = replace(current_rules(transaction, own_id), recovery=public)
            assert tell_rules(transaction, journal, own_id, rules)

    def _join(self, name: str) -> Desk:
        folder = self.folder / name
        laptop = Laptop.open(folder, reach=self.road)
        laptop.enrol(ADDRESS, self.school.code(PUPILS, [TEACHER]), name)
        laptop.exchange()
        return Desk(folder, laptop)

    def close(self) -> None:
        for desk in self.desks.values():
            desk.laptop.close()
        self.school.close()

    def sitting(self, at: str) -> str:
        """The name of who sits at a laptop; empty where nobody does."""
        person = self.desks[at].laptop.vaults.sitting
        return next((name for name, one in self.ids.items() if one == person), "")

    # What people do

    def sit_down(self, at: str, name: str) -> None:
        """Unlock with whatever this person ever chose, or make a vault, or sit down without one."""
        vaults, person = self.desks[at].laptop.vaults, self.ids[name]
        if not vaults.kind(person):
            vaults.sit_down_open(person)
            return
        for secret in reversed(self.secrets[name]):
            with contextlib.suppress(LaptopError):
                vaults.open(person, secret)
                break
        assert vaults.sitting == person, f"{name} is locked out at {at}"

    def lock(self, at: str, name: str) -> None:
        """Choose a secret for the first time."""
        vaults, person = self.desks[at].laptop.vaults, self.ids[name]
        if not vaults.kind(person):
            vaults.create(person, self._new_secret(name))

    def change(self, at: str) -> None:
        """Choose another secret."""
        vaults, name = self.desks[at].laptop.vaults, self.sitting(at)
        if not name or not vaults.kind(self.ids[name]):
            return
        new = self._new_secret(name)
        for old in reversed(self.secrets[name][:-1]):
            with contextlib.suppress(LaptopError):
                vaults.change(self.ids[name], old, new)
                return
        raise AssertionError(f"no secret of {name} changes their vault at {at}")

    def reset(self, at: str, name: str) -> None:
        """Forget it: the teacher types the school's code."""
        vaults, person = self.desks[at].laptop.vaults, self.ids[name]
        if vaults.kind(person):
            vaults.reset(person, str(RECOVERY), self._new_secret(name))

    def guess(self, at: str, name: str) -> None:
        """Try what is not the secret."""
        vaults, person = self.desks[at].laptop.vaults, self.ids[name]
        if vaults.kind(person):
            before = vaults.sitting
            with contextlib.suppress(LaptopError):
                vaults.open(person, pin("00112233"))
            assert vaults.sitting in ("", before)

    def _new_secret(self, name: str) -> Secret:
        self.secrets[name].append(pin(f"{next(self._numbers):04d}27"))
        return self.secrets[name][-1]

    def type(self, at: str, task: str) -> None:
        """Type something and leave it there."""
        desk, name = self.desks[at], self.sitting(at)
        if name in PUPILS:
            words = self._words(name, shared=False)
            drafts = desk.drafts.setdefault(name, {})
            desk.laptop.save_draft(self.ids[name], PACK, LESSON, task, {"why": words})
            drafts[task] = words

    def hand_in(self, at: str, task: str) -> None:
        """Hand something in: from here on it must not be lost."""
        desk, name = self.desks[at], self.sitting(at)
        if name in PUPILS:
            words = self._words(name, shared=True)
            desk.laptop.hand_in(self.ids[name], PACK, LESSON, task, {"why": words}, "kk")
            desk.works.add(words)
            self.works.add(words)
            desk.drafts.get(name, {}).pop(task, None)

    def mark(self, at: str) -> None:
        """Mark what waits, with some words."""
        desk = self.desks[at]
        if self.sitting(at) == TEACHER:
            for work in desk.laptop.class_work(self.ids[TEACHER]).unmarked[:2]:
                author = next(name for name, one in self.ids.items() if one == work.person)
                words = self._words(author, shared=True)
                desk.laptop.give_mark(self.ids[TEACHER], work.id, 0, words)

    def _words(self, author: str, shared: bool) -> str:
        words = f"{author} жазды {next(self._numbers)}."
        self.texts[words] = Text(words, author, shared)
        return words

    # What befalls machines

    def sync(self, at: str) -> None:
        """Exchange work, whoever sits there."""
        assert self.desks[at].laptop.exchange().problem is None

    def take_image(self, at: str) -> None:
        """Copy a disk while the programme runs, as after a power cut."""
        desk = self.desks[at]
        folder = self.folder / f"image {next(self._numbers)} of {at}"
        shutil.copytree(desk.folder, folder)
        drafts = {name: dict(kept) for name, kept in desk.drafts.items()}
        self.images[at] = Image(folder, set(desk.works), drafts)

    def write_image(self, image: Image, at: str) -> None:
        """Put a copy back, or onto another laptop; what was nowhere else is gone."""
        desk = self.desks[at]
        desk.laptop.close()
        shutil.rmtree(desk.folder)
        shutil.copytree(image.folder, desk.folder)
        desk.works = set(image.works)
        desk.drafts = {name: dict(kept) for name, kept in image.drafts.items()}
        desk.laptop = Laptop.open(desk.folder, reach=self.road)
        on_disks = set().union(*(one.works for one in self.desks.values()))
        self.destroyed = self.works - on_disks - self.at_school()

    def pull_the_plug(self, at: str) -> None:
        """Go on with the disk as it is in this moment, without anything that closing would do."""
        kept = self.images[at]
        self.take_image(at)
        self.write_image(self.images[at], at)
        self.images[at] = kept

    def cut_off(self, at: str, statements: Optional[int], act: Callable[[], None]) -> None:
        """Do something, and pull the plug after so many statements to the database, or files."""
        desk = self.desks[at]
        with pytest.MonkeyPatch.context() as patch:
            if statements is not None and statements >= 0:
                fused(desk.laptop).fuse = statements
            elif statements is not None:
                Power(patch, -statements)
            try:
                act()
            except PowerCut:
                # What was under way may be there or not.
                desk.drafts.clear()
            fused(desk.laptop).fuse = None
        if statements is not None:
            self.pull_the_plug(at)

    # What is held to be true

    def at_school(self) -> Set[str]:
        """The words of all works that the school has."""
        return {answers["why"] for _, answers in self.school.submissions()}

    def readable(self, at: str) -> str:
        """All that the programme shows at a laptop now, of whomever one asks."""
        laptop = self.desks[at].laptop
        shown: List[object] = []
        for person in self.ids.values():
            shown += self._shown(lambda person=person: laptop.works(person))
            shown += self._shown(lambda person=person: laptop.progress(person))
            shown += self._shown(lambda person=person: laptop.class_work(person))
            for task in TASKS:
                key = (person, PACK, LESSON, task)
                shown += self._shown(lambda key=key: laptop.draft(*key))
        for work in self._work_ids(laptop):
            shown += self._shown(lambda work=work: laptop.work_detail(work))
        return repr(shown)

    @staticmethod
    def _shown(ask: Callable[[], object]) -> Iterator[object]:
        try:
            yield ask()
        except LaptopError as error:
            assert error.code in SHUT, error.code

    def _work_ids(self, laptop: Laptop) -> List[WorkId]:
        rows = laptop.store.database.connection.execute(
            "SELECT device, seq FROM sync_journal UNION SELECT device, seq FROM sync_inbox"
        )
        return [WorkId(str(device), int(seq)) for device, seq in rows]

    def nobody_reads_anothers(self) -> None:
        """Of people with a vault, only they and their teacher read what they wrote."""
        for at, desk in self.desks.items():
            shown, sitting = self.readable(at), self.sitting(at)
            for text in self.texts.values():
                locked = bool(desk.laptop.vaults.kind(self.ids[text.author]))
                theirs = sitting == text.author or (sitting == TEACHER and text.shared)
                if locked and not theirs:
                    assert text.words not in shown, f"{sitting or 'nobody'} reads {text} at {at}"

    def one_finds_ones_own(self, at: str) -> None:
        """Who sits down finds all works and drafts of theirs that lie there."""
        desk, name = self.desks[at], self.sitting(at)
        if name in PUPILS:
            shown = self.readable(at)
            mine = {words for words in desk.works if self.texts[words].author == name}
            for words in (*mine, *desk.drafts.get(name, {}).values()):
                assert words in shown, f"{name} does not find {words} at {at}"

    def settle(self) -> None:
        """Everybody sits down everywhere, and all laptops speak with the school."""
        for _ in range(2):
            for at in LAPTOPS:
                self.sync(at)
                for name in PEOPLE:
                    self.sit_down(at, name)
                    self.sync(at)
                self.desks[at].laptop.vaults.get_up()

    def all_work_counts_once(self) -> None:
        """What was handed in and not destroyed is at the school, and its author sees it, once."""
        required = self.works - self.destroyed
        assert required <= self.at_school()
        for at, desk in self.desks.items():
            for name in PUPILS:
                self.sit_down(at, name)
                works = desk.laptop.works(self.ids[name])
                seen = [str(desk.laptop.work_detail(one.id).answers["why"]) for one in works]
                mine = {words for words in required if self.texts[words].author == name}
                assert mine <= set(seen), f"{name} misses {mine - set(seen)} at {at}"
                assert len(seen) == len(set(seen)), f"{name} sees a work twice at {at}"
