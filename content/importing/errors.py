"""What stops the import of a whole file; a part that cannot be read is an Unread instead."""

from __future__ import annotations

from content.errors import ContentError, Fault


class ImportFailure(ContentError):  # noqa: N818 - a file fails, a part of it is unread
    """Nothing of a file could be imported; the sentence names the file and says what to do."""

    code = "import-failed"
    fault = Fault.YOUR_DATA
