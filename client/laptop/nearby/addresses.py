"""Under which addresses the school's server is tried, one after the other.

What lies in the school's own network comes first, since it costs nothing and is fast; then what
somebody typed, then where the laptop was enrolled. An address that was merely found counts only
after the server there has answered an exchange that opened with our own server's key.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Callable, Dict, Iterable, Iterator, NamedTuple, Optional, Tuple

from client.laptop.account import Problem, SyncAccount
from client.laptop.errors import Fault
from client.laptop.nearby.nearby import Nearby
from client.laptop.nearby.typed_addresses import as_kept, kept_addresses
from client.laptop.problems import problem_of
from client.laptop.store import Store
from sync.errors import EnrolmentError, LinkError
from sync.roads.address import server_address

HERE = "server.here"
"""The setting that keeps where the server answered last in a network of ours."""
TYPED = "server.addresses"
MOST_FOUND = 3
"""Of those who say that they are our server so many are asked in one go."""
REFUSED_S, LONGEST_REFUSED_S = 600.0, 6 * 3600.0
MOST_REFUSED = 64
_STAYS = frozenset({"sync-busy", "cancelled", "disk-full", "disk-failed", "disk-error"})
"""What ended a try and has nothing to do with where."""


class Candidate(NamedTuple):
    """An address to try. ``near``: in a network of ours; ``proven``: our server answered there."""

    url: str
    near: bool
    proven: bool


def is_elsewhere(problem: Optional[Problem], candidate: Candidate, carries: bool) -> bool:
    """Tell whether another address is to be tried after this one ended with a problem.

    Who answers wrongly in a network of ours may be anybody. ``carries`` tells that objects were
    carried: those are verified one by one, so there only a link that failed is a reason.
    """
    if problem is None or problem.code in _STAYS:
        return False
    if problem.fault is Fault.LINK:
        return True
    return candidate.near and not carries and problem.fault is not Fault.BUG


def after(earlier: SyncAccount, later: SyncAccount) -> SyncAccount:
    """Count in what was done over an address that failed in the end."""
    return replace(
        later,
        requests=earlier.requests + later.requests,
        sent_bytes=earlier.sent_bytes + later.sent_bytes,
        received_bytes=earlier.received_bytes + later.received_bytes,
        records_sent=earlier.records_sent + later.records_sent,
        records_received=earlier.records_received + later.records_received,
        receipt=later.receipt or earlier.receipt,
        packs_installed=(*earlier.packs_installed, *later.packs_installed),
        notice=later.notice or earlier.notice,
        borrowed_bytes=earlier.borrowed_bytes + later.borrowed_bytes,
    )


def unbelieved(tried: SyncAccount, before: Optional[SyncAccount]) -> SyncAccount:
    """Tell of somebody who was found and is not our server what is true: ours did not answer."""
    if before is not None:
        return replace(tried, problem=before.problem, sentence=before.sentence, held=before.held)
    problem = problem_of(LinkError("link-unreachable", "only others were found"))
    return replace(tried, problem=problem, sentence=problem.sentence)


class Addresses:
    """The addresses of one laptop's server, kept over a restart. For any number of threads."""

    def __init__(
        self, store: Store, nearby: Nearby, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._nearby = nearby
        self._monotonic = monotonic
        self._refused: Dict[str, Tuple[float, float]] = {}

    @property
    def typed(self) -> Tuple[str, ...]:
        """The addresses that somebody typed, beside the one of enrolment."""
        return kept_addresses(self._store, TYPED)

    @property
    def enrolled(self) -> str:
        """Where the laptop was enrolled; empty where that was by a stick.

        Raises LaptopError ``not-enrolled``.
        """
        address = self._store.enrolled().address
        try:
            return server_address(address) if address else ""
        except EnrolmentError:
            return address

    @property
    def here(self) -> str:
        """Where the server answered last in a network of ours; empty where it never did."""
        return self._store.setting(HERE)

    @property
    def known(self) -> bool:
        """Whether any address is known; without one, only who is found and sticks are left."""
        return bool(self.enrolled or self.typed or self.here)

    def use(self, typed: Iterable[str]) -> None:
        """Try these addresses from the next sync on, and no others that were typed before.

        Raises LaptopError ``address-invalid``, and changes nothing then.
        """
        self._store.keep_settings({TYPED: as_kept(typed), HERE: ""})

    def candidates(self) -> Iterator[Candidate]:
        """Give the addresses to try; nobody is looked for before the ones that are known fail."""
        told = (*self.typed, self.enrolled)
        known = [one for one in dict.fromkeys((self.here, *told)) if one]
        near = [one for one in known if self._nearby.is_near(one)]
        yield from (Candidate(one, True, True) for one in near)
        for url in self._found():
            if url not in known:
                yield Candidate(url, True, False)
        for url in dict.fromkeys(told):
            if url and url not in near:
                yield Candidate(url, False, True)

    def answered(self, candidate: Candidate) -> None:
        """Note that our server answered there: it is tried first from now on, where it is near."""
        self._refused.pop(candidate.url, None)
        if candidate.near and self.here != candidate.url:
            self._store.keep_settings({HERE: candidate.url})

    def failed(self, candidate: Candidate) -> None:
        """Note that nobody answered there, or somebody else."""
        if candidate.proven:
            return
        _, wait_s = self._refused.pop(candidate.url, (0.0, REFUSED_S / 2))
        wait_s = min(LONGEST_REFUSED_S, 2 * wait_s)
        self._refused[candidate.url] = (self._monotonic() + wait_s, wait_s)
        while len(self._refused) > MOST_REFUSED:
            del self._refused[next(iter(self._refused))]

    def _found(self) -> Tuple[str, ...]:
        now_s = self._monotonic()
        found = [
            url
            for url in self._nearby.servers(self._store.server().device_id)
            if self._nearby.is_near(url) and self._refused.get(url, (0.0, 0.0))[0] <= now_s
        ]
        return tuple(found[:MOST_FOUND])
