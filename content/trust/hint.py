"""What a catalogue says of its certificates: which files to have before it can be verified."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional

from content.catalogue import Catalogue
from content.fields import SHA256_HEX, Fields
from content.manifest import KEY_ID
from content.trust.root import MAX_NUMBER
from content.trust.withdrawal import MAX_SERIAL

FIELD = "trust"
_MAX_NAMED = 16


@dataclass(frozen=True)
class TrustHint:
    """Numbers that the publisher knew: of ``roots`` by id, of lists of ``withdrawals`` by issuer.

    ``chain`` is the SHA-256 of the chain's file, in hex.
    """

    chain: str
    roots: Mapping[str, int] = field(default_factory=dict)
    withdrawals: Mapping[str, int] = field(default_factory=dict)

    def as_values(self) -> Dict[str, Any]:
        """The value of the catalogue's field ``trust``."""
        values: Dict[str, Any] = {"chain": self.chain, "roots": dict(self.roots)}
        return {**values, "withdrawals": dict(self.withdrawals)} if self.withdrawals else values


def hint_of(catalogue: Catalogue, place: str = "The catalogue") -> Optional[TrustHint]:
    """The hint in a catalogue, None where there is none; raises FormatError naming ``place``."""
    value = catalogue.extra.get(FIELD)
    if value is None:
        return None
    fields = Fields(value, f"{place}: {FIELD}")
    return TrustHint(
        chain=fields.matching("chain", SHA256_HEX, "a SHA-256 in hex"),
        roots=_numbers(fields, "roots", MAX_NUMBER),
        withdrawals=_numbers(fields, "withdrawals", MAX_SERIAL),
    )


def _numbers(fields: Fields, name: str, highest: int) -> Dict[str, int]:
    if not fields.has(name):
        return {}
    table = fields.child(name)
    if len(table.values) > _MAX_NAMED or not all(KEY_ID.match(one) for one in table.values):
        raise fields.fail(name, f"must give numbers for {_MAX_NAMED} ids at most")
    return {one: table.integer(one, 0, highest) for one in table.values}
