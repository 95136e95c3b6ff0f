"""What can go wrong with lesson packs, as typed errors whose text is a sentence for people."""

from __future__ import annotations

import enum


class Fault(enum.Enum):
    """Whose fault an error is; only a LINK error is worth trying again."""

    YOUR_DATA = "your-data"
    THEIR_DATA = "their-data"
    LINK = "link"
    BUG = "bug"


class ContentError(Exception):
    """Root of this package's errors.

    ``str(error)`` is one sentence that names the file and says what to do. ``code`` is stable and
    meant for programmes; ``fault`` says whose data is wrong.
    """

    code = "content"
    fault = Fault.THEIR_DATA

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SourceError(ContentError):
    """A pack's source folder holds something that cannot be built."""

    code = "source-invalid"
    fault = Fault.YOUR_DATA


class FormatError(ContentError):
    """Bytes of a built pack or repository do not follow the format."""

    code = "format-invalid"


class UnknownFormatError(ContentError):
    """The format is newer than this programme."""

    code = "format-unknown"


class SignatureError(ContentError):
    """A signature does not match the bytes that it covers."""

    code = "signature-wrong"


class UntrustedKeyError(ContentError):
    """Nobody whom this machine trusts has signed."""

    code = "key-untrusted"


class DamagedError(ContentError):
    """Bytes differ from the hash or size that the signed list gives for them."""

    code = "object-damaged"


class MismatchError(ContentError):
    """Genuine, but not what was asked for: another pack, version or publisher."""

    code = "not-what-was-asked"


class RollbackError(ContentError):
    """A genuine catalogue that is older than one already seen."""

    code = "catalogue-older"


class PathError(ContentError):
    """A path in a pack that is not safe on every system."""

    code = "path-unsafe"


class TooLargeError(ContentError):
    """More bytes than the format allows."""

    code = "too-large"


class MissingError(ContentError):
    """A file that should be there is not."""

    code = "file-missing"


class VersionError(ContentError):
    """A version number that is taken by other content, or went backwards."""

    code = "version-taken"
    fault = Fault.YOUR_DATA


class KeyFileError(ContentError):
    """A publisher's key file that cannot be read or must not be replaced."""

    code = "key-file"
    fault = Fault.YOUR_DATA


class StorageError(ContentError):
    """The disk refused: full, read-only or gone."""

    code = "storage"
    fault = Fault.YOUR_DATA


class BusyError(ContentError):
    """Somebody else is changing the same repository."""

    code = "repository-busy"
    fault = Fault.YOUR_DATA


class CancelledError(ContentError):
    """Whoever asked for the work asked to stop it; what was done is kept."""

    code = "cancelled"
    fault = Fault.YOUR_DATA


class FormulaError(ContentError):
    """A formula that cannot be drawn; ``position`` counts characters from 0."""

    code = "formula-wrong"
    fault = Fault.YOUR_DATA

    def __init__(self, sentence: str, position: int) -> None:
        super().__init__(sentence)
        self.position = position


class SubtitleError(ContentError):
    """A subtitle file that is not WebVTT."""

    code = "subtitle-wrong"
    fault = Fault.YOUR_DATA
