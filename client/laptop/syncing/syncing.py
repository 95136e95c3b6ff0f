"""Syncing in two halves that may run at the same time: work, and objects.

Work is small and urgent: an exchange of records. Objects are large and can wait: attachments up,
lessons down. Each half has a lock of its own between programmes and threads, so that a pupil's
answers never wait for a video. `Syncing.run` does one after the other.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Callable, List, Mapping, Optional, Sequence

from client.laptop.account import (
    Happening,
    Left,
    Problem,
    SyncAccount,
    SyncProgress,
    SyncStatus,
)
from client.laptop.attaching.sending import carry_attachments
from client.laptop.errors import Fault
from client.laptop.machine.recovering import last_notice
from client.laptop.nearby.addresses import (
    Addresses,
    Candidate,
    after,
    is_elsewhere,
    unbelieved,
)
from client.laptop.nearby.borrowing import borrow, is_wanting, wanted_tags, with_borrowed
from client.laptop.nearby.nearby import NOBODY, Nearby
from client.laptop.nearby.sources import Sources
from client.laptop.packs.library import Library
from client.laptop.problems import failure, problem_of, sentence_for
from client.laptop.road import Road, several_at_once, shorten, to_neighbour
from client.laptop.schoolwork.standing import standing, waiting
from client.laptop.sticks.bag import post
from client.laptop.sticks.bag_files import carry_bag_files
from client.laptop.storage import quarantine
from client.laptop.store import Store
from client.laptop.syncing import exchanging
from client.laptop.syncing.happening import OBJECTS_LEFT, gather, happening, left_for_room
from client.laptop.syncing.link import Link, Ride
from client.laptop.syncing.under_way import OBJECTS_LOCK, WORK_LOCK, Noting, until_stick
from client.messages import Message
from sync.errors import SyncError
from sync.link.policy import Reason
from sync.link.rules import Value
from sync.lock import Busy, held
from sync.roads.right_of_way import GivingWay, RightOfWay

OBJECTS_PROBLEM = "objects.problem"
HELD_CODES = frozenset(reason.value for reason in Reason)
"""What the rules of the link leave for later: nothing has failed."""

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]
Half = Callable[[Road, Ride, Report, Cancel], SyncAccount]


class Syncing:
    """Syncs one laptop, and tells how things stand between syncs."""

    def __init__(
        self,
        store: Store,
        library: Library,
        reach: Callable[[str], Road],
        link: Link,
        nearby: Nearby = NOBODY,
        lend: Callable[[str], Road] = to_neighbour,
    ) -> None:
        self._store = store
        self._library = library
        self._reach = reach
        self._link = link
        self._right_of_way = RightOfWay()
        self._sources = Sources(store)
        self._nearby = nearby
        self._lend = lend
        self._addresses = Addresses(store, nearby)
        self._away = False

    def status(self) -> SyncStatus:
        """Read how things stand from the database."""
        membership = self._store.membership
        if membership is None or not membership.enrolled:
            return SyncStatus(0, None, None, Message("status.never"))
        attempt = self._store.setting("sync.attempt_ms")
        receipt = self._store.journal().last_receipt()
        return SyncStatus(
            waiting=waiting(self._store),
            last_received_ms=receipt.time_ms if receipt else None,
            last_attempt_ms=int(attempt) if attempt else None,
            sentence=standing(self._store),
            problem=self._problem(),
            set_aside=quarantine.listing(self._store.database.connection),
            notice=last_notice(self._store),
        )

    def happening(self, next_try_s: Optional[float]) -> Happening:
        """Say what happens, or why nothing happens."""
        membership = self._store.membership
        enrolled = membership is not None and membership.enrolled
        problem = self._problem() if enrolled else None
        return happening(gather(self._store, self._library, self._link, problem, next_try_s))

    def _problem(self) -> Optional[Problem]:
        """Give what the last try ended with: of work, or else of objects."""
        problems = (self._store.setting(name) for name in ("sync.problem", OBJECTS_PROBLEM))
        return next((_problem_from(text) for text in problems if text), None)

    def run(self, report: Report, cancel: Cancel) -> SyncAccount:
        """Exchange work, then carry objects, over one road."""
        account = self._try_all(self._both, report, cancel)
        return self._attended(self._borrowed(account, report, cancel))

    def exchange(self, report: Report, cancel: Cancel) -> SyncAccount:
        """Exchange work only. A second exchange at the same time is turned away."""
        account = self._try_all(self._exchange, report, cancel)
        if self._away and is_wanting(self._store) and self._nearby.lenders(()):
            account = replace(account, may_borrow=True)
        return self._attended(account)

    def carry(self, report: Report, cancel: Cancel) -> SyncAccount:
        """Carry objects only: what the server announced last, and what was left unfinished."""
        # When the exchange just before found nobody, only neighbours are left to be asked.
        away = self._away
        # A slow neighbour is no reason to let the server wait that has come back meanwhile.
        to_stop = (lambda: cancel() or not self._away) if away else cancel
        account = (
            SyncAccount(standing(self._store))
            if away
            else self._try_all(self._carry, report, cancel)
        )
        return self._attended(self._borrowed(account, report, to_stop, away))

    def _attended(self, account: SyncAccount) -> SyncAccount:
        self._nearby.attend()
        return account

    def _try_all(self, half: Half, report: Report, cancel: Cancel) -> SyncAccount:
        """Do it over the first address where our server answers; note how that went."""
        account: Optional[SyncAccount] = None
        carries = half == self._carry
        for one in self._addresses.candidates():
            if carries and not one.proven:
                continue
            tried = self._over_road(one, half, report, cancel)
            elsewhere = is_elsewhere(tried.problem, one, carries)
            if elsewhere and not one.proven:
                tried = unbelieved(tried, account)
            account = tried if account is None else after(account, tried)
            if not elsewhere:
                if account.problem is None and account.held is None and not carries:
                    self._addresses.answered(one)
                break
            self._addresses.failed(one)
        if account is None:
            # It joined by a stick, and nobody has told where the server is.
            return SyncAccount(standing(self._store), held=Message("link.now.by-stick"))
        if not carries and account.held is None:
            problem = account.problem
            self._away = problem is not None and problem.fault is Fault.LINK
            if problem is None or problem.code != "sync-busy":
                self._note(problem)
        return account

    def _over_road(
        self, candidate: Candidate, half: Half, report: Report, cancel: Cancel
    ) -> SyncAccount:
        try:
            road = self._reach(candidate.url)
        except SyncError as error:
            return _failed(problem_of(error))
        if candidate.near:
            shorten(road, candidate.proven)
        ride = self._link.ride(road, candidate.near)
        try:
            verdict = ride.verdict(Value.WORK)
            if verdict.reason is not None:
                return SyncAccount(verdict.reason, held=verdict.reason)
            account = half(road, ride, report, ride.watch(cancel))
            return replace(
                account,
                requests=road.requests,
                sent_bytes=road.sent_bytes,
                received_bytes=road.received_bytes,
            )
        except OSError as error:
            return _failed(problem_of(error))
        finally:
            ride.settle()
            road.close()

    def _borrowed(
        self, account: SyncAccount, report: Report, cancel: Cancel, away: bool = False
    ) -> SyncAccount:
        """Have from neighbours what no other road gives now."""
        problem = account.problem
        no_road = away or account.held or (problem and problem.fault is Fault.LINK)
        if not (no_road or account.left) or cancel() or self._link.rules.paused:
            return account
        with contextlib.ExitStack() as stack:
            lenders = self._lenders(stack)
            if not lenders:
                return account
            noting = stack.enter_context(contextlib.closing(Noting(self._store, report)))
            try:
                stack.enter_context(held(self._store.folder / OBJECTS_LOCK))
            except Busy:
                return account
            cancel = until_stick(self._store, cancel)
            found = borrow(self._store, self._library, lenders, noting, cancel)
        return with_borrowed(account, found, is_wanting(self._store))

    def _lenders(self, stack: contextlib.ExitStack) -> List[Road]:
        """Give roads to neighbours who lend, as long as something is wanted of them."""
        if not is_wanting(self._store):
            return []
        urls = self._nearby.lenders(wanted_tags(self._store))
        return [stack.enter_context(contextlib.closing(self._lend(url))) for url in urls]

    def _both(self, road: Road, ride: Ride, report: Report, cancel: Cancel) -> SyncAccount:
        account = self._exchange(road, ride, report, cancel)
        problem = account.problem
        if problem is not None and (problem.fault is Fault.LINK or problem.code == "sync-busy"):
            return account
        carried = self._carry(road, ride, report, cancel)
        if carried.problem is not None and carried.problem.code == "sync-busy":
            # Somebody fetches already; the work went through.
            return account
        return replace(
            account,
            held=carried.held,
            packs_installed=carried.packs_installed,
            set_aside=(*account.set_aside, *carried.set_aside),
            problem=account.problem or carried.problem,
            left=carried.left,
            borrowed_bytes=carried.borrowed_bytes,
        )

    def _exchange(self, road: Road, _: Ride, report: Report, cancel: Cancel) -> SyncAccount:
        try:
            with held(self._store.folder / WORK_LOCK), self._right_of_way.first():
                account = exchanging.exchange(self._store, road, report, cancel)
                if account.problem is None:
                    account = self._with_letters(account, road, cancel)
                return account
        except Busy:
            return _busy()

    def _with_letters(self, account: SyncAccount, road: Road, cancel: Cancel) -> SyncAccount:
        """Post the letters that this laptop carries for others, after its own work."""
        posted = post(self._store, road, cancel)
        problem = posted.problem
        return replace(
            account,
            sentence=problem.sentence if problem else account.sentence,
            letters_posted=posted.count,
            problem=problem,
            set_aside=(*account.set_aside, *posted.refused),
        )

    def _carry(self, road: Road, ride: Ride, report: Report, cancel: Cancel) -> SyncAccount:
        from client.laptop.syncing.supply import Supply

        cancel = until_stick(self._store, cancel)
        try:
            pace, noting = GivingWay(self._right_of_way, ride), Noting(self._store, report)
            with held(
                self._store.folder / OBJECTS_LOCK
            ), contextlib.ExitStack() as stack, contextlib.closing(noting):
                sources = [self._reach(one) for one in self._sources.addresses]
                lenders = self._lenders(stack)
                ahead = stack.enter_context(several_at_once(road, pace, sources, lenders))
                ride.verdict(Value.WORK)
                files = carry_attachments(self._store, road, noting, cancel).and_then(
                    lambda: carry_bag_files(self._store, road, noting, cancel)
                )
                if files.problem is not None:
                    aside = tuple(files.set_aside)
                    return SyncAccount(
                        standing(self._store), problem=files.problem, set_aside=aside
                    )
                forbidden = ride.reason(Value.TEXT)
                if forbidden is not None:
                    return SyncAccount(
                        standing(self._store), set_aside=tuple(files.set_aside), held=forbidden
                    )
                supply = Supply(self._store, self._library, ahead, noting, cancel, ride.reason)
                delivery = supply.run(exchanging.announced(self._store))
                held_up = delivery.problem is not None and delivery.problem.code in HELD_CODES
                self._note_objects(delivery.problem, delivery.left)
                return SyncAccount(
                    sentence=standing(self._store),
                    packs_installed=tuple(delivery.installed),
                    set_aside=(*files.set_aside, *delivery.set_aside, *_blamed(ahead)),
                    problem=None if held_up else delivery.problem,
                    held=ride.reason(Value.MEDIA) if held_up else None,
                    left=delivery.left,
                    borrowed_bytes=sum(one.received_bytes for one in lenders),
                )
        except Busy:
            return _busy()

    def _note(self, problem: Optional[Problem]) -> None:
        now_ms = str(self._store.now_ms())
        values = {
            "sync.attempt_ms": now_ms,
            "sync.problem": json.dumps(problem.as_json()) if problem else "",
        }
        if problem is None or problem.fault is not Fault.LINK:
            values["sync.answered_ms"] = now_ms
        self._store.keep_settings(values)

    def _note_objects(self, problem: Optional[Problem], left: Sequence[Left]) -> None:
        """Keep what objects wait for, for `happening` in whichever programme.

        The link's failures are told by the exchanges, which are tried more often.
        """
        kept = problem is not None and problem.fault is not Fault.LINK
        values = {
            OBJECTS_PROBLEM: json.dumps(problem.as_json()) if problem and kept else "",
            OBJECTS_LEFT: left_for_room(left),
        }
        if any(self._store.setting(name) != value for name, value in values.items()):
            self._store.keep_settings(values)


def _blamed(ahead: Road) -> Sequence[Problem]:
    """Name the further sources that were given up."""
    blamed: Mapping[str, SyncError] = getattr(ahead, "blamed", {})
    return [problem_of(error, address) for address, error in blamed.items()]


def _failed(problem: Problem) -> SyncAccount:
    return SyncAccount(problem.sentence, problem=problem)


def _busy() -> SyncAccount:
    return _failed(problem_of(failure("sync-busy", Fault.YOUR_DATA)))


def _problem_from(text: str) -> Optional[Problem]:
    if not text:
        return None
    values = json.loads(text)
    sentence = sentence_for(values["code"], values["subject"])
    fault = Fault(values["fault"])
    return Problem(values["code"], fault, values["subject"], sentence, values["detail"])
