"""The address of a server as people type it."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from sync.errors import EnrolmentError


def server_address(typed: str) -> str:
    """Return the base URL, without a slash at its end, for what somebody typed.

    ``192.168.1.5:8765`` means http: what is sent is sealed by us, so a school needs no certificate.

    Raises:
        EnrolmentError: ``address-invalid``.
    """
    text = typed.strip()
    try:
        parts = urlsplit(text if "://" in text else "http://" + text)
        port = parts.port
    except ValueError as error:
        raise EnrolmentError("address-invalid", text) from error
    host = parts.hostname or ""
    odd = any(character.isspace() or character in "\\<>\"'" for character in text)
    if parts.scheme not in ("http", "https") or not host or odd or parts.username or port == 0:
        raise EnrolmentError("address-invalid", text)
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
