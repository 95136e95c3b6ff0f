from __future__ import annotations

import pytest

from content.documents.formula import Symbol, parse_formula
from content.documents.formula_symbols import (
    FUNCTIONS,
    SPACES_EM,
    SYMBOLS,
    is_operator,
    is_relation,
)


def test_roles() -> None:
    assert is_operator("+")
    assert is_relation("=")
    assert not is_operator("=")
    assert not is_relation("x")
    for name, symbol in SYMBOLS.items():
        assert symbol.role in ("operator", "relation", "variable", "punctuation"), name
    assert SYMBOLS["ne"] == Symbol("≠", "relation")


def test_a_name_means_one_thing() -> None:
    assert not set(SYMBOLS) & FUNCTIONS
    assert not set(SYMBOLS) & set(SPACES_EM)


@pytest.mark.parametrize("name", sorted({*SYMBOLS, *FUNCTIONS, *SPACES_EM}))
def test_every_command_is_drawn(name: str) -> None:
    parse_formula(f"a \\{name} b")
