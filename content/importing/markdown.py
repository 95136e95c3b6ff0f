"""Markdown: kept as it is; its front matter gives title and language.

Pictures stay relative to the file: whoever has the folder brings them (``content.authoring``).
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Dict, List, Tuple

from content.documents.document import MAX_DOCUMENT, Heading, parse_document
from content.documents.formula import parse_formula
from content.errors import ContentError, FormulaError
from content.importing.errors import ImportFailure
from content.importing.languages import language_of_name, language_of_text, stated_language
from content.importing.limits import MAX_UNREAD
from content.importing.outcome import Imported, ImportedDocument, Unread
from content.importing.text_decoding import decode_text

_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?\n)?\1[ \t]*(?:\n|\Z)", re.S)
_FIELD = re.compile(r"""([A-Za-z_-]{1,40})\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|(.*?))\s*\Z""")
_FORMULA = re.compile(
    r"(?<!\\)\$\$(.+?)(?<!\\)\$\$|(?<![\\$])\$(?![\s$])([^$\n]+?)(?<![\s\\])\$", re.S
)
_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]*`", re.S | re.M)
_MAX_FRONT = 10_000


def read(data: bytes, name: str) -> Imported:
    """Import one file; raises ImportFailure where it is no text or has none."""
    text, damaged = decode_text(data, name)
    fields, body, line = _front_matter(text)
    if not body.strip():
        raise ImportFailure(f"{name} holds no text.")
    stem, named = language_of_name(PurePosixPath(name).stem)
    stated = stated_language(fields.get("language") or fields.get("lang") or "")
    document = ImportedDocument(
        name=stem,
        title=(fields.get("title") or _title(body))[:500],
        language=named or stated or language_of_text(body),
        markdown=body.strip("\n") + "\n",
    )
    unread = [Unread(name, "", damaged)] if damaged else []
    unread.extend(formula_problems(body, name, line))
    return Imported(documents=(document,), unread=tuple(unread[:MAX_UNREAD]))


def _front_matter(text: str) -> Tuple[Dict[str, str], str, int]:
    """The fields, the text after them, and the number of its first line."""
    found = _FRONT.match(text[:_MAX_FRONT])
    if not found:
        return {}, text, 1
    fields: Dict[str, str] = {}
    for line in (found[2] or "").split("\n"):
        field = _FIELD.match(line[:1000])
        if field:
            fields[field[1].lower()] = next(part for part in field.groups()[1:] if part is not None)
    return fields, text[found.end() :], found[0].count("\n") + 1


def _title(body: str) -> str:
    try:
        blocks = parse_document(body[:MAX_DOCUMENT])
    except ContentError:
        return ""
    for block in blocks:
        if isinstance(block, Heading):
            return "".join(span.text for span in block.spans)
    return ""


def formula_problems(markdown: str, name: str, first_line: int = 1) -> List[Unread]:
    """The formulas that cannot be drawn; they stay in the text as they were written."""
    found: List[Unread] = []
    # Dollars in code are dollars.
    text = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), markdown)
    for formula in _FORMULA.finditer(text):
        latex = (formula[1] or formula[2]).strip()
        try:
            parse_formula(latex)
        except FormulaError as problem:
            line = first_line + text.count("\n", 0, formula.start())
            why = f"The formula ${latex[:60]}$ cannot be drawn: {problem}"
            found.append(Unread(name, f"line {line}", why))
            if len(found) >= MAX_UNREAD:
                break
    return found
