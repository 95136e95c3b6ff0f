"""What a stick has to tell: the numbers of its catalogues, roots and lists of withdrawals."""

from __future__ import annotations

from typing import Dict, Iterator, Mapping, Tuple

from content.carrying.shelf import Shelf, publisher_folder, publishers
from content.catalogue import PAYLOAD_TYPE, parse_catalogue
from content.errors import ContentError
from content.repositories.repository import CATALOGUE
from content.trust import withdrawal
from content.trust.envelope import MAX_ENVELOPE_BYTES, unverified_payload
from content.trust.files import FOLDER, TrustFile
from content.trust.root import MAX_NUMBER
from content.trust.state import ROOT, WITHDRAWALS
from content.trust.withdrawal import parse_withdrawals

__all__ = ["publishers", "serials"]


def serials(shelf: Shelf) -> Mapping[str, int]:
    """The numbers by the names under which a server announces them in an exchange.

    Nothing is believed yet: a number only says that it is worth a look. What cannot be read is left
    out.
    """
    found: Dict[str, int] = {}
    for publisher in publishers(shelf):
        for name, number in _numbers(shelf, publisher):
            found[name] = max(number, found.get(name, 0))
    return found


def catalogue_serial(data: bytes) -> int:
    """The number of a catalogue that nobody has verified; 0 where it cannot be read."""
    try:
        return parse_catalogue(unverified_payload(data, PAYLOAD_TYPE)).serial
    except ContentError:
        return 0


def _numbers(shelf: Shelf, publisher: str) -> Iterator[Tuple[str, int]]:
    folder = publisher_folder(publisher)
    data = shelf.read(f"{folder}/{CATALOGUE}", MAX_ENVELOPE_BYTES)
    serial = catalogue_serial(data) if data else 0
    if serial:
        yield publisher, serial
    for root in shelf.names(f"{folder}/{FOLDER}/roots"):
        for name in shelf.names(f"{folder}/{FOLDER}/roots/{root}"):
            if name.isdecimal() and name.isascii() and 0 < int(name[:9]) <= MAX_NUMBER:
                yield ROOT + root, int(name[:9])
    for issuer in shelf.names(f"{folder}/{FOLDER}/withdrawals"):
        file = TrustFile("withdrawals", issuer)
        data = shelf.read(f"{folder}/{file.path}", file.limit_bytes)
        serial = _withdrawals_serial(data) if data else 0
        if serial:
            yield WITHDRAWALS + issuer, serial


def _withdrawals_serial(data: bytes) -> int:
    try:
        return parse_withdrawals(unverified_payload(data, withdrawal.PAYLOAD_TYPE)).serial
    except ContentError:
        return 0
