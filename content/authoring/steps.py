"""Carrying out a step: importing a document, encoding a recording, scaling a picture."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any, Dict, List, Mapping, Tuple

from content.authoring.step import Step
from content.errors import ContentError
from content.importing.errors import ImportFailure
from content.importing.limits import MAX_FILE_BYTES, MAX_PICTURE_BYTES
from content.importing.outcome import Imported, Unread
from content.importing.registry import read
from content.storage import read_bounded, write_durably
from content.watch import Watch

BASE_FILE = "video.mp4"
POSTER_FILE = "poster.jpg"


def carry_out(step: Step, draft: Path, watch: Watch) -> Dict[str, Any]:
    """Do it, writing files into ``draft``; returns what is to be known of them.

    Raises ContentError where nothing can be made of the file, and CancelledError.
    """
    return {"import": _import, "record": _record, "picture": _picture}[step.kind](
        step, draft, watch
    )


def is_final(problem: ContentError) -> bool:
    """Whether the same file would fail in the same way again."""
    from content.renditions.errors import UndecodableError

    missing_library = isinstance(problem.__cause__, ImportError)
    return isinstance(problem, (ImportFailure, UndecodableError)) and not missing_library


def _import(step: Step, draft: Path, _watch: Watch) -> Dict[str, Any]:
    imported = read(read_bounded(step.origin, MAX_FILE_BYTES), step.name)
    pictures: Dict[str, bytes] = {}
    for document in imported.documents:
        pictures.update(document.pictures)
    for task in imported.tasks:
        pictures.update(task.pictures)
    renamed = _scaled(pictures, draft)
    for name, data in imported.subtitles.items():
        write_durably(draft / PurePosixPath(name).name, [data])
    return _as_values(imported, renamed)


def _scaled(pictures: Mapping[str, bytes], draft: Path) -> Dict[str, str]:
    """Write pictures as small as a screen shows them; returns their new paths by the old."""
    renamed: Dict[str, str] = {}
    for path, original in pictures.items():
        data, suffix = _small(original, path)
        new = str(PurePosixPath(path).with_suffix(suffix))
        target = draft / new
        target.parent.mkdir(parents=True, exist_ok=True)
        write_durably(target, [data])
        renamed[path] = new
    return renamed


def _small(data: bytes, path: str) -> Tuple[bytes, str]:
    from content.renditions.errors import UndecodableError
    from content.renditions.pictures import scale_picture

    try:
        made = scale_picture(data, path)
    except UndecodableError:
        return data, PurePosixPath(path).suffix
    return made.data, made.suffix


def _as_values(imported: Imported, renamed: Mapping[str, str]) -> Dict[str, Any]:
    values = {
        "documents": [
            {**asdict(one), "pictures": sorted({renamed[path] for path in one.pictures})}
            for one in imported.documents
        ],
        "tasks": [
            {
                "name": one.name,
                "title": dict(one.title),
                "items": [dict(item) for item in one.items],
                "pictures": sorted({renamed[path] for path in one.pictures}),
            }
            for one in imported.tasks
        ],
        "subtitles": sorted(PurePosixPath(name).name for name in imported.subtitles),
        "unread": [asdict(one) for one in imported.unread],
    }
    return dict(_with_paths(values, {old: new for old, new in renamed.items() if old != new}))


def _with_paths(value: Any, renamed: Mapping[str, str]) -> Any:
    """The same values where every text shows the pictures by their new paths."""
    if isinstance(value, str):
        for old, new in renamed.items():
            value = value.replace(old, new) if old in value else value
        return value
    if isinstance(value, dict):
        return {name: _with_paths(one, renamed) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_paths(one, renamed) for one in value]
    return value


def _record(step: Step, draft: Path, watch: Watch) -> Dict[str, Any]:
    from content.renditions.make import make
    from content.renditions.names import AUDIO
    from content.renditions.plan import plan
    from content.renditions.poster import make_poster
    from content.renditions.probe import probe

    seen = probe(step.origin, watch, step.option("language"))
    wanted = step.option("renditions").split(",")
    plans = plan(seen, wanted) or plan(seen, [AUDIO])
    files: List[str] = []
    unread: List[Unread] = []
    for one in plans:
        name = one.file_name("video")
        made = make(step.origin, draft / name, one, watch)
        files.append(name)
        unread.extend(Unread(step.name, one.rendition, note) for note in made.notes)
    if seen.picture is not None:
        make_poster(step.origin, draft / POSTER_FILE, seen, watch)
        files.append(POSTER_FILE)
    return {
        "files": files,
        "duration_s": seen.duration_s,
        "passes": len(plans),
        "unread": [asdict(one) for one in unread],
    }


def _picture(step: Step, draft: Path, _watch: Watch) -> Dict[str, Any]:
    from content.renditions.pictures import scale_picture

    made = scale_picture(read_bounded(step.origin, 4 * MAX_PICTURE_BYTES), step.name)
    name = f"{step.sha256[:12]}{made.suffix}"
    write_durably(draft / name, [made.data])
    return {"file": name, "unread": []}
