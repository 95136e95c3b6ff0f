"""The video of the lesson "solving": moving terms, brackets, how many roots."""

from __future__ import annotations

from content.samples.drawing import things
from content.samples.drawing.canvas import Canvas, Point
from content.samples.drawing.narration import Clock, Film, Line, Scene
from content.samples.drawing.palette import (
    GREEN,
    GREEN_TINT,
    INK,
    LINE,
    MUTED,
    RUST,
    RUST_TINT,
    SKY,
    SKY_TINT,
    SUN_TINT,
    SURFACE,
    Colour,
    mix,
)
from content.samples.drawing.pictures import arc
from content.samples.drawing.stage import between, card, floor, label, marked, steps, title

_SIZE = 34.0
_ROW = 104.0


def _opening(canvas: Canvas, clock: Clock) -> None:
    title(canvas, clock, ("Сызықтық теңдеуді", "шешу"), "3x = 15")


def _term(canvas: Canvas, at: Point, words: str, colour: Colour = INK) -> None:
    canvas.formula(at, words, _SIZE, colour, bold=True)


def _moving(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    canvas.box((8, 62, 418, 146), SURFACE, LINE, 1.2, 12)
    first, second = clock.since(2, 1.4, 1.8), clock.since(3, 0.2, 1.8)
    found = clock.since(0, 0.8) * (1 - first)
    for x in (74.0, 260.0):
        canvas.box((x - 25, 80, x + 25, 128), mix(SURFACE, SUN_TINT, found), radius=8)
    gather = clock.since(1, 0.2)
    label(canvas, (98, 40), "икстер", gather, 24)
    label(canvas, (330, 40), "сандар", gather, 24, RUST)
    # The left side makes room for one term and closes up when the other has gone.
    shift = 34 * (1 - first) + 34 * second
    _term(canvas, (40 + shift, _ROW), "5x")
    _term(canvas, (214, _ROW), "=", MUTED)
    _term(canvas, between((320, _ROW), (270, _ROW), second), "+ 11" if first < 0.5 else "11")
    _first_term(canvas, first, max(0.0, second * 2 - 1))
    at = between((98 + 34 * (1 - first), _ROW), (340, _ROW), second, -62)
    _term(canvas, at, "− 4" if second < 0.5 else "+ 4", RUST if second > 0 else INK)


def _first_term(canvas: Canvas, share: float, closing: float) -> None:
    """The term with x: it flies over the equals sign, then closes the gap that −4 leaves."""
    at = between((260, _ROW), (158, _ROW), share, 46)
    if share >= 1:
        at = between((158, _ROW), (142, _ROW), closing)
    _term(canvas, at, "2x" if share < 0.5 else "− 2x", SKY if share > 0 else INK)


def _collecting(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    label(canvas, (213, 24), "ұқсас мүшелер", 1 - clock.since(1), 22)
    label(canvas, (213, 24), ": 3", clock.since(1, 0.4), 26, RUST)
    card(canvas, (213, 66), "5x − 2x = 11 + 4", 1, 30)
    card(canvas, (213, 122), "3x = 15", clock.since(0, 1.4), 32)
    card(canvas, (213, 178), "x = 5", clock.since(1, 1.4), 34, (GREEN, GREEN_TINT))


def _checking(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    label(canvas, (213, 24), "Тексеру", 1, 23)
    card(canvas, (213, 66), "5x − 4 = 2x + 11", 1, 28)
    card(canvas, (112, 122), "5 · 5 − 4", clock.since(0, 0.6), 28)
    card(canvas, (314, 122), "2 · 5 + 11", clock.since(0, 1.0), 28)
    done = clock.since(0, 2.0)
    card(canvas, (112, 178), "21", done, 30, (GREEN, GREEN_TINT))
    card(canvas, (314, 178), "21", done, 30, (GREEN, GREEN_TINT))
    marked(canvas, (213, 178), clock.since(0, 2.6, 0.5))


def _brackets(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    canvas.formula((120, 60), "3(x + 2)", 36, INK, bold=True)
    answer = clock.since(1, 0.5)
    if answer > 0:
        canvas.formula((300, 60), "= 3x + 6", 36, mix((0xF7, 0xF4, 0xEE), GREEN, answer), bold=True)
    for delay_s, end, rise, colour in ((1.2, 106.0, 16.0, SKY), (2.0, 163.0, 24.0, RUST)):
        share = clock.since(0, delay_s)
        points = arc((70, 42), (end, 42), rise)
        count = max(2, round(len(points) * share))
        if share > 0:
            canvas.arrow(points[:count], colour, 2.6)
    _rectangle(canvas, clock)


def _rectangle(canvas: Canvas, clock: Clock) -> None:
    grown, split = clock.since(0, 0.2, 1.2), clock.since(2, 0.3, 0.8)
    left, top, bottom = 104.0, 112.0, 198.0
    middle, right = left + 150 * grown, left + 236 * grown
    canvas.box((left, top, middle, bottom), SKY_TINT, SKY, 2)
    gap = 8 * split
    canvas.box((middle + gap, top, right + gap, bottom), SUN_TINT, RUST, 2)
    if grown < 1:
        return
    for words, at in (("x", (179.0, 97.0)), ("2", (297.0 + gap, 97.0)), ("3", (88.0, 156.0))):
        canvas.formula(at, words, 23, INK, bold=True)
    for words, x, colour in (("3x", 179.0, SKY), ("6", 297.0 + gap, RUST)):
        if split > 0.05:
            canvas.formula((x, 156), words, 36 * split, colour, bold=True)


def _no_root(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    sack = things.sack("x", 33)
    tilt = 0.13 * clock.since(0, 0.6, 1.2)
    left, right = things.weight("6", 31), things.weight("5", 29)
    things.scales(canvas, (213, 218), 102, tilt, ([sack, sack, left], [sack, sack, right]), 35)
    if clock.began(1):
        card(canvas, (160, 30), "0 · x = −1", clock.since(1), 28, (RUST, RUST_TINT))
        label(canvas, (318, 30), "түбірі жоқ", clock.since(1, 2.2), 23, RUST)
    else:
        card(canvas, (213, 30), "2x + 6 = 2x + 5", 1, 28)


def _any_root(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    names = ("1", "4", "0", "9", "x")
    sack = things.sack(names[min(4, int(max(0.0, clock.now_s - 1) / 0.9))], 34)
    side = [sack, sack, things.weight("6", 31)]
    things.scales(canvas, (213, 218), 102, 0, (side, side), 35)
    card(canvas, (136, 30), "0 · x = 0", 1, 28, (GREEN, GREEN_TINT))
    label(canvas, (312, 30), "кез келген сан", clock.since(0, 1.8), 23, GREEN)


def _ending(canvas: Canvas, clock: Clock) -> None:
    steps(canvas, clock, ("жақшаны аш", "мүшелерді көшір", "біріктір", "бөл", "тексер"), 1.05)


FILM = Film(
    lesson="solving",
    poster=(4, 2),
    scenes=(
        Scene(
            (
                Line(
                    "Бүгін сызықтық теңдеуді қадам-қадаммен шешуді үйренеміз.",
                    "Сегодня научимся решать линейное уравнение шаг за шагом.",
                    "Today we learn to solve a linear equation step by step.",
                ),
            ),
            _opening,
        ),
        Scene(
            (
                Line(
                    "Мына теңдеуде икс екі жақта да бар.",
                    "В этом уравнении x есть в обеих частях.",
                    "In this equation x is on both sides.",
                ),
                Line(
                    "Икстерді сол жаққа, сандарды оң жаққа жинайық.",
                    "Соберём x слева, а числа – справа.",
                    "We gather x on the left and the numbers on the right.",
                ),
                Line(
                    "Екі икс теңдік белгісінен өткенде, минус екі икс болады.",
                    "2x переходит через знак равенства и становится −2x.",
                    "2x crosses the equals sign and becomes −2x.",
                ),
                Line(
                    "Минус төрт оң жаққа көшкенде, плюс төрт болады.",
                    "−4 переходит вправо и становится +4.",
                    "−4 moves to the right and becomes +4.",
                ),
            ),
            _moving,
        ),
        Scene(
            (
                Line(
                    "Ұқсас мүшелерді біріктірсек, үш икс он беске тең.",
                    "Приведём подобные слагаемые: 3x = 15.",
                    "We collect like terms: 3x = 15.",
                ),
                Line(
                    "Екі жағын үшке бөлеміз: икс беске тең.",
                    "Разделим обе части на 3: x = 5.",
                    "We divide both sides by 3: x = 5.",
                ),
            ),
            _collecting,
        ),
        Scene(
            (
                Line(
                    "Тексерейік: екі жақта да жиырма бір шықты. Дұрыс!",
                    "Проверим: в обеих частях получилось 21. Верно!",
                    "Let us check: both sides give 21. Right!",
                ),
            ),
            _checking,
        ),
        Scene(
            (
                Line(
                    "Енді жақшаны ашайық. Үшті жақшадағы әр мүшеге көбейтеміз.",
                    "Теперь раскроем скобки. Умножим 3 на каждое слагаемое в скобках.",
                    "Now we open brackets. We multiply every term inside by 3.",
                ),
                Line(
                    "Сонда үш икс қосу алты шығады.",
                    "Получится 3x + 6.",
                    "We get 3x + 6.",
                ),
                Line(
                    "Тіктөртбұрыштың ауданы да осыны көрсетеді.",
                    "Площадь прямоугольника показывает то же самое.",
                    "The area of the rectangle shows the same.",
                ),
            ),
            _brackets,
        ),
        Scene(
            (
                Line(
                    "Кейде таразы ешқашан теңеспейді: қапшықтар бірдей, ал гірлер әртүрлі.",
                    "Иногда весы не уравновесить никогда: мешочки одинаковы, а гири разные.",
                    "Sometimes the scales never balance: the bags are equal, the weights are not.",
                ),
                Line(
                    "Нөл көбейту икс минус бірге тең. Мұндай сан жоқ, демек, теңдеудің түбірі жоқ.",
                    "0 · x = −1. Такого числа нет, значит, у уравнения нет корней.",
                    "0 · x = −1. There is no such number, so the equation has no root.",
                ),
            ),
            _no_root,
        ),
        Scene(
            (
                Line(
                    "Ал нөл көбейту икс нөлге тең болса, кез келген сан түбір болады.",
                    "А если 0 · x = 0, то корнем является любое число.",
                    "But if 0 · x = 0, every number is a root.",
                ),
            ),
            _any_root,
        ),
        Scene(
            (
                Line(
                    "Есте сақта: жақшаны аш, мүшелерді көшір, біріктір, бөл, тексер.",
                    "Запомни: раскрой скобки, перенеси, приведи подобные, раздели, проверь.",
                    "Remember: open brackets, move terms, collect, divide, check.",
                ),
            ),
            _ending,
        ),
    ),
)
