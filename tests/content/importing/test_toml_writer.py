from __future__ import annotations

import sys
from typing import Mapping

import pytest

pytest.importorskip("tomlkit")

from hypothesis import given
from hypothesis import strategies as st

from content.importing.toml_writer import toml_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
TEXTS = st.dictionaries(st.sampled_from(["kk", "ru", "en"]), WORDS, min_size=1)
VALUES = st.one_of(WORDS, st.integers(-9, 9), st.booleans(), TEXTS, st.lists(WORDS, max_size=3))
TABLES = st.dictionaries(st.sampled_from(["aa-1", "bb-2", "cc-3", "dd-4"]), VALUES, max_size=4)


@given(st.fixed_dictionaries({"title": TEXTS, "item": st.lists(TABLES, min_size=1, max_size=3)}))
def test_toml_is_read_back_as_it_was(fields: Mapping[str, object]) -> None:
    assert tomllib.loads(toml_of(fields)) == fields


def test_long_texts_stand_on_their_own_lines() -> None:
    item = {"id": "a", "prompt": {"en": 'one\ntwo \\ "three"'}, "kind": "text", "points": 0.5}
    text = toml_of({"title": {"en": "T"}, "item": [item]})
    assert text.startswith('title = {en = "T"}\n')
    assert 'kind = "text"\npoints = 0.5\n' in text
    assert 'en = """' in text
    assert tomllib.loads(text)["item"] == [item]


def test_cells_of_a_table_stand_in_one_line() -> None:
    cells = [{"en": "1"}, {"id": "a", "kind": "number", "answer": "2"}]
    fields = {"item": [{"id": "t", "row": [{"head": {"en": "h"}, "cells": cells}]}]}
    assert tomllib.loads(toml_of(fields)) == fields
