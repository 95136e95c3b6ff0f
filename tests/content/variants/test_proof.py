"""Proofs: samples of ours are good for everybody and the same everywhere; bad ones are found."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest

from content.building.check_variants import told
from content.building.source_toml import read_toml
from content.variants.proof import prove
from tests.content.variants.digests import FIRST_200
from tests.content.variants.test_template import item, task

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.toml"))


def test_there_is_a_digest_for_every_sample() -> None:
    assert [path.stem for path in SAMPLES] == sorted(FIRST_200)
    assert len(SAMPLES) >= 6


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_good_and_the_same_on_every_machine(path: Path) -> None:
    proof = prove(read_toml(path), f"samples/{path.stem}", 200)
    assert list(told(proof, path.name)) == []
    assert (proof.distinct, proof.digest) == FIRST_200[path.stem]


def numbers(**more: Any) -> Dict[str, Any]:
    return item("q", **{"parameter": [{"name": "a", "from": -9, "to": 990}], **more})


CHOICES: List[Dict[str, Any]] = [
    {"id": "a", "text": {"ru": "{{= a}}"}, "correct": True},
    {"id": "b", "text": {"ru": "{{= -a}}"}},
]
ALIKE = [{**one, "text": {"ru": "{{= a*a}}"}} for one in CHOICES]
RARE = [{"name": "a", "from": 1, "to": 12}]
BAD = [
    (numbers(answer="{{= 7/(a - a)}}"), "divides by zero"),
    (numbers(kind="choice", choice=ALIKE), "Two choices say the same"),
    (numbers(kind="choices", choice=[{**one, "correct": False} for one in CHOICES]), "0 right"),
    (numbers(prompt={"ru": r"$\\undrawable {{= a}}$"}), "cannot be drawn"),
    (numbers(prompt={"ru": "$2 + {{= -abs(a)}}$"}), "two signs in a row"),
    (numbers(prompt={"ru": "${{= a % 3}}x$"}), "a coefficient of"),
    (numbers(where=["a % 500 == 0"]), "Only 0."),
    (item("q", answer="{{= a}}", prompt={"ru": "{{= a}}"}, parameter=RARE), "in a class of 30"),
]


@pytest.mark.parametrize(("bad", "said"), BAD, ids=[said for _, said in BAD])
def test_what_is_wrong_for_some_pupil_is_found(bad: Dict[str, Any], said: str) -> None:
    findings = [str(one) for one in told(prove(task(bad), "k", 400), "task.toml")]
    assert any(said in one for one in findings), findings


def test_numbers_without_a_value_are_not_given_to_anybody() -> None:
    few: Dict[str, Any] = {
        "parameter": [{"name": "a", "from": -2, "to": 2}],
        "prompt": {"ru": "{{= a}}"},
    }
    divided = prove(task(item("q", **few, answer="{{= 7/a}}")), "k", 100)
    chosen = prove(task(item("q", **few, kind="choice", choice=CHOICES)), "k", 100)
    assert (divided.distinct, divided.problems) == (4, ())
    assert (chosen.distinct, chosen.problems) == (4, ())


def test_pairs_alike_are_counted() -> None:
    one_of_29 = item("q", prompt={"ru": "{{= a}}"}, parameter=[{"name": "a", "from": 1, "to": 29}])
    proof = prove(task(one_of_29), "k", 1000)
    assert proof.distinct == 29
    assert 13 < proof.alike_pairs < 17
