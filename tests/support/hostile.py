"""Hostile inputs: what a stranger may make of a genuine file, the same for the same seed."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Callable, List, Optional, Sequence, Tuple, Type

from content.errors import ContentError

MARKS = (
    b"", b"\0", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r\n", b"\n\n", b'"',
    b"\\", b"\\ud800", b"{", b"}", b"[", b"]", b",", b":", b"-", b"0", b"9" * 30, b"1e999", b"NaN",
    b"../", b"C:", b"\x28\xb5\x2f\xfd", b"\xff" * 9, b"\x80" * 9, b"$$", b"|-|", b"&#99999999999;",
    b"-->", b"\xe2\x80\xae", b"\xc4\xb1",
)  # fmt: skip
"""Bytes that mean something to one parser or another."""

VALUES: Tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, 2**64, 10**19, 10**400, 0.5, -0.0, 1e308,
    5e-324, "", " ", "a", "\ud800", "\udfff\ud800", "\0", "\u202e", "e\u0301", "a" * 101_000,
    "0" * 32, "0" * 64, "../x", "/x", "C:x", "NUL", "a.", "x" * 151, "./x", "a/b/" * 40, [], {},
    [[]], [None], ["a", "a"], {"": ""}, {"kk": ""}, {"kk": "a", "\ud800": "b"}, [["a", 1]],
    [[[[[[[]]]]]]], {"format": 2}, ["a"] * 5000, {str(number): 1 for number in range(2000)},
)  # fmt: skip
"""Values of all kinds, to be put in the place of any other."""


@dataclass(frozen=True)
class Subject:
    """A parser, genuine inputs for it, and the root of the errors that it may raise.

    ``wrap`` makes an input of a JSON payload, such as an envelope signed by a genuine key, so that
    what lies behind a signature is reached as well; ``payloads`` are such payloads. ``seal`` is
    what a sample lacks, such as a checksum, that a forger would put right.
    """

    name: str
    parse: Callable[[bytes], Any]
    samples: Sequence[bytes]
    wrap: Optional[Callable[[bytes], bytes]] = None
    payloads: Sequence[bytes] = ()
    errors: Tuple[Type[BaseException], ...] = (ContentError,)
    seal: Callable[[bytes], bytes] = bytes
    cost: int = 1
    """How many times slower than the others: so many times fewer inputs are tried."""


def attack(subject: Subject, seed: int) -> str:
    """Try one input; returns the code of the error, or nothing where it was accepted.

    Raises AssertionError naming seed and input for anything but a typed error that says something.
    """
    data = hostile(subject, random.Random(seed))
    try:
        subject.parse(data)
    except subject.errors as problem:
        assert str(problem).strip(), f"{subject.name}, seed {seed}: an error without a sentence"
        str(problem).encode("utf-8")
        return getattr(problem, "code", type(problem).__name__)
    except BaseException as problem:
        raise AssertionError(
            f"{subject.name}, seed {seed}: {type(problem).__name__}: {problem} from {data[:200]!r}"
        ) from problem
    return ""


def hostile(subject: Subject, dice: random.Random) -> bytes:
    """One input: a genuine one, changed in its bytes or in its values."""
    if subject.payloads and dice.random() < 0.6:
        payload = spoiled_json(dice.choice(list(subject.payloads)), dice)
        return subject.wrap(payload) if subject.wrap else payload
    return subject.seal(spoiled_bytes(dice.choice(list(subject.samples)), dice))


def spoiled_bytes(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one to four changes: bits, cuts, runs, marks, parts moved or repeated."""
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        start = dice.randrange(len(data) + 1)
        end = min(len(data), start + dice.choice((0, 1, 1, 2, 8, 64, len(data))))
        kind = dice.randrange(7)
        if kind == 0 and start < len(data):
            data = data[:start] + bytes([data[start] ^ 1 << dice.randrange(8)]) + data[start + 1 :]
        elif kind == 1:
            data = data[:start]
        elif kind == 2:
            data = data[:start] + data[end:]
        elif kind == 3:
            data = data[:start] + dice.choice(MARKS) * dice.choice((1, 1, 2, 40)) + data[end:]
        elif kind == 4:
            noise = bytes(dice.randrange(256) for _ in range(min(64, end - start)))
            data = data[:start] + noise + data[end:]
        elif kind == 5:
            data = data[:end] + data[start:end] * dice.choice((1, 2, 30)) + data[end:]
        else:
            target = dice.randrange(len(data) + 1)
            part, rest = data[start:end], data[:start] + data[end:]
            data = rest[:target] + part + rest[target:]
        data = data[: 1 << 20]
    return data


def spoiled_json(payload: bytes, dice: random.Random) -> bytes:
    """A JSON document with one to three of its values replaced, added, doubled or taken away."""
    document = json.loads(payload)
    for _ in range(dice.choice((1, 1, 2, 3))):
        places = list(_places(document, []))
        holder, key = dice.choice(places) if places else ({}, "")
        kind = dice.randrange(6)
        if kind < 3 and places:
            holder[key] = deepcopy(dice.choice(VALUES))
        elif kind == 3 and isinstance(holder, dict):
            holder[dice.choice(("x", "", "\ud800", "format", "needs", "trust"))] = dice.choice(
                VALUES
            )
        elif kind == 4 and places:
            del holder[key]
        elif isinstance(holder, list) and holder:
            holder.append(deepcopy(dice.choice(holder)))
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=dice.random() < 0.5)
    if dice.random() < 0.1:
        number = dice.choice(("NaN", "1e999", "-0", "9" * 25, "1,1"))
        text = text.replace(":", f':{number},"x":', 1)
    return text.encode("utf-8", "surrogatepass")


def _places(value: Any, found: List[Tuple[Any, Any]]) -> List[Tuple[Any, Any]]:
    pairs: Sequence[Tuple[Any, Any]] = ()
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for key, inside in pairs:
        found.append((value, key))
        _places(inside, found)
    return found
