"""Why no rendition can be made of a source."""

from __future__ import annotations

from content.errors import ContentError, Fault


class UndecodableError(ContentError):
    """A recording or picture that cannot be decoded; the sentence names it and says why."""

    code = "media-undecodable"
    fault = Fault.YOUR_DATA
