"""Questions in Moodle XML (docs.moodle.org, "Moodle XML format")."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Callable, List, Mapping, Optional
from xml.etree.ElementTree import Element

from content.importing.bodies import Unsuited
from content.importing.errors import ImportFailure
from content.importing.gift import category_title
from content.importing.html import without_tags
from content.importing.languages import language_of_text
from content.importing.moodle_kinds import KINDS, WHOLE, Found, own_words
from content.importing.moodle_text import Keep, data_of_uri, decoded, embedded, marked, plain
from content.importing.outcome import Imported
from content.importing.safe_xml import parse_xml, text_of
from content.importing.shares import number_of
from content.importing.task_maker import Question, TaskMaker

_SAMPLED = 20_000


def read(data: bytes, name: str) -> Imported:
    """The questions of a Moodle XML file, a task for each category.

    Raises ImportFailure for a file that is no XML, or none of Moodle's.
    """
    root = parse_xml(data, name)
    if root.tag != "quiz":
        raise ImportFailure(f"{name} is no Moodle XML: its root is {root.tag[:40]!r}, not quiz.")
    maker = TaskMaker(name, PurePosixPath(name).stem, _language(root))
    for number, question in enumerate(root.findall("question"), 1):
        _take(maker, question, number)
    found = maker.imported()
    if not (found.tasks or found.documents or found.unread):
        raise ImportFailure(f"{name} holds no questions.")
    return found


def _language(root: Element) -> str:
    words: List[str] = []
    length = 0
    for element in root.iter("text"):
        said = without_tags(element.text or "")
        words.append(said)
        length += len(said)
        if length > _SAMPLED:
            break
    return language_of_text(" ".join(words)) or "en"


def _take(maker: TaskMaker, question: Element, number: int) -> None:
    kind = str(question.get("type") or "")
    if kind == "category":
        path = plain(question.find("category"))
        maker.begin(path or "?", category_title(path))
        return
    name = plain(question.find("name")) or f"question {number}"

    def keep(data: bytes) -> Optional[str]:
        return maker.picture(data, name)

    if kind == "description":
        words, lost = marked(question.find("questiontext"), keep)
        maker.document(name, name, words)
        for one in lost:
            maker.unread(name, f"Not taken over: {one}.")
        return
    make = KINDS.get(kind)
    if make is None:
        maker.unread(name, f"There is no such kind of question here as {kind[:40]!r}.")
        return
    try:
        maker.add(_question(make, maker, question, name, keep))
    except Unsuited as problem:
        maker.unread(name, str(problem))


def _question(
    make: Callable[..., Found], maker: TaskMaker, question: Element, name: str, keep: Keep
) -> Question:
    found = make(maker.bodies, question, keep)
    prompt, lost = found.prompt or "", list(found.lost)
    if found.prompt is None:
        prompt, more = marked(question.find("questiontext"), keep)
        lost.extend(more)
    prompt = "\n\n".join(part for part in (prompt, _old_picture(question, keep, lost)) if part)
    solution, more = marked(question.find("generalfeedback"), keep)
    lost.extend(more)
    hints = [marked(hint, keep) for hint in question.findall("hint")]
    lost.extend(one for _, hint_lost in hints for one in hint_lost)
    lost.extend(_whole_feedback(question, keep))
    grade = text_of(question, "defaultgrade")
    return Question(
        name=name,
        prompt=prompt,
        body=found.body,
        points=number_of(grade) if grade else None,
        hint="\n\n".join(hint for hint, _ in hints if hint),
        solution="\n\n".join(part for part in (found.solution, solution) if part),
        lost=lost,
    )


def _whole_feedback(question: Element, keep: Keep) -> List[str]:
    """What has no place here: where one choice is made, it stands with the choices."""
    single = question.get("type") == "multichoice" and text_of(question, "single") != "false"
    names = WHOLE[2:] if single else WHOLE
    own = [words for words in (own_words(question, name, keep, []) for name in names) if words]
    return [f"what is said to an answer as a whole ({own[0][:60]!r})"] if own else []


def _old_picture(question: Element, keep: Keep, lost: List[str]) -> str:
    """Moodle before 2.0 had one picture beside the text."""
    image, inside = text_of(question, "image"), question.find("image_base64")
    if not image and inside is None:
        return ""
    files: Mapping[str, bytes] = embedded(question.find("questiontext"))
    data = decoded(inside) if inside is not None else files.get(image) or data_of_uri(image)
    path = keep(data) if data else None
    if path is None:
        lost.append(f"the picture {image[:80]!r}")
        return ""
    return f"![](<{path}>)"
