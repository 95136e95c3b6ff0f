"""Texts of Moodle XML: their formats, the files embedded in them, and what became of both."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Callable, Dict, List, Optional, Tuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from content.importing.html import page_of_html, page_of_text
from content.importing.limits import MAX_PICTURE_BYTES
from content.importing.safe_xml import text_of

PLUGIN_FILE = "@@PLUGINFILE@@"
_DATA_URI = re.compile(r"data:image/[a-z.+-]+;base64,(.*)\Z", re.DOTALL | re.IGNORECASE)

Keep = Callable[[bytes], Optional[str]]
"""Keeps a picture and gives the path to show it by; None where it cannot be shown."""


def plain(element: Optional[Element]) -> str:
    """The words of a name or a short answer, on one line, without formatting."""
    if element is None:
        return ""
    found = element.find("text")
    words = text_of(element if found is None else found)
    return " ".join(words.split())


def marked(element: Optional[Element], keep: Keep, style: str = "") -> Tuple[str, List[str]]:
    """A text as Markdown, and what of it could not be shown, in words."""
    source, style = source_of(element, style)
    return marked_source(source, style, embedded(element), keep)


def source_of(element: Optional[Element], style: str = "") -> Tuple[str, str]:
    """The text as it was written, and its format."""
    if element is None:
        return "", style
    found = element.find("text")
    words = "".join(element.itertext()) if found is None and not len(element) else ""
    source = words if found is None else "".join(found.itertext())
    return source, str(element.get("format") or style or "html")


def marked_source(
    source: str, style: str, files: Dict[str, bytes], keep: Keep
) -> Tuple[str, List[str]]:
    """The same, for who changes the source before."""
    if not source.strip():
        return "", []
    if style == "plain_text":
        page = page_of_text(source)
        return page.markdown, page.lost
    if style == "markdown":
        found = re.findall(r"!\[[^\]]*\]\(\s*<?([^)\s>]+)", source)
        return source.strip().replace("{{", "{ {"), [f"the picture {one[:80]!r}" for one in found]

    def find(address: str) -> Optional[str]:
        data = files.get(_file_name(address)) or data_of_uri(address)
        return keep(data) if data else None

    text = source if style == "html" else re.sub(r"\r?\n", "<br>", source.strip())
    page = page_of_html(text, find)
    return page.markdown, page.lost


def embedded(element: Optional[Element]) -> Dict[str, bytes]:
    """The files within a text, by their path."""
    files: Dict[str, bytes] = {}
    for file in element.findall("file") if element is not None else []:
        data = decoded(file)
        if data:
            files[_file_name(str(file.get("path") or "/") + str(file.get("name") or ""))] = data
    return files


def decoded(file: Element) -> bytes:
    """The bytes of a file element; empty where they are damaged or too many."""
    words = "".join(file.itertext())
    if len(words) > 2 * MAX_PICTURE_BYTES:
        return b""
    try:
        return base64.b64decode("".join(words.split()), validate=False)
    except (binascii.Error, ValueError):
        return b""


def data_of_uri(address: str) -> bytes:
    """The bytes of a picture that is written into its own address (RFC 2397); empty for others."""
    found = _DATA_URI.match(address)
    if not found or len(address) > 2 * MAX_PICTURE_BYTES:
        return b""
    try:
        return base64.b64decode("".join(unquote(found[1]).split()), validate=False)
    except (binascii.Error, ValueError):
        return b""


def _file_name(address: str) -> str:
    return unquote(address.replace(PLUGIN_FILE, "").split("?", 1)[0]).strip("/")
