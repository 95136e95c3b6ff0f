"""Which files may be attached, and what they are called again when a teacher opens them.

Only what a document viewer or a player opens: nothing that a system would run. What a record says
of a file is a stranger's word, so the name's ending comes from this table and from nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Dict, Mapping, Optional

PHOTO_TYPE = "image/jpeg"
PHOTOS = ("jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff")
"""What becomes a photo of a sensible size, whatever it was."""
FILES: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "opus": "audio/opus",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "amr": "audio/amr",
    "mp4": "video/mp4",
    "3gp": "video/3gpp",
    "webm": "video/webm",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
"""What is sent as it is, by the ending of its name."""
_ENDINGS: Dict[str, str] = {**{kind: ending for ending, kind in FILES.items()}, PHOTO_TYPE: "jpg"}
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)\Z")
_MAX_NAME_CHARACTERS = 60


def ending_of(name: str) -> str:
    """Return the ending of a file's name in small letters; empty when it has none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def may_be_attached(name: str) -> bool:
    """Tell by its name whether a file may be attached."""
    return ending_of(name) in FILES or ending_of(name) in PHOTOS


def is_recording(name: str) -> bool:
    """Tell by its name whether a file may hold somebody speaking."""
    return FILES.get(ending_of(name), "").startswith(("audio/", "video/"))


def ending_for(media_type: str) -> Optional[str]:
    """Return the ending of the name under which a file may be opened; None: it may not be."""
    return _ENDINGS.get(media_type)


def is_picture(media_type: str) -> bool:
    """Tell whether a screen can show the file itself."""
    return media_type == PHOTO_TYPE


def safe_name(title: str, media_type: str) -> str:
    """Return a name for a file on any disk, whatever its title says; "" for an unknown type."""
    ending = ending_for(media_type)
    if ending is None:
        return ""
    stem = unicodedata.normalize("NFC", title)
    if ending_of(stem) and may_be_attached(stem):
        stem = stem.rpartition(".")[0]
    kept = "".join(letter if _plain(letter) else "_" for letter in stem)
    kept = kept.strip(" ._")[:_MAX_NAME_CHARACTERS].rstrip(" ._")
    if not kept or _RESERVED.match(kept):
        kept = f"_{kept}"
    return f"{kept}.{ending}"


def _plain(letter: str) -> bool:
    return letter in " -_()" or unicodedata.category(letter)[0] in "LN"
