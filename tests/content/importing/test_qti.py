# ruff: noqa: E501 - samples of XML read best on one line

from __future__ import annotations

import base64
import re
from typing import Any, List, Mapping

import pytest

pytest.importorskip("lxml")
pytest.importorskip("defusedxml")

from content.importing import qti
from content.importing.errors import ImportFailure
from content.importing.outcome import Imported
from tests.content.importing.test_gift import items, points
from tests.content.importing.test_moodle import PNG

MAP = f'<object type="image/png" data="data:image/png;base64,{base64.b64encode(PNG).decode()}"/>'
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAPPED = MATCH.replace("match_correct", "map_response")
POINT = MATCH.replace("match_correct", "map_response_point")


def correct(*values: str) -> str:
    listed = "".join(f"<value>{value}</value>" for value in values)
    return f"<correctResponse>{listed}</correctResponse>"


def mapping(more: str = "", **worth: object) -> str:
    entries = "".join(
        f'<mapEntry mapKey="{key.replace("_", " ")}" mappedValue="{value}"/>'
        for key, value in worth.items()
    )
    return f"<mapping {more}>{entries}</mapping>"


def declaration(
    inside: str, cardinality: str = "single", base: str = "identifier", name: str = "R"
) -> str:
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"{inside}</responseDeclaration>"
    )


def item(declared: str, body: str, rules: str = MATCH, more: str = "") -> str:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" '
        f'title="Атау">{declared}<outcomeDeclaration identifier="SCORE" cardinality="single" '
        f'baseType="float"/><itemBody>{body}</itemBody>{rules}{more}</assessmentItem>'
    )


def in_version_3(xml: str) -> str:
    """The same item as version 3.0 spells it."""

    def hyphens(name: str) -> str:
        return re.sub(r"([A-Z])", lambda found: f"-{found[1].lower()}", name)

    own = "assessmentItem|itemBody|prompt|gap|hottext|equal|variable|match|correct|and|value|mapping|outcomeDeclaration|[a-z]+[A-Z]\\w+"
    xml = re.sub(
        rf"(</?)({own})(?=[\s/>])", lambda found: f"{found[1]}qti-{hyphens(found[2])}", xml
    )
    xml = re.sub(r" ([a-z]+[A-Z]\w*)=", lambda found: f" {hyphens(found[1])}=", xml)
    return xml.replace("imsqti_v2p1", "imsqtiasi_v3p0")


def read(xml: str) -> Imported:
    old, new = qti.read(xml.encode(), "a.xml"), qti.read(in_version_3(xml).encode(), "a.xml")
    assert items(old) == items(new)
    assert [one.why for one in old.unread] == [one.why for one in new.unread]
    return old


def only(xml: str) -> Mapping[str, Any]:
    found = read(xml)
    assert found.unread == ()
    (one,) = items(found)
    return one


def choices(interaction: str, *names: str, more: str = "") -> str:
    listed = "".join(
        f'<simpleChoice identifier="{name}">{name}-жауап</simpleChoice>' for name in names
    )
    return f'<{interaction} responseIdentifier="R" {more}><prompt>Қайсысы?</prompt>{listed}</{interaction}>'


def test_one_choice() -> None:
    one = only(
        item(declaration(correct("B")), "<p>Оқы.</p>" + choices("choiceInteraction", "A", "B"))
    )
    assert one["prompt"] == {"kk": "Оқы.\n\nҚайсысы?"}
    assert [points(one, given) for given in "ab"] == [0, 1]


def test_several_choices_are_all_or_nothing_or_mapped() -> None:
    body = choices("choiceInteraction", "A", "B", "C", more='maxChoices="0"')
    strict = only(item(declaration(correct("A", "B"), "multiple"), body))
    assert [points(strict, given) for given in (["a", "b"], ["a"], ["a", "b", "c"])] == [1, 0, 0]
    map_ = mapping('lowerBound="0" upperBound="2" defaultValue="-1"', A=2, B=1)
    shared = only(item(declaration(correct("A", "B") + map_, "multiple"), body, MAPPED))
    assert [points(shared, given) for given in (["a", "b"], ["b"], ["a", "c"])] == [2, 1, 1]


def test_an_order() -> None:
    body = choices("orderInteraction", "A", "B", "C")
    one = only(item(declaration(correct("C", "A", "B"), "ordered"), body))
    assert [part["text"]["kk"] for part in one["part"]] == ["C-жауап", "A-жауап", "B-жауап"]
    assert [points(one, given) for given in (["a", "b", "c"], ["a", "c", "b"])] == [1, 0]


def sides(*sets: str) -> str:
    listed = "".join(
        "<simpleMatchSet>"
        + "".join(
            f'<simpleAssociableChoice identifier="{one}">{one}!</simpleAssociableChoice>'
            for one in names
        )
        + "</simpleMatchSet>"
        for names in sets
    )
    return f'<matchInteraction responseIdentifier="R"><prompt>Жұпта</prompt>{listed}</matchInteraction>'


def test_pairs_of_two_sides() -> None:
    key = declaration(correct("A X", "B Y") + mapping(A_X=1, B_Y=1), "multiple", "directedPair")
    one = only(item(key, sides("AB", "XYZ"), MAPPED))
    assert [len(one["row"]), len(one["option"])] == [2, 3]
    right = {row["id"]: row["match"] for row in one["row"]}
    assert points(one, right) == 2
    assert points(one, {**right, "row-1": "c"}) == 1
    turned = declaration(correct("A X", "A Y"), "multiple", "directedPair")
    other = only(item(turned, sides("AB", "XY")))
    assert [row["text"]["kk"] for row in other["row"]] == ["X!", "Y!"]


def test_pairs_among_equals_tell_what_changed() -> None:
    listed = "".join(
        f'<simpleAssociableChoice identifier="{one}" matchMax="1">{one}!</simpleAssociableChoice>'
        for one in "ABCDE"
    )
    body = f'<associateInteraction responseIdentifier="R"><prompt>?</prompt>{listed}</associateInteraction>'
    found = read(item(declaration(correct("A B", "C D"), "multiple", "pair"), body))
    assert [one.why for one in found.unread] == [
        "Not taken over: that any two could be paired; the first of each pair is given here."
    ]
    assert len(items(found)[0]["option"]) == 3


def test_gaps_in_a_line() -> None:
    body = (
        '<p>Астана <inlineChoiceInteraction responseIdentifier="R"><inlineChoice identifier="A">өзен'
        '</inlineChoice><inlineChoice identifier="B">қала</inlineChoice></inlineChoiceInteraction>, '
        'жылы <textEntryInteraction responseIdentifier="Y"/>.</p>'
    )
    keys = declaration(correct("B")) + declaration(correct("1997"), base="integer", name="Y")
    rules = (
        "<responseProcessing><responseCondition><responseIf><and><match><variable identifier='R'/>"
        "<correct identifier='R'/></match><match><variable identifier='Y'/><correct identifier='Y'/></match>"
        "</and><setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue>"
        "</responseIf></responseCondition></responseProcessing>"
    )
    one = only(item(keys, body, rules))
    assert one["passage"] == {"kk": "Астана {{gap-1}}, жылы {{gap-2}}."}
    assert [gap["kind"] for gap in one["gap"]] == ["choice", "number"]
    assert points(one, {"gap-1": "b", "gap-2": "1997"}) == one["points"]


def test_typed_words_keep_their_case_and_worth() -> None:
    body = '<p>Ақын: <textEntryInteraction responseIdentifier="R"/></p>'
    key = declaration(correct("Абай") + mapping(Абай=2, абай=1), base="string")
    one = only(item(key, body, MAPPED))
    assert [points(one, {"gap-1": said}) for said in ("Абай", "абай", "АБАЙ")] == [2, 1, 0]


def test_numbers_have_the_tolerance_of_the_rules() -> None:
    rules = (
        "<responseProcessing><responseCondition><responseIf><equal toleranceMode='absolute' tolerance='0.5 0.5'>"
        "<variable identifier='R'/><correct identifier='R'/></equal><setOutcomeValue identifier='SCORE'>"
        "<baseValue baseType='float'>3</baseValue></setOutcomeValue></responseIf></responseCondition>"
        "</responseProcessing>"
    )
    body = '<p>x = <textEntryInteraction responseIdentifier="R"/></p>'
    one = only(item(declaration(correct("2.5"), base="float"), body, rules))
    assert [points(one, {"gap-1": said}) for said in ("3", "3,1")] == [3, 0]


def test_words_are_put_into_gaps() -> None:
    body = (
        '<gapMatchInteraction responseIdentifier="R"><gapText identifier="W" matchMax="1">қыс</gapText>'
        '<gapText identifier="S" matchMax="1">жаз</gapText><p>Қар — <gap identifier="G1"/>, күн — '
        '<gap identifier="G2"/>.</p></gapMatchInteraction>'
    )
    one = only(item(declaration(correct("W G1", "S G2"), "multiple", "directedPair"), body))
    assert one["passage"]["kk"] == "Қар — {{gap-1}}, күн — {{gap-2}}."
    assert [points(one, {"gap-1": "a", "gap-2": given}) for given in "ba"] == [1, 0]


def test_words_of_a_text_are_chosen() -> None:
    body = (
        '<hottextInteraction responseIdentifier="R" maxChoices="1"><p>Ол <hottext identifier="A">барды'
        '</hottext> <hottext identifier="B">үйге</hottext>.</p></hottextInteraction>'
    )
    one = only(item(declaration(correct("A")), body))
    assert one["prompt"]["kk"] == "Ол барды үйге."
    assert [choice["text"]["kk"] for choice in one["choice"]] == ["барды", "үйге"]


def test_places_on_a_picture() -> None:
    spot = (
        f'<hotspotInteraction responseIdentifier="R" maxChoices="1"><prompt>Белгіле</prompt>{MAP}'
        '<hotspotChoice identifier="A" shape="circle" coords="100,100,40"/>'
        '<hotspotChoice identifier="B" shape="rect" coords="0,0,40,40"/></hotspotInteraction>'
    )
    one = only(item(declaration(correct("A")), spot))
    assert (one["size"], one["area"][0]["points"]) == ([400, 200], [250.0, 500.0, 100.0])
    area = '<areaMapping defaultValue="0"><areaMapEntry shape="poly" coords="0,0,400,0,200,200" mappedValue="2"/></areaMapping>'
    point = f'<selectPointInteraction responseIdentifier="R" maxChoices="1">{MAP}</selectPointInteraction>'
    two = only(item(declaration(area, base="point"), point, POINT))
    assert points(two, {"a": "500,100"}) == 2


def test_words_on_a_picture() -> None:
    body = (
        f'<graphicGapMatchInteraction responseIdentifier="R">{MAP}<gapText identifier="W">су</gapText>'
        '<gapText identifier="T">тау</gapText><associableHotspot identifier="H1" shape="rect" '
        'coords="0,0,100,100" matchMax="1"/><associableHotspot identifier="H2" shape="rect" '
        'coords="200,0,300,100" matchMax="1"/></graphicGapMatchInteraction>'
    )
    one = only(item(declaration(correct("W H1", "T H2"), "multiple", "directedPair"), body))
    assert [area["id"] for area in one["area"]] == ["su", "tau"]
    assert [points(one, {"su": "100,100", "tau": given}) for given in ("600,100", "1,1")] == [1, 0]


def test_what_a_teacher_marks() -> None:
    rubric = '<rubricBlock view="scorer"><p>3 балл</p></rubricBlock>'
    essay = only(
        item(
            declaration("", base="string"),
            f'{rubric}<extendedTextInteraction responseIdentifier="R"><prompt>Түсіндір</prompt></extendedTextInteraction>',
            "",
        )
    )
    assert (essay["kind"], essay["rubric"]) == ("text", {"kk": "3 балл"})
    upload = only(
        item(
            declaration("", base="file"),
            '<uploadInteraction responseIdentifier="R" type="image/png"><prompt>Сал</prompt></uploadInteraction>',
            "",
        )
    )
    assert (upload["kind"], upload["accept"]) == ("file", ["photo"])


def test_a_slider_is_a_number() -> None:
    body = '<sliderInteraction responseIdentifier="R" lowerBound="0" upperBound="10"><prompt>Қанша?</prompt></sliderInteraction>'
    one = only(item(declaration(correct("7"), base="integer"), body))
    assert one["prompt"]["kk"] == "Қанша? (0…10)"
    assert points(one, "7") == 1


def test_feedback_goes_to_its_choice() -> None:
    body = choices("choiceInteraction", "A", "B").replace(
        "A-жауап",
        'A-жауап<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">Жоқ</feedbackInline>',
    )
    after = (
        '<modalFeedback outcomeIdentifier="F" identifier="B" showHide="show">Иә</modalFeedback>'
        '<modalFeedback outcomeIdentifier="F" identifier="SOLUTION" showHide="show">Өйткені</modalFeedback>'
    )
    one = only(item(declaration(correct("B")), body, more=after))
    assert [choice["feedback"]["kk"] for choice in one["choice"]] == ["Жоқ", "Иә"]
    assert [choice["text"]["kk"] for choice in one["choice"]] == ["A-жауап", "B-жауап"]
    assert one["solution"] == {"kk": "Өйткені"}


def test_an_item_may_ask_several_things() -> None:
    two = choices("choiceInteraction", "A", "B") + choices("orderInteraction", "A", "B").replace(
        '"R"', '"O"'
    )
    keys = declaration(correct("B")) + declaration(correct("B", "A"), "ordered", name="O")
    found = items(read(item(keys, "<p>Оқы.</p>" + two, "")))
    assert [(one["id"], one["kind"], one["prompt"]["kk"]) for one in found] == [
        ("atau", "choice", "Оқы.\n\nҚайсысы?"),
        ("atau-2", "order", "Оқы.\n\nҚайсысы?"),
    ]


@pytest.mark.parametrize(
    ("declared", "body", "rules", "why"),
    [
        ("", choices("choiceInteraction", "A", "B"), MATCH, "no key"),
        (declaration(correct("A")), "<p>no question</p>", MATCH, "asks nothing"),
        (
            declaration(correct("A")),
            '<drawingInteraction responseIdentifier="R"/>',
            MATCH,
            "drawing",
        ),
        (declaration(correct("A")), '<p><printedVariable identifier="x"/></p>', MATCH, "by lot"),
        (
            declaration(correct("A"), "ordered"),
            choices("orderInteraction", "A", "B"),
            MATCH,
            "Only some",
        ),
        (
            declaration(correct("A X", "A Y"), "multiple"),
            sides("AB", "XYZ"),
            MATCH,
            "several partners",
        ),
    ],
)
def test_what_does_not_arrive_is_listed(declared: str, body: str, rules: str, why: str) -> None:
    found = read(item(declared, body, rules))
    assert items(found) == []
    assert why in found.unread[0].why
    assert found.unread[0].place == "Атау"


def test_other_ways_of_scoring_are_told() -> None:
    rules = "<responseProcessing><lookupOutcomeValue identifier='SCORE'/></responseProcessing>"
    found = read(item(declaration(correct("B")), choices("choiceInteraction", "A", "B"), rules))
    assert ["its own rules" in one.why for one in found.unread] == [True]
    assert len(items(found)) == 1


def test_other_documents_fail() -> None:
    failing: List[bytes] = [
        b"<assessmentTest identifier='t' title='t'/>",
        b"<x/>",
        b"<assessmentItem>",
    ]
    for data in failing:
        with pytest.raises(ImportFailure, match=r"a\.xml"):
            qti.read(data, "a.xml")
