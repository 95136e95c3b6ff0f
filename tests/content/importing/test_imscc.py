# ruff: noqa: E501 - samples of XML read best on one line

from __future__ import annotations

from typing import Any, Dict, List, Mapping

import pytest

pytest.importorskip("lxml")
pytest.importorskip("defusedxml")

from content.importing import imscc, qti12
from content.importing.errors import ImportFailure
from content.importing.outcome import Imported
from tests.content.importing.test_archive import packed
from tests.content.importing.test_gift import items, points
from tests.content.importing.test_moodle import PNG


def material(words: str, kind: str = "text/html") -> str:
    return f'<material><mattext texttype="{kind}"><![CDATA[{words}]]></mattext></material>'


def labels(**words: str) -> str:
    listed = "".join(
        f'<response_label ident="{name}">{material(said, "text/plain")}</response_label>'
        for name, said in words.items()
    )
    return f"<render_choice>{listed}</render_choice>"


def equal(value: str, response: str = "R", how: str = "varequal", more: str = "") -> str:
    return f'<{how} respident="{response}"{more}>{value}</{how}>'


def rule(inside: str, worth: str = "100", action: str = "Set", says: str = "") -> str:
    setting = f'<setvar action="{action}" varname="SCORE">{worth}</setvar>' if worth else ""
    link = f'<displayfeedback feedbacktype="Response" linkrefid="{says}"/>' if says else ""
    return f'<respcondition continue="No"><conditionvar>{inside}</conditionvar>{setting}{link}</respcondition>'


def item(profile: str, asked: str, rules: str, more: str = "", points_: str = "") -> str:
    fields = f"<qtimetadatafield><fieldlabel>{'question_type' if '_question' in profile else 'cc_profile'}</fieldlabel><fieldentry>{profile}</fieldentry></qtimetadatafield>"
    if points_:
        fields += f"<qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>{points_}</fieldentry></qtimetadatafield>"
    return (
        f'<item ident="i" title="Question"><itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>'
        f"<presentation>{asked}</presentation><resprocessing><outcomes>"
        f'<decvar maxvalue="100" minvalue="0" varname="SCORE"/></outcomes>{rules}</resprocessing>{more}</item>'
    )


def assessment(*questions: str) -> bytes:
    return (
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        f'<assessment ident="a" title="Тест"><section ident="s">{"".join(questions)}</section></assessment>'
        "</questestinterop>"
    ).encode()


def lid(inside: str, cardinality: str = "Single", name: str = "R") -> str:
    return f'<response_lid ident="{name}" rcardinality="{cardinality}">{inside}</response_lid>'


def typed(name: str = "R", kind: str = "String") -> str:
    return f'<response_str ident="{name}" rcardinality="Single"><render_fib fibtype="{kind}"/></response_str>'


def only(question: str) -> Mapping[str, Any]:
    found = qti12.read(assessment(question), "a.xml")
    assert found.unread == ()
    (one,) = items(found)
    return one


ASKED = material("<p>Қайсысы дұрыс?</p>")


def test_one_choice_with_its_feedback() -> None:
    feedback = "".join(
        f'<itemfeedback ident="{name}"><flow_mat>{material(said)}</flow_mat></itemfeedback>'
        for name, said in (("general_fb", "Өйткені"), ("correct_fb", "Жарайсың"), ("1_fb", "Жоқ"))
    )
    rules = rule(equal("1"), "", says="1_fb") + rule(equal("2"), says="correct_fb")
    one = only(
        item(
            "cc.multiple_choice.v0p1",
            ASKED + lid(labels(**{"1": "а", "2": "ә"})),
            rules,
            feedback,
            "2",
        )
    )
    assert one["prompt"] == {"kk": "Қайсысы дұрыс?"}
    assert [choice["feedback"]["kk"] for choice in one["choice"]] == ["Жоқ", "Жарайсың"]
    assert one["solution"] == {"kk": "Өйткені"}
    assert [points(one, given) for given in "ab"] == [0, 2]


def test_several_choices_are_whole_in_cartridges_and_shared_in_canvas() -> None:
    rules = rule(f"<and>{equal('1')}{equal('2')}<not>{equal('3')}</not></and>")
    asked = ASKED + lid(labels(**{"1": "a", "2": "b", "3": "c"}), "Multiple")
    whole = only(item("cc.multiple_response.v0p1", asked, rules))
    assert [points(whole, given) for given in (["a", "b"], ["a"])] == [1, 0]
    shared = only(item("multiple_answers_question", asked, rules))
    assert [points(shared, given) for given in (["a", "b"], ["a"], ["a", "c"])] == [1, 0.5, 0]
    adding = (
        rule(equal("1"), "50", "Add")
        + rule(equal("2"), "50", "Add")
        + rule(equal("3"), "-50", "Add")
    )
    added = only(item("cc.multiple_response.v0p1", asked, adding))
    assert [points(added, given) for given in (["a", "b"], ["a"], ["a", "b", "c"])] == [1, 0.5, 0.5]


def test_typed_words_and_numbers() -> None:
    word = only(
        item(
            "cc.fib.v0p1",
            ASKED + typed(),
            rule(equal("Абай", more=' case="Yes"') + equal("Ыбырай", more=' case="Yes"')),
        )
    )
    assert [points(word, said) for said in ("Абай", "Ыбырай", "абай")] == [1, 1, 0]
    part = only(
        item("cc.pattern_match.v0p1", ASKED + typed(), rule(equal("бай", how="varsubstring")))
    )
    assert points(part, "Абай Құнанбайұлы") == 1
    near = equal("41.5", how="vargte") + equal("42.5", how="varlte")
    number = only(
        item(
            "numerical_question", ASKED + typed(kind="Decimal"), rule(near) + rule(equal("7"), "50")
        )
    )
    assert [points(number, said) for said in ("42,5", "7", "43")] == [1, 0.5, 0]


def test_essays_and_files() -> None:
    assert only(item("cc.essay.v0p1", ASKED + typed(), ""))["kind"] == "text"
    assert only(item("file_upload_question", ASKED, ""))["kind"] == "file"


def test_menus_are_gaps_or_pairs() -> None:
    def menu(name: str, words: str = "") -> str:
        return lid(
            material(words or name, "text/plain")
            + labels(**{f"{name}1": "ақ", f"{name}2": "қара"}),
            name=f"response_{name}",
        )

    rules = rule(equal("x1", "response_x"), "50", "Add") + rule(
        equal("y2", "response_y"), "50", "Add"
    )
    text = material("<p>Қар [x], көмір [y].</p>")
    gaps = only(item("multiple_dropdowns_question", text + menu("x") + menu("y"), rules))
    assert gaps["passage"] == {"kk": "Қар {{gap-1}}, көмір {{gap-2}}."}
    assert points(gaps, {"gap-1": "a", "gap-2": "a"}) == 0.5
    pairs = only(item("matching_question", ASKED + menu("x", "қар") + menu("y", "көмір"), rules))
    assert [row["text"]["kk"] for row in pairs["row"]] == ["қар", "көмір"]
    assert points(pairs, {row["id"]: row["match"] for row in pairs["row"]}) == 1
    blanks = only(item("fill_in_multiple_blanks_question", text + menu("x") + menu("y"), rules))
    assert points(blanks, {"gap-1": "қара", "gap-2": "ақ"}) == 1


def test_several_typed_answers_stand_in_their_text() -> None:
    asked = (
        f"<flow>{material('Қазақстан')}{typed('A')}{material('жылы, астанасы')}{typed('B')}</flow>"
    )
    rules = rule(equal("1991", "A"), "50", "Add") + rule(equal("Астана", "B"), "50", "Add")
    one = only(item("", asked, rules))
    assert one["passage"]["kk"] == "Қазақстан {{gap-1}} жылы, астанасы {{gap-2}}"
    assert points(one, {"gap-1": "1991", "gap-2": "астана"}) == 1


def test_an_order() -> None:
    asked = ASKED + lid(labels(**{"1": "бір", "2": "екі", "3": "үш"}), "Ordered")
    one = only(item("", asked, rule(equal("3") + equal("1") + equal("2"))))
    assert [points(one, given) for given in (["a", "b", "c"], ["b", "a", "c"])] == [1, 0]


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (item("calculated_question", ASKED + typed(), ""), "by lot"),
        (item("cc.multiple_choice.v0p1", ASKED + lid(labels(**{"1": "a", "2": "b"})), ""), "right"),
        (item("hot_spot_question", '<response_xy ident="R"/>', ""), "hot_spot"),
        (
            item(
                "matching_question",
                ASKED
                + lid(material("x") + labels(a="1"), name="p")
                + lid(material("y") + labels(b="2"), name="q"),
                "",
            ),
            "partner",
        ),
        (item("", ASKED, ""), "mixes"),
    ],
)
def test_what_does_not_arrive_is_listed(question: str, why: str) -> None:
    found = qti12.read(assessment(question), "a.xml")
    assert items(found) == []
    assert why in found.unread[0].why


def manifest(items_: str, resources: Mapping[str, tuple[str, str]]) -> bytes:
    listed = "".join(
        f'<resource identifier="{name}" type="{kind}"><file href="{path}"/></resource>'
        for name, (kind, path) in resources.items()
    )
    return (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"><metadata><schema>'
        "IMS Common Cartridge</schema></metadata><organizations><organization><item>"
        f"{items_}</item></organization></organizations><resources>{listed}</resources></manifest>"
    ).encode()


def leaf(title: str, reference: str) -> str:
    return f'<item identifierref="{reference}"><title>{title}</title></item>'


def cartridge() -> bytes:
    resources = {
        "page": ("webcontent", "wiki_content/rivers.html"),
        "quiz": ("imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "q/assessment.xml"),
        "talk": ("imsdt_xmlv1p1", "talk.xml"),
        "link": ("imswl_xmlv1p1", "link.xml"),
        "work": ("assignment_xmlv1p0", "work.xml"),
        "tool": ("imsbasiclti_xmlv1p0", "tool.xml"),
        "film": ("webcontent", "film.mp4"),
        "picture": ("webcontent", "web_resources/Карта 1.png"),
        "lost": ("webcontent", "absent.html"),
    }
    units = "".join(leaf(name.title(), name) for name in resources if name != "picture")
    html = (
        "<html><head><title>x</title></head><body><h1>Өзендер</h1><p>Ертіс — <b>ұзын</b> өзен, \\(v = 2\\).</p>"
        '<img src="$IMS-CC-FILEBASE$/%D0%9A%D0%B0%D1%80%D1%82%D0%B0%201.png" alt="карта"></body></html>'
    )
    quiz = assessment(
        item(
            "cc.true_false.v0p1",
            material('Рас па? <img src="%24IMS-CC-FILEBASE%24/Карта 1.png">')
            + lid(labels(t="Иә", f="Жоқ")),
            rule(equal("t")),
        )
    )
    files: Dict[str, bytes] = {
        "imsmanifest.xml": manifest(f"<item><title>1-бөлім</title>{units}</item>", resources),
        "wiki_content/rivers.html": html.encode(),
        "q/assessment.xml": quiz,
        "talk.xml": "<topic><title>Талқы</title><text texttype='text/html'>&lt;p&gt;Не ойлайсың?&lt;/p&gt;</text></topic>".encode(),
        "link.xml": "<webLink><title>Кітап</title><url href='https://example.kz/a?b=1'/></webLink>".encode(),
        "work.xml": "<assignment><title>Жұмыс</title><text texttype='text/html'>Өзен туралы жаз</text></assignment>".encode(),
        "tool.xml": b"<cartridge_basiclti_link/>",
        "film.mp4": b"\0" * 100,
        "web_resources/Карта 1.png": PNG,
    }
    return packed(files)


def test_a_cartridge_is_a_course() -> None:
    found: Imported = imscc.read(cartridge(), "course.imscc")
    page, talk, link = found.documents
    assert page.name == "1-бөлім/Page"
    (path,) = page.pictures
    assert page.markdown == f"# Өзендер\n\nЕртіс — **ұзын** өзен, $v = 2$.\n\n![карта](<{path}>)\n"
    assert (talk.title, talk.markdown) == ("Талқы", "Не ойлайсың?\n")
    assert link.markdown == "[Кітап](<https://example.kz/a?b=1>)\n"
    quiz, work = found.tasks
    assert (quiz.name, list(quiz.pictures)) == ("1-бөлім/Тест", [path])
    assert [one["kind"] for one in (*quiz.items, *work.items)] == ["choice", "text"]
    places: List[str] = [one.place for one in found.unread]
    assert places == ["Tool", "Film", "Lost"]


def test_a_cartridge_needs_its_manifest() -> None:
    with pytest.raises(ImportFailure, match="imsmanifest"):
        imscc.read(packed({"a.html": b"x"}), "a.imscc")
    with pytest.raises(ImportFailure, match="broken XML"):
        imscc.read(packed({"imsmanifest.xml": b"<manifest>"}), "a.imscc")
    with pytest.raises(ImportFailure, match="nothing"):
        imscc.read(packed({"imsmanifest.xml": b"<manifest/>"}), "a.imscc")
