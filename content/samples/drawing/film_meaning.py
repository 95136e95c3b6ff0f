"""The video of the lesson "meaning": scales, an equation, its root."""

from __future__ import annotations

from typing import List, Tuple

from content.samples.drawing import things
from content.samples.drawing.canvas import Canvas
from content.samples.drawing.narration import Clock, Film, Line, Scene
from content.samples.drawing.palette import (
    GREEN,
    GREEN_TINT,
    INK,
    RUST,
    RUST_TINT,
    SKY,
    SUN,
    SURFACE,
)
from content.samples.drawing.stage import card, floor, label, marked, steps, title

_FOOT = (213.0, 218.0)
_REACH = 102.0
_SPREAD = 35.0
_TILT = 0.2


def _scales(canvas: Canvas, tilt: float, left: List[things.Load], right: List[things.Load]) -> None:
    floor(canvas)
    things.scales(canvas, _FOOT, _REACH, tilt, (left, right), _SPREAD)


def _opening(canvas: Canvas, clock: Clock) -> None:
    title(canvas, clock, ("Теңдеу", "және оның түбірі"), "2x + 3 = 11")


def _weighing(canvas: Canvas, clock: Clock) -> None:
    drop = 150 * (1 - clock.since(0, 0.2, 1.0))
    right_drop = 150 * (1 - clock.since(2, 0.3, 1.0))
    name = "x" if clock.began(3, 1.2) else "?"
    sack = things.sack(name, 33, drop)
    left = [sack, sack, things.weight("3", 29, drop)]
    right = [things.weight("11", 44, right_drop)] if clock.began(2) else []
    tilt = _TILT * (clock.since(1, -0.3, 1.0) - clock.since(2, 1.2, 1.2))
    _scales(canvas, tilt, left, right)
    label(canvas, (213, 26), "Бір қапшық = ?", clock.since(3) - clock.since(3, 1.4), 22)
    card(canvas, (213, 26), "x = ?", clock.since(3, 1.9, 0.6), 24, (INK, SUN))


def _equation(canvas: Canvas, clock: Clock) -> None:
    sack = things.sack("x", 33)
    _scales(canvas, 0, [sack, sack, things.weight("3", 29)], [things.weight("11", 44)])
    card(canvas, (118, 30), "2x + 3", clock.since(0, 0.2), 26)
    card(canvas, (318, 30), "11", clock.since(0, 1.6), 26)
    sign = clock.since(0, 2.6)
    if sign > 0:
        canvas.formula((228, 30), "=", 30 * sign, RUST, bold=True)
    label(canvas, (213, 68), "теңдеу", clock.since(1, 0.6), 26, GREEN)


def _solving(canvas: Canvas, clock: Clock) -> None:
    away = clock.since(0, 0.8, 1.4)
    halved = clock.since(1, 0.4, 1.2)
    sack, small = things.sack("x", 33), things.weight("4", 31)
    left: List[things.Load] = [sack, sack]
    right: List[things.Load] = [small, small]
    if halved > 0:
        left, right = (
            [things.sack("x", 33, 190 * halved), sack],
            [
                small,
                things.weight("4", 31, 190 * halved),
            ],
        )
    if halved >= 1:
        left, right = [sack], [small]
    if away < 1:
        left = [sack, sack, things.weight("3", 29, 190 * away)]
        right = [things.weight("8", 38), things.weight("3", 29, 190 * away)]
    _scales(canvas, 0, left, right)
    if away < 0.5:
        card(canvas, (213, 30), "2x + 3 = 11", 1, 26)
    elif halved < 0.5:
        card(canvas, (213, 30), "2x = 8", 1, 26)
    else:
        card(canvas, (213, 30), "x = 4", 1, 28, (GREEN, GREEN_TINT))


def _checking(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    label(canvas, (213, 26), "Тексеру", 1, 23, SKY)
    put = clock.since(0, 1.2, 0.9)
    card(canvas, (213, 76), "2x + 3 = 11", 1, 34)
    if put > 0:
        canvas.arrow([(161, 108), (161, 108 + 26 * put)], SUN, 4)
    if put > 0 and not clock.began(1, 3.4):
        card(canvas, (213, 164), "2 · 4 + 3 = 11", put, 34, (INK, SURFACE))
    if clock.began(1, 3.4):
        share = clock.since(1, 3.4, 0.7)
        card(canvas, (213, 164), "11 = 11", 1, 34, (GREEN, GREEN_TINT))
        marked(canvas, (330, 164), share)


def _verdict(canvas: Canvas, clock: Clock) -> None:
    wrong = clock.since(1, 0.8, 1.2)
    name = "5" if wrong > 0 else "4"
    sack = things.sack(name, 33)
    _scales(
        canvas,
        _TILT * 0.8 * wrong,
        [sack, sack, things.weight("3", 29)],
        [things.weight("11", 44)],
    )
    if wrong > 0:
        card(canvas, (200, 30), "13 ≠ 11", wrong, 28, (RUST, RUST_TINT))
        marked(canvas, (300, 30), wrong, right=False)
    else:
        card(canvas, (150, 30), "x = 4", 1, 28, (GREEN, GREEN_TINT))
        label(canvas, (262, 30), "– түбір", clock.since(0, 0.4), 25, GREEN)
        marked(canvas, (338, 30), clock.since(0, 0.8))


def _ending(canvas: Canvas, clock: Clock) -> None:
    steps(canvas, clock, _REMEMBER, 1.5)


_REMEMBER: Tuple[str, ...] = (
    "айнымалыны белгіле",
    "теңдеу құр",
    "екі жағын бірдей өзгерт",
    "түбірді тексер",
)

FILM = Film(
    lesson="meaning",
    poster=(2, 1),
    scenes=(
        Scene(
            (
                Line(
                    "Сәлем! Бүгін теңдеудің не екенін таразының көмегімен түсінеміз.",
                    "Привет! Сегодня весы помогут нам понять, что такое уравнение.",
                    "Hello! Today a pair of scales helps us understand what an equation is.",
                ),
            ),
            _opening,
        ),
        Scene(
            (
                Line(
                    "Сол жақ табаққа бірдей екі қапшық пен үш килограмдық гір қойдық.",
                    "На левую чашу положили два одинаковых мешочка и гирю в 3 кг.",
                    "We put two equal bags and a 3 kg weight on the left pan.",
                ),
                Line("Таразы солға ауды.", "Весы склонились влево.", "The scales tip to the left."),
                Line(
                    "Оң жақ табаққа он бір килограмдық гір қойсақ, таразы теңеседі.",
                    "Если поставить справа гирю в 11 кг, весы уравновесятся.",
                    "With an 11 kg weight on the right, the scales balance.",
                ),
                Line(
                    "Бір қапшықтың массасы белгісіз. Оны икс деп белгілейік.",
                    "Масса одного мешочка неизвестна. Обозначим её через x.",
                    "We do not know the mass of one bag. Let us call it x.",
                ),
            ),
            _weighing,
        ),
        Scene(
            (
                Line(
                    "Сол жақта екі икс қосу үш, оң жақта он бір. Екеуі тең.",
                    "Слева 2x + 3, справа 11. Они равны.",
                    "There is 2x + 3 on the left and 11 on the right. They are equal.",
                ),
                Line(
                    "Айнымалысы бар осындай теңдік теңдеу деп аталады.",
                    "Такое равенство с переменной называют уравнением.",
                    "An equality like this, with a variable, is called an equation.",
                ),
            ),
            _equation,
        ),
        Scene(
            (
                Line(
                    "Екі табақтан да үш килограмнан алайық. Таразы ауған жоқ: екі икс сегізге тең.",
                    "Снимем с обеих чаш по 3 кг. Весы в равновесии: 2x = 8.",
                    "We take 3 kg off both pans. The scales stay level: 2x = 8.",
                ),
                Line(
                    "Екі жағын да екіге бөлейік. Бір қапшықтың массасы төрт килограмм.",
                    "Разделим обе части на 2. Один мешочек весит 4 кг.",
                    "We divide both sides by 2. One bag has a mass of 4 kg.",
                ),
            ),
            _solving,
        ),
        Scene(
            (
                Line(
                    "Енді тексереміз: икстің орнына төртті қоямыз.",
                    "Теперь проверим: подставим 4 вместо x.",
                    "Now we check: we put 4 in place of x.",
                ),
                Line(
                    "Екіні төртке көбейтіп, үшті қоссақ, он бір шығады. Теңдік тура.",
                    "Умножим 2 на 4, прибавим 3 и получим 11. Равенство верно.",
                    "2 times 4 plus 3 makes 11. The equality is true.",
                ),
            ),
            _checking,
        ),
        Scene(
            (
                Line(
                    "Демек, төрт саны – теңдеудің түбірі.",
                    "Значит, число 4 – корень уравнения.",
                    "So the number 4 is the root of the equation.",
                ),
                Line(
                    "Ал бес саны түбір емес: сол жақта он үш, оң жақта он бір шығады.",
                    "А число 5 – не корень: слева получается 13, а справа 11.",
                    "But 5 is not a root: the left side gives 13, the right side 11.",
                ),
            ),
            _verdict,
        ),
        Scene(
            (
                Line(
                    "Есте сақта: айнымалыны белгіле, теңдеу құр, екі жағын бірдей өзгерт, "
                    "түбірді тексер.",
                    "Запомни: обозначь переменную, составь уравнение, меняй обе части одинаково, "
                    "проверь корень.",
                    "Remember: name the variable, write the equation, do the same to both sides, "
                    "check the root.",
                ),
            ),
            _ending,
        ),
    ),
)
