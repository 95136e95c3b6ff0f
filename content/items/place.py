"""Kind "place": points to mark on a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Iterator, Optional, Sequence, Tuple

from content.errors import PathError
from content.fields import Fields
from content.items.kind import Answer, Kind, Result, joined, mapping_answer, shared
from content.items.reading import counted, one_of, refuse_twins
from content.paths import check_path
from content.text import Text

MAX_AREAS = 12
MAX_CORNERS = 40
WHOLE = 1000
"""Places are thousandths of the picture's width from its left, and of its height from its top."""
MAX_SIDE = 20_000

CIRCLE, RECTANGLE, POLYGON = "circle", "rectangle", "polygon"
_COUNTS = {CIRCLE: (3, 3), RECTANGLE: (4, 4), POLYGON: (6, 2 * MAX_CORNERS)}
_PLACE = re.compile(r" ?([0-9]{1,4})(?:\.[0-9]{1,3})? ?, ?([0-9]{1,4})(?:\.[0-9]{1,3})? ?\Z")

Point = Tuple[float, float]


@dataclass(frozen=True)
class Area:
    """Where a mark is right.

    ``points``: of a circle x, y and radius (in thousandths of the width); of a rectangle two
    opposite corners; of a polygon its corners.
    """

    id: str
    text: Text
    shape: str
    points: Tuple[float, ...]
    feedback: Text


@dataclass(frozen=True)
class Place:
    """A picture beside the lesson, its size in pixels when known, and what to mark on it."""

    picture: str
    areas: Tuple[Area, ...]
    size: Optional[Tuple[int, int]] = None
    alt: Optional[Text] = None

    @property
    def height_per_width(self) -> Fraction:
        """The picture's proportions, 1 when its size is not given."""
        return Fraction(self.size[1], self.size[0]) if self.size else Fraction(1)


def read_place(fields: Fields) -> Place:
    """The picture and the areas; a circle needs the picture's size to be round."""
    size = _read_size(fields)
    areas = tuple(_read_area(one) for one in counted(fields, "area", 1, MAX_AREAS))
    refuse_twins(fields, "area", [area.id for area in areas])
    if size is None and any(area.shape == CIRCLE for area in areas):
        raise fields.fail("size", "is missing; give the picture's width and height in pixels")
    picture = fields.string("picture")
    try:
        check_path(picture)
    except PathError:
        raise fields.fail("picture", "must name a file beside the lesson") from None
    return Place(picture, areas, size, fields.text("alt", required=False) or None)


def _read_size(fields: Fields) -> Optional[Tuple[int, int]]:
    sides = fields.sequence("size", required=False, limit=2)
    if not sides:
        return None
    whole = all(isinstance(one, int) and not isinstance(one, bool) for one in sides)
    if len(sides) != 2 or not whole or not all(1 <= one <= MAX_SIDE for one in sides):
        raise fields.fail("size", "must be the picture's width and height in pixels")
    return sides[0], sides[1]


def _read_area(fields: Fields) -> Area:
    shape = one_of(fields, "shape", tuple(_COUNTS), CIRCLE)
    low, high = _COUNTS[shape]
    points = fields.sequence("points", limit=2 * MAX_CORNERS)
    numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in points)
    if not numbers or not all(0 <= one <= WHOLE for one in points):
        raise fields.fail("points", f"must be numbers from 0 to {WHOLE}")
    if not low <= len(points) <= high or (shape == POLYGON and len(points) % 2):
        raise fields.fail("points", f"are too few or too many for a {shape}")
    area = Area(
        id=fields.identifier("id"),
        text=fields.text("text"),
        shape=shape,
        points=points,
        feedback=fields.text("feedback", required=False),
    )
    # The key shown is in whole thousandths, so one of those must lie within.
    if not _holds(area, rounded(middle(area)), Fraction(1)):
        raise fields.fail("points", "make an area without a middle; draw it wider")
    return area


def parse_place(said: object) -> Optional[Point]:
    """A marked place, "x,y" in thousandths; None when it is none."""
    found = _PLACE.match(said) if isinstance(said, str) else None
    if not found:
        return None
    x, _, y = str(said).partition(",")
    point = float(x), float(y)
    return point if max(point) <= WHOLE else None


def rounded(point: Point) -> Point:
    """The nearest whole thousandths on the picture: what is outside moves to the edge."""
    x, y = (round(min(max(one, 0), WHOLE)) for one in point)
    return x, y


def said_place(x: float, y: float) -> str:
    """A place as it is kept in an answer."""
    return ",".join(str(one) for one in rounded((x, y)))


def middle(area: Area) -> Point:
    """A place within the area where its sign may stand."""
    if area.shape == CIRCLE:
        return area.points[0], area.points[1]
    corners = corners_of(area)
    x = sum(corner[0] for corner in corners) / len(corners)
    y = sum(corner[1] for corner in corners) / len(corners)
    if area.shape == RECTANGLE or _in_polygon(corners, (x, y)):
        return x, y
    return _inside(corners)


def _inside(corners: Sequence[Point]) -> Point:
    """A point within a hollow polygon: halfway between its first two sides at some height."""
    heights = sorted({corner[1] for corner in corners})
    for low, high in zip(heights, heights[1:]):
        y = (low + high) / 2
        crossings = sorted(_crossings(corners, y))
        if len(crossings) > 1:
            return (crossings[0] + crossings[1]) / 2, y
    return corners[0]


def _score(body: Place, answer: object) -> Result:
    """Every area is worth the same; its mark is right anywhere within it."""
    given = mapping_answer(answer)
    parts = {}
    for area in body.areas:
        point = parse_place(given.get(area.id))
        if point is not None:
            parts[area.id] = _holds(area, point, body.height_per_width)
    said = [area.feedback for area in body.areas if parts.get(area.id) is False]
    return shared(parts, len(body.areas), joined(said))


def _holds(area: Area, point: Point, height_per_width: Fraction) -> bool:
    x, y = point
    if area.shape == CIRCLE:
        across = Fraction(x) - Fraction(area.points[0])
        down = (Fraction(y) - Fraction(area.points[1])) * height_per_width
        return across**2 + down**2 <= Fraction(area.points[2]) ** 2
    if area.shape == RECTANGLE:
        left, top, right, bottom = area.points
        across_right = min(left, right) <= x <= max(left, right)
        return across_right and min(top, bottom) <= y <= max(top, bottom)
    return _in_polygon(corners_of(area), point)


def corners_of(area: Area) -> Tuple[Point, ...]:
    """The corners to draw: of a circle its middle alone."""
    if area.shape == CIRCLE:
        return ((area.points[0], area.points[1]),)
    if area.shape == RECTANGLE:
        left, top, right, bottom = area.points
        return (left, top), (right, top), (right, bottom), (left, bottom)
    return tuple(zip(area.points[::2], area.points[1::2]))


def _crossings(corners: Sequence[Point], y: float) -> Iterator[float]:
    for (x1, y1), (x2, y2) in zip(corners, (*corners[1:], corners[0])):
        if (y1 > y) != (y2 > y):
            yield x1 + (y - y1) * (x2 - x1) / (y2 - y1)


def _in_polygon(corners: Sequence[Point], point: Point) -> bool:
    # A ray to the right crosses the sides an odd number of times from within.
    return sum(crossing > point[0] for crossing in _crossings(corners, point[1])) % 2 == 1


def _right(body: Place) -> Answer:
    return {area.id: said_place(*middle(area)) for area in body.areas}


def _minutes(body: Place) -> Fraction:
    return max(Fraction(1), Fraction(len(body.areas), 2))


def _texts(body: Place) -> Iterator[Tuple[str, Text]]:
    for area in body.areas:
        yield f"area {area.id}", area.text
        yield f"feedback {area.id}", area.feedback
    if body.alt:
        yield "alt", body.alt


KIND = Kind(read_place, _score, _right, _minutes, _texts)
