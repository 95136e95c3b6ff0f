from __future__ import annotations

from typing import Iterator, Type

from content.errors import ContentError, Fault, FormulaError


def every(root: Type[ContentError]) -> Iterator[Type[ContentError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from every(kind)


def test_each_has_its_own_code_and_a_fault() -> None:
    kinds = list(every(ContentError))
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert "content" not in codes
    assert all(isinstance(kind.fault, Fault) for kind in kinds)
    # Nothing here waits for a link: trying again would change nothing.
    assert all(kind.fault is not Fault.LINK for kind in kinds)


def test_the_text_is_the_sentence() -> None:
    problem = FormulaError("The formula ends.", 7)
    assert str(problem) == problem.sentence == "The formula ends."
    assert problem.position == 7
