"""A teacher's folder becomes a pack with one call; the second makes only what changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Tuple

import pytest

pytest.importorskip("av")
pytest.importorskip("docx")
pytest.importorskip("pptx")
pytest.importorskip("pypdfium2")
pytest.importorskip("tomlkit")

from content.authoring.composed import Outcomes
from content.authoring.composing import compose
from content.authoring.grouping import grouped
from content.authoring.making import Options, make_pack, plan_steps, prepare, write_folder
from content.authoring.report import Gap, Report
from content.authoring.scan import Found, scan, scan_files
from content.authoring.settings import PackSettings
from content.authoring.step import Result
from content.building.check import check_source
from content.building.finding import ERROR
from content.errors import CancelledError, SourceError
from content.manifest import Manifest
from content.pack import Pack
from content.repositories.hash_cache import HashCache
from content.repositories.repository import Repository
from content.watch import UNWATCHED, Watch
from tests.support.office import document, png
from tests.support.packs import KEY, TRUSTED
from tests.support.pdfs import has_font
from tests.support.teachers_folder import write_folder as write_teachers_folder

if not has_font():
    pytest.skip("no font with Kazakh letters here", allow_module_level=True)

OPTIONS = Options(("audio", "240p"), 2)


class Made(NamedTuple):
    base: Path
    folder: Path
    report: Report
    manifest: Manifest


def make(base: Path, folder: Path) -> Tuple[Report, Manifest]:
    found = scan(folder)
    return make_pack(found, folder.name, base / "work", base / "repository", KEY, OPTIONS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    base = tmp_path_factory.mktemp("making")
    folder = write_teachers_folder(base / "Математика 6-сынып", 3, 2, 1, 1, 25)
    (folder / "03 Көбейту.mp4").write_bytes(b"this is no video" * 99)
    report, manifest = make(base, folder)
    yield Made(base, folder, report, manifest)
    shutil.rmtree(base, ignore_errors=True)


def source_of(made: Made) -> Path:
    return made.base / "work" / "source"


def test_lessons_and_their_parts(made: Made) -> None:
    assert made.report.lessons == (
        ("bolshekter", "Бөлшектер"),
        ("qosu-men-azaitu", "Қосу мен азайту"),
        ("kobeitu", "Көбейту"),
        ("tapsyrmalar", "Тапсырмалар"),
    )
    entry = Repository(made.base / "repository").catalogue(TRUSTED).entry("matematika-6-synyp")
    assert entry and entry.version == 1
    assert (made.manifest.subject, made.manifest.grade) == ("mathematics", 6)
    assert made.manifest.title == {"kk": "Математика 6-сынып"}
    lesson = source_of(made) / "lessons" / "bolshekter"
    names = {path.name for path in lesson.iterdir()}
    assert names >= {"video.mp4", "video.audio.m4a", "video.kk.vtt", "poster.jpg", "text.kk.md"}
    assert "$$" in (lesson / "text.kk.md").read_text("utf-8")
    tasks = sorted((source_of(made) / "lessons" / "tapsyrmalar" / "tasks").iterdir())
    assert len(tasks) == 2


def test_the_source_has_no_errors(made: Made) -> None:
    assert [one for one in check_source(source_of(made)) if one.severity == ERROR] == []


def test_what_cannot_be_used_is_named_and_the_rest_is_made(made: Made) -> None:
    named = {(one.path, one.place) for one in made.report.unread}
    assert ("03 Көбейту.mp4", "") in named
    assert ("03 Көбейту.pdf", "page 2") in named
    assert ("03 Көбейту.kk.srt", "") in named
    assert not (source_of(made) / "lessons" / "kobeitu" / "video.mp4").exists()
    assert (source_of(made) / "lessons" / "kobeitu" / "text.kk.md").exists()


def test_what_is_spoken_lies_beside(made: Made) -> None:
    (spoken,) = (made.base / "work" / "narration").iterdir()
    assert spoken.name == "qosu-men-azaitu.kk.txt"
    assert "Мұнда 1-слайд туралы айтамыз." in spoken.read_text("utf-8")


def test_again_makes_nothing_and_a_subtitle_makes_one(made: Made) -> None:
    report, manifest = make(made.base, made.folder)
    assert (report.made, report.touched, manifest) == (0, 0, made.manifest)
    assert report.kept == made.report.made
    subtitles = made.folder / "01 Бөлшектер.kk.srt"
    before = subtitles.read_bytes()
    text = before.decode("utf-16")
    subtitles.write_bytes(text.replace("сөйлем", "сөз").encode("utf-16"))
    try:
        report, manifest = make(made.base, made.folder)
    finally:
        subtitles.write_bytes(before)
    assert (report.made, manifest.version) == (1, 2)
    # The subtitles, and the version in pack.toml.
    assert report.touched == 2
    assert manifest.media == made.manifest.media


def test_being_stopped_keeps_the_repository_and_what_was_made(tmp_path: Path) -> None:
    folder = tmp_path / "Сабақ"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number} Тақырып.docx").write_bytes(document(f"Тақырып {number}"))
    stopped: List[int] = []

    def heard(name: str, done: int, _: int) -> None:
        if name.startswith("making") and done:
            stopped.append(done)

    watch = Watch(heard, lambda: bool(stopped))
    with pytest.raises(CancelledError):
        make_pack(
            scan(folder), "Сабақ", tmp_path / "work", tmp_path / "repository", KEY, OPTIONS, watch
        )
    assert not (tmp_path / "repository").exists()
    report, _ = make(tmp_path, folder)
    assert 0 < report.made < 4 and report.made + report.kept == 4


def test_languages_fall_back_and_gaps_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "Сабақ"
    (folder / "kk").mkdir(parents=True)
    (folder / "kk" / "1 Бөлшек.docx").write_bytes(document("Бөлшек"))
    russian = document("Дробь", ["Дробь – часть целого."])
    (folder / "1 Бөлшек.ru.docx").write_bytes(russian)
    (folder / "2 Пайыз.md").write_text("# Пайыз\n\nЖүзден бір үлес.\n", encoding="utf-8")
    report, manifest = make(tmp_path, folder)
    assert manifest.languages == ("kk", "ru")
    assert report.gaps == (Gap("paiyz", "ru", ("title", "text")),)
    (lesson, _) = report.lessons
    assert lesson == ("bolshek", "Бөлшек")
    toml = (tmp_path / "work/source/lessons/bolshek/lesson.toml").read_text("utf-8")
    assert 'ru = "Дробь"' in toml and 'kk = "Бөлшек"' in toml


def test_pack_toml_and_lesson_toml_refine(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    for name in ("1 A", "2 B"):
        (folder / name).mkdir(parents=True)
        (folder / name / "text.kk.md").write_text("Мәтін және ой.\n", encoding="utf-8")
    (folder / "pack.toml").write_text('grade = 9\nid = "my-pack"\nlessons = ["b"]\n', "utf-8")
    (folder / "1 A" / "lesson.toml").write_text(
        'minutes = 33\n[title]\nkk = "Басқа атау"\n', encoding="utf-8"
    )
    report, manifest = make(tmp_path, folder)
    assert (manifest.pack, manifest.grade) == ("my-pack", 9)
    assert [one for one, _ in report.lessons] == ["b", "a"]
    toml = (tmp_path / "work/source/lessons/a/lesson.toml").read_text("utf-8")
    assert "minutes = 33" in toml and "Басқа атау" in toml


def test_pictures_that_markdown_shows_and_those_that_lie_there(tmp_path: Path) -> None:
    folder = tmp_path / "x" / "1 Сурет"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a b.png").write_bytes(png())
    (folder / "img" / "loose.png").write_bytes(png(shade=3))
    text = "Мәтін ![көк](img/a%20b.png) ![жоқ](none.png) ![желі](https://a.b/c.png)\n"
    (folder / "text.md").write_text(text, encoding="utf-8")
    report, _ = make(tmp_path, tmp_path / "x")
    written = (tmp_path / "work/source/lessons/suret/text.kk.md").read_text("utf-8")
    assert written.count("](<pictures/") == 2 and "жоқ" in written
    assert len(list((tmp_path / "work/source/lessons/suret/pictures").iterdir())) == 2
    assert len(report.unread) == 2


def test_a_text_that_is_too_long_goes_on_in_another_lesson(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    text = "".join(f"# {number}\n\n{'сөз ' * 5000}\n\n" for number in range(8))
    (folder / "Кітап.md").write_text(text, encoding="utf-8")
    report, _ = make(tmp_path, folder)
    assert [one for one, _ in report.lessons] == ["kitap", "kitap-2"]


def test_a_folder_that_makes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "a.docx").write_bytes(b"no")
    with pytest.raises(SourceError, match="Nothing"):
        prepare(scan(folder), "x", tmp_path / "work", OPTIONS)


def test_import_writes_a_source_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "1 Бөлшек.docx"
    path.write_bytes(document("Бөлшек"))
    target = tmp_path / "source"
    report = write_folder(
        scan_files([path]), "Сабақ", target, tmp_path / "work", OPTIONS, UNWATCHED
    )
    assert report.pack == "sabaq"
    assert [one for one in check_source(target) if one.severity == ERROR] == []
    with pytest.raises(SourceError, match="not empty"):
        write_folder(scan_files([path]), "x", target, tmp_path / "work", OPTIONS, UNWATCHED)


def test_steps_depend_on_what_files_hold(tmp_path: Path) -> None:
    path = tmp_path / "x" / "a.mp4"
    path.parent.mkdir()
    path.write_bytes(b"one")

    def key(options: Options) -> str:
        hashes = HashCache(None, tmp_path)
        (step,) = plan_steps(scan(path.parent), options, hashes, UNWATCHED)
        return step.key

    first = key(OPTIONS)
    assert key(OPTIONS) == first and key(Options(("audio",))) != first
    path.write_bytes(b"two")
    assert key(OPTIONS) != first


def test_the_pack_opens(made: Made, tmp_path: Path) -> None:
    from content.installation import Installation

    staging = Installation(tmp_path).begin(made.manifest)
    core = made.manifest.core
    repository = Repository(made.base / "repository")
    staging.put_core(repository.read_object(core.object, core.size_bytes))
    pack = Pack.open(staging.finish().folder)
    task = pack.task("tapsyrmalar", pack.lessons[-1].task_ids[0])
    assert len(task.items) == 20 and task.title == {"kk": "Тест 1"}


def test_a_course_becomes_a_lesson_for_each_unit() -> None:
    found = Found("course.imscc", Path("course.imscc"), "tasks", 1)
    (group,) = grouped([found])

    def part(name: str) -> Dict[str, Any]:
        return {"name": name, "title": name, "language": "kk", "markdown": "a", "pictures": [],
                "narration": ""}  # fmt: skip

    documents = [part("1 Өзен/Су"), part("2 Тау/Тас"), part("1 Өзен/Көл"), part("Кіріспе")]
    outcomes = Outcomes({"course.imscc": Result(Path(), {"documents": documents, "tasks": []})})
    composed = compose([group], outcomes, PackSettings(), "География 7")
    assert [one.id for one in composed.lessons] == ["ozen", "tau", "kirispe"]
    assert composed.lessons[0].texts == {"kk": "a\n\na\n"}
    assert (composed.table["subject"], composed.table["grade"]) == ("geography", 7)
