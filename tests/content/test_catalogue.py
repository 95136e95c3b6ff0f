from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict

import pytest

from content.canonical import to_canonical
from content.catalogue import Catalogue, CatalogueEntry, ListedPatch, parse_catalogue, route
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


LISTED = CatalogueEntry(
    "c-pack", 9, "44" * 32, 900, {"kk": "В"}, core_size_bytes=1_000,
    patches=(ListedPatch(8, 50), ListedPatch(6, 70_000, "55" * 32)),
    steps=(ListedPatch(4, 900), ListedPatch(2, 2_000)),
)  # fmt: skip


def test_patches_there_and_back() -> None:
    catalogue = Catalogue("ab" * 16, 7, (LISTED,))
    assert parse_catalogue(catalogue.to_bytes()) == catalogue
    assert b'[[8,50],[6,70000,"555' in catalogue.to_bytes()


def test_the_way_from_each_version() -> None:
    ways = {start: route(LISTED, start) for start in range(1, 11)}
    one = {8: ((LISTED.patches[0], 9),), 6: ((LISTED.patches[1], 9),), 9: None}
    assert {start: ways[start] for start in one} == one
    # By steps it would cost more than the pack anew.
    assert all(ways[start] is None for start in (1, 2, 3, 4, 5, 7, 10))
    cheap = dataclasses.replace(LISTED, core_size_bytes=10**6)
    way = route(cheap, 2)
    assert way is not None
    assert [(patch.version, new) for patch, new in way] == [(2, 4), (4, 6), (6, 9)]


@pytest.mark.parametrize(
    "change",
    [
        {"patches": [[9, 5]]},
        {"patches": [[8, 5], [8, 5]]},
        {"patches": [[6, 5], [8, 5]]},
        {"patches": [[0, 5]]},
        {"patches": [[8, 0]]},
        {"patches": [[8, 10**12]]},
        {"patches": [[8, 5, "x"]]},
        {"patches": [8]},
        {"patches": [[8, 5]] * 2000},
        {"patches": [[8, 5]], "steps": [[8, 5]]},
        {"steps": [[1, 5], [1, 5]]},
        {"core_size_bytes": -1},
    ],
)
def test_bad_lists_of_patches(change: Dict[str, Any]) -> None:
    values = json.loads(Catalogue("ab" * 16, 7, (LISTED,)).to_bytes())
    values["packs"][0].update(change)
    with pytest.raises(FormatError, match=r"^The catalogue"):
        parse_catalogue(to_canonical(values))
