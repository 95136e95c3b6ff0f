"""The sample pack: whole, correct and small enough to live in the repository."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Dict, Iterator, Tuple

import pytest

from content.building.check import check_source
from content.building.source import PackTable, read_lesson, read_pack_table
from content.building.source_toml import read_toml
from content.documents.subtitles import read_webvtt
from content.items.registry import BY_TEACHER, KINDS
from content.media import duration_s
from content.number import parse_number
from content.scoring import score_item, score_task
from content.task import Item, Task, read_task
from content.variants.instance import instantiate, plain_fields, task_key

SAMPLES = Path(__file__).parents[2] / "content" / "samples"
PACK = SAMPLES / "algebra-7-linear"
LANGUAGES = ("kk", "ru", "en")
LESSONS = ("meaning", "solving", "problems")
MAX_SAMPLES_BYTES = 6 * 1024 * 1024
MAX_PICTURE_BYTES = 40 * 1024

# For problems told in words: what the answer is once x is known.
ASKED = {"everyday/sheep": "x + 15"}

_FORMULA = re.compile(r"\$\$?([^$]+)\$")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")


def table() -> PackTable:
    return read_pack_table(PACK)


def tasks(pupil: str = "") -> Iterator[Tuple[str, Task]]:
    for lesson_id in LESSONS:
        lesson = read_lesson(PACK, lesson_id)
        for task_id in lesson.task_ids:
            fields = read_toml(lesson.task_path(task_id))
            instance = instantiate(fields, task_key(table().id, lesson_id, task_id), pupil, 1)
            yield task_id, read_task(task_id, plain_fields(fields, instance))


def numbers(pupil: str = "") -> Dict[str, Item]:
    return {
        f"{task_id}/{item.id}": item
        for task_id, task in tasks(pupil)
        for item in task.items
        if item.kind == "number"
    }


def value_of(latex: str, x: Fraction) -> Fraction:
    """The value of a school expression in x, worked out exactly."""
    plain = latex.replace("\\left", "").replace("\\right", "").replace("\\cdot", "*")
    while _FRACTION.search(plain):
        plain = _FRACTION.sub(r"((\1)/(\2))", plain)
    plain = re.sub(r"(\d),(\d)", r"\1.\2", plain).replace(":", "/").replace(" ", "")
    assert re.fullmatch(r"[0-9x+\-*/().]+", plain), latex
    plain = re.sub(r"(?<=[0-9x)])(?=[x(])", "*", plain)
    plain = re.sub(r"\d+(?:\.\d+)?", lambda number: f"F('{number[0]}')", plain)
    return Fraction(eval(plain, {"__builtins__": {}}, {"F": Fraction, "x": x}))  # noqa: S307


def root_of(equation: str) -> Fraction:
    """The root of a linear equation: two values of left minus right fix the line."""
    left, right = equation.split("=")
    at_0, at_1, at_2 = (
        value_of(left, Fraction(x)) - value_of(right, Fraction(x)) for x in (0, 1, 2)
    )
    assert at_2 - at_1 == at_1 - at_0 != 0, f"{equation} is not linear with one root"
    return at_0 / (at_0 - at_1)


def equation_in(text: str) -> str:
    """The first equation with x among a text's formulas."""
    formulas = (found[1].split(", ")[0] for found in _FORMULA.finditer(text))
    return next(one for one in formulas if one.count("=") == 1 and "x" in one and one[:4] != "x = ")


def test_the_pack_has_nothing_to_complain_about():
    assert check_source(PACK) == []


def test_it_is_the_pack_it_says():
    pack = table()
    assert (pack.id, pack.lesson_ids, pack.languages) == ("algebra-7-linear", LESSONS, LANGUAGES)


def test_it_is_small_enough_to_live_here():
    sizes = {path: path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()}
    assert sum(sizes.values()) <= MAX_SAMPLES_BYTES
    pictures = {path: size for path, size in sizes.items() if path.suffix == ".png"}
    assert len(pictures) >= 9
    assert all(size < MAX_PICTURE_BYTES for size in pictures.values()), pictures


@pytest.mark.parametrize("lesson_id", LESSONS)
def test_every_language_is_complete(lesson_id):
    lesson = read_lesson(PACK, lesson_id)
    assert set(lesson.texts) == set(LANGUAGES)
    assert set(lesson.title) == set(lesson.summary) == set(LANGUAGES)
    assert lesson.video is not None
    assert set(lesson.video.subtitles) == set(LANGUAGES)
    assert lesson.video.poster == "poster.png"


@pytest.mark.parametrize("lesson_id", LESSONS)
def test_translations_tell_the_same_mathematics(lesson_id):
    lesson = read_lesson(PACK, lesson_id)
    structure = {}
    for language, name in lesson.texts.items():
        text = (lesson.folder / name).read_text("utf-8")
        formulas = [found.replace(",", ".") for found in re.findall(r"\$\$([^$]+)\$\$", text)]
        headings = re.findall(r"^(#+) ", text, re.MULTILINE)
        pictures = re.findall(r"\]\((pictures/[^)]+)\)", text)
        structure[language] = (formulas, headings, pictures, text.count("|\n"))
    assert structure["kk"] == structure["ru"] == structure["en"]
    assert len(structure["kk"][2]) >= 2


def test_explanations_are_of_a_size_that_is_read():
    for path in PACK.glob("lessons/*/text.*.md"):
        assert 500 <= len(path.read_text("utf-8").split()) <= 950, path


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_cyrillic_words_hold_no_latin_letters(language):
    # A Latin "i" or "a" in a Kazakh word looks right and breaks every search.
    for path in sorted(PACK.glob(f"lessons/*/*.{language}.*")):
        for word in re.findall(r"\w+", path.read_text("utf-8")):
            mixed = re.search("[A-Za-z]", word) and re.search("[\u0400-\u04ff]", word)
            assert not mixed, (path, word)


def test_tasks_cover_all_kinds_and_both_ways_of_feedback():
    found = dict(tasks())
    assert {task.feedback for task in found.values()} >= {"at-once", "after"}
    for task_id, task in found.items():
        assert 6 <= len(task.items) <= 10, task_id
        kinds = {item.kind for item in task.items}
        first = {"choice", "choices", "number", "text"}
        assert kinds == (set(KINDS) - first | {"number"} if task_id == "every-kind" else first)


def test_every_item_teaches():
    for task_id, task in tasks():
        for item in task.items:
            texts = [item.prompt, item.hint, item.solution]
            texts += [item.rubric] if item.kind in BY_TEACHER else []
            texts += [one.feedback for one in item.choices if not one.correct]
            texts += [text for _, text in item.texts() if text]
            for text in texts:
                assert set(text) == set(LANGUAGES), (task_id, item.id, text)


def test_every_pupil_has_equations_of_their_own():
    said = {numbers(pupil)["practice/both-sides"].prompt["en"] for pupil in "abcdefghij"}
    assert len(said) >= 9


@pytest.mark.parametrize("pupil", ["", "a", "b", "c"])
@pytest.mark.parametrize("place", sorted(numbers()))
def test_number_keys_are_roots_of_the_equations_given(place, pupil):
    item = numbers(pupil)[place]
    key = parse_number(item.body.answer)
    for language in LANGUAGES:
        try:
            equation = equation_in(item.prompt[language])
        except StopIteration:
            equation = equation_in(item.solution[language])
        root = root_of(equation)
        assert value_of(ASKED.get(place, "x"), root) == key, (place, equation)


def test_choices_of_a_root_agree_with_their_equations():
    items = {item.id: item for _, task in tasks() for item in task.items}
    for choice in items["root-three"].choices:
        assert (root_of(choice.text["en"].strip("$")) == 3) is choice.correct, choice.id
    right = items["check-root"].correct_ids
    for choice in items["check-root"].choices:
        value = value_of(choice.text["en"].strip("$"), Fraction(0))
        assert (root_of("3x - 5 = 10") == value) is (choice.id in right)
    for choice in items["brackets"].choices:
        shown = choice.text["en"].strip("$")
        same = all(
            value_of(shown, Fraction(x)) == value_of("4(x - 3) - (x + 2)", Fraction(x))
            for x in (0, 1)
        )
        assert same is choice.correct, choice.id
    for choice in items["no-root"].choices:
        left, right_side = choice.text["en"].strip("$").split("=")
        gaps = [value_of(left, Fraction(x)) - value_of(right_side, Fraction(x)) for x in (0, 1)]
        assert (gaps[0] == gaps[1] != 0) is choice.correct, choice.id
    for choice in items["laptop-equations"].choices:
        fits = root_of(choice.text["en"].strip("$")) == 6
        assert fits is choice.correct, choice.id


def test_the_questions_of_every_kind_are_right():
    items = {item.id: item for _, task in tasks() for item in task.items}
    shown = {option.id: option.text["en"].strip("$x= ") for option in items["roots"].body.options}
    for row in items["roots"].body.rows:
        assert root_of(row.text["en"].strip("$")) == Fraction(shown[row.match]), row.id
    story = {gap.id: gap.body for gap in items["story"].body.gaps}
    assert root_of("5x - 2 = 18") == Fraction(story["root"].answer)
    for row in items["values"].body.rows:
        x, cell = Fraction(row.head["en"].strip("$")), row.cells[0]
        said = cell.body.answer if hasattr(cell, "body") else cell["en"].strip("$")
        assert value_of("2x + 3", x) == Fraction(said), x
    root, right_side = items["on-the-line"].body.areas
    # The line of the drawing starts 30 of 480 units from the left, and a unit of it is 33 long.
    for area, number in ((root, 4), (right_side, 11)):
        x, y = (30 + 33 * number) / 480 * 1000, 104 / 150 * 1000
        assert score_item(items["on-the-line"], {area.id: f"{x:.1f},{y:.1f}"}).parts[area.id]
        assert not score_item(items["on-the-line"], {area.id: f"{x + 69:.1f},{y:.1f}"}).points


def test_right_answers_earn_every_point_but_the_teachers():
    for task_id, task in tasks():
        answers: Dict[str, object] = {}
        for item in task.items:
            by_hand = {"text": "…", "file": ["page.jpg"]}
            answers[item.id] = by_hand.get(item.kind, item.right_answer)
        score = score_task(task, answers)
        assert score.points + score.waiting == score.of == task.points, task_id
        assert score.waiting > 0


@pytest.mark.parametrize("lesson_id", LESSONS)
def test_subtitles_lie_within_the_video_and_never_overlap(lesson_id):
    folder = PACK / "lessons" / lesson_id
    length_s = duration_s(folder / "video.mp4")
    assert length_s is not None
    times = {}
    for language in LANGUAGES:
        cues, problems = read_webvtt((folder / f"video.{language}.vtt").read_text("utf-8"))
        assert not problems
        assert all(cue.text and len(cue.text.split("\n")) <= 2 for cue in cues)
        assert all(one.end_s < next_.start_s for one, next_ in zip(cues, cues[1:]))
        assert cues[-1].end_s <= length_s
        times[language] = [(cue.start_s, cue.end_s) for cue in cues]
    assert times["kk"] == times["ru"] == times["en"]


@pytest.mark.parametrize("lesson_id", LESSONS)
def test_videos_decode_to_the_last_frame(lesson_id):
    av = pytest.importorskip("av")
    with av.open(str(PACK / "lessons" / lesson_id / "video.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height, video.average_rate) == (426, 240, 15)
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert "Baseline" in video.codec_context.profile
        length_s = container.duration / 1_000_000
        assert 60 <= length_s <= 120
        keys_s, pictures, samples = [], 0, 0
        for frame in container.decode(video, audio):
            if isinstance(frame, av.VideoFrame):
                pictures += 1
                keys_s += [frame.time] if frame.key_frame else []
            else:
                samples += frame.samples
    assert pictures == pytest.approx(length_s * 15, abs=2)
    assert samples / audio.rate == pytest.approx(length_s, abs=0.2)
    # Seeking lands on a key frame: none may be far from the next.
    assert max(later - earlier for earlier, later in zip(keys_s, keys_s[1:])) <= 5.01


@pytest.mark.parametrize("lesson_id", LESSONS)
def test_the_index_comes_first_so_that_a_video_plays_while_it_arrives(lesson_id):
    data = (PACK / "lessons" / lesson_id / "video.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
