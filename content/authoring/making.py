"""The whole way: scan, plan, carry out what is new, compose, write the source, publish."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from content.authoring.composed import Outcomes, unread_of
from content.authoring.composing import PACK_FILE, Composed, compose
from content.authoring.crew import work
from content.authoring.grouping import grouped
from content.authoring.names import readable
from content.authoring.report import Report, report_of
from content.authoring.scan import AUDIO, DOCUMENT, PICTURE, SUBTITLES, TASKS, VIDEO, Found, Scan
from content.authoring.settings import PackSettings, read_pack_settings
from content.authoring.source_writer import write_source
from content.authoring.step import Result, Step
from content.authoring.store import Store
from content.building.builder import build_pack
from content.errors import SourceError, VersionError
from content.importing.outcome import Unread
from content.manifest import Manifest
from content.repositories.hash_cache import HashCache
from content.repositories.repository import Repository
from content.storage import replace_durably, storage_errors
from content.trust.keys import PublisherKey
from content.watch import UNWATCHED, Watch

SOURCE, RESULTS, NARRATION, REPORT = "source", "results", "narration", "report.json"
_KINDS = {
    DOCUMENT: "import", TASKS: "import", SUBTITLES: "import",
    VIDEO: "record", AUDIO: "record", PICTURE: "picture",
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What the author may choose: renditions, and how many processes work (0: one a core)."""

    renditions: Tuple[str, ...] = ("audio", "144p", "240p", "360p")
    processes: int = 0


@dataclass(frozen=True)
class Prepared:
    """A source that is ready to be written."""

    composed: Composed
    settings: PackSettings
    unread: List[Unread]
    made: int
    kept: int


def plan_steps(scan: Scan, options: Options, hashes: HashCache, watch: Watch) -> Tuple[Step, ...]:
    """One step for each file that needs one; reads files whose hash is not known yet."""
    wanted = [one for one in scan.found if one.kind in _KINDS]
    step = watch.step("reading the folder", sum(one.size_bytes for one in wanted))
    planned = []
    for one in wanted:
        with storage_errors(one.origin):
            sha256, size_bytes, _ = hashes.hash_file(one.origin, step.add)
        kind = _KINDS[one.kind]
        chosen = (("renditions", ",".join(options.renditions)),) if kind == "record" else ()
        planned.append(Step(kind, one.path, one.origin, size_bytes, sha256, chosen))
    hashes.save()
    return tuple(planned)


def prepare(
    scan: Scan, name: str, work_folder: Path, options: Options, watch: Watch = UNWATCHED
) -> Prepared:
    """Carry out the steps that are new, and compose the source.

    Raises SourceError where nothing can be made, StorageError, and CancelledError: then what was
    made is kept for the next time.
    """
    settings, others = _pack_settings(scan.found)
    store = Store(work_folder / RESULTS)
    hashes = HashCache(work_folder, work_folder / "files")
    steps = plan_steps(scan, options, hashes, watch)
    known = {step.key: store.get(step) for step in steps}
    new = {step.key: step for step in steps if known[step.key] is None}
    failed = work(list(new.values()), store, watch, options.processes) if new else {}
    results: Dict[str, Result] = {}
    unread = list(scan.unread)
    for step in steps:
        result = known[step.key] or store.get(step)
        why = failed[step.key].text if step.key in failed else (result.failure if result else "")
        if why or result is None:
            unread.append(Unread(step.name, "", _plain(why, step)))
        else:
            results[step.name] = result
    unread.extend(unread_of(results.values()))
    outcomes = Outcomes(results, unread)
    composed = compose(grouped(others), outcomes, settings, readable(name))
    store.keep_only({step.key for step in steps})
    return Prepared(composed, settings, outcomes.unread, len(new), len(steps) - len(new))


def _plain(why: str, step: Step) -> str:
    """A sentence without the path that stands before it anyway."""
    return why.replace(str(step.origin), "It").replace(step.name, "It") or "It was not read."


def _pack_settings(found: Sequence[Found]) -> Tuple[PackSettings, List[Found]]:
    others = [one for one in found if one.path != PACK_FILE]
    for one in found:
        if one.path == PACK_FILE:
            return read_pack_settings(one.origin), others
    return PackSettings(), others


def make_pack(
    scan: Scan,
    name: str,
    work_folder: Path,
    repository: Path,
    key: PublisherKey,
    options: Options,
    watch: Watch = UNWATCHED,
) -> Tuple[Report, Manifest]:
    """Make a folder's pack and publish it; raises what ``prepare`` and ``build_pack`` raise."""
    prepared = prepare(scan, name, work_folder, options, watch)
    composed = prepared.composed
    pack = str(composed.table["id"])
    known = _published(repository, key, pack)
    version = max(known, prepared.settings.version or 1)
    source = work_folder / SOURCE
    touched = write_source(source, composed.files(version), link=True)
    try:
        manifest = build_pack(source, repository, key, watch, work_folder)
    except VersionError:
        # The same version with other content: what the author changed is the next one.
        touched += write_source(source, composed.files(known + 1), link=True)
        manifest = build_pack(source, repository, key, watch, work_folder)
    report = report_of(composed, prepared.unread, prepared.made, prepared.kept, touched)
    _write_beside(work_folder, composed, report)
    return report, manifest


def write_folder(
    scan: Scan, name: str, target: Path, work_folder: Path, options: Options, watch: Watch
) -> Report:
    """Write a source folder of its own, which an author goes on editing.

    Raises SourceError when the folder holds something already.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SourceError(f"{target} is not empty; choose a new folder.")
    prepared = prepare(scan, name, work_folder, options, watch)
    composed = prepared.composed
    touched = write_source(target, composed.files(prepared.settings.version or 1), link=False)
    return report_of(composed, prepared.unread, prepared.made, prepared.kept, touched)


def _published(repository: Path, key: PublisherKey, pack: str) -> int:
    """The version that the repository holds, or 0."""
    target = Repository(repository)
    if not target.exists():
        return 0
    entry = target.catalogue({key.public.key_id: key.public.raw}).entry(pack)
    return entry.version if entry else 0


def _write_beside(work_folder: Path, composed: Composed, report: Report) -> None:
    """The report, and what is to be spoken: neither is part of the pack."""
    staging = work_folder / ".new"
    with storage_errors(work_folder):
        data = json.dumps(report.as_values(), ensure_ascii=False, indent=1)
        replace_durably(work_folder / REPORT, [data.encode("utf-8")], staging)
        for lesson in composed.lessons:
            for language, said in lesson.narration.items():
                path = work_folder / NARRATION / f"{lesson.id}.{language}.txt"
                replace_durably(path, [said.encode("utf-8")], staging)
        staging.rmdir()


def default_work_folder(folder: Path) -> Path:
    """Where results of a folder are kept: beside it, under its name."""
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}.keruen")


def name_of(folder: Path, given: Optional[str] = None) -> str:
    """What a folder is called to people."""
    return given or folder.resolve().name
