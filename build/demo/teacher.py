"""The teacher's side of the road: sees who handed in what, gives points and a word."""

from __future__ import annotations

from build.demo.hands import Hands
from client.laptop.schoolwork.works import WorkId

COMMENT = {
    "kk": "Түсінікті жазылған, тексергенің де дұрыс.",
    "ru": "Понятно объяснено, и проверка верная.",
    "en": "Clearly explained, and the check is right.",
}


def give_mark(hands: Hands, work: WorkId) -> str:
    """Open the work that waits, raise the points by one step, write a comment, save.

    Returns the name of the picture taken before saving.
    """
    hands.app.open_place("review")
    model = hands.app.model
    hands.until(
        lambda: model.detail is not None and model.detail.work.id == work, "the work opened"
    )
    model_points = model.points
    hands.press(hands.with_hint(hands.say("review.more")))
    hands.until(lambda: model.points > model_points, "the points grew")
    hands.fill(hands.fields()[0], COMMENT[hands.app.messages.language])
    taken = hands.picture("review")
    hands.press_words(hands.say("review.save"))
    hands.until(lambda: model.detail is None or model.detail.work.id != work, "the mark was saved")
    return taken
