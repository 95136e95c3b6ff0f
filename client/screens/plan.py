"""What there is to do: pure functions over lessons, progress, works and drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import (
    AbstractSet,
    Collection,
    Dict,
    FrozenSet,
    Iterable,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from client.laptop.packs.lessons import LessonCard, Progress, Text
from client.laptop.schoolwork.works import Work

LessonKey = Tuple[str, str]
TaskKey = Tuple[str, str, str]


@dataclass(frozen=True)
class Steps:
    """How many of a lesson's steps are done: its video or text is one, each task is one."""

    done: int
    of: int
    begun: bool

    @property
    def finished(self) -> bool:
        """Whether nothing of the lesson is left."""
        return self.done >= self.of

    @property
    def share(self) -> float:
        """From 0 to 1; a step begun counts half."""
        return min(1.0, (self.done + (0.5 if self.begun and not self.finished else 0)) / self.of)


@dataclass(frozen=True)
class OpenTask:
    """A task not handed in yet. ``begun``: there is a draft of it."""

    card: LessonCard
    task: str
    title: Text
    begun: bool


@dataclass(frozen=True)
class NextLesson:
    """The lesson to go on with."""

    card: LessonCard
    steps: Steps
    position_s: float

    @property
    def begun(self) -> bool:
        """Whether something of it was done already."""
        return self.steps.begun or self.steps.done > 0


def handed_in(works: Iterable[Work]) -> FrozenSet[TaskKey]:
    """Return the tasks that were handed in at least once."""
    return frozenset((work.pack, work.lesson, work.task) for work in works)


def steps_of(
    card: LessonCard, progress: Mapping[LessonKey, Progress], handed: AbstractSet[TaskKey]
) -> Steps:
    """Count a lesson's steps."""
    at = progress.get((card.pack, card.lesson))
    tasks = sum((card.pack, card.lesson, task) in handed for task in card.task_ids)
    seen = at is not None and at.seen
    return Steps(
        done=tasks + seen,
        of=1 + len(card.task_ids),
        begun=at is not None and not at.seen and at.position_s > 0,
    )


def next_lesson(
    cards: Sequence[LessonCard],
    progress: Mapping[LessonKey, Progress],
    handed: AbstractSet[TaskKey],
) -> Optional[NextLesson]:
    """Choose the lesson to go on with.

    The unfinished one looked at last; else the first unfinished after it in the same pack; else
    the first unfinished of all. None when everything is done.
    """
    unfinished = [card for card in cards if not steps_of(card, progress, handed).finished]
    if not unfinished:
        return None
    chosen = min(unfinished, key=lambda card: _nearness(card, progress))
    at = progress.get((chosen.pack, chosen.lesson))
    steps = steps_of(chosen, progress, handed)
    return NextLesson(chosen, steps, at.position_s if at is not None and not at.seen else 0.0)


def _nearness(card: LessonCard, progress: Mapping[LessonKey, Progress]) -> Tuple[int, int, int]:
    """Sort key: lessons begun, latest first; then those of the pack used last; then the others."""
    at = progress.get((card.pack, card.lesson))
    if at is not None:
        return (0, -at.time_ms, card.place)
    return (1, -last_used_ms(card.pack, progress), card.place)


def open_tasks(
    cards: Sequence[LessonCard],
    titles: Mapping[TaskKey, Text],
    progress: Mapping[LessonKey, Progress],
    handed: AbstractSet[TaskKey],
    drafts: Collection[TaskKey],
) -> Tuple[OpenTask, ...]:
    """List the tasks to do: begun ones first, then those of lessons begun, then in order."""
    found: List[OpenTask] = []
    for card in cards:
        for task in card.task_ids:
            key = (card.pack, card.lesson, task)
            if key not in handed or key in drafts:
                title = titles.get(key) or card.title
                found.append(OpenTask(card, task, title, key in drafts))

    def order(one: OpenTask) -> Tuple[bool, bool]:
        return (not one.begun, (one.card.pack, one.card.lesson) not in progress)

    return tuple(sorted(found, key=order))


@dataclass(frozen=True)
class PackProgress:
    """How many of a pack's lessons are finished; ``share`` counts the steps in the others too."""

    card: LessonCard
    done: int
    of: int
    share: float


def pack_progress(
    cards: Sequence[LessonCard],
    progress: Mapping[LessonKey, Progress],
    handed: AbstractSet[TaskKey],
) -> Tuple[PackProgress, ...]:
    """Tell how far one came in each pack, those used last first."""
    found = []
    for group in by_pack(cards).values():
        steps = [steps_of(card, progress, handed) for card in group]
        done = sum(one.finished for one in steps)
        share = sum(one.share for one in steps) / len(steps)
        found.append(PackProgress(group[0], done, len(group), share))
    return tuple(sorted(found, key=lambda one: -last_used_ms(one.card.pack, progress)))


def last_used_ms(pack: str, progress: Mapping[LessonKey, Progress]) -> int:
    """Return when one last looked into a pack; 0 for never."""
    return max((one.time_ms for key, one in progress.items() if key[0] == pack), default=0)


def by_pack(cards: Sequence[LessonCard]) -> Mapping[str, Tuple[LessonCard, ...]]:
    """Group lessons by their pack, keeping the order."""
    groups: Dict[str, List[LessonCard]] = {}
    for card in cards:
        groups.setdefault(card.pack, []).append(card)
    return {pack: tuple(group) for pack, group in groups.items()}
