from __future__ import annotations

import base64
from typing import Any, Dict, List, Mapping

import pytest

pytest.importorskip("lxml")
pytest.importorskip("defusedxml")

from content.importing import moodle
from content.importing.errors import ImportFailure
from content.importing.outcome import Imported
from tests.content.importing.test_gift import items, points

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x90\0\0\0\xc8\x08\x02\0\0\0"
"""The head of a picture of 400 by 200 pixels."""
FILE = (
    f'<file name="карта 1.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'
)


def question(kind: str, inside: str, text: str = "Сұрақ қандай?", name: str = "Атау") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name><questiontext format="html">'
        f"<text><![CDATA[{text}]]></text>{FILE}</questiontext>{inside}</question>"
    )


def answer(text: str, fraction: object, feedback: str = "", more: str = "") -> str:
    return (
        f'<answer fraction="{fraction}" format="html"><text>{text}</text>{more}'
        f'<feedback format="html"><text>{feedback}</text></feedback></answer>'
    )


def read(*questions: str) -> Imported:
    return moodle.read(f"<?xml version='1.0'?><quiz>{''.join(questions)}</quiz>".encode(), "a.xml")


def only(kind: str, inside: str, text: str = "Сұрақ қандай?") -> Mapping[str, Any]:
    found = read(question(kind, inside, text))
    assert found.unread == ()
    (item,) = items(found)
    return item


def test_categories_texts_and_pictures() -> None:
    category = (
        "<question type='category'><category><text>$course$/top/Карта</text></category></question>"
    )
    whole = question(
        "truefalse",
        "<defaultgrade>2.5</defaultgrade>"
        "<generalfeedback><text>Өйткені солай.</text></generalfeedback>"
        "<hint><text>Ойлан.</text></hint>" + answer("true", 100, "Дұрыс!") + answer("false", 0),
        '<p>Мынау <img src="@@PLUGINFILE@@/%D0%BA%D0%B0%D1%80%D1%82%D0%B0%201.png" alt="к">'
        " ма?</p>",
    )
    described = question("description", "", "Мәтінді <b>оқы</b>.", "Оқу")
    found = read(category, whole, described)
    (task,) = found.tasks
    (item,) = task.items
    (path,) = task.pictures
    assert task.title == {"kk": "Карта"}
    assert item["prompt"] == {"kk": f"Мынау\n\n![к](<{path}>)\n\nма?"}
    assert (item["points"], item["hint"]["kk"], item["solution"]["kk"]) == (
        2.5,
        "Ойлан.",
        "Өйткені солай.",
    )
    assert [points(item, one) for one in "ab"] == [2.5, 0]
    assert [one.markdown for one in found.documents] == ["Мәтінді **оқы**."]
    assert found.unread == ()


def test_one_choice_and_several() -> None:
    one = only(
        "multichoice",
        "<single>true</single>" + answer("a", 100) + answer("b", 33.33333) + answer("c", 0),
    )
    assert [points(one, choice) for choice in "abc"] == [1, 0.33, 0]
    several = only(
        "multichoice",
        "<single>false</single>" + answer("a", 33.33333) * 3 + answer("d", -50) + answer("e", 0),
    )
    assert points(several, ["a", "b", "c"]) == 1
    assert points(several, ["a", "b", "d"]) == 0.17
    assert points(several, ["a", "e"]) == 0.33
    strict = only("multichoiceset", answer("a", 100) + answer("b", 100) + answer("c", 0))
    assert [points(strict, given) for given in (["a", "b"], ["a"], ["a", "b", "c"])] == [1, 0, 0]


def test_words_for_any_right_or_wrong_choice_stand_with_the_choices() -> None:
    whole = (
        "<correctfeedback><text>Жарайсың!</text></correctfeedback>"
        "<incorrectfeedback><text>Your answer is incorrect.</text></incorrectfeedback>"
    )
    item = only("multichoice", whole + answer("a", 100, "Дәл.") + answer("b", 0, "Жоқ."))
    said = [choice["feedback"]["kk"] for choice in item["choice"]]
    assert said == ["Дәл.\n\nЖарайсың!", "Жоқ."]


def test_short_answers_and_case() -> None:
    item = only("shortanswer", "<usecase>1</usecase>" + answer("Абай*", 100) + answer("Абай", 50))
    assert [points(item, one) for one in ("Абай Құнанбайұлы", "абай")] == [1, 0]


def test_numbers_with_units() -> None:
    units = (
        "<units><unit><multiplier>1</multiplier><unit_name>м</unit_name></unit>"
        "<unit><multiplier>100</multiplier><unit_name>см</unit_name></unit></units>"
    )
    keys = (
        answer("2", 100, more="<tolerance>0.1</tolerance>")
        + answer("3e0", 50)
        + answer("*", 0, "Қате.")
    )
    loose = only("numerical", f"{keys}{units}<unitgradingtype>0</unitgradingtype>")
    typed = ("2,05 м", "205 см", "2", "3", "9")
    assert [points(loose, one) for one in typed] == [1, 1, 1, 0.5, 0]
    assert loose["otherwise"] == {"kk": "Қате."}
    graded = f"{keys}{units}<unitgradingtype>1</unitgradingtype><unitpenalty>1</unitpenalty>"
    assert [points(only("numerical", graded), one) for one in ("2 м", "2")] == [1, 0]
    unused = only("numerical", f"{keys}{units}<showunits>3</showunits>")
    assert "unit" not in unused


def pair(row: str, option: str) -> str:
    return f"<subquestion><text>{row}</text><answer><text>{option}</text></answer></subquestion>"


def test_pairs() -> None:
    item = only("matching", pair("a", "1") + pair("b", "2") + pair("c", "1") + pair("", "3"))
    assert len(item["option"]) == 3
    right = {row["id"]: row["match"] for row in item["row"]}
    assert points(item, right) == 1
    assert points(item, {**right, "row-1": "c"}) == 0.67


def test_essays_and_files() -> None:
    essay = only(
        "essay",
        "<graderinfo><text>3 балл</text></graderinfo><responseformat>editor</responseformat>",
    )
    assert (essay["kind"], essay["rubric"]) == ("text", {"kk": "3 балл"})
    file = only("essay", "<responseformat>noinline</responseformat><attachments>1</attachments>")
    assert file["kind"] == "file"


@pytest.mark.parametrize(("rule", "worth"), [("-1", 0), ("0", 0.33), ("1", 0), ("5", 0.5)])
def test_orders_earn_points_by_their_own_rule(rule: str, worth: float) -> None:
    parts = answer("екі", "2.0000000") + answer("бір", "1.0000000") + answer("үш", "3.0000000")
    item = only("ordering", f"{parts}<gradingtype>{rule}</gradingtype>")
    assert [part["text"]["kk"] for part in item["part"]] == ["бір", "екі", "үш"]
    assert points(item, ["a", "b", "c"]) == 1
    assert points(item, ["a", "c", "b"]) == worth


def test_embedded_answers() -> None:
    text = (
        "<p>Астана — {1:SHORTANSWER:=Қазақстан#Иә~%50%KZ~*#Жоқ} астанасы, "
        "{2:MC:~1998~=1997#Дәл} жылдан. "
        "2 + 2 = {:NM:=4:0.5~%50%5:0}. {1:SAC:=A\\}\\#B}</p>"
    )
    item = only("cloze", "", text)
    gaps = {gap["id"]: gap for gap in item["gap"]}
    assert [gap["kind"] for gap in gaps.values()] == ["short", "choice", "number", "short"]
    assert gaps["gap-2"]["weight"] == 2
    assert item["passage"]["kk"].startswith("Астана — {{gap-1}} астанасы, {{gap-2}} жылдан.")
    right = {"gap-1": "қазақстан", "gap-2": "b", "gap-3": "4.5", "gap-4": "A}#B"}
    assert points(item, right) == 1
    assert points(item, {**right, "gap-1": "kz", "gap-4": "a}#b"}) == 0.7


@pytest.mark.parametrize("kind", ["ddwtos", "gapselect"])
def test_words_for_gaps(kind: str) -> None:
    box = "dragbox" if kind == "ddwtos" else "selectoption"
    words = "".join(
        f"<{box}><text>{word}</text><group>{group}</group></{box}>"
        for word, group in (("қар", 1), ("жаңбыр", 1), ("қыс", 2), ("жаз", 2))
    )
    item = only(kind, words, "[[3]] мезгілінде [[1]] жауады.")
    assert item["passage"]["kk"] == "{{gap-1}} мезгілінде {{gap-2}} жауады."
    assert [one["text"]["kk"] for one in item["gap"][0]["choice"]] == ["қыс", "жаз"]
    assert points(item, {"gap-1": "a", "gap-2": "a"}) == 1


def test_answers_in_brackets() -> None:
    text = "A [cat|dog] sat on the [mat]."
    typed = only("gapfill", "<answerdisplay>gapfill</answerdisplay>", text)
    assert points(typed, {"gap-1": "dog", "gap-2": "Mat"}) == 1
    wrong = answer("hat", 0)
    chosen = only("gapfill", f"<answerdisplay>dropdown</answerdisplay>{wrong}", "On [mat] or [rug]")
    assert len(chosen["gap"][0]["choice"]) == 3


def marker(drops: str) -> str:
    drags = "".join(f"<drag><no>{no}</no><text>{no}-белгі</text></drag>" for no in (1, 2, 3))
    return f"{FILE}{drags}{drops}"


def test_markers_on_a_picture() -> None:
    areas = [("CIRCLE", "100,100;40"), ("RECTANGLE", "200,0;100,50")]
    areas.append(("POLYGON", "300,100;400,100;350,200"))
    drops = "".join(
        f"<drop><no>{no}</no><shape>{shape}</shape><coords>{coords}</coords>"
        f"<choice>{no}</choice></drop>"
        for no, (shape, coords) in enumerate(areas, 1)
    )
    item = only("ddmarker", marker(drops))
    assert item["size"] == [400, 200]
    assert [area["points"] for area in item["area"]] == [
        [250.0, 500.0, 100.0],
        [500.0, 0.0, 750.0, 250.0],
        [750.0, 500.0, 1000.0, 500.0, 875.0, 1000.0],
    ]
    ids: List[str] = [area["id"] for area in item["area"]]
    given: Dict[str, str] = dict(zip(ids, ("250,600", "600,100", "875,700")))
    assert points(item, given) == 1


def test_words_dropped_on_a_picture_tell_what_is_guessed() -> None:
    drop = "<drop><no>1</no><choice>1</choice><xleft>40</xleft><ytop>20</ytop></drop>"
    found = read(question("ddimageortext", marker(drop)))
    assert items(found)[0]["area"][0]["points"] == [100.0, 100.0, 300.0, 300.0]
    assert [one.why for one in found.unread] == [
        "Not taken over: words that belong nowhere.",
        "Not taken over: how large the zones are; they are 80 by 40 pixels now.",
    ]


@pytest.mark.parametrize(
    ("kind", "inside", "text", "why"),
    [
        ("stack", "", "?", "'stack'"),
        ("multichoice", answer("a", 0) + answer("b", 0), "?", "right"),
        ("multichoice", answer("a", "x"), "?", "percentage"),
        ("truefalse", answer("maybe", 100), "?", "neither"),
        ("numerical", answer("five", 100), "?", "no number"),
        ("cloze", "", "nothing", "no embedded"),
        ("cloze", "", "{1:MULTIRESPONSE:=a~=b}", "several"),
        ("ddwtos", "", "[[4]]", "no word"),
        ("ddmarker", "", "?", "picture"),
        ("gapfill", "", "[!!]", "empty"),
        ("ordering", answer("a", 1), "?", "2 to 12"),
    ],
)
def test_what_does_not_arrive_is_listed(kind: str, inside: str, text: str, why: str) -> None:
    good = question("shortanswer", answer("a", 100), name="Келесі")
    found = read(question(kind, inside, text, "Нашар"), good)
    assert [item["id"] for item in items(found)] == ["kelesi"]
    assert [one.place for one in found.unread] == ["Нашар"]
    assert why in found.unread[0].why


def test_parts_that_are_lost_are_listed_and_the_rest_arrives() -> None:
    whole = "<correctfeedback><text>Жарадың, батыр!</text></correctfeedback>" + answer("a", 100)
    found = read(question("shortanswer", whole, "<img src='@@PLUGINFILE@@/жоқ.png'> не?"))
    assert [one.why for one in found.unread] == [
        "Not taken over: the picture '@@PLUGINFILE@@/жоқ.png'.",
        "Not taken over: what is said to an answer as a whole ('Жарадың, батыр!').",
    ]
    assert len(items(found)) == 1


def test_pictures_of_old_exports() -> None:
    old = f"<image>a.png</image><image_base64>{base64.b64encode(PNG).decode()}</image_base64>"
    item = only("shortanswer", old + answer("a", 100))
    assert "![](<pictures/" in item["prompt"]["kk"]


@pytest.mark.parametrize("data", [b"<x/>", b"<quiz></quiz>", b"<quiz>", b"not xml"])
def test_other_files_fail(data: bytes) -> None:
    with pytest.raises(ImportFailure, match=r"a\.xml"):
        moodle.read(data, "a.xml")
