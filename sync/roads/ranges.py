"""What to make of a server's answer to a request for a range, without input or output."""

from __future__ import annotations

import re
from typing import Mapping, Optional

from sync.errors import LinkError, ObjectError
from sync.objects import ObjectSpec

_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)\Z")
MISSING_STATUSES = (403, 404, 410)


def bytes_to_skip(
    spec: ObjectSpec, position_bytes: int, status: int, headers: Mapping[str, str]
) -> int:
    """Return how many bytes of the body lie before ``position_bytes`` and are here already.

    Raises:
        ObjectError: ``object-missing`` or ``object-size``: this source does not have the object.
        LinkError: something else than the source answered, or changed the answer.
    """
    if status in MISSING_STATUSES:
        raise ObjectError("object-missing", spec.sha256)
    if status == 416:
        raise ObjectError("object-size", f"{spec.sha256}: it ends before {position_bytes}")
    if headers.get("Content-Encoding", "identity") != "identity":
        raise LinkError("link-altered", "compressed on the way")
    if status == 206:
        start = _range_start(spec, position_bytes, headers.get("Content-Range", ""))
    elif status == 200:
        start = 0
    else:
        raise LinkError("link-captive", f"status {status}")
    _check_length(spec, start, status, headers)
    return position_bytes - start


def _range_start(spec: ObjectSpec, position_bytes: int, content_range: str) -> int:
    found = _CONTENT_RANGE.match(content_range)
    if not found:
        raise LinkError("link-altered", "a part without saying which")
    start, total = int(found[1]), found[3]
    if total != "*" and int(total) != spec.size_bytes:
        raise ObjectError("object-size", f"{spec.sha256}: {total} instead of {spec.size_bytes}")
    if start > position_bytes:
        raise LinkError("link-altered", f"a part from {start} instead of {position_bytes}")
    return start


def _check_length(spec: ObjectSpec, start: int, status: int, headers: Mapping[str, str]) -> None:
    length = _number(headers.get("Content-Length"))
    if length is None or start + length == spec.size_bytes:
        return
    # A shorter part is merely the first of several; a shorter whole is another object.
    if status == 206 and start + length < spec.size_bytes:
        return
    if "html" in headers.get("Content-Type", ""):
        raise LinkError("link-captive", "a web page instead of an object")
    raise ObjectError(
        "object-size", f"{spec.sha256}: {length} instead of {spec.size_bytes - start}"
    )


def _number(text: Optional[str]) -> Optional[int]:
    return int(text) if text and text.isdigit() and len(text) < 16 else None
