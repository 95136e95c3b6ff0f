"""What can go wrong on the server, each with a code and whose fault it is."""

from __future__ import annotations

from typing import Mapping, Optional

from sync.errors import Fault


class ServerError(Exception):
    """Root of this package's errors; ``str(error)`` is one sentence that says what to do."""

    code = "server-error"
    fault = Fault.BUG

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class DataFolderError(ServerError):
    """The data folder is missing, not made by ``init``, or cannot be written."""

    code = "data-folder"
    fault = Fault.YOUR_DATA


class SetupError(ServerError):
    """A command was given something that it cannot act on."""

    code = "setup"
    fault = Fault.YOUR_DATA


class CodeError(SetupError):
    """A code that does not open the sealed test that it was given for."""

    code = "code-wrong"


class BackupError(ServerError):
    """A backup is damaged, or cannot be made where it should be."""

    code = "backup"
    fault = Fault.YOUR_DATA


class BackupLockedError(BackupError):
    """A backup has a passphrase, and it was not given."""

    code = "backup-locked"


class PublishError(ServerError):
    """A repository cannot be published as it is."""

    code = "publish"
    fault = Fault.YOUR_DATA


class UnknownPublisherError(PublishError):
    """Nobody has yet said that this publisher may publish here."""

    code = "publisher-unknown"

    def __init__(self, sentence: str, key_id: str) -> None:
        super().__init__(sentence)
        self.key_id = key_id


class OlderCatalogueError(PublishError):
    """A catalogue is older than the one already published, or differs at the same serial."""

    code = "catalogue-older"


class TrustError(ServerError):
    """A root, chain or list of withdrawals is not accepted; ``code`` is the content's error's."""

    code = "trust"
    fault = Fault.THEIR_DATA

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


class StickFailedError(ServerError):
    """A stick cannot be used at all; ``code`` is that of ``sync.errors``."""

    code = "stick"
    fault = Fault.YOUR_DATA

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


class RequestError(ServerError):
    """A request that is answered with a code instead of a message."""

    fault = Fault.THEIR_DATA

    def __init__(self, code: str, status: int, headers: Optional[Mapping[str, str]] = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = dict(headers or {})
