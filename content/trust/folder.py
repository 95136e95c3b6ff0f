"""The folder ``trust`` of a repository or a server: reading and keeping its files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator, List, Mapping, Tuple

from content.errors import FormatError
from content.fields import SHA256_HEX
from content.storage import read_bounded, replace_durably, storage_errors
from content.trust import certificate as certificates
from content.trust import envelope, withdrawal
from content.trust import root as roots
from content.trust.certificate import chain_name
from content.trust.files import FOLDER, TrustFile
from content.trust.root import Root, parse_root, pin_of
from content.trust.withdrawal import parse_withdrawals

_NAMES: Mapping[str, re.Pattern[str]] = {
    "roots": re.compile(r"[0-9a-f]{32}/[1-9][0-9]{0,5}\Z"),
    "withdrawals": re.compile(r"[0-9a-f]{32}\Z"),
    "chains": SHA256_HEX,
}
_MAX_FILE_BYTES = 4 * 1024 * 1024


class TrustFolder:
    """Files of trust under ``base/trust``; each is replaced whole."""

    def __init__(self, base: Path) -> None:
        self._base = base

    def path(self, file: TrustFile) -> Path:
        """Where a file lies; raises FormatError for what is no name of one."""
        if not _NAMES[file.kind].match(file.name):
            raise FormatError(f"{file.name[:80]!r} is no name in {FOLDER}/{file.kind}.")
        return self._base / file.path

    def read(self, file: TrustFile) -> bytes:
        """A file, unverified; raises MissingError."""
        return read_bounded(self.path(file), file.limit_bytes)

    def write(self, file: TrustFile, data: bytes) -> None:
        """Keep a file."""
        path = self.path(file)
        with storage_errors(path):
            replace_durably(path, [data], self._base / ".staging")

    def files(self) -> Iterator[TrustFile]:
        """All of them, in the order in which they can be accepted."""
        yield from sorted(self._of("roots", "*/*"), key=_by_number)
        yield from self._of("chains", "*")
        yield from self._of("withdrawals", "*")

    def _of(self, kind: str, pattern: str) -> List[TrustFile]:
        folder = self._base / FOLDER / kind
        names = (path.relative_to(folder).as_posix() for path in folder.glob(pattern))
        return [TrustFile(kind, name) for name in sorted(names) if _NAMES[kind].match(name)]


def read_trust_file(path: Path) -> Tuple[TrustFile, bytes]:
    """A root, chain or list from anywhere, with the name that it has in a folder of trust.

    It is believed by nobody yet. Raises FormatError for any other file.
    """
    data = read_bounded(path, _MAX_FILE_BYTES)
    return name_of(data, str(path)), data


def name_of(data: bytes, place: str) -> TrustFile:
    """The name that a file belongs under; raises FormatError for what is none of trust."""
    kind = envelope.payload_type_of(data.partition(b"\n")[0])
    if kind == roots.PAYLOAD_TYPE:
        root = _root(data, place)
        return TrustFile("roots", f"{root.id}/{root.number}")
    if kind == withdrawal.PAYLOAD_TYPE:
        payload = envelope.unverified_payload(data, kind, place)
        return TrustFile("withdrawals", parse_withdrawals(payload, place).issuer)
    if kind == certificates.PAYLOAD_TYPE:
        certificates.unverified_certificates(data, place)
        return TrustFile("chains", chain_name(data))
    raise FormatError(f"{place} is no root, no chain of certificates and no list of withdrawals.")


def pins_in(files: Mapping[TrustFile, bytes]) -> Mapping[str, bytes]:
    """The pins of first versions of roots among ``files``, by root id: for who trusts them all."""
    firsts = [
        data for file, data in files.items() if file.kind == "roots" and _by_number(file)[1] == 1
    ]
    payloads = [envelope.unverified_payload(data, roots.PAYLOAD_TYPE) for data in firsts]
    return {parse_root(one).id: pin_of(one) for one in payloads}


def _root(data: bytes, place: str) -> Root:
    return parse_root(envelope.unverified_payload(data, roots.PAYLOAD_TYPE, place), place)


def _by_number(file: TrustFile) -> Tuple[str, int]:
    root_id, _, number = file.name.partition("/")
    return root_id, int(number)
