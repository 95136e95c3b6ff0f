"""Signing in to the pages: a code from the server's own console, then a cookie.

The code is kept as a hash, is good for a day and for one browser. The cookie says until when it is
good, signed with a key that only this server has; a new ``--sign-out`` makes all of them void.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Optional

from sync.identity import Identity
from sync_server.store.protocol import Store

CODE_DIGITS = 12
CODE_MS = 86_400_000
SESSION_MS = 90 * 86_400_000
_CODE, _EPOCH = "page-code", "page-epoch"
_CONTEXT = b"keruen page 1\0"


def new_code(store: Store, now_ms: int) -> str:
    """Give out a code, as it is shown; the one before is void."""
    digits = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    with store.transaction() as transaction:
        transaction.set_setting(_CODE, f"{_hash(digits)} {now_ms + CODE_MS}")
    return " ".join(digits[at : at + 4] for at in range(0, CODE_DIGITS, 4))


def use_code(store: Store, typed: str, now_ms: int) -> bool:
    """Tell whether a code is the one that was given out; it is void after that."""
    digits = "".join(letter for letter in typed if letter in "0123456789")
    with store.transaction() as transaction:
        kept, _, until = (transaction.setting(_CODE) or "").partition(" ")
        right = hmac.compare_digest(kept, _hash(digits)) and now_ms < int(until or 0)
        if right:
            transaction.set_setting(_CODE, "")
    return right


def sign_out_all(store: Store) -> None:
    """Make every cookie void."""
    with store.transaction() as transaction:
        transaction.set_setting(_EPOCH, secrets.token_hex(8))


class Sessions:
    """Makes and checks cookies."""

    def __init__(self, store: Store, identity: Identity) -> None:
        self._store = store
        self._key = hashlib.sha256(_CONTEXT + identity.to_bytes()).digest()

    def cookie(self, now_ms: int) -> str:
        """Return a cookie's value that is good from now on."""
        until = str(now_ms + SESSION_MS)
        return f"{until}.{self._signature(until)}"

    def is_good(self, cookie: Optional[str], now_ms: int) -> bool:
        """Tell whether a cookie's value is one of ours, and still good."""
        until, _, signature = (cookie or "").partition(".")
        if not (until.isascii() and until.isdigit() and len(until) < 20):
            return False
        right = hmac.compare_digest(signature.encode(), self._signature(until).encode())
        return right and now_ms < int(until)

    def _signature(self, until: str) -> str:
        with self._store.transaction() as transaction:
            epoch = transaction.setting(_EPOCH) or ""
        return hmac.new(self._key, f"{until} {epoch}".encode(), "sha256").hexdigest()


def _hash(digits: str) -> str:
    return hashlib.sha256(_CONTEXT + digits.encode("ascii")).hexdigest()
