"""What a reply says besides the time, so that it is not written again when nothing is new."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

from sync.attachments.attachment import attachments_of
from sync.attachments.offer import OfferAnswer
from sync.errors import SyncError
from sync.exchanges.exchange import MAX_MISSING, ExchangeAnswer
from sync.message import DIGEST_BYTES
from sync_server.exchanges.exchanges import Reply
from sync_server.store.model import JournalEnd

STATE_BYTES = 16


class Saying:
    """Gathers what one reply says. How it is divided into messages makes no difference."""

    def __init__(self, letter: str) -> None:
        self._letter = letter
        self._enrolled = False
        self._held: Optional[JournalEnd] = None
        self._records: Dict[Tuple[str, int, int], None] = {}
        self._cursor = ""
        self._refused: Set[Tuple[int, str]] = set()
        self._catalogues: Mapping[str, int] = {}
        self._publishers: Optional[List[str]] = None
        self._missing: Tuple[bytes, ...] = ()
        self._resend_from: Optional[int] = None
        self._files = b""
        self._named: Dict[str, None] = {}
        self.wanted: Tuple[str, ...] = ()

    def enrolled(self) -> None:
        """Add that the laptop is let in."""
        self._enrolled = True

    def reply(self, reply: Reply) -> None:
        """Add the answer to a request; what a later one says of the same counts."""
        answer = reply.answer
        self._held = reply.held
        self._refused.update(answer.refused)
        self._catalogues = answer.catalogues
        self._publishers = None if answer.publishers is None else sorted(answer.publishers)
        self._missing = answer.missing
        self._resend_from = answer.resend_from
        self.records(answer)

    def records(self, answer: ExchangeAnswer) -> None:
        """Add what an answer brings of others."""
        self._records.update(((one.device, one.seq, one.time), None) for one in answer.records)
        self._cursor = answer.cursor or self._cursor
        for record in answer.records:
            with suppress(SyncError):
                self._named.update((one.sha256, None) for one in attachments_of(record.body))

    @property
    def named(self) -> Tuple[str, ...]:
        """The attached files that the records told of name: their reader asks for them next."""
        return tuple(self._named)

    def files(self, answer: OfferAnswer) -> None:
        """Add what becomes of attached files."""
        self._files = replace(answer, reply_to=bytes(DIGEST_BYTES)).to_payload()

    def wants(self, names: Sequence[str], held: Sequence[bool]) -> None:
        """Note which of the files that are asked for are here: ``wanted``."""
        self.wanted = tuple(name for name, here in zip(names, held) if here)

    @property
    def news(self) -> bool:
        """Whether it says anything that its reader may not know."""
        said = (self._held, self._records, self._refused, self._catalogues, self._missing)
        asked = self._publishers is not None or self._resend_from is not None
        return self._enrolled or any(said) or asked or bool(self._files)

    @property
    def state(self) -> bytes:
        """16 bytes that stand for all of it."""
        held = [self._held.seq, self._held.hash.hex()] if self._held else None
        # Of very many missing files any are asked for: which ones is no news.
        missing = self._missing if len(self._missing) < MAX_MISSING else ()
        value = [
            self._letter,
            self._enrolled,
            held,
            list(self._records),
            self._cursor,
            sorted(self._refused),
            dict(self._catalogues),
            self._publishers,
            sorted(start.hex() for start in missing),
            self._resend_from,
            self._files.decode("ascii"),
        ]
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(b"keruen reply 1\0" + text.encode("ascii")).digest()[:STATE_BYTES]
