"""Reading answers over HTTP, whoever gave them: bodies of bounded size, errors as our own."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, Mapping, Optional

from sync.errors import CODES, EnrolmentError, Fault, LinkError, RefusedError, SyncError
from sync.link.pace import NO_PACE, Pace

READ_BYTES = 1 << 14
MAX_ERROR_BYTES = 4096
MAX_RETRY_AFTER_S = 24 * 3600
_NETWORK_LOGIN = 511  # RFC 6585, section 6


class translated:  # noqa: N801 (used like a function)
    """Turns the HTTP libraries' errors into ``LinkError``."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: Optional[BaseException], trace: object) -> None:
        if error is None or isinstance(error, SyncError):
            return
        found = _link_error(error)
        if found is not None:
            raise found from error


def _link_error(error: BaseException) -> Optional[SyncError]:
    import requests
    import urllib3.exceptions

    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return EnrolmentError("address-invalid", str(error))
    if not isinstance(error, (requests.RequestException, urllib3.exceptions.HTTPError, OSError)):
        return None
    never_connected = isinstance(error, (requests.ConnectTimeout, requests.exceptions.ProxyError))
    if never_connected or "NewConnectionError" in repr(error) or "NameResolution" in repr(error):
        code = "link-unreachable"
    elif isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        code = "link-stalled"
    else:
        code = "link-lost"
    return LinkError(code, type(error).__name__)


def chunks(answer: Any) -> Iterator[bytes]:
    """Yield the body as it comes: what has arrived when the link breaks has been yielded."""
    while True:
        with translated():
            data = answer.raw.read1(READ_BYTES, decode_content=False)
        if not data:
            return
        yield data


def read_bounded(answer: Any, max_bytes: int, pace: Pace = NO_PACE) -> Optional[bytes]:
    """Return the body, or None when it is longer than ``max_bytes``."""
    parts, size_bytes = [], 0
    for data in chunks(answer):
        pace.spend(len(data))
        parts.append(data)
        size_bytes += len(data)
        if size_bytes > max_bytes:
            return None
    return b"".join(parts)


def error_of(answer: Any) -> SyncError:
    """Return the error for an answer other than success, by our server or whoever it was."""
    code = _code_of(read_bounded(answer, MAX_ERROR_BYTES) or b"")
    status = int(answer.status_code)
    retry_after_s = _retry_after_s(answer.headers)
    if status in (429, 503):
        return LinkError("server-busy", f"status {status}", retry_after_s)
    if code is None:
        own_fault = status >= 500 and status != _NETWORK_LOGIN
        return LinkError("server-failed" if own_fault else "link-captive", f"status {status}")
    if code not in CODES:
        return RefusedError("server-refused", code)
    if CODES[code].fault is Fault.LINK:
        return LinkError(code, f"status {status}", retry_after_s)
    return (EnrolmentError if code.startswith("enrolment-") else RefusedError)(code)


def _code_of(body: bytes) -> Optional[str]:
    try:
        value: Dict[str, Any] = json.loads(body.decode("utf-8"))
        code = value["code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return code[:64] if isinstance(code, str) and code else None


def _retry_after_s(headers: Mapping[str, str]) -> float:
    text = headers.get("Retry-After", "")
    return float(min(int(text), MAX_RETRY_AFTER_S)) if text.isdigit() and len(text) < 9 else 0.0
