"""What somebody knows who saw everything: what was saved, and what was destroyed with its disks."""

from __future__ import annotations

from typing import Callable, Dict, FrozenSet, NamedTuple, Sequence, Set

from sync.journals.branch import fact_digest, original
from sync.record import Record
from tests.simulation.host import Host
from tests.simulation.machine import Laptop


class Fact(NamedTuple):
    """Where a fact was first written, by whom, and of what kind."""

    device: str
    seq: int
    person: str
    kind: str


class Oracle:
    """Keeps a fact for whatever the screen called saved.

    A fact is destroyed when every disk that held it was wiped before any server had it, or when a
    server that alone had it went back to a backup. Nobody can be asked for those; all others must
    be there in the end. ``carried`` tells which facts a stick can still bring back.
    """

    def __init__(self) -> None:
        self.written: Dict[bytes, Fact] = {}
        self.destroyed: Set[bytes] = set()
        self._only_at_servers: Set[bytes] = set()
        self.carried: Callable[[], Set[bytes]] = set

    def saved(self, record: Record) -> None:
        first = original(record)
        self.written[fact_digest(record)] = Fact(first.device, first.seq, first.person, first.kind)

    def wiped(
        self, gone: FrozenSet[bytes], laptops: Sequence[Laptop], hosts: Sequence[Host]
    ) -> int:
        """Note the facts that a disk or stick does not have any more; return how many are lost."""
        left = gone - self.carried() if gone else gone
        nowhere = {fact for fact in left if not any(fact in one.facts for one in laptops)}
        self._only_at_servers |= nowhere
        return self._judge(nowhere, hosts)

    def server_went_back(self, hosts: Sequence[Host]) -> int:
        """Note that a server lost what came since its backup; return how much is destroyed."""
        return self._judge(self._only_at_servers - self.destroyed, hosts)

    def imaged(self, back: FrozenSet[bytes]) -> None:
        """Note that an image brought facts back to a disk."""
        self._only_at_servers -= back
        self.destroyed -= back

    def _judge(self, facts: Set[bytes], hosts: Sequence[Host]) -> int:
        lost = {
            fact
            for fact in facts
            if not any(
                host.holds(fact, self.written[fact].device, self.written[fact].seq)
                for host in hosts
            )
        }
        self.destroyed |= lost
        return len(lost)

    def is_destroyed(self, record: Record) -> bool:
        """Tell whether a record states a fact that was destroyed."""
        return fact_digest(record) in self.destroyed

    @property
    def required(self) -> Set[bytes]:
        """The facts that must be at the servers when everybody has spoken."""
        return set(self.written) - self.destroyed
