"""What a school demands of the secrets on its laptops, and the key that opens forgotten vaults.

The rules are what the newest ``school-rules`` record in the server's own journal says, so they come
back with the journal when a server is restored, and nothing keeps them twice.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import Any, Dict, Mapping

from sync import fields
from sync.kinds import SCHOOL_RULES
from sync_server.records.own_journal import OwnJournal
from sync_server.store.protocol import Transaction

AT_LEAST: Mapping[str, int] = {"pin_digits": 4, "password_letters": 6, "pictures": 4}
"""What laptops demand anyway."""
AT_MOST = 12
"""Nobody types more than that each morning."""


@dataclass(frozen=True)
class SchoolRules:
    """At least so many digits, letters and pictures; ``required``: whoever works has a secret.

    ``recovery`` is the public key (base64url) of the school's recovery code; empty without one.
    """

    recovery: str = ""
    pin_digits: int = AT_LEAST["pin_digits"]
    password_letters: int = AT_LEAST["password_letters"]
    pictures: int = AT_LEAST["pictures"]
    required: bool = False

    def to_body(self) -> Dict[str, Any]:
        """Return the body of the record that tells laptops of the rules."""
        return dataclasses.asdict(self)


def key_name(recovery: str) -> str:
    """Return a short name of a recovery key, as vaults name it too; empty for none."""
    if not recovery:
        return ""
    return hashlib.sha256(fields.binary(recovery, "recovery", 32)).hexdigest()[:16]


def current_rules(transaction: Transaction, own_id: str) -> SchoolRules:
    """Return the rules as this server told them last."""
    told = transaction.own_words(own_id, (SCHOOL_RULES,))
    if not told:
        return SchoolRules()
    names = [field.name for field in dataclasses.fields(SchoolRules)]
    return SchoolRules(**{name: told[-1].body[name] for name in names})


def tell_rules(
    transaction: Transaction, journal: OwnJournal, own_id: str, rules: SchoolRules
) -> bool:
    """Tell the laptops of this server new rules; return whether there was anything new to tell."""
    known = transaction.own_words(own_id, (SCHOOL_RULES,))
    if known and current_rules(transaction, own_id) == rules:
        return False
    journal.append(own_id, SCHOOL_RULES, rules.to_body())
    return True
