"""What makes this laptop one of a school's: its own keys, the server's, the people, the publishers.

It lives in a small file of its own beside the database (twice, each with its hash), so that a
damaged database costs no laptop its place in the school, and is read at start-up without loading
any cryptography.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from client.laptop.people.people import Person
from client.laptop.storage.files import write_whole

NAMES = ("membership", "membership.copy")


@dataclass(frozen=True)
class Membership:
    """``secret`` (64 bytes) are our keys; ``device`` and ``server`` (64 bytes each) are public.

    Before the school has answered, only the keys are there and ``enrolled`` is false: the same keys
    must be used when the answer was lost and the code is typed again.
    """

    secret: bytes = field(repr=False)
    device: bytes
    address: str = ""
    server: bytes = b""
    school: str = ""
    people: Tuple[Person, ...] = ()
    publishers: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def enrolled(self) -> bool:
        """Whether a school has answered."""
        return bool(self.server)

    def with_publishers(self, publishers: Mapping[str, bytes]) -> Membership:
        """Trust these publishers from now on, as the server's signed answer says."""
        return replace(self, publishers=dict(publishers))


def load(folder: Path) -> Optional[Membership]:
    """Read the first of both copies that is whole; None when there is none."""
    return next((one for one in copies(folder).values() if one is not None), None)


def copies(folder: Path) -> Dict[str, Optional[Membership]]:
    """Read each copy that is there by its name; None stands for a damaged one."""
    found: Dict[str, Optional[Membership]] = {}
    for name in NAMES:
        try:
            found[name] = _parse((folder / name).read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError):
            found[name] = None
    return found


def save(folder: Path, membership: Membership) -> None:
    """Write both copies, one after the other, so that one is whole at any time."""
    data = _to_bytes(membership)
    for name in NAMES:
        write_whole(folder / name, data)


def _to_bytes(membership: Membership) -> bytes:
    content = {
        "secret": _text(membership.secret),
        "device": _text(membership.device),
        "address": membership.address,
        "server": _text(membership.server),
        "school": membership.school,
        "people": [
            [one.id, one.name, one.role, one.class_name, one.picture] for one in membership.people
        ],
        "publishers": {key: _text(value) for key, value in sorted(membership.publishers.items())},
    }
    data = json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8")
    return hashlib.sha256(data).hexdigest().encode("ascii") + b"\n" + data


def _parse(data: bytes) -> Membership:
    seal, _, content = data.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode("ascii") != seal:
        raise ValueError("the file differs from its hash")
    values: Dict[str, Any] = json.loads(content.decode("utf-8"))
    return Membership(
        secret=_bytes(values["secret"]),
        device=_bytes(values["device"]),
        address=values["address"],
        server=_bytes(values["server"]),
        school=values["school"],
        people=tuple(Person(*one) for one in values["people"]),
        publishers={key: _bytes(value) for key, value in values["publishers"].items()},
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
