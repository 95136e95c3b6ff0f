"""Sticks to show: what is in, what visits and writing bring, both held up where a test looks."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from client.laptop.account import InstalledPack, ReceiptNote, SyncProgress
from client.laptop.errors import Fault
from client.laptop.problems import failure, problem_of
from client.laptop.sticks.account import StickAccount
from client.laptop.sticks.packing import PackOffer, Written
from client.laptop.sticks.seen import Kind, SeenStick
from client.messages import Message
from sync.errors import StickError

MB, GB = 1 << 20, 1 << 30
PUBLISHER = "9f" * 16

SCHOOL_STICK = SeenStick(
    Path("/media/keruen"),
    "МЕКТЕП 7А",
    Kind.OURS,
    11 * GB + 300 * MB,
    choice={PUBLISHER + "/algebra-7-linear": "all", PUBLISHER + "/biology-7-cell": "text"},
    serial="1",
    of_school=True,
)
LOCKED_STICK = SeenStick(
    Path("/media/locked"), "KINGSTON", Kind.OURS, 600 * MB, writable=False, serial="2"
)
NEW_STICK = SeenStick(Path("/media/new"), "FLASH 16", Kind.EMPTY, 14 * GB, serial="3")
SMALL_STICK = SeenStick(Path("/media/small"), "", Kind.EMPTY, 90 * MB, serial="4")


def unusable(code, root="/media/other", label="ESKI"):
    """A stick that cannot be used, with its reason."""
    return SeenStick(
        Path(root), label, Kind.UNUSABLE, problem=problem_of(StickError(code)), serial=code
    )


VISITED = StickAccount(
    Message("stick_page.take_out"),
    works_arrived=3,
    marks_came=1,
    records_received=4,
    receipt=ReceiptNote(4, 0),
    packs_installed=(InstalledPack("physics-7-motion", 2),),
    works_left=2,
    files_left=1,
)
CARRIED = replace(VISITED, files_came=4, letters_taken=12, letters_given=9, works_left=5)


class ShownSticks:
    """The sticks of the laptop in pictures.

    ``here`` are in; ``account`` is what a visit brings, ``problems`` what writing a root ends with.
    While ``hold`` is set, a visit or a writing waits in its middle.
    """

    def __init__(self, offers=()) -> None:
        self.here = ()
        self.consent = False
        self.account = VISITED
        self.problems = {}
        self.hold = threading.Event()
        self.hold.set()
        self.joined = lambda: None
        self.no_invitation = False
        self.enrolled = []
        self.prepared = []
        self.visited = []
        self.written = []
        self._offers = tuple(offers)
        self.bytes_per_s = 8_000_000

    def look(self, known=(), anew=()):
        return tuple(self.here)

    def prepare(self, root):
        self.prepared.append(root)
        self.here = tuple(
            replace(one, kind=Kind.OURS, of_school=True) if one.root == root else one
            for one in self.here
        )

    def enrol(self, root, code, laptop_name=""):
        self.enrolled.append((root, code))
        if self.no_invitation:
            raise failure("stick-no-invitation", Fault.YOUR_DATA)
        self.joined()

    def visit(self, root, report=lambda _: None, cancel=lambda: False):
        self.visited.append(root)
        report(SyncProgress(Message("stick_page.exchanging"), 14 * MB, 40 * MB))
        assert self._held(cancel)
        return self.account

    def offers(self):
        return self._offers

    def write(self, roots, wishes, report, called_off, ended):
        size_bytes = wishes.size_bytes(self._offers)
        for place, root in enumerate(roots):
            done_bytes = int(size_bytes * (0.62 - 0.27 * place))
            report(root, SyncProgress(Message("stick_page.writing"), done_bytes, size_bytes))
        assert self._held(lambda: all(called_off(root) for root in roots))
        for root in roots:
            self.written.append((root, dict(wishes.packs)))
            problem = problem_of(StickError(self.problems[root])) if root in self.problems else None
            ended(root, Written(tuple(wishes.packs), size_bytes, size_bytes, 40.0, problem))

    def _held(self, cancel):
        return any(self.hold.wait(0.01) or cancel() for _ in range(6000))


def shown_offers(cards):
    """An offer for each pack of these lessons, and one of another class."""
    packs = {}
    for card in cards:
        packs.setdefault(card.pack, []).append(card)
    for at, (pack, group) in enumerate(packs.items()):
        videos = sum(one.has_video for one in group)
        text = (2 + at) * MB
        yield PackOffer(
            PUBLISHER,
            pack,
            group[0].version,
            group[0].pack_title,
            group[0].subject,
            group[0].grade,
            len(group),
            {"text": text, "sound": text + 9 * MB * videos, "all": text + 48 * MB * videos},
            videos,
            sum(one.has_video and one.video_ready for one in group),
        )
    if packs:
        yield OLDER


OLDER = PackOffer(
    PUBLISHER,
    "chemistry-8-matter",
    1,
    {
        "kk": "Химия 8: заттар және олардың өзгеруі",
        "ru": "Химия 8: вещества и их превращения",
        "en": "Chemistry 8: matter and how it changes",
    },
    "chemistry",
    8,
    12,
    {"text": 6 * MB, "sound": 94 * MB, "all": 410 * MB},
    12,
    12,
)
"""A pack of another class."""
