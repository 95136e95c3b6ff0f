"""Tasks on the page: each question with its right answer and what is said to pupil and teacher."""

from __future__ import annotations

from html import escape
from typing import Callable, Iterator, List

from content.quality.words import say
from content.task import Item, Task
from content.text import Text, choose

Show = Callable[[str], str]
"""Markdown to HTML."""
_SAID_APART = ("prompt", "hint", "solution", "rubric")


def task_html(task: Task, spoken: str, language: str, show: Show) -> str:
    """One task as it is said in ``spoken``; the page's own words are in ``language``."""
    title = escape(choose(task.title, (spoken,)))
    points = say("points", language, figure=f"{task.points:g}")
    parts = [f"<h3>{escape(say('task', language, title=''))}{title}</h3>"]
    parts.append(f'<p class="muted">{escape(points)}</p>')
    if task.variant:
        parts.append(f"<p>{escape(say('varies', language))}</p>")
    parts.extend(show(choose(one.text, (spoken,))) for one in task.stimuli)
    parts.extend(_item(item, spoken, language, show) for item in task.items)
    return "\n".join(parts)


def _item(item: Item, spoken: str, language: str, show: Show) -> str:
    points = escape(say("points", language, figure=f"{item.points:g}"))
    parts = [
        '<div class="item">',
        f'<p class="muted">{escape(item.id)} · {points}</p>',
        show(choose(item.prompt, (spoken,))),
    ]
    parts.extend(
        _choices(item, spoken, language, show)
        if item.choices
        else _parts(item, spoken, language, show)
    )
    for name in ("hint", "solution", "rubric"):
        text: Text = getattr(item, name)
        if text:
            parts.append(f"<h4>{escape(say(name, language))}</h4>{show(choose(text, (spoken,)))}")
    parts.append("</div>")
    return "\n".join(parts)


def _choices(item: Item, spoken: str, language: str, show: Show) -> Iterator[str]:
    yield "<ul>"
    for choice in item.choices:
        right = f' <span class="right">{escape(say("right", language))}</span>'
        said = show(choose(choice.text, (spoken,)))
        yield f"<li>{said}{right if choice.correct else ''}"
        if choice.feedback:
            yield f'<div class="muted">{show(choose(choice.feedback, (spoken,)))}</div>'
        yield "</li>"
    yield "</ul>"


def _parts(item: Item, spoken: str, language: str, show: Show) -> Iterator[str]:
    own = [(place, text) for place, text in item.texts() if place not in _SAID_APART and text]
    if own:
        rows = "".join(
            f"<tr><td>{escape(place)}</td><td>{show(choose(text, (spoken,)))}</td></tr>"
            for place, text in own
        )
        yield f'<div class="wide"><table>{rows}</table></div>'
    right = _right(item)
    if right:
        yield f"<h4>{escape(say('right-answer', language))}</h4>"
        yield f'<p class="right">{"<br>".join(map(escape, right))}</p>'


def _right(item: Item) -> List[str]:
    answer = item.right_answer
    if answer is None:
        return []
    if isinstance(answer, str):
        return [answer]
    if isinstance(answer, dict):
        return [f"{name}: {said}" for name, said in answer.items()]
    return [", ".join(answer)]
