from __future__ import annotations

from content.catalogue import Catalogue, parse_catalogue
from content.trust.hint import FIELD, TrustHint, hint_of

CATALOGUE = Catalogue("0" * 32, 1)
HINT = TrustHint("ab" * 32, {"1" * 32: 3}, {"2" * 32: 4})


def test_a_hint_travels_in_a_catalogue() -> None:
    assert hint_of(CATALOGUE) is None
    told = Catalogue("0" * 32, 1, extra={FIELD: HINT.as_values()})
    assert hint_of(parse_catalogue(told.to_bytes())) == HINT
    bare = TrustHint("ab" * 32)
    assert hint_of(Catalogue("0" * 32, 1, extra={FIELD: bare.as_values()})) == bare


def test_a_hint_costs_few_bytes() -> None:
    told = Catalogue("0" * 32, 1, extra={FIELD: HINT.as_values()})
    assert len(told.to_bytes()) - len(CATALOGUE.to_bytes()) < 220
