"""Attached files in a bag, over a link: to the school, and to whoever teaches their owners here.

A file's name proves what it is, so it does not matter who brings it; the school takes what a record
that it holds names. What it has is not offered again.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Iterator, List, Set

from client.laptop.account import SyncProgress
from client.laptop.attaching.offers import Own
from client.laptop.attaching.sending import AttachmentSending, Carried
from client.laptop.problems import problem_of
from client.laptop.sticks.bag import bag_here
from client.laptop.sticks.files import StickFiles
from client.laptop.store import Store
from sync.errors import CancelledError, LinkError, SyncError

if TYPE_CHECKING:
    from sync.sticks.mailbox import Mailbox

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]
_HELD = "bag.held"
MAX_FILES = 16
"""So many are offered in one sync; each is read to be offered."""


def carry_bag_files(store: Store, road: Any, report: Report, cancel: Cancel) -> Carried:
    """Take from the bag what is wanted here, and send the school what it has not."""
    bag = bag_here(store)
    if bag is None:
        return Carried()
    try:
        fetched = StickFiles(store, bag, report, cancel).take()
    except (SyncError, OSError) as error:
        return Carried(problem=problem_of(error))
    if not hasattr(road, "attachments"):
        return Carried(fetched=fetched)
    carried = _BagSending(store, road, report, cancel, bag).run()
    carried.fetched += fetched
    return carried


class _BagSending(AttachmentSending):
    """Sends files as a laptop's own are sent, but from the bag."""

    def __init__(
        self, store: Store, road: Any, report: Report, cancel: Cancel, bag: Mailbox
    ) -> None:
        super().__init__(store, road, report, cancel)
        self._bag = bag
        self._held: Set[str] = set(json.loads(store.setting(_HELD) or "[]"))

    def run(self) -> Carried:
        """Offer what the school is not known to have, and send what it asks for."""
        from sync.attachments.offer import Declined

        known, there = set(self._held), list(self._bag.files())
        try:
            own = list(self._offers([name for name in there if name not in known][:MAX_FILES]))
            answer = self._offered(own, []) if own else None
            for one, reply in zip(own, answer.replies if answer else ()):
                # A file whose record has not come to the school stays until it has.
                if not isinstance(reply, Declined):
                    self._alone(one.sha256, "", lambda: self._send(one, reply))  # noqa: B023
        except (SyncError, OSError) as error:
            if isinstance(error, (LinkError, CancelledError)):
                self._carried.problem = problem_of(error)
            else:
                self._carried.set_aside.append(problem_of(error))
        self._held &= set(there)
        if self._held != known:
            self._store.keep_settings({_HELD: json.dumps(sorted(self._held))})
        self._bag.sweep()
        return self._carried

    def _offers(self, names: List[str]) -> Iterator[Own]:
        from sync.attachments.attachment import SEGMENT_BYTES

        for name in names:
            whole, pieces, size_bytes = hashlib.sha256(), b"", 0
            with self._bag.open_file(name) as file:
                for piece in iter(lambda: file.read(SEGMENT_BYTES), b""):
                    whole.update(piece)
                    pieces += hashlib.sha256(piece).digest()
                    size_bytes += len(piece)
            if whole.hexdigest() == name:
                yield Own(name, size_bytes, pieces, "")
            else:
                self._bag.report_file(name)

    def _open(self, one: Own) -> BinaryIO:
        return self._bag.open_file(one.sha256)

    def _keep(self, one: Own, receipt: bytes) -> None:
        from sync.attachments.offer import open_attachment_receipt

        open_attachment_receipt(receipt, one.sha256, one.size_bytes, self._store.server())
        self._held.add(one.sha256)
