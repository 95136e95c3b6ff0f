"""How sending stands, in plain words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional, Tuple

from client.laptop.account import SyncAccount, SyncProgress, SyncStatus
from client.laptop.packs.lessons import LessonCard, Text
from client.laptop.schoolwork.works import Station, Work
from client.laptop.syncing.link_words import megabytes, speed, takes
from client.messages import Message
from client.messages.moment import Moment
from client.screens.model import ScreenModel, Session
from client.screens.plan import by_pack
from client.screens.send import link_choices

KB, MB = 1024, 1024 * 1024
PHOTO_BYTES = 2 * MB
"""A photograph from a telephone: what people know the price of."""
WORKS_SHOWN = 4
PACK_STATIONS = ("published", "at_school", "on_laptop")


@dataclass(frozen=True)
class PackRoad:
    """A pack on its way: how many of ``PACK_STATIONS`` lie behind it, and what is still to come."""

    title: Text
    passed: int
    lessons: int
    videos_coming: int


def size(size_bytes: int) -> Message:
    """Say a number of bytes as people do."""
    if size_bytes < KB:
        return Message("send.size.bytes", {"n": size_bytes})
    if size_bytes < MB:
        return Message("send.size.kb", {"n": round(size_bytes / KB, 1)})
    return Message("send.size.mb", {"n": round(size_bytes / MB, 1)})


def compared(total_bytes: int) -> Message:
    """Compare a number of bytes with a photograph."""
    if total_bytes * 2 < PHOTO_BYTES:
        return Message("send.less_than_photo", {"n": max(2, PHOTO_BYTES // max(1, total_bytes))})
    return Message("send.photos", {"n": max(1, round(total_bytes / PHOTO_BYTES))})


class Model(ScreenModel):
    """The status, what waits, the packs' roads and the last account."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        session.courier.listen(self._courier_moved)
        self.reload()

    def _courier_moved(self) -> None:
        if self.session.courier.running:
            self.changed()

    def reload(self) -> None:
        """Read the laptop again."""
        laptop, person = self.session.laptop, self.session.person
        self.status: SyncStatus = laptop.status()
        works = laptop.works(person.id) if person else ()
        self.waiting: Tuple[Work, ...] = tuple(
            work for work in works if work.station < Station.SCHOOL and not work.replaced
        )
        self.packs: Tuple[PackRoad, ...] = tuple(
            _road(cards) for cards in by_pack(laptop.lessons()).values()
        )
        self.changed()

    def close(self) -> None:
        """Listen no more."""
        self.session.courier.forget(self._courier_moved)

    @property
    def running(self) -> bool:
        """Whether a try is under way."""
        return self.session.courier.running

    @property
    def may_send(self) -> bool:
        """Whether work can be sent now: a video that comes does not stand in its way."""
        laptop, courier = self.session.laptop, self.session.courier
        return laptop.enrolled and not courier.exchanging and not self.paused

    @property
    def happening(self) -> Message:
        """What happens, or why nothing happens."""
        progress = self.progress
        if progress is not None:
            return self._to_come(progress) or Message("send.go_on_working")
        if self.running:
            return Message("send.go_on_working")
        wait_s = self.session.courier.next_try_in_s
        return self.session.laptop.happening(wait_s).sentence

    def _to_come(self, progress: SyncProgress) -> Optional[Message]:
        """Say how much of what comes now is missing, and how long that takes on this link."""
        left_bytes = progress.total_bytes - progress.done_bytes
        duration_s = self.session.laptop.link.duration_s(left_bytes)
        if left_bytes <= 0 or duration_s is None:
            return None
        return Message("link.left", {"size": size(left_bytes), "time": takes(duration_s)})

    @property
    def link_rows(self) -> Tuple[link_choices.Row, ...]:
        """The rules of the link and their choices."""
        return link_choices.rows(self.session.laptop.link.rules)

    @property
    def link_lines(self) -> Tuple[Message, ...]:
        """What was used of the link, and what it does."""
        link = self.session.laptop.link
        day, usage = link.now().day, link.usage
        used = {
            "day": megabytes(usage.day_bytes(day)),
            "month": megabytes(usage.month_bytes(day)),
        }
        lines = [Message("link.used", used)]
        if not link.rules.quiet_outside:
            lines.insert(0, Message("send.link.work_first"))
        if link.measure.bytes_per_s:
            lines.append(Message("link.speed", {"speed": speed(link.measure.bytes_per_s)}))
        return tuple(lines)

    @property
    def paused(self) -> bool:
        """Whether somebody stopped all sending."""
        return self.session.laptop.link.rules.paused

    def choose_rule(self, name: str, value: str) -> None:
        """Set one rule of the link."""
        link = self.session.laptop.link
        link.set_rules(link_choices.chosen(link.rules, name, value))
        self.changed()

    def pause_or_resume(self) -> None:
        """Stop all sending, or go on."""
        link = self.session.laptop.link
        link.set_rules(replace(link.rules, paused=not link.rules.paused))
        if not link.rules.paused:
            self.session.courier.work_waits()
        self.changed()

    @property
    def progress(self) -> Optional[SyncProgress]:
        """How far a running try is."""
        return self.session.courier.progress if self.running else None

    @property
    def account(self) -> Optional[SyncAccount]:
        """What the last try did, if there was one since the programme was opened."""
        return self.session.courier.account

    @property
    def mood(self) -> str:
        """``sending``, ``waiting``, ``received`` or ``quiet``: the picture beside the sentence."""
        if self.running:
            return "sending"
        if self.status.waiting:
            return "waiting"
        return "received" if self.status.last_received_ms else "quiet"

    @property
    def reassurance(self) -> Optional[Message]:
        """Who has to do what: nobody anything."""
        if self.running or self.paused:
            return None
        return Message("send.by_itself" if self.status.waiting else "send.nothing_to_do")

    @property
    def last_contact(self) -> Optional[Message]:
        """When the school last answered."""
        at = self.status.last_received_ms
        return Message("send.last_contact", {"time": Moment(at)}) if at else None

    @property
    def account_lines(self) -> Tuple[Message, ...]:
        """The last try's account, in humane words."""
        account = self.account
        if account is None:
            return ()
        if account.problem is not None and not account.received_bytes:
            return (Message("send.account.no_answer"),)
        both = account.sent_bytes + account.received_bytes
        moved = {"sent": size(account.sent_bytes), "received": size(account.received_bytes)}
        works = {"sent": account.records_sent, "received": account.records_received}
        return (
            Message("send.account.works", works),
            Message("send.account.bytes", moved),
            compared(both),
        )

    @property
    def held(self) -> Tuple[Message, ...]:
        """Why something was left for later, each reason once."""
        account = self.account
        if account is None:
            return ()
        reasons = [one.sentence for one in account.left]
        reasons += [account.held] if account.held and account.held not in reasons else []
        return tuple(reasons)

    def send_now(self) -> None:
        """Try at once."""
        self.session.courier.send_now()

    def when(self, work: Work) -> Message:
        """Say when a waiting work was handed in."""
        return Message("send.handed_in", {"time": Moment(work.handed_in_ms)})


def _road(cards: Tuple[LessonCard, ...]) -> PackRoad:
    """Tell where a pack is: its text is here as soon as its lessons are listed."""
    coming = sum(card.has_video and not card.video_ready for card in cards)
    return PackRoad(cards[0].pack_title, 2 if coming else 3, len(cards), coming)
