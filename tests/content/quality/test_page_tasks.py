from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from content.building.source_toml import read_toml
from content.quality.page_tasks import task_html
from content.task import Task, read_task

SAMPLES = Path(__file__).parents[3] / "content/samples/algebra-7-linear/lessons"


def shown(text: str) -> str:
    return f"<p>{escape(text)}</p>"


@pytest.fixture(scope="module")
def task() -> Task:
    return read_task("every-kind", read_toml(SAMPLES / "meaning/tasks/every-kind.toml"))


@pytest.mark.parametrize("spoken", ["kk", "ru", "en"])
def test_every_question_is_there_with_what_was_written_into_it(task: Task, spoken: str) -> None:
    html = task_html(task, spoken, "ru", shown)
    assert html.count('<div class="item">') == len(task.items)
    for item in task.items:
        for _, text in item.texts():
            if text:
                assert escape(text[spoken]) in html


def test_the_page_s_own_words_are_in_the_reader_s_language(task: Task) -> None:
    html = task_html(task, "kk", "ru", shown)
    assert "Верный ответ" in html
    assert "Дұрыс жауап" not in html


def test_right_choices_are_marked_and_no_others() -> None:
    task = read_task("first-steps", read_toml(SAMPLES / "meaning/tasks/first-steps.toml"))
    right = sum(len(item.correct_ids) for item in task.items)
    assert right > 0
    assert task_html(task, "en", "en", shown).count('class="right">right<') == right
