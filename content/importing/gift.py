"""Questions in GIFT, the text format of Moodle (docs.moodle.org, "GIFT format")."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Iterator, List, NamedTuple, Tuple

from content.importing.bodies import Unsuited
from content.importing.errors import ImportFailure
from content.importing.gift_answers import body_of
from content.importing.gift_text import TextFormat, hidden, marked, shown
from content.importing.languages import language_of_text
from content.importing.limits import MAX_ITEMS
from content.importing.outcome import Imported
from content.importing.task_maker import Question, TaskMaker
from content.importing.text_decoding import decode_text

_CATEGORY = re.compile(r"\$CATEGORY:[ \t]*(.*)", re.DOTALL)
_COMMENT = re.compile(r"\s*//")
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)
_BEGINNINGS = ("::", "$CATEGORY:")
_NAME_LETTERS = 80


class _Block(NamedTuple):
    """Lines of one question; ``line`` is the number of its first."""

    line: int
    text: str


def read(data: bytes, name: str) -> Imported:
    """The questions of a GIFT file, a task for each category.

    Raises ImportFailure for a file that is no text, or has no question in it.
    """
    text, damage = decode_text(data, name)
    maker = TaskMaker(name, PurePosixPath(name).stem, language_of_text(_words(text)) or "en")
    if damage:
        maker.unread("", damage)
    blocks = list(_blocks(text))
    for block in blocks[: 2 * MAX_ITEMS]:
        _take(maker, block)
    if len(blocks) > 2 * MAX_ITEMS:
        maker.unread(f"line {blocks[2 * MAX_ITEMS].line}", "The file is too long; split it.")
    found = maker.imported()
    if not (found.tasks or found.documents or found.unread):
        raise ImportFailure(f"{name} holds no questions in GIFT; see docs/importing.md.")
    return found


def _words(text: str) -> str:
    return re.sub(r"//.*|\$CATEGORY:.*|<[^<>]*>|\[(?:html|markdown|moodle|plain)\]", " ", text)


def _blocks(text: str) -> Iterator[_Block]:
    """Runs of lines between empty ones, without comments; an open brace holds lines together."""
    lines: List[str] = []
    first = 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        plain = "" if _COMMENT.match(line) else line
        if _COMMENT.match(line) and lines:
            continue
        ends = not plain.strip() and not (lines and _is_open(lines))
        ends = ends or (
            bool(lines) and plain.lstrip().startswith(_BEGINNINGS) and _was_empty(lines)
        )
        if ends or (lines and lines[0].lstrip().startswith("$CATEGORY:")):
            if lines:
                yield _Block(first, "\n".join(lines).strip())
            lines = []
        if plain.strip() or lines:
            if not lines:
                first = number
            lines.append(plain)
    if lines:
        yield _Block(first, "\n".join(lines).strip())


def _is_open(lines: List[str]) -> bool:
    """Whether a brace was opened and not closed; after 60 lines it was forgotten."""
    text = hidden("\n".join(lines[-60:]))
    return len(lines) < 60 and text.rfind("{") > text.rfind("}")


def _was_empty(lines: List[str]) -> bool:
    return not lines[-1].strip()


def _take(maker: TaskMaker, block: _Block) -> None:
    category = _CATEGORY.match(block.text)
    if category:
        path = " ".join(category[1].split())
        maker.begin(path or "?", category_title(path))
        return
    text = hidden(block.text)
    title, text = _titled(text)
    place = shown(title) or f"line {block.line}"
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        _describe(maker, title, text, block.line)
        return
    if start < 0 or end < start:
        maker.unread(f"line {block.line}: {place}", "A brace { or } has no partner; add it.")
        return
    try:
        question = _question(maker, title, text, (start, end))
    except Unsuited as problem:
        maker.unread(f"line {block.line}: {place}", str(problem))
        return
    maker.add(question)


def _titled(text: str) -> Tuple[str, str]:
    found = _TITLE.match(text)
    return (found[1].strip(), text[found.end() :].strip()) if found else ("", text)


def category_title(path: str) -> str:
    """The last part of a category's path; two slashes stand for one in a name."""
    plain = path.replace("//", "\0")
    for beginning in ("$course$/", "$system$/", "$module$/", "$cat1$/", "top/"):
        if plain.startswith(beginning):
            plain = plain[len(beginning) :]
    parts = [part.strip() for part in plain.split("/") if part.strip()]
    return (parts[-1] if parts else path).replace("\0", "/")


def _describe(maker: TaskMaker, title: str, text: str, line: int) -> None:
    """A text that asks nothing, for the questions behind it."""
    style, text = TextFormat.of(text, None)
    words, lost = marked(text, style)
    name = shown(title) or f"line {line}"
    if words:
        maker.document(name, name if title else _first_words(words), words)
    for one in lost:
        maker.unread(name, f"Not taken over: {one}.")


def _question(maker: TaskMaker, title: str, text: str, braces: Tuple[int, int]) -> Question:
    start, end = braces
    before, answers, after = text[:start], text[start + 1 : end], text[end + 1 :]
    style, before = TextFormat.of(before, None)
    # Whatever stands behind the answers makes it a sentence with a word missing.
    whole = f"{before.rstrip()} _____{after}" if after.strip() else before
    prompt, lost = marked(whole, style)
    answers, general = _general(answers)
    solution, more = marked(general, style) if general else ("", [])
    body, body_lost, points_out = body_of(maker.bodies, answers.strip(), style)
    name = shown(title) or _first_words(prompt)
    solution = "\n\n".join(part for part in (points_out, solution) if part)
    return Question(name, prompt, body, None, "", solution, [*lost, *more, *body_lost])


def _general(answers: str) -> Tuple[str, str]:
    at = answers.find("####")
    return (answers, "") if at < 0 else (answers[:at], answers[at + 4 :].strip())


def _first_words(markdown: str) -> str:
    plain = " ".join(re.sub(r"!\[[^\]]*\]\([^)]*\)|[\\*_`$#>]", " ", markdown).split())
    return plain[:_NAME_LETTERS]
