"""Whom a school trusts beyond those it names itself: roots, and what rests on them.

::

    trust/roots, trust/chains, trust/withdrawals   the files, as laptops fetch them
    trust/state                                    what was accepted so far

The database's list of publishers tells laptops of all this: a root is a row ``root-`` and its id,
whose key is its pin and whose serial is its number; a list of withdrawals is a row ``withdrawals-``
and its issuer; a publisher who is trusted by certificate has no key there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Callable, Dict, Mapping, Optional, Sequence

from content.catalogue import PAYLOAD_TYPE as CATALOGUE_TYPE
from content.catalogue import parse_catalogue
from content.errors import MissingError
from content.storage import read_bounded, replace_durably
from content.trust.accepting import current_root, known_withdrawals
from content.trust.envelope import unverified_payload
from content.trust.errors import OlderTrustError
from content.trust.files import TrustFile, accept, gather
from content.trust.folder import TrustFolder, pins_in, read_trust_file
from content.trust.hint import hint_of
from content.trust.state import MAX_STATE_BYTES, ROOT, WITHDRAWALS, TrustState, read_state
from content.trust.trusted_catalogue import VerifiedCatalogue, verify_catalogue
from sync_server.errors import SetupError
from sync_server.store.protocol import Store, Transaction

BY_CERTIFICATE = b""
"""Stands in the list of publishers for the key of one who is trusted by certificate."""


class Trusting:
    """The trust of one server, kept in its data folder."""

    def __init__(self, data: Path) -> None:
        self._path = data / "trust" / "state"
        self._staging = data / ".staging"
        self.files = TrustFolder(data)

    def state(self) -> TrustState:
        """What was accepted so far; raises ContentError where the file is damaged."""
        try:
            return read_state(read_bounded(self._path, MAX_STATE_BYTES), str(self._path))
        except MissingError:
            return TrustState()

    def keep(
        self, transaction: Transaction, state: TrustState, files: Mapping[TrustFile, bytes]
    ) -> None:
        """Put files and state on the disk, then tell laptops of the newest numbers."""
        for file, data in files.items():
            self.files.write(file, data)
        replace_durably(self._path, [state.to_bytes()], self._staging)
        for root_id, pin in state.pins.items():
            number = current_root(state, root_id).number
            _announce(transaction, ROOT + root_id, pin, number)
        for issuer in state.withdrawals:
            found = known_withdrawals(state, issuer)
            if found is not None:
                _announce(transaction, WITHDRAWALS + issuer, BY_CERTIFICATE, found.serial)


def learn(
    store: Store, trusting: Trusting, paths: Sequence[Path], root_id: Optional[str]
) -> Dict[str, int]:
    """Accept roots, chains and lists of withdrawals; returns the newest number of each by name.

    Args:
        store: Tells laptops of them.
        trusting: What was accepted before.
        paths: The files.
        root_id: The id of a root to trust from now on, whose first version is among the files.

    Raises:
        SetupError: no file is the root that ``root_id`` names, or the files name no known root.
        ContentError: a file is damaged, older than one accepted, or signed by too few.
    """
    files = dict(read_trust_file(path) for path in paths)
    state = trusting.state()
    if root_id is not None and root_id not in state.pins:
        pins = pins_in(files)
        if root_id not in pins:
            raise SetupError(
                f"None of these files is number 1 of root {root_id}: give that file, and the id "
                "that the root's holders made known."
            )
        state = replace(state, pins={**state.pins, root_id: pins[root_id]})
    news: Dict[TrustFile, bytes] = {}
    for file in sorted(files, key=_order):
        try:
            state = accept(state, file, files[file])
        except OlderTrustError:
            if file.kind != "roots":
                raise
            # Earlier versions of a root are given together with the newest.
            continue
        news[file] = files[file]
    with store.transaction() as transaction:
        trusting.keep(transaction, state, news)
        rows = transaction.publishers()
    names = (ROOT, WITHDRAWALS)
    return {row.key_id: row.serial for row in rows if row.key_id.startswith(names)}


def distrust(store: Store, trusting: Trusting, name: str) -> None:
    """Trust a publisher's key, or a root, no more; ``name`` is its id.

    Laptops hear of it with their next exchange: what they have stays, nothing newer is taken.

    Raises:
        SetupError: it is not trusted here, or by certificate alone.
        ContentError: the file of what was accepted is damaged.
    """
    with store.transaction() as transaction:
        rows = {row.key_id: row.public_key for row in transaction.publishers()}
        if ROOT + name in rows:
            state = trusting.state()
            pins = {root_id: pin for root_id, pin in state.pins.items() if root_id != name}
            # The file first: what it still names would be told to laptops again.
            trusting.keep(transaction, replace(state, pins=pins), {})
            transaction.distrust_publisher(ROOT + name)
        elif rows.get(name):
            transaction.distrust_publisher(name)
        elif name in rows:
            raise SetupError(
                f"{name} is trusted by certificate: ask whoever certified it to withdraw it, or "
                "take back the root."
            )
        else:
            raise SetupError(f"No key and no root with the id {name} is trusted here.")


class Certified:
    """A repository's catalogue, verified by its certificates, and the files that this took."""

    def __init__(self, verified: VerifiedCatalogue, files: Mapping[TrustFile, bytes]) -> None:
        self.verified = verified
        self.files = files


def certified(
    trusting: Trusting, repository: Path, data: bytes, school: str
) -> Optional[Certified]:
    """Verify a catalogue by the certificates in its repository; None where it names none.

    Raises:
        ContentError: the certificates do not cover it, or a pack in it.
    """
    source = TrustFolder(repository)
    return certified_by(trusting, source.read, data, school, str(repository / "catalogue"))


def certified_by(
    trusting: Trusting,
    read: Callable[[TrustFile], bytes],
    data: bytes,
    school: str,
    place: str,
) -> Optional[Certified]:
    """Verify a catalogue by certificates that ``read`` finds beside it; None where it names none.

    Raises:
        ContentError: the certificates do not cover it, or a pack in it.
    """
    claimed = parse_catalogue(unverified_payload(data, CATALOGUE_TYPE, place), place)
    state = trusting.state()
    hint = hint_of(claimed, place)
    if hint is None or not set(hint.roots) & set(state.pins):
        return None
    news: Dict[TrustFile, bytes] = {}

    def fetch(file: TrustFile) -> bytes:
        try:
            found = read(file)
        except MissingError:
            found = trusting.files.read(file)
        news[file] = found
        return found

    state = gather(data, state, {}, fetch, place)
    verified = verify_catalogue(data, state, school, place=place)
    for problem in verified.refused.values():
        raise problem
    return Certified(verified, news)


def _announce(transaction: Transaction, name: str, key: bytes, number: int) -> None:
    transaction.trust_publisher(name, key)
    transaction.set_catalogue_serial(name, number)


def _order(file: TrustFile) -> tuple[int, str, int]:
    name, _, number = file.name.partition("/")
    return ("roots", "chains", "withdrawals").index(file.kind), name, int(number or 0)
