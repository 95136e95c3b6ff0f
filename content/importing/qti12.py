"""QTI 1.2.1 as Common Cartridges and Canvas write it: assessments and banks of questions."""

from __future__ import annotations

from fractions import Fraction
from pathlib import PurePosixPath
from typing import Callable, Dict, Optional
from xml.etree.ElementTree import Element

from content.importing.bodies import Unsuited
from content.importing.errors import ImportFailure
from content.importing.html import Find, page_of_html, without_tags
from content.importing.languages import language_of_text
from content.importing.moodle_text import data_of_uri
from content.importing.outcome import Imported
from content.importing.qti12_item import Texts, question_of, without_tokens
from content.importing.safe_xml import parse_xml, text_of, without_namespaces
from content.importing.shares import number_of
from content.importing.task_maker import TaskMaker

FindFor = Callable[[TaskMaker], Find]
_UNNAMED = ("question", "")


def read(data: bytes, name: str) -> Imported:
    """The questions of a file; its pictures are those that are written into it."""

    def find_for(maker: TaskMaker) -> Find:
        def find(address: str) -> Optional[str]:
            inside = data_of_uri(address)
            return maker.picture(inside, address[:40]) if inside else None

        return find

    return read_assessment(data, name, "", find_for)


def read_assessment(data: bytes, path: str, folder: str, find_for: FindFor) -> Imported:
    """The same within a package, whose pictures ``find_for`` looks up for the file's own maker.

    Raises ImportFailure for a document that is none of QTI 1.2.
    """
    root = without_namespaces(parse_xml(data, path))
    if root.tag != "questestinterop":
        raise ImportFailure(f"{path} is no QTI 1.2: its root is {root.tag[:40]!r}.")
    assessment = root.find("assessment")
    title = (assessment.get("title") if assessment is not None else "") or _bank_title(root)
    words = [without_tags(text.text or "") for text in root.iter("mattext")]
    language = language_of_text(" ".join(words)[:20_000]) or "en"
    maker = TaskMaker(path, title or PurePosixPath(path).stem, language, folder)
    texts = Texts(maker.bodies, find_for(maker))
    for item in root.iter("item"):
        _take(maker, texts, item, path)
    return maker.imported()


def _bank_title(root: Element) -> str:
    fields = metadata_of(root.find("objectbank"))
    return fields.get("bank_title", "")


def metadata_of(element: Optional[Element]) -> Dict[str, str]:
    """Labels and entries of an element's own metadata, below its items' left out."""
    found: Dict[str, str] = {}
    if element is None:
        return found
    for holder in [*element.findall("qtimetadata"), *element.findall("itemmetadata/qtimetadata")]:
        for pair in holder.findall("qtimetadatafield"):
            found[text_of(pair, "fieldlabel")] = text_of(pair, "fieldentry")
    return found


def _take(maker: TaskMaker, texts: Texts, item: Element, path: str) -> None:
    metadata = metadata_of(item)
    title = " ".join((item.get("title") or "").split())
    texts.lost = []
    asked = texts.asked(item)
    plain = page_of_html(without_tokens(asked), lambda _: None).markdown
    words = " ".join(plain.replace("\\", "").split())[:80]
    name = words if title.lower() in _UNNAMED and words else title or item.get("ident") or "?"
    if metadata.get("question_type") == "text_only_question":
        maker.document(name, name, texts.markdown(without_tokens(asked)))
        return
    try:
        question = question_of(item, metadata, texts, name)
    except Unsuited as problem:
        maker.unread(name, str(problem), path)
        return
    points = metadata.get("points_possible") or metadata.get("cc_weighting")
    question.points = number_of(points) if points else Fraction(1)
    question.lost = list(dict.fromkeys([*question.lost, *texts.lost]))
    maker.add(question, path)
