"""What can go wrong while syncing: one root class, one table of codes.

Every error carries a ``code`` (stable, for programs and translations), a ``fault`` (whose it is,
and so whether trying again helps) and a ``detail`` naming the thing concerned. ``str(error)`` is a
sentence.
"""

from __future__ import annotations

import enum
from typing import Any, Dict, Mapping, NamedTuple, Tuple


class Fault(enum.Enum):
    """Whose fault an error is. Only the link's errors are worth trying again as they are."""

    YOUR_DATA = "your-data"
    THEIR_DATA = "their-data"
    LINK = "link"
    BUG = "bug"


class ErrorKind(NamedTuple):
    """One row of the table of codes."""

    fault: Fault
    meaning: str


_YOURS, _THEIRS, _LINK, _BUG = Fault.YOUR_DATA, Fault.THEIR_DATA, Fault.LINK, Fault.BUG

CODES: Mapping[str, ErrorKind] = {
    "record-invalid": ErrorKind(_THEIRS, "A record has the wrong shape."),
    "record-too-large": ErrorKind(_YOURS, "A record is larger than a record may be."),
    "record-not-permitted": ErrorKind(_THEIRS, "The device may not write this for this person."),
    "record-known": ErrorKind(
        _THEIRS, "The server holds this already, written down elsewhere: it counts once."
    ),
    "value-not-canonical": ErrorKind(_BUG, "A value has no canonical JSON form."),
    "journal-behind": ErrorKind(
        _YOURS,
        "The server holds more of this journal than this device: the device went back in time.",
    ),
    "journal-forked": ErrorKind(
        _YOURS, "Two devices, or two states of one, wrote different records under one number."
    ),
    "journal-compacted": ErrorKind(
        _YOURS, "The server lost records of which this device keeps only what counts."
    ),
    "claim-forged": ErrorKind(_THEIRS, "A device claims a new identity that has not agreed to it."),
    "journal-gap": ErrorKind(_THEIRS, "Records are missing before the first one sent."),
    "receipt-forged": ErrorKind(_THEIRS, "A receipt is not signed by this school's server."),
    "receipt-misdirected": ErrorKind(_THEIRS, "A receipt is for another device's journal."),
    "message-malformed": ErrorKind(_THEIRS, "A message does not have the form of a message."),
    "message-too-large": ErrorKind(_THEIRS, "A message is larger than a message may be."),
    "message-version": ErrorKind(
        _THEIRS, "A message is of a version this program does not know: update the program."
    ),
    "message-kind": ErrorKind(_THEIRS, "A message is of another kind than the one expected."),
    "message-unreadable": ErrorKind(
        _THEIRS, "A message was damaged on the way, or sealed to somebody else."
    ),
    "message-forged": ErrorKind(_THEIRS, "A message is not signed by the device it names."),
    "message-misdirected": ErrorKind(_THEIRS, "An answer replies to another request."),
    "dictionary-unknown": ErrorKind(
        _THEIRS, "A message is compressed with a dictionary this program does not have."
    ),
    "device-unknown": ErrorKind(_YOURS, "The server does not know this device: enrol it again."),
    "device-elsewhere": ErrorKind(_THEIRS, "This device belongs to another server."),
    "person-elsewhere": ErrorKind(_THEIRS, "This person belongs to another school."),
    "enrolment-code-mistyped": ErrorKind(_YOURS, "One digit of the code is mistyped."),
    "enrolment-code-length": ErrorKind(_YOURS, "The code has 16 digits in four groups of four."),
    "enrolment-code-unknown": ErrorKind(_YOURS, "The server did not give out this code."),
    "enrolment-code-used": ErrorKind(_YOURS, "Another laptop has been enrolled with this code."),
    "enrolment-code-other": ErrorKind(
        _YOURS, "Codes for laptops and codes for servers are different ones: ask for the other."
    ),
    "enrolment-code-expired": ErrorKind(_YOURS, "The code is too old: ask for a new one."),
    "enrolment-unreadable": ErrorKind(
        _THEIRS, "An enrolment message was damaged on the way, or made with another code."
    ),
    "identity-invalid": ErrorKind(_THEIRS, "Bytes are not the keys of a device."),
    "object-missing": ErrorKind(_THEIRS, "The source does not have this object."),
    "object-damaged": ErrorKind(_THEIRS, "What the source sent for an object is not that object."),
    "object-size": ErrorKind(
        _THEIRS, "The source has another size for an object than its name says."
    ),
    "object-spec": ErrorKind(_THEIRS, "The description of an object contradicts itself."),
    "attachment-empty": ErrorKind(_YOURS, "The file to be attached is empty."),
    "attachment-too-large": ErrorKind(_YOURS, "The file to be attached is too large."),
    "attachment-changed": ErrorKind(_YOURS, "The file to be attached changed while it was read."),
    "attachment-damaged": ErrorKind(_THEIRS, "An attached file is not what its record says."),
    "attachment-unnamed": ErrorKind(_THEIRS, "No record that the server holds names this file."),
    "attachment-quota": ErrorKind(_YOURS, "The server keeps no more files of this person."),
    "disk-full": ErrorKind(_YOURS, "The disk has too little room left."),
    "disk-failed": ErrorKind(_YOURS, "The disk refused to read or write."),
    "database-damaged": ErrorKind(_YOURS, "The database file cannot be read."),
    "database-newer": ErrorKind(
        _YOURS, "The database was written by a newer program: update this one."
    ),
    "database-busy": ErrorKind(
        _YOURS, "Another program holds the database: close it and try again."
    ),
    "address-invalid": ErrorKind(_YOURS, "The address of the server is not an address."),
    "rules-invalid": ErrorKind(_YOURS, "A rule for the link is not understood."),
    "link-unreachable": ErrorKind(_LINK, "The server cannot be reached."),
    "link-stalled": ErrorKind(_LINK, "The link stood still for too long."),
    "link-lost": ErrorKind(_LINK, "The link broke off."),
    "link-captive": ErrorKind(
        _LINK, "Something else than the server answered, such as a network's login page."
    ),
    "link-altered": ErrorKind(_LINK, "Something on the way changed the answer."),
    "link-offset": ErrorKind(_LINK, "The server holds another part of a file than was thought."),
    "server-full": ErrorKind(_LINK, "The server has no room for files at the moment."),
    "link-paused": ErrorKind(_LINK, "Somebody paused the link."),
    "link-window": ErrorKind(_LINK, "This is not an hour at which the link may be used."),
    "link-metered": ErrorKind(_LINK, "This link is paid by the megabyte, and this may wait."),
    "link-budget-day": ErrorKind(_LINK, "The megabytes allowed for today are used up."),
    "link-budget-month": ErrorKind(_LINK, "The megabytes allowed for this month are used up."),
    "server-busy": ErrorKind(_LINK, "The server asks to come back later."),
    "server-failed": ErrorKind(_LINK, "The server has a fault of its own."),
    "server-refused": ErrorKind(_THEIRS, "The server refused the request."),
    "stick-none": ErrorKind(_YOURS, "There is no folder KERUEN: this is not a stick of ours."),
    "stick-foreign": ErrorKind(_YOURS, "The stick carries another school's letters."),
    "stick-newer": ErrorKind(_YOURS, "The stick was written by a newer program: update this one."),
    "stick-read-only": ErrorKind(_YOURS, "The stick can be read but not written."),
    "stick-full": ErrorKind(_YOURS, "The stick has too little room left."),
    "stick-busy": ErrorKind(_YOURS, "Another program is using the stick."),
    "stick-gone": ErrorKind(_YOURS, "The stick was taken out."),
    "stick-failed": ErrorKind(_YOURS, "The stick refused to read or write."),
    "stick-damaged": ErrorKind(_YOURS, "A file on the stick is damaged."),
    "cancelled": ErrorKind(_YOURS, "Somebody cancelled it."),
}


class SyncError(Exception):
    """The root of all errors of this package.

    ``code`` is a key of ``CODES``; ``detail`` names the thing concerned and may be empty.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        kind = CODES[code]
        self.code = code
        self.fault = kind.fault
        self.detail = detail
        super().__init__(f"{kind.meaning} ({detail})" if detail else kind.meaning)

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.code, self.detail)


class RecordError(SyncError):
    """A record cannot be written or accepted."""


class JournalError(SyncError):
    """A journal contradicts what is known of it elsewhere."""


class ReceiptError(SyncError):
    """A receipt does not prove what it claims."""


class MessageError(SyncError):
    """A message cannot be opened, or its contents have the wrong shape."""


class EnrolmentError(SyncError):
    """A device cannot be enrolled."""


class ObjectError(SyncError):
    """An object cannot be had from this source."""


class AttachmentError(SyncError):
    """A file cannot be attached, sent or opened."""


class DatabaseError(SyncError):
    """The database file cannot be used."""


class RulesError(SyncError):
    """What was typed is no rule for a link."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("rules-invalid", detail)

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.detail,)


class RefusedError(SyncError):
    """The server answered, and refused."""


class LinkError(SyncError):
    """The road failed; the same thing may be tried again later.

    ``retry_after_s`` is the server's wish where it named one.
    """

    def __init__(self, code: str, detail: str = "", retry_after_s: float = 0.0) -> None:
        super().__init__(code, detail)
        self.retry_after_s = retry_after_s


class StickError(SyncError):
    """A stick, or a file on it, cannot be used. ``code`` begins with ``stick-``."""


class CancelledError(SyncError):
    """The caller asked to stop."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("cancelled", detail)

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.detail,)


def codes_with_fault(fault: Fault) -> Dict[str, str]:
    """Return the codes of one fault with their sentences."""
    return {code: kind.meaning for code, kind in CODES.items() if kind.fault is fault}
