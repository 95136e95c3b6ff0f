"""What one turn of relaying did, or why it ended."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, Optional, Tuple

from sync.journals.needs import LessonKey
from sync.link.policy import Verdict
from sync_server.relay.attaching import Attached
from sync_server.relay.conversation import Relayed
from sync_server.relay.mirroring import Mirrored

PROGRESS_BYTES = 16 * 1024
"""More than asking whether there is anything new takes: something was carried."""


@dataclass(frozen=True)
class Held:
    """A rule of the line that let something wait, and until when (None: nobody can tell)."""

    code: str
    until_ms: Optional[int] = None


@dataclass
class Account:
    """What a turn did, or why it ended. ``code`` and ``sentence`` are empty when all went well.

    ``held`` is set where a rule of the line let packs wait, or all. ``told_of_packs`` says that
    what is missing of packs is known, ``lessons`` of which lessons that are needed soon.
    """

    upstream: str
    code: str = ""
    sentence: str = ""
    retry_after_s: float = 0.0
    sent_bytes: int = 0
    received_bytes: int = 0
    relayed: Relayed = field(default_factory=Relayed)
    attached: Attached = field(default_factory=Attached)
    mirrored: Mirrored = field(default_factory=Mirrored)
    held: Optional[Held] = None
    told_of_packs: bool = False
    lessons: Tuple[LessonKey, ...] = ()

    def hold(self, verdict: Verdict) -> None:
        """Note why something waits."""
        if verdict.reason is not None:
            self.held = Held(verdict.reason.value, verdict.until_ms)

    @property
    def moved(self) -> bool:
        """Whether anything came through, also where the turn then failed."""
        relayed = self.relayed
        changed = relayed.sent + relayed.received + relayed.restored
        return bool(changed) or self.sent_bytes + self.received_bytes >= PROGRESS_BYTES

    def to_json(self) -> Dict[str, Any]:
        """Return it for scripts."""
        return {
            "upstream": self.upstream,
            "code": self.code,
            "sentence": self.sentence,
            "retry_after_s": self.retry_after_s,
            "sent_bytes": self.sent_bytes,
            "received_bytes": self.received_bytes,
            **{name: getattr(self.relayed, name) for name in _NUMBERS},
            "files": asdict(self.attached),
            "packs": self.mirrored.to_json(),
            "held": None if self.held is None else asdict(self.held),
        }


_NUMBERS = ("requests", "sent", "refused", "received", "restored", "in_step")
