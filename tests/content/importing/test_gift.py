from __future__ import annotations

from typing import Any, Dict, List, Mapping

import pytest

pytest.importorskip("lxml")

from content.errors import SourceError
from content.fields import Fields
from content.importing import gift
from content.importing.errors import ImportFailure
from content.importing.outcome import Imported
from content.scoring import score_item
from content.task import read_item

SAMPLE = """\
// Сұрақтар дайындалды: 2025
$CATEGORY: $course$/top/Алгебра/Теңдеулер

::Түбір::Теңдеудің түбірін тап: \\(2x \\= 6\\) {
  =3 # Дұрыс!
  ~2 # Тексеріп көр.

  ~%50%6/2 # Бөліп жібер.
  ####Екі жағын да 2-ге бөлеміз.
}

Қазақстанның астанасы {~Алматы =Астана ~Шымкент} қаласы.

// түсініктеме
::Жұптар::[html]<b>Сәйкестендір</b> {
  =Қазақстан -> Астана
  =Өзбекстан -> Ташкент
  =Қырғызстан -> Бішкек
  = -> Душанбе
}

::Шын ба?::Күн шығыстан шығады.{T#Ойлан.#Жарайсың!}

::Жыл::Қай жыл? {#
  =1991:0#Дәл.
  =%50%1991:2#Жақын.
  ~#Кітапты қара.}

::Аралық::Пи саны? {#3.141..3.142}

::Қала::Абай туған өңір? {=Шыңғыстау =%25%Семей*}

$CATEGORY: Басқа

::Эссе::Неге екенін жаз.{}

::Көп::Жай сандар? {~%50%2 ~%50%3 ~%-50%4 ~%-50%9}

Келесі сұрақтар алдындағы мәтін.
"""


def items(found: Imported) -> List[Mapping[str, Any]]:
    return [item for task in found.tasks for item in task.items]


def by_id(text: str) -> Dict[str, Mapping[str, Any]]:
    return {item["id"]: item for item in items(gift.read(text.encode(), "a.gift"))}


def points(item: Mapping[str, Any], answer: Any) -> float:
    read = read_item(Fields(dict(item), "", SourceError))
    return score_item(read, answer).points or 0


def test_a_file_gives_a_task_for_each_category() -> None:
    found = gift.read(SAMPLE.encode(), "тест.gift")
    assert [(task.title, len(task.items)) for task in found.tasks] == [
        ({"kk": "Теңдеулер"}, 7),
        ({"kk": "Басқа"}, 2),
    ]
    assert [item["kind"] for item in items(found)] == [
        "choice", "choice", "match", "choice", "number", "number", "short", "text", "choices",
    ]  # fmt: skip
    assert [one.markdown for one in found.documents] == ["Келесі сұрақтар алдындағы мәтін."]
    assert found.unread == ()


def test_weights_and_feedback_are_those_of_the_file() -> None:
    root = by_id(SAMPLE)["tubir"]
    assert root["prompt"] == {"kk": "Теңдеудің түбірін тап: $2x = 6$"}
    assert root["solution"] == {"kk": "Екі жағын да 2-ге бөлеміз."}
    assert [choice["feedback"]["kk"] for choice in root["choice"]] == [
        "Дұрыс!", "Тексеріп көр.", "Бөліп жібер.",
    ]  # fmt: skip
    assert [points(root, one) for one in "abc"] == [1, 0, 0.5]


def test_a_missing_word_leaves_a_line() -> None:
    word = next(item for item in by_id(SAMPLE).values() if "қаласы" in item["prompt"]["kk"])
    assert word["prompt"]["kk"] == "Қазақстанның астанасы \\_\\_\\_\\_\\_ қаласы."
    assert points(word, "b") == 1


def test_pairs_may_have_options_left_over() -> None:
    pairs = by_id(SAMPLE)["zhuptar"]
    assert pairs["prompt"]["kk"] == "**Сәйкестендір**"
    assert len(pairs["row"]) == 3
    assert [one["text"]["kk"] for one in pairs["option"]][-1] == "Душанбе"
    assert points(pairs, {row["id"]: row["match"] for row in pairs["row"]}) == 1


def test_true_and_false() -> None:
    truth = by_id(SAMPLE)["shyn-ba"]
    assert [(one["text"]["kk"], one["feedback"]["kk"]) for one in truth["choice"]] == [
        ("Дұрыс", "Жарайсың!"),
        ("Бұрыс", "Ойлан."),
    ]
    assert points(truth, "a") == 1


def test_numbers_have_ranges_and_shares() -> None:
    year, pi = by_id(SAMPLE)["zhyl"], by_id(SAMPLE)["aralyq"]
    assert [points(year, one) for one in ("1991", "1993", "1994")] == [1, 0.5, 0]
    assert year["otherwise"] == {"kk": "Кітапты қара."}
    assert [points(pi, one) for one in ("3,1415", "3.142", "3.1421")] == [1, 1, 0]


def test_short_answers_take_shares_and_stars() -> None:
    found = gift.read("::Q::Қала? {=Шыңғыстау =%25%Семей*}".encode(), "a.gift")
    (town,) = items(found)
    answers = ("шыңғыстау", "Семей өңірі", "Алматы")
    assert [points(town, one) for one in answers] == [1, 0.25, 0]


def test_several_choices_keep_the_usual_rule_without_shares() -> None:
    several = by_id(SAMPLE)["kop"]
    assert all("share" not in one for one in several["choice"])
    assert points(several, ["a", "b"]) == 1
    assert points(several, ["a", "c"]) == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_encodings(encoding: str) -> None:
    data = "::Вопрос::Столица Франции — это какой город? {=Париж ~Лион}\n" * 3
    (item, *_) = items(gift.read(data.replace("\n", "\n\n").encode(encoding), "a.txt"))
    assert item["prompt"] == {"ru": "Столица Франции — это какой город?"}


def test_a_best_answer_below_all_points_makes_fewer_points() -> None:
    text = "::Q::What? {~%50%a ~%10%b}\n\n::R::What? {=%50%a =%25%b}\n\n::S::What? {#=%50%7}"
    several, short, number = items(gift.read(text.encode(), "a.gift"))
    assert [points(several, one) for one in (["a", "b"], ["a"], ["b"])] == [0.6, 0.5, 0.1]
    assert [points(short, one) for one in "ab"] == [0.5, 0.25]
    assert points(number, "7") == 0.5


def test_escapes_and_formulas() -> None:
    text = r"::A\:B::Set \{1\}, \#2 \~ 3 and $$a \\neq b$$ or $$a \neq c$$\nnew {=1 \= 1 ~x}"
    (item,) = items(gift.read(text.encode(), "a.gift"))
    assert item["id"] == "a-b"
    assert item["prompt"]["en"] == "Set {1}, #2 \\~ 3 and $a \\neq b$ or $a \\neq c$\\\nnew"
    assert item["choice"][0]["text"]["en"] == "1 = 1"


def test_markup_and_plain_texts() -> None:
    text = (
        "[html]<p>List&lt;String&gt; or <i>x</i></p>{=a ~b}\n\n[markdown]A **bold** word{=a ~b}\n\n"
        "[plain]<b>tags</b> *stars*{=a ~b}\n\nif a < b and c{=a ~b}"
    )
    found = [item["prompt"]["en"] for item in items(gift.read(text.encode(), "a.gift"))]
    assert found == [
        "List\\<String\\> or *x*", "A **bold** word", "\\<b\\>tags\\</b\\> \\*stars\\*",
        "if a \\< b and c",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("::Q::What? {=a ~b", "line 1: Q", "brace"),
        ("::Q::What? }=a", "line 1: Q", "brace"),
        ("::Q::What? {~a ~b}", "line 1: Q", "right"),
        ("::Q::What? {~%500%a ~%10%b}", "line 1: Q", "weight"),
        ("::Q::What? {#five}", "line 1: Q", "number"),
        ("::Q::What? {=a -> b =c}", "line 1: Q", "->"),
        ("::Q::What? {=only ~}", "Q", "2 to 20"),
        ("::Q::See <img src='x.png'> {=a ~b}", "Q", "x.png"),
    ],
)
def test_what_does_not_arrive_is_listed(text: str, place: str, why: str) -> None:
    found = gift.read((text + "\n\n::Next::Fine? {=a ~b}\n").encode(), "a.gift")
    assert [one.place for one in found.unread] == [place]
    assert why in found.unread[0].why
    assert [item["id"] for item in items(found)][-1] == "next"


def test_more_questions_than_a_task_holds_make_another_task() -> None:
    text = "\n\n".join(f"::Q{at}::What? {{=a ~b}}" for at in range(401))
    found = gift.read(text.encode(), "a.gift")
    assert [len(task.items) for task in found.tasks] == [200, 200, 1]
    assert [task.name for task in found.tasks] == ["a", "a (2)", "a (3)"]


def test_a_file_without_questions_fails() -> None:
    with pytest.raises(ImportFailure, match=r"a\.gift"):
        gift.read(b"\n\n", "a.gift")
    with pytest.raises(ImportFailure, match="no text"):
        gift.read(bytes(range(256)) * 50, "a.gift")
