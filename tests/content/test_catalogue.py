from __future__ import annotations

import json
from typing import Any, Dict

import pytest

from content.canonical import to_canonical
from content.catalogue import Catalogue, CatalogueEntry, parse_catalogue
from content.errors import FormatError, UnknownFormatError

ENTRY = CatalogueEntry("b-pack", 2, "11" * 32, 900, {"kk": "Б"})
CATALOGUE = Catalogue("ab" * 16, 7, (ENTRY,))
VALUES: Dict[str, Any] = json.loads(CATALOGUE.to_bytes())


def test_there_and_back_with_what_later_versions_add() -> None:
    assert parse_catalogue(CATALOGUE.to_bytes()) == CATALOGUE
    entry = {**VALUES["packs"][0], "later": [1]}
    values = {**VALUES, "certificates": ["x"], "packs": [entry]}
    assert parse_catalogue(to_canonical(values)).to_bytes() == to_canonical(values)


def test_the_next_catalogue() -> None:
    newer = CatalogueEntry("b-pack", 3, "22" * 32, 901, {"kk": "Б"})
    first = CatalogueEntry("a-pack", 1, "33" * 32, 902, {"kk": "А"})
    after = CATALOGUE.with_entry(newer).with_entry(first)
    assert after.serial == 9
    assert after.packs == (first, newer)
    assert after.entry("b-pack") == newer
    assert after.entry("c-pack") is None


@pytest.mark.parametrize(
    "change",
    [
        {"serial": 0},
        {"serial": 2**60},
        {"publisher": "x"},
        {"packs": [VALUES["packs"][0]] * 2},
        {"packs": [{**VALUES["packs"][0], "manifest_size_bytes": 10**9}]},
        {"packs": [{**VALUES["packs"][0], "pack": "../x"}]},
        {"packs": "all"},
    ],
)
def test_bad_catalogues(change: Dict[str, Any]) -> None:
    with pytest.raises(FormatError, match=r"^The catalogue"):
        parse_catalogue(to_canonical({**VALUES, **change}))


def test_out_of_order() -> None:
    other = {**VALUES["packs"][0], "pack": "a-pack"}
    with pytest.raises(FormatError, match="out of order"):
        parse_catalogue(to_canonical({**VALUES, "packs": [VALUES["packs"][0], other]}))


def test_a_newer_format() -> None:
    with pytest.raises(UnknownFormatError):
        parse_catalogue(to_canonical({**VALUES, "format": 2}))
