"""The video of the lesson "problems": sheep in two pens, a road across the steppe."""

from __future__ import annotations

from content.samples.drawing import things
from content.samples.drawing.canvas import Canvas
from content.samples.drawing.narration import Clock, Film, Line, Scene
from content.samples.drawing.palette import (
    GREEN,
    GREEN_TINT,
    INK,
    MUTED,
    PAPER,
    RUST,
    SKY,
    SKY_TINT,
    STEPPE,
    SUN,
    SUN_TINT,
    SURFACE,
)
from content.samples.drawing.stage import card, floor, label, marked, steps, title

_ROAD = (34.0, 392.0)
_ROAD_Y = 168.0


def _opening(canvas: Canvas, clock: Clock) -> None:
    title(canvas, clock, ("Мәтінді есептер:", "теңдеу құрамыз"), "3x + x = 96")


def _pens(canvas: Canvas, clock: Clock) -> None:
    canvas.box((0, 60, canvas.width, canvas.height), STEPPE)
    many = clock.since(1, 0.4, 1.8)
    for left, count, drawn in ((22.0, 12, 4 + round(8 * many)), (286.0, 4, 4)):
        width = 236.0 if left < 100 else 118.0
        canvas.box((left, 84, left + width, 204), (0xF3, 0xE8, 0xC6), RUST, 2.4, 8)
        columns = 4 if count == 12 else 2
        for number in range(drawn):
            x = left + 34 + (number % columns) * (width - 56) / (columns - 1)
            y = 118 + (number // columns) * 38
            bob = 1.5 if (number + int(clock.now_s * 2)) % 3 == 0 else 0
            things.sheep(canvas, x, y + 2 - bob, 34)
    card(canvas, (204, 32), "96", clock.since(0, 1.2), 32, (INK, SURFACE))
    label(canvas, (116, 32), "барлығы", clock.since(0, 0.8), 23)
    if many > 0.05:
        card(canvas, (330, 32), "3 есе көп", many, 22, (INK, SUN))


def _bars(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    bars = ((1, 0, 0.4, 0), (0, 1, 0.6, 0), (0, 1, 1.4, 1), (0, 1, 2.2, 2))
    for row, line, delay_s, place in bars:
        share = clock.since(line, delay_s, 0.7)
        x, y = 74 + 84 * place, 40 + 62 * row
        fill, edge = (SUN_TINT, RUST) if row else (SKY_TINT, SKY)
        canvas.box((x, y - 22, x + 82 * share, y + 22), fill, edge, 2, 5)
        if share >= 1:
            known = clock.began(3, 1.2)
            canvas.formula((x + 41, y), "24" if known else "x", 27, INK, bold=True)
    things.sheep(canvas, 40, 58, 44)
    things.sheep(canvas, 40, 120, 44)
    total = clock.since(2, 0.3)
    if total > 0:
        _brace(canvas, 334, 18, 124, total)
    if clock.began(3):
        card(canvas, (140, 168), "x = 24", clock.since(3, 0.3), 30, (GREEN, GREEN_TINT))
        card(canvas, (300, 168), "3x = 72", clock.since(3, 2.2), 30, (GREEN, GREEN_TINT))
    else:
        card(canvas, (213, 168), "4x = 96", clock.since(2, 1.6), 32)


def _brace(canvas: Canvas, x: float, top: float, bottom: float, share: float) -> None:
    middle = (top + bottom) / 2
    for end in (top, bottom):
        reach = middle + (end - middle) * share
        canvas.line([(x, reach), (x + 12, reach), (x + 12, middle), (x + 22, middle)], MUTED, 2.4)
    canvas.text((x + 52, middle), "96", 30 * share, GREEN, bold=True)


def _sheep_check(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    label(canvas, (213, 26), "Тексеру", 1, 23)
    things.sheep(canvas, 70, 190, 64)
    things.sheep(canvas, 356, 190, 64)
    card(canvas, (213, 88), "72 + 24 = 96", clock.since(0, 0.8), 36)
    card(canvas, (213, 150), "72 : 24 = 3", clock.since(0, 2.2), 32)
    marked(canvas, (350, 88), clock.since(0, 3.0, 0.5))


def _map(canvas: Canvas, clock: Clock, hours: float) -> None:
    things.steppe(canvas, 96, (330, 62))
    left, right = _ROAD
    things.yurt(canvas, 34, 140, 54)
    things.house(canvas, 82, 142, 34)
    things.house(canvas, 352, 140, 34, GREEN)
    things.house(canvas, 392, 144, 36)
    canvas.line([(left, _ROAD_Y), (right, _ROAD_Y)], MUTED, 17)
    for dash in range(44, 388, 24):
        canvas.line([(dash, _ROAD_Y), (dash + 10, _ROAD_Y)], PAPER, 2)
    km = (right - left) / 150
    things.lorry(canvas, left + 28 + 60 * hours * (km - 94 / 150), _ROAD_Y - 3, 56)
    things.motorcycle(canvas, right - 20 - 40 * hours * (km - 94 / 150), _ROAD_Y - 3, 36)
    shown = clock.since(0, 0.3)
    for x in _ROAD:
        canvas.line([(x, 188), (x, 204)], INK, 2)
    middle = (left + right) / 2
    canvas.line([(middle - 179 * shown, 196), (middle + 179 * shown, 196)], INK, 2)


def _road(canvas: Canvas, clock: Clock) -> None:
    _map(canvas, clock, 0)
    card(canvas, (213, 212), "150 км", clock.since(0, 1.6), 20)
    card(canvas, (112, 60), "60 км/сағ", clock.since(1, 0.6), 22, (SKY, SURFACE))
    card(canvas, (314, 60), "40 км/сағ", clock.since(1, 2.2), 22, (RUST, SURFACE))


def _meeting(canvas: Canvas, clock: Clock) -> None:
    begun = clock.starts_s[0] + 0.4
    span = clock.starts_s[2] + 1.2 - begun
    share = min(1.0, max(0.0, (clock.now_s - begun) / span))
    _map(canvas, clock, 1.5 * share)
    card(canvas, (213, 212), "150 км", 1, 20)
    if clock.began(2):
        card(canvas, (213, 36), "x = 1,5 сағ", clock.since(2, 0.4), 30, (GREEN, GREEN_TINT))
    elif clock.began(1, 1.0):
        card(canvas, (213, 36), "60x + 40x = 150", clock.since(1, 1.0), 30)
    else:
        card(canvas, (213, 36), "x = ? сағ", clock.since(0, 0.6), 28, (INK, SUN))


def _road_check(canvas: Canvas, clock: Clock) -> None:
    floor(canvas)
    label(canvas, (213, 26), "Тексеру", 1, 23)
    parts = (
        ("60 · 1,5 = 90", 18, 232, SKY_TINT, SKY, 0.5),
        ("40 · 1,5 = 60", 236, 408, SUN_TINT, RUST, 1.6),
    )
    for words, left, right, fill, edge, delay_s in parts:
        share = clock.since(0, delay_s)
        canvas.box((left, 58, left + (right - left) * share, 104), fill, edge, 2, 6)
        if share >= 1:
            canvas.formula(((left + right) / 2, 81), words, 22, INK, bold=True)
    card(canvas, (200, 152), "90 + 60 = 150", clock.since(0, 2.8), 36)
    marked(canvas, (352, 152), clock.since(0, 3.6, 0.5))


def _ending(canvas: Canvas, clock: Clock) -> None:
    steps(canvas, clock, ("оқы", "белгіле", "теңдеу құр", "шеш", "тексер"), 0.85)


FILM = Film(
    lesson="problems",
    poster=(5, 1),
    scenes=(
        Scene(
            (
                Line(
                    "Өмірдегі есепті теңдеуге қалай айналдырамыз? Бірге көрейік.",
                    "Как превратить задачу из жизни в уравнение? Посмотрим вместе.",
                    "How do we turn a problem from life into an equation? Let us see.",
                ),
            ),
            _opening,
        ),
        Scene(
            (
                Line(
                    "Екі қорада барлығы тоқсан алты қой бар.",
                    "В двух загонах всего 96 овец.",
                    "There are 96 sheep in two pens.",
                ),
                Line(
                    "Бірінші қорадағы қой екінші қорадағыдан үш есе көп. Әр қорада неше қой бар?",
                    "В первом загоне овец в 3 раза больше. Сколько овец в каждом?",
                    "The first pen has 3 times as many. How many are there in each?",
                ),
            ),
            _pens,
        ),
        Scene(
            (
                Line(
                    "Екінші қорадағы қойдың санын икс деп алайық.",
                    "Пусть во втором загоне x овец.",
                    "Let there be x sheep in the second pen.",
                ),
                Line(
                    "Сонда бірінші қорада үш икс қой бар.",
                    "Тогда в первом загоне 3x овец.",
                    "Then there are 3x sheep in the first pen.",
                ),
                Line(
                    "Барлығы төрт бөлік: төрт икс тоқсан алтыға тең.",
                    "Всего четыре части: 4x = 96.",
                    "That makes four parts: 4x = 96.",
                ),
                Line(
                    "Икс жиырма төртке тең. Бірінші қорада жетпіс екі қой бар.",
                    "x = 24. В первом загоне 72 овцы.",
                    "x = 24. There are 72 sheep in the first pen.",
                ),
            ),
            _bars,
        ),
        Scene(
            (
                Line(
                    "Тексерейік: жетпіс екіге жиырма төртті қоссақ, тоқсан алты шығады. Дұрыс!",
                    "Проверим: 72 + 24 = 96. Верно!",
                    "Let us check: 72 + 24 = 96. Right!",
                ),
            ),
            _sheep_check,
        ),
        Scene(
            (
                Line(
                    "Енді жолға шығайық. Екі ауылдың арасы жүз елу километр.",
                    "Теперь в дорогу. Между двумя аулами 150 км.",
                    "Now let us travel. Two auyls are 150 km apart.",
                ),
                Line(
                    "Жүк көлігі сағатына алпыс, мотоцикл қырық километр жүреді.",
                    "Грузовик едет со скоростью 60 км/ч, мотоцикл – 40 км/ч.",
                    "The lorry goes at 60 km/h, the motorcycle at 40 km/h.",
                ),
            ),
            _road,
        ),
        Scene(
            (
                Line(
                    "Олар бір-біріне қарсы шықты. Икс сағаттан кейін кездеседі дейік.",
                    "Они выехали навстречу друг другу. Пусть встретятся через x часов.",
                    "They drive towards each other. Let them meet after x hours.",
                ),
                Line(
                    "Екеуінің жолын қоссақ, бүкіл жол шығады: жүз икс жүз елуге тең.",
                    "Вместе они проедут всю дорогу: 100x = 150.",
                    "Together they cover the whole road: 100x = 150.",
                ),
                Line(
                    "Олар бір жарым сағаттан кейін кездеседі.",
                    "Они встретятся через полтора часа.",
                    "They meet after one and a half hours.",
                ),
            ),
            _meeting,
        ),
        Scene(
            (
                Line(
                    "Тексерейік: тоқсан километр мен алпыс километр – барлығы жүз елу километр.",
                    "Проверим: 90 км и 60 км – всего 150 км.",
                    "Let us check: 90 km and 60 km make 150 km.",
                ),
            ),
            _road_check,
        ),
        Scene(
            (
                Line(
                    "Есте сақта: оқы, белгіле, теңдеу құр, шеш, тексер.",
                    "Запомни: прочитай, обозначь, составь уравнение, реши, проверь.",
                    "Remember: read, name, build an equation, solve, check.",
                ),
            ),
            _ending,
        ),
    ),
)
