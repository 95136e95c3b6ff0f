"""Where a pupil learns and a teacher marks: the states of those screens worth looking at."""

from __future__ import annotations

import json
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Mapping, Tuple

from client.messages import LANGUAGES
from content.documents.subtitles import parse_webvtt
from tests.support.laptop import AIGERIM, PACK
from tests.support.screens import Stage
from tests.support.showcase import TEACHER_GULNAR

SAMPLE = Path(__file__).resolve().parents[2] / "content/samples/algebra-7-linear/lessons/solving"
LESSON = {"pack": PACK, "lesson": "solving"}
TASK = {**LESSON, "task": "practice"}
ANSWERS = {
    "root": "b",
    "equivalent": ["a", "c"],
    "number": "−5/2",
    "why": "Екі жағынан бірдей санды азайтамыз, сондықтан теңдік бұзылмайды.",
}
WORDS = "Екі жағынан бірдей санды азайтамыз.\nСондықтан көшірілген мүшенің таңбасы өзгереді."


def _loaded(stage: Stage) -> None:
    assert stage.app.executor.wait()
    stage.settle()
    assert stage.app.executor.wait()
    stage.settle()


def _film(stage: Stage) -> None:
    """Put the sample's lesson in place of the tests' own, with its film."""
    folder = stage.app.laptop.installed.folder / "lessons" / "solving"
    if (folder / "video.mp4").exists():
        return
    (folder / "video.mp4").write_bytes(_film_bytes())
    if not (SAMPLE / "video.mp4").is_file():
        return
    body = json.loads((folder / "lesson.json").read_text(encoding="utf-8"))
    for path in SAMPLE.rglob("*"):
        if path.suffix in (".md", ".vtt", ".png"):
            (folder / path.relative_to(SAMPLE)).write_bytes(path.read_bytes())
    body["texts"] = {language: f"text.{language}.md" for language in LANGUAGES}
    body["video"]["subtitles"] = {language: f"video.{language}.vtt" for language in LANGUAGES}
    cues = parse_webvtt((SAMPLE / "video.kk.vtt").read_text(encoding="utf-8"))
    body["video"]["duration_s"] = cues[-1].end_s + 1
    (folder / "lesson.json").write_text(json.dumps(body), encoding="utf-8")


@lru_cache(maxsize=1)
def _film_bytes() -> bytes:
    """The sample pack's film where it is there, else one that is drawn."""
    if (SAMPLE / "video.mp4").is_file():
        return (SAMPLE / "video.mp4").read_bytes()
    from tests.support.videos import make_film

    with tempfile.TemporaryDirectory() as folder:
        return make_film(Path(folder) / "film.mp4").read_bytes()


def _open(stage: Stage, name: str, **params: Any) -> Any:
    stage.app.go(name, **params)
    _loaded(stage)
    return stage.app.model


def _lesson(stage: Stage) -> None:
    _film(stage)
    laptop = stage.app.laptop
    laptop.save_progress(AIGERIM.id, PACK, "solving", 0.0, False)
    _open(stage, "lesson", **LESSON)


def _lesson_playing(stage: Stage) -> None:
    _film(stage)
    model = _open(stage, "lesson", **LESSON)
    model.play_or_pause()
    stage.wait(lambda: model.player.duration_s > 0)
    model.player.seek(0.4 * model.player.duration_s)
    stage.wait(lambda: model.player.position_s > 0.41 * model.player.duration_s)
    model.play_or_pause()
    stage.settle()


def _lesson_full(stage: Stage) -> None:
    _lesson_playing(stage)
    stage.app.model.full = True
    stage.app.rebuild()
    stage.settle()


def _lesson_coming(stage: Stage) -> None:
    _film(stage)
    path = stage.app.laptop.installed.folder / "lessons" / "solving" / "video.mp4"
    if path.exists():
        path.unlink()
    _open(stage, "lesson", **LESSON)


def _lesson_text(stage: Stage) -> None:
    """The end of the text, with its table."""
    _lesson_coming(stage)
    stage.wait(lambda: all(one.complete for one in stage.documents()))
    scroller = stage.app.view.scroller()
    if scroller.children[0].height > scroller.height:
        scroller.scroll_y = 0.0 if stage.app.wide else 0.35
    stage.settle()


def _task(answer: Callable[[Any], None], feedback: str = "after") -> Callable[[Stage], None]:
    """A task with nothing handed in, brought to a state by ``answer(model)``."""

    def go(stage: Stage) -> None:
        laptop = stage.app.laptop
        laptop._drafts.clear()
        laptop._works = [one for one in laptop._works if one.task != "practice"]
        path = laptop.installed.folder / "lessons" / "solving" / "tasks" / "practice.json"
        text = path.read_text(encoding="utf-8")
        for kind in ("after", "at-once"):
            text = text.replace(f'"feedback": "{kind}"', f'"feedback": "{feedback}"')
        path.write_text(text, encoding="utf-8")
        model = _open(stage, "task", **TASK)
        answer(model)
        _loaded(stage)

    return go


def _choose(model: Any) -> None:
    model.choose("b")


def _hint(model: Any) -> None:
    model.choose("b")
    model.toggle_hint()


def _several(model: Any) -> None:
    model.go_to(1)
    model.choose("a")
    model.choose("b")


def _number(model: Any) -> None:
    model.go_to(2)
    model.write("−5/2")


def _text(model: Any) -> None:
    model.go_to(3)
    model.answers["why"] = WORDS
    model.go_to(2)
    model.go_to(3)
    model.write(WORDS + " ")


def _checked(choice: str) -> Callable[[Any], None]:
    def answer(model: Any) -> None:
        model.choose(choice)
        model.check()

    return answer


def _with_files(stage: Stage) -> Any:
    """The last question asks for files; give its model, and a folder with a page's photo."""
    path = stage.app.laptop.installed.folder / "lessons" / "solving" / "tasks" / "practice.json"
    text = path.read_text(encoding="utf-8").replace('"kind": "text"', '"kind": "file"')
    path.write_text(text, encoding="utf-8")
    folder = stage.app.laptop.installed.folder.parent / "DCIM"
    (folder / "2026-11").mkdir(parents=True, exist_ok=True)
    _draw_page(folder / "IMG_20261122_104512.jpg")
    (folder / "Оқу жазбасы, 3-бет, Айгерім Сәрсенқызы.ogg").write_bytes(bytes(2_340_000))
    (folder / "esep.pdf").write_bytes(bytes(480_000))
    return folder


def _draw_page(path: Path) -> None:
    """A page of a notebook, as a phone takes it."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (1500, 2000), (244, 241, 230))
    draw = ImageDraw.Draw(page)
    for at in range(80, 2000, 60):
        draw.line((0, at, 1500, at), fill=(170, 190, 215), width=3)
    draw.line((180, 0, 180, 2000), fill=(220, 140, 140), width=4)
    for row, words in enumerate(("3x + 6 = 18", "3x = 12", "x = 4", "3 * 4 + 6 = 18")):
        draw.text((240, 150 + 240 * row), words, fill=(35, 45, 120), font_size=150)
    page.save(str(path), quality=88)


def _task_file(stage: Stage, *, look: bool = False, attach: bool = True) -> None:
    folder = _with_files(stage)
    _task(lambda model: model.go_to(3))(stage)
    model = stage.app.model
    model.answers.pop("why", None)
    if attach:
        model.attaching.attach(folder / "IMG_20261122_104512.jpg")
        _loaded(stage)
        model.attaching.attach(folder / "Оқу жазбасы, 3-бет, Айгерім Сәрсенқызы.ogg")
        _loaded(stage)
    if look:
        model.attaching.enter(folder)
        _loaded(stage)
    stage.settle()


def _review_file(stage: Stage) -> None:
    folder = _with_files(stage)
    laptop = stage.app.laptop
    names = [laptop.attach(path).name for path in sorted(folder.glob("*.*"))[:2]]
    table = laptop.class_work(TEACHER_GULNAR.id)
    for work in table.unmarked:
        laptop._answers[work.id] = {**ANSWERS, "why": names}
    wanted = next(work for work in table.unmarked if work.task == "practice")
    stage.app.open_place("class_work")
    _open(stage, "review", work=wanted.id)


def _summary(model: Any) -> None:
    model.answers.update({name: given for name, given in ANSWERS.items() if name != "why"})
    model.go_to(3)
    model.forward()


def _done(model: Any) -> None:
    model.answers.update(ANSWERS)
    model.go_to(3)
    model.forward()
    model.hand_in()


def _task_marked(stage: Stage) -> None:
    _task(_done)(stage)
    laptop = stage.app.laptop
    comment = "Жақсы! Екінші сұрақта мәндес теңдеуді қайта қара."
    laptop.give_mark(TEACHER_GULNAR.id, stage.app.model.work.id, 4.0, comment)
    stage.app.model.reload()
    stage.settle()


def _task_choosing(stage: Stage) -> None:
    from client.laptop.schoolwork.travelling_drafts import HERE, OfferedDraft

    now_ms = stage.app.laptop.now_ms()
    stage.app.laptop.other_drafts = (
        OfferedDraft(HERE, {"root": "a", "why": WORDS}, now_ms - 600_000),
        OfferedDraft("x.1", ANSWERS, now_ms - 90_000_000),
    )
    _open(stage, "task", **TASK)


def _review(stage: Stage) -> None:
    laptop = stage.app.laptop
    table = laptop.class_work(TEACHER_GULNAR.id)
    for work in table.unmarked:
        laptop._answers[work.id] = ANSWERS
    wanted = next(work for work in table.unmarked if work.task == "practice")
    stage.app.open_place("class_work")
    model = _open(stage, "review", work=wanted.id)
    model.add_phrase(stage.app.messages.text("review.phrase.well"))
    model.step(1)
    stage.settle()


def _review_list(stage: Stage) -> None:
    stage.app.open_place("review")
    _loaded(stage)


def _review_none(stage: Stage) -> None:
    from client.laptop.schoolwork.class_work import ClassWork

    stage.app.laptop.class_work = lambda teacher: ClassWork("7 «А»", (), (), ())
    stage.app.open_place("review")
    _loaded(stage)


LEARNING: Mapping[str, Tuple[Any, Callable[[Stage], None]]] = {
    "lesson": (AIGERIM, _lesson),
    "lesson-playing": (AIGERIM, _lesson_playing),
    "lesson-full": (AIGERIM, _lesson_full),
    "lesson-coming": (AIGERIM, _lesson_coming),
    "lesson-text": (AIGERIM, _lesson_text),
    "task": (AIGERIM, _task(_choose)),
    "task-hint": (AIGERIM, _task(_hint)),
    "task-several": (AIGERIM, _task(_several)),
    "task-number": (AIGERIM, _task(_number)),
    "task-text": (AIGERIM, _task(_text)),
    "task-file-empty": (AIGERIM, lambda stage: _task_file(stage, attach=False)),
    "task-file": (AIGERIM, _task_file),
    "task-file-choose": (AIGERIM, lambda stage: _task_file(stage, look=True, attach=False)),
    "task-right": (AIGERIM, _task(_checked("b"), "at-once")),
    "task-wrong": (AIGERIM, _task(_checked("a"), "at-once")),
    "task-summary": (AIGERIM, _task(_summary)),
    "task-done": (AIGERIM, _task(_done)),
    "task-marked": (AIGERIM, _task_marked),
    "task-choosing": (AIGERIM, _task_choosing),
    "review": (TEACHER_GULNAR, _review),
    "review-file": (TEACHER_GULNAR, _review_file),
    "review-list": (TEACHER_GULNAR, _review_list),
    "review-none": (TEACHER_GULNAR, _review_none),
}
"""Name to (who sits there, how to come there)."""
