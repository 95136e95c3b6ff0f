from __future__ import annotations

from client.laptop.account import Problem
from client.laptop.problems import problem_of
from content.errors import DamagedError


def test_for_scripts():
    problem = problem_of(DamagedError("The core differs."), "algebra-7")
    assert isinstance(problem, Problem)
    assert problem.as_json() == {
        "code": "object-damaged",
        "fault": "their-data",
        "subject": "algebra-7",
        "detail": "The core differs.",
    }
