"""Draws the sixteen pictures that open the work of children who cannot write yet.

Started by ``python3 build secret-pictures``; writes ``client/widgets/picture_sign.png``, four rows
of four in the order of ``PICTURE_NAMES``. Each is drawn large, from plain shapes, and made small.
"""

from __future__ import annotations

from math import cos, pi, sin
from pathlib import Path
from typing import Any, Callable, List, Mapping, Optional, Sequence, Tuple

from client.theme.tokens import LIGHT
from client.vaults.secrets import PICTURE_NAMES

FILE = Path(__file__).resolve().parents[1] / "client" / "widgets" / "picture_sign.png"
SIDE_PX = 128
LARGE = 4
COLUMNS = 4
COLOURS = 96

Point = Tuple[float, float]
WHITE, INK, SUN, GREEN, SKY, RUST, LILAC = (
    LIGHT[name] for name in ("surface", "ink", "sun", "green", "sky", "rust", "lilac")
)
LEAF, WATER, RED, CORAL, EARTH, CLOUD, PINK = (
    "#5FA777",
    "#5DB3CC",
    "#D9503F",
    "#E98A5B",
    "#8A5A36",
    "#DCE6EA",
    "#F2A7B5",
)


class Sheet:
    """One picture being drawn; places are from 0 to 100, x to the right and y down."""

    def __init__(self, ground: str) -> None:
        from PIL import Image, ImageDraw

        side = SIDE_PX * LARGE
        self.image = Image.new("RGBA", (side, side))
        self._draw = ImageDraw.Draw(self.image)
        self._draw.rounded_rectangle((0, 0, side - 1, side - 1), side * 0.16, fill=ground)

    def _at(self, *places: float) -> List[float]:
        return [place * SIDE_PX * LARGE / 100 for place in places]

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draw a filled circle."""
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: str) -> None:
        """Draw a filled ellipse by its centre and half its width and height."""
        self._draw.ellipse(self._at(x - across, y - down, x + across, y + down), fill=colour)

    def shape(self, colour: str, *points: Point) -> None:
        """Draw a filled polygon."""
        self._draw.polygon([tuple(self._at(*point)) for point in points], fill=colour)

    def box(self, left: float, top: float, right: float, low: float, colour: str) -> None:
        """Draw a filled rectangle."""
        self._draw.rectangle(self._at(left, top, right, low), fill=colour)

    def line(self, colour: str, width: float, *points: Point) -> None:
        """Draw a line with round ends."""
        places = [tuple(self._at(*point)) for point in points]
        self._draw.line(places, fill=colour, width=round(self._at(width)[0]), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, colour)

    def part(
        self, x: float, y: float, radius: float, begin: float, end: float, colour: str
    ) -> None:
        """Draw a slice of a circle, in degrees clockwise from the right."""
        self._draw.pieslice(
            self._at(x - radius, y - radius, x + radius, y + radius), begin, end, fill=colour
        )


def around(x: float, y: float, radius: float, turn: float) -> Point:
    """Return a place on a circle; ``turn`` 0 is at the top, 0.25 at the right."""
    return x + radius * sin(2 * pi * turn), y - radius * cos(2 * pi * turn)


def star_points(x: float, y: float, outer: float, inner: float, rays: int) -> Sequence[Point]:
    """Return the corners of a star."""
    radii = (outer, inner)
    return [around(x, y, radii[at % 2], at / (2 * rays)) for at in range(2 * rays)]


def _sun(sheet: Sheet) -> None:
    sheet.shape("#F0A500", *star_points(50, 50, 44, 28, 12))
    sheet.disc(50, 50, 26, SUN)
    sheet.disc(41, 46, 3, INK)
    sheet.disc(59, 46, 3, INK)
    sheet.line(RUST, 3.5, *[around(50, 47, 13, 0.32 + at * 0.03) for at in range(13)])


def _mountain(sheet: Sheet) -> None:
    sheet.disc(76, 26, 9, SUN)
    sheet.shape("#7C93A3", (34, 84), (64, 30), (96, 84))
    sheet.shape("#4F6778", (4, 84), (38, 20), (74, 84))
    sheet.shape(WHITE, (38, 20), (27, 41), (34, 38), (39, 45), (44, 38), (50, 41))
    sheet.shape(WHITE, (64, 30), (57, 43), (63, 40), (67, 46), (72, 44))
    sheet.box(0, 82, 100, 88, LEAF)


def _flower(sheet: Sheet) -> None:
    sheet.line(GREEN, 5, (50, 55), (50, 92))
    sheet.shape(LEAF, (50, 84), (28, 66), (32, 84))
    sheet.shape(LEAF, (50, 88), (72, 70), (68, 88))
    for petal in range(6):
        x, y = around(50, 40, 19, petal / 6)
        sheet.disc(x, y, 13, RED)
    sheet.disc(50, 40, 12, SUN)


def _horse(sheet: Sheet) -> None:
    for x in (31, 40, 61, 69):
        sheet.box(x - 3.5, 56, x + 3.5, 88, EARTH)
        sheet.box(x - 3.5, 84, x + 3.5, 89, INK)
    sheet.shape(INK, (26, 46), (12, 52), (14, 74), (22, 70), (24, 56))
    sheet.oval(49, 54, 27, 15, EARTH)
    sheet.shape(EARTH, (60, 52), (66, 24), (78, 20), (78, 56))
    sheet.shape(EARTH, (66, 22), (74, 16), (92, 34), (88, 42), (74, 38))
    sheet.shape(EARTH, (68, 22), (70, 10), (76, 20))
    sheet.shape(INK, (68, 16), (58, 26), (54, 46), (62, 44), (66, 28))
    sheet.disc(77, 26, 2.4, INK)


def _moon(sheet: Sheet) -> None:
    sheet.disc(46, 50, 34, SUN)
    sheet.disc(60, 42, 28, "#32486B")
    for x, y, size in ((76, 26, 9), (82, 62, 6), (62, 50, 5)):
        sheet.shape(WHITE, *star_points(x, y, size, size * 0.42, 5))


def _bird(sheet: Sheet) -> None:
    sheet.line(EARTH, 5, (8, 86), (92, 82))
    sheet.line(RUST, 3, (44, 70), (44, 84))
    sheet.line(RUST, 3, (56, 70), (56, 83))
    sheet.shape(SKY, (28, 56), (4, 66), (10, 50))
    sheet.oval(48, 56, 26, 19, WATER)
    sheet.disc(66, 36, 16, WATER)
    sheet.shape(SUN, (79, 32), (95, 39), (78, 43))
    sheet.oval(42, 56, 15, 10, SKY)
    sheet.disc(70, 32, 3.4, INK)


def _sheep(sheet: Sheet) -> None:
    for x in (34, 44, 58, 67):
        sheet.box(x - 3, 66, x + 3, 88, INK)
    for x, y in ((30, 48), (40, 38), (54, 36), (66, 44), (68, 58), (54, 64), (38, 64), (28, 58)):
        sheet.disc(x, y, 13, WHITE)
    sheet.oval(48, 51, 24, 18, WHITE)
    sheet.oval(78, 46, 11, 15, INK)
    sheet.oval(67, 40, 7, 4, INK)
    sheet.disc(75, 32, 8, WHITE)
    sheet.disc(79, 44, 2.6, WHITE)


def _ball(sheet: Sheet) -> None:
    sheet.disc(50, 50, 40, INK)
    sheet.disc(50, 50, 37.5, WHITE)
    sheet.shape(INK, *[around(50, 50, 14, at / 5) for at in range(5)])
    for at in range(5):
        sheet.line(INK, 3, around(50, 50, 14, at / 5), around(50, 50, 27, at / 5))
        left, right = around(50, 50, 37, at / 5 - 0.055), around(50, 50, 37, at / 5 + 0.055)
        inner = around(50, 50, 27, at / 5)
        sheet.shape(INK, inner, left, around(50, 50, 38, at / 5), right)


def _tree(sheet: Sheet) -> None:
    sheet.box(44, 58, 56, 92, EARTH)
    for x, y, radius in ((50, 28, 22), (30, 44, 19), (70, 44, 19), (50, 50, 22)):
        sheet.disc(x, y, radius, GREEN)
    for x, y, radius in ((44, 24, 12), (28, 40, 9), (62, 40, 9)):
        sheet.disc(x, y, radius, LEAF)
    for x, y in ((38, 52), (66, 54), (54, 32)):
        sheet.disc(x, y, 4, RED)


def _fish(sheet: Sheet) -> None:
    sheet.shape(RUST, (30, 50), (6, 28), (12, 50), (6, 72))
    sheet.shape(RUST, (40, 34), (56, 16), (64, 34))
    sheet.oval(56, 50, 34, 22, CORAL)
    sheet.shape(WHITE, (52, 29), (59, 29), (56, 71), (49, 71))
    sheet.shape(WHITE, (34, 36), (39, 34), (38, 66), (34, 64))
    sheet.disc(76, 44, 5.5, WHITE)
    sheet.disc(77, 44, 3, INK)
    sheet.disc(92, 26, 4, WATER)
    sheet.disc(86, 14, 3, WATER)


def _rocket(sheet: Sheet) -> None:
    sheet.shape(SUN, (40, 76), (60, 76), (50, 98))
    sheet.shape(RED, (44, 76), (56, 76), (50, 88))
    sheet.shape(RED, (36, 50), (18, 74), (36, 72))
    sheet.shape(RED, (64, 50), (82, 74), (64, 72))
    sheet.oval(50, 44, 17, 38, CLOUD)
    sheet.box(35, 62, 65, 77, CLOUD)
    sheet.shape(RED, (50, 5), (38, 20), (62, 20))
    sheet.part(50, 26, 14, 200, 340, RED)
    sheet.disc(50, 42, 9, SKY)
    sheet.disc(50, 42, 6, WATER)


def _star(sheet: Sheet) -> None:
    sheet.shape("#F0A500", *star_points(50, 53, 47, 20, 5))
    sheet.shape(SUN, *star_points(50, 53, 38, 16, 5))


def _yurt(sheet: Sheet) -> None:
    sheet.box(0, 84, 100, 90, LEAF)
    sheet.box(14, 50, 86, 86, WHITE)
    sheet.oval(50, 51, 37, 34, WHITE)
    sheet.oval(50, 19, 11, 5, RUST)
    for x in (30, 50, 70):
        sheet.shape(RUST, (x - 6, 46), (x + 6, 46), (x, 33))
    sheet.box(11, 47, 89, 56, RED)
    for x in range(14, 80, 12):
        sheet.shape(SUN, (x, 51.5), (x + 4, 48), (x + 8, 51.5), (x + 4, 55))
    sheet.box(40, 56, 60, 86, RUST)
    sheet.box(43, 59, 57, 86, SUN)
    sheet.shape(RUST, (50, 61), (56, 72), (50, 83), (44, 72))


def _apple(sheet: Sheet) -> None:
    sheet.line(EARTH, 4.5, (50, 34), (55, 14))
    sheet.shape(LEAF, (55, 24), (66, 9), (84, 12), (74, 25))
    sheet.oval(37, 56, 24, 29, RED)
    sheet.oval(63, 56, 24, 29, RED)
    sheet.oval(50, 68, 24, 20, RED)
    sheet.oval(29, 46, 5, 9, PINK)


def _cat(sheet: Sheet) -> None:
    sheet.shape("#6B6F78", (18, 44), (20, 8), (46, 28))
    sheet.shape("#6B6F78", (82, 44), (80, 8), (54, 28))
    sheet.shape(PINK, (24, 34), (25, 18), (38, 29))
    sheet.shape(PINK, (76, 34), (75, 18), (62, 29))
    sheet.oval(50, 56, 38, 33, "#6B6F78")
    for x in (34, 66):
        sheet.oval(x, 51, 8, 9, "#BFE27A")
        sheet.oval(x, 51, 3, 8, INK)
    sheet.shape(PINK, (44, 64), (56, 64), (50, 71))
    for y, end in ((68, 64), (73, 76)):
        sheet.line(WHITE, 1.6, (38, y), (12, end))
        sheet.line(WHITE, 1.6, (62, y), (88, end))


def _butterfly(sheet: Sheet) -> None:
    for side in (-1, 1):
        sheet.oval(50 + side * 22, 36, 21, 22, LILAC)
        sheet.oval(50 + side * 17, 67, 16, 18, "#9B7FCB")
        sheet.disc(50 + side * 24, 34, 9, SUN)
        sheet.disc(50 + side * 18, 68, 6, PINK)
        sheet.line(INK, 2, (50, 24), (50 + side * 11, 8))
        sheet.disc(50 + side * 11, 8, 3, INK)
    sheet.oval(50, 52, 5, 32, INK)


DRAWINGS: Mapping[str, Tuple[str, Callable[[Sheet], None]]] = {
    "sun": (LIGHT["sky_tint"], _sun),
    "mountain": (LIGHT["sky_tint"], _mountain),
    "flower": (LIGHT["green_tint"], _flower),
    "horse": (LIGHT["green_tint"], _horse),
    "moon": ("#32486B", _moon),
    "bird": (LIGHT["sun_tint"], _bird),
    "sheep": (LIGHT["green_tint"], _sheep),
    "ball": (LIGHT["green_tint"], _ball),
    "tree": (LIGHT["sky_tint"], _tree),
    "fish": (LIGHT["sky_tint"], _fish),
    "rocket": (LIGHT["lilac_tint"], _rocket),
    "star": (LIGHT["lilac_tint"], _star),
    "yurt": (LIGHT["sky_tint"], _yurt),
    "apple": (LIGHT["sun_tint"], _apple),
    "cat": (LIGHT["rust_tint"], _cat),
    "butterfly": (LIGHT["green_tint"], _butterfly),
}
"""Name of a picture -> its ground, and what draws it."""


def atlas() -> Any:
    """Draw all pictures into one image, in the order in which they are shown."""
    from PIL import Image

    rows = len(PICTURE_NAMES) // COLUMNS
    whole = Image.new("RGBA", (COLUMNS * SIDE_PX, rows * SIDE_PX))
    for place, name in enumerate(PICTURE_NAMES):
        ground, draw = DRAWINGS[name]
        sheet = Sheet(ground)
        draw(sheet)
        row, column = divmod(place, COLUMNS)
        small = sheet.image.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
        whole.paste(small, (column * SIDE_PX, row * SIDE_PX))
    return whole


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Write the file."""
    from PIL import Image

    path = Path(arguments[0]) if arguments else FILE
    few = atlas().quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path}: {path.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
