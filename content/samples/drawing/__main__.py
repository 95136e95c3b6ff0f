"""Draw the sample packs' pictures and videos again: ``python -m content.samples.drawing [LESSON]``.

Needs Pillow, PyAV, kivy (for its Roboto fonts) and the programme espeak-ng.
"""

from __future__ import annotations

import sys
from pathlib import Path

from content.samples.drawing import film_meaning, film_problems, film_solving
from content.samples.drawing.pictures import draw_pictures
from content.samples.drawing.video import make_video

PACK = Path(__file__).parent.parent / "algebra-7-linear"
FILMS = (film_meaning.FILM, film_solving.FILM, film_problems.FILM)


def main(lessons: list[str]) -> int:
    """Draw all pictures, then the videos of ``lessons`` (all when none is named)."""
    draw_pictures(PACK)
    for film in FILMS:
        if not lessons or film.lesson in lessons:
            duration_s = make_video(film, PACK)
            size_bytes = (PACK / "lessons" / film.lesson / "video.mp4").stat().st_size
            sys.stdout.write(f"{film.lesson}: {duration_s:.1f} s, {size_bytes:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
