"""What a video says and when: spoken lines, scenes, and the clock that drawings follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Sequence, Tuple

from content.samples.drawing.canvas import Canvas

LEAD_S = 0.7
PAUSE_S = 0.45
SCENE_PAUSE_S = 0.8
TAIL_S = 1.4


@dataclass(frozen=True)
class Line:
    """One spoken sentence, Kazakh as it is spoken, and what the subtitles say."""

    kk: str
    ru: str
    en: str


@dataclass(frozen=True)
class Clock:
    """The time within a scene, in seconds, and when each of its lines begins."""

    now_s: float
    starts_s: Tuple[float, ...]

    def since(self, line: int, delay_s: float = 0, during_s: float = 0.8) -> float:
        """From 0 to 1, gently, in the ``during_s`` after the line began and the delay passed."""
        share = (self.now_s - self.starts_s[line] - delay_s) / during_s
        share = min(1.0, max(0.0, share))
        return share * share * (3 - 2 * share)

    def began(self, line: int, delay_s: float = 0) -> bool:
        """Whether the line's time has come."""
        return self.now_s >= self.starts_s[line] + delay_s


@dataclass(frozen=True)
class Scene:
    """Lines, and a drawing that moves while they are spoken."""

    lines: Tuple[Line, ...]
    draw: Callable[[Canvas, Clock], None]


@dataclass(frozen=True)
class Film:
    """A lesson's video. ``poster`` is the scene, and the line in it, whose end is the poster."""

    lesson: str
    scenes: Tuple[Scene, ...]
    poster: Tuple[int, int]


@dataclass(frozen=True)
class Spoken:
    """A line's place in the film, in seconds."""

    line: Line
    start_s: float
    end_s: float


@dataclass(frozen=True)
class TimedScene:
    """A scene's place in the film, in seconds, and when its lines begin within it."""

    scene: Scene
    start_s: float
    end_s: float
    starts_s: Tuple[float, ...]

    def clock(self, film_s: float) -> Clock:
        """The scene's clock at a moment of the film."""
        return Clock(film_s - self.start_s, self.starts_s)


@dataclass(frozen=True)
class Timeline:
    """The whole film laid out in time."""

    scenes: Tuple[TimedScene, ...]
    spoken: Tuple[Spoken, ...]
    duration_s: float


def lay_out(film: Film, lengths_s: Sequence[float]) -> Timeline:
    """Place scenes and lines; ``lengths_s`` is how long each line of the film takes to say."""
    scenes: List[TimedScene] = []
    spoken: List[Spoken] = []
    now_s, lengths = 0.0, iter(lengths_s)
    for scene in film.scenes:
        start_s, at_s, starts_s = now_s, now_s + LEAD_S, []
        for line in scene.lines:
            length_s = next(lengths)
            starts_s.append(at_s - start_s)
            spoken.append(Spoken(line, at_s, at_s + length_s))
            at_s += length_s + PAUSE_S
        now_s = at_s + SCENE_PAUSE_S - PAUSE_S
        scenes.append(TimedScene(scene, start_s, now_s, tuple(starts_s)))
    return Timeline(tuple(scenes), tuple(spoken), now_s + TAIL_S)
