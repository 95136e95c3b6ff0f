"""The pictures of docs/items.md: each kind of question of the sample pack, half answered.

Started by ``python3 build pictures``; nothing is read from or written to a real laptop.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, Mapping, NamedTuple, Optional

from tests.support.screens import Stage, stage
from tests.support.stops_items import open_item

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "items"
SIZE = (1024, 600)


class Picture(NamedTuple):
    """Which question of which task is shown, with which answer."""

    task: str
    item: str
    answer: Any = None


PICTURES: Dict[str, Picture] = {
    "choice": Picture("first-steps", "what-is", "c"),
    "choices": Picture("first-steps", "root-three", ["a", "c"]),
    "number": Picture("every-kind", "mass", "4 kg"),
    "short": Picture("every-kind", "word", "the root"),
    "order": Picture("every-kind", "steps", ["subtract", "simpler"]),
    "match": Picture("every-kind", "roots", {"plus": "four", "times": "two"}),
    "gaps": Picture("every-kind", "story", {"add": "2", "do": "divide"}),
    "table": Picture("every-kind", "values", {"two": "7", "lean": "left"}),
    "place": Picture("every-kind", "on-the-line", {"root": "338,690", "right-side": "819,693"}),
    "text": Picture("first-steps", "explain", "5x is a product, so Arman had to divide by 5."),
    "file": Picture("every-kind", "notebook"),
}


def draw(here: Stage, picture: Picture) -> None:
    """Bring a question onto the stage."""
    model = open_item(here, picture.item, picture.task)
    if picture.answer is not None:
        model.answers[picture.item] = picture.answer
    here.app.rebuild()
    here.settle()


def main(folder: Optional[Path] = None, pictures: Mapping[str, Picture] = PICTURES) -> int:
    """Write the pictures."""
    from build.small_png import make_small
    from tests.support.laptop import AIGERIM
    from tests.support.lesson_pack import PackLaptop

    target = FOLDER if folder is None else folder
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        here = stage(PackLaptop(Path(scratch)), language="en", size=SIZE)
        try:
            here.app.sign_in(AIGERIM)
            here.app.set_language("en")
            for name, picture in pictures.items():
                draw(here, picture)
                path = target / f"{name}.png"
                here.shot(path)
                make_small(path)
        finally:
            here.close()
    print(f"{len(pictures)} pictures: {target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
