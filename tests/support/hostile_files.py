"""Every parser of content that reads a file by its path, with a genuine file to spoil."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Callable, List, Mapping

from content.building.source_tables import read_lesson, read_pack_table
from content.building.source_toml import read_toml
from content.installation import Installation
from content.installed import MANIFEST_FILE, open_installed
from content.media import duration_s
from content.pack import Pack
from content.patches import media_notes
from content.patches.media_maker import make_media_patch
from content.patches.media_patch import read_head, segments_of
from content.patches.patching import MEDIA_PATCHES_FILE, pending_patches
from content.repositories.repository import PUBLISHER, Repository
from content.task import read_task
from content.trust.keys import PublisherKey
from tests.support.hostile import Subject
from tests.support.packs import KEY, tiny_mp4, write_source
from tests.support.patch_trees import noise

GOLDEN = Path(__file__).parents[1] / "golden" / "content"


def parsers_of_files(base: Path) -> Mapping[str, Subject]:
    """The parsers of files below ``base``; each writes the hostile one where it belongs."""
    source = write_source(base / "source", video_bytes=10)
    repository = Repository(GOLDEN / "format-1" / "repository")
    trusted = repository.trusted_keys()
    manifest = repository.manifest("equations", 3, trusted)
    staging = Installation(base / "packs").begin(manifest)
    staging.put_core(repository.object_path(manifest.core.object).read_bytes())
    folder = staging.finish().folder
    pack = Pack.open(folder)
    lesson = pack.lessons[0]
    task = lesson.task_ids[0]
    place = f"lessons/{lesson.id}"
    old, new = base / "old", base / "new"
    old.write_bytes(noise(1, 9000))
    new.write_bytes(noise(1, 9000) + b"new" + noise(2, 500))
    (made,) = make_media_patch(old, new, base / "media-patch")
    key, locked = base / "open.key", base / "locked.key"
    KEY.save(key)
    found: List[Subject] = []

    def add(
        name: str, path: Path, parse: Callable[[], Any], json: bool = False, cost: int = 1
    ) -> None:
        good = path.read_bytes()

        def run(data: bytes) -> None:
            path.write_bytes(data)
            try:
                parse()
            finally:
                path.write_bytes(good)

        found.append(Subject(name, run, [good], payloads=[good] if json else (), cost=cost))

    add("pack.json", folder / "pack.json", lambda: Pack.open(folder), json=True)
    add("lesson.json", folder / place / "lesson.json", lambda: pack.lesson(lesson.id), json=True)
    add(
        "task.json",
        folder / place / "tasks" / f"{task}.json",
        lambda: pack.task(lesson.id, task),
        json=True,
    )
    add("installed manifest", folder / MANIFEST_FILE, lambda: open_installed(folder), json=True)
    (folder / MEDIA_PATCHES_FILE).write_bytes(
        b'[{"new_sha256":"' + b"0" * 64 + b'","size_bytes":3}]'
    )
    add("pending patches", folder / MEDIA_PATCHES_FILE, lambda: pending_patches(folder), json=True)
    (folder / media_notes.NOTES_FILE).write_bytes(b'{"video.mp4":["' + b"0" * 64 + b'",3,4]}')
    add("media notes", folder / media_notes.NOTES_FILE, lambda: media_notes.read(folder), json=True)
    add("media patch", made, lambda: [len(one) for one in segments_of(made, old)])
    add("media patch's head", made, partial(head_of, made))
    add("publisher", copied(repository, base) / PUBLISHER, Repository(base / "copy").publisher_key)
    add("key file", key, lambda: PublisherKey.load(key))
    locked.write_bytes((GOLDEN / "trust-1" / "publisher.key").read_bytes())
    add("locked key file", locked, lambda: PublisherKey.load(locked, "long enough words"), cost=60)
    (base / "v.mp4").write_bytes(tiny_mp4(3, 10))
    add("video", base / "v.mp4", lambda: duration_s(base / "v.mp4"))
    add("pack.toml", source / "pack.toml", lambda: read_pack_table(source))
    add(
        "lesson.toml",
        source / "lessons/meaning/lesson.toml",
        lambda: read_lesson(source, "meaning"),
    )
    steps = source / "lessons/meaning/tasks/steps.toml"
    add("task.toml", steps, lambda: read_task("steps", read_toml(steps)))
    return {subject.name: subject for subject in found}


def head_of(path: Path) -> None:
    with path.open("rb") as file:
        read_head(file, str(path))


def copied(repository: Repository, base: Path) -> Path:
    (base / "copy").mkdir()
    (base / "copy" / PUBLISHER).write_bytes((repository.folder / PUBLISHER).read_bytes())
    return base / "copy"


ON_DISK = (
    "pack.json", "lesson.json", "task.json", "installed manifest", "pending patches", "media notes",
    "media patch", "media patch's head", "publisher", "key file", "locked key file", "video",
    "pack.toml", "lesson.toml", "task.toml",
)  # fmt: skip
