"""The pupil's side of the road: joins, watches, answers, hands in, and sees the mark."""

from __future__ import annotations

from typing import Any, Dict, Set, Tuple

from build.demo.account import Value
from build.demo.hands import Hands
from client.laptop.schoolwork.works import Work
from content.task import Item

WATCH_S = 4.0
LONG_ANSWER = {
    "kk": "Алдымен жақшаны аштым, сосын x-і бар мүшелерді сол жаққа жинап, коэффициентке бөлдім.",
    "ru": "Сначала раскрыл скобки, собрал слагаемые с x слева, потом разделил на коэффициент.",
    "en": "First I opened the brackets, then moved the terms with x to the left and divided.",
}


def join(hands: Hands, address: str, code: str) -> None:
    """Type the address and the sixteen digits from the card, and press the button."""
    where, digits = hands.fields()
    hands.fill(where, address)
    hands.fill(digits, code.replace(" ", ""))
    hands.press_words(hands.say("enrol.join"))
    hands.until(
        lambda: hands.app.laptop.enrolled or hands.app.model.error is not None,
        "the school answered",
    )
    if not hands.app.laptop.enrolled:
        raise RuntimeError(hands.say(hands.app.model.error))


def sit_down(hands: Hands, picture: str, name: str = "", locks: bool = False) -> str:
    """Choose who one is, the first or somebody by name; returns the picture of the choice.

    With ``locks`` they lock their work with a PIN at once.
    """
    hands.until(lambda: bool(hands.app.laptop.people()), "there are people to choose from")
    hands.app.home()
    hands.stage.settle()
    taken = hands.picture(picture)
    cards = hands.pressables_named("PersonCard")
    hands.press(next(one for one in cards if name in ("", one.person_name)))
    if hands.app.history[-1].name == "secret":
        hands.press_words(hands.say("secret.not-now"))
    if hands.app.history and hands.app.history[-1].name == "secret":
        hands.press_words(hands.say("secret.not-now"))
    hands.until(lambda: hands.app.person is not None, "somebody sat down")
    if locks:
        _choose_pin(hands)
    return taken


def _choose_pin(hands: Hands) -> None:
    """Lock one's work with a PIN, as from the settings."""
    hands.app.go("secret", person=hands.app.person.id)
    hands.stage.settle()
    hands.press_words(hands.say("secret.kind.pin"))
    hands.type_pin()
    hands.type_pin()
    model = hands.app.model
    hands.until(lambda: model.page.value == "done", "a PIN was chosen")
    hands.press_words(hands.say("secret.go-on"))


def watch(hands: Hands, pack: str, lesson: str) -> Tuple[Dict[str, Value], str]:
    """Open a lesson and play its video for some seconds; tells what was really decoded."""
    hands.app.go("lesson", pack=pack, lesson=lesson)
    model = hands.app.model
    hands.until(lambda: model.lesson is not None or model.problem is not None, "the lesson opened")
    model.play_or_pause()
    hands.until(lambda: model.last_picture is not None, "the video's first picture came")
    seen: Set[float] = set()

    def look() -> bool:
        picture = model.last_picture
        seen.add(picture.position_s)
        return bool(picture.position_s >= WATCH_S)

    hands.until(look, f"{WATCH_S} seconds of the video were played")
    last = model.last_picture
    pixels = {last.rgba[at : at + 4] for at in range(0, len(last.rgba), 4)}
    facts: Dict[str, Value] = {
        "lesson": lesson,
        "pictures decoded and drawn": len(seen),
        "picture size": f"{last.width}x{last.height}",
        "colours in the last picture": len(pixels),
        "position reached, s": round(last.position_s, 1),
        "length, s": round(model.player.duration_s, 1),
        "subtitle then": model.words_at(last.position_s),
    }
    taken = hands.picture("lesson")
    hands.app.back()
    return facts, taken


def answer(hands: Hands, pack: str, lesson: str, task: str) -> Dict[str, Any]:
    """Answer every item of a task by keyboard, and stop before handing in."""
    hands.app.go("task", pack=pack, lesson=lesson, task=task)
    model = hands.app.model
    hands.until(lambda: model.task is not None or model.problem is not None, "the task opened")
    for place, item in enumerate(model.items):
        hands.until(lambda place=place: model.index == place, f"question {place + 1} came")  # type: ignore[misc]
        _answer_one(hands, item)
        if place == 0:
            hands.until(lambda: model.saved.value == "yes", "the answer was saved")
            hands.picture("task")
        _go_on(hands, place)
    hands.until(lambda: model.saved.value == "yes", "the answers were saved")
    return dict(model.answers)


def hand_in(hands: Hands) -> Work:
    """Press the button that hands in."""
    model = hands.app.model
    hands.press_words(hands.say("task.hand-in"))
    hands.until(lambda: model.work is not None, "the work was handed in")
    work: Work = model.work
    return work


def _go_on(hands: Hands, place: int) -> None:
    """Press Enter until the next page is there: a checked answer takes two presses."""
    model = hands.app.model
    for _ in range(2):
        if model.page.value != "item" or model.index != place:
            return
        model_page_before = (model.page, model.index, model.verdict)
        if hands.fields():
            model.forward()
        else:
            hands.stage.key("enter")
        hands.until(
            lambda before=model_page_before: (model.page, model.index, model.verdict) != before,  # type: ignore[misc]
            "Enter led on",
        )


def _answer_one(hands: Hands, item: Item) -> None:
    if item.kind == "choice":
        right = next(place for place, one in enumerate(item.choices) if one.correct)
        hands.stage.key(str(right + 1))
    elif item.kind == "choices":
        for place, one in enumerate(item.choices):
            if one.correct:
                hands.stage.key(str(place + 1))
    elif item.kind == "number":
        for letter in str(item.right_answer).replace(".", ","):
            hands.stage.key(letter)
    else:
        hands.fill(hands.fields()[0], LONG_ANSWER[hands.app.messages.language])
