"""What the screen of a lesson shows and keeps: text, tasks, and how far the video was watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Dict, Optional, Tuple

from client.executor import Outcome
from client.laptop.schoolwork.works import Station, Work
from client.messages import LANGUAGES, Message
from client.screens.model import ScreenModel, Session
from client.video.player import SPEEDS, Picture, Player, State
from client.video.subtitles import Timeline, choices, first_choice, following

if TYPE_CHECKING:
    from content.documents.document import Block
    from content.pack import Lesson

SEEN_SHARE = 0.9
"""A video watched so far counts as seen: credits and goodbyes need not be."""
SAVE_EVERY_S = 30.0
_WORTH_RESUMING_S = 5.0


@dataclass(frozen=True)
class TaskLine:
    """A task at the end of the lesson: untouched, `begun` (has a draft) or handed in (`work`)."""

    id: str
    title: Dict[str, str]
    minutes: int
    items: int
    begun: bool
    work: Optional[Work]

    @property
    def marked(self) -> bool:
        """Whether a teacher has given a mark."""
        return self.work is not None and self.work.station is Station.MARKED


def ffmpeg_player() -> Player:
    """The player of the programme; FFmpeg is loaded when a video is played first."""
    from client.video.ffmpeg import FFmpegPlayer

    return FFmpegPlayer()


class Model(ScreenModel):
    """A lesson, from opening its pack to saving where its video was left.

    Args:
        session: what there is to work with.
        pack: the pack's id.
        lesson: the lesson's id.
        make_player: makes the player when it is wanted first.
    """

    def __init__(
        self,
        session: Session,
        pack: str,
        lesson: str,
        make_player: Callable[[], Player] = ffmpeg_player,
    ) -> None:
        super().__init__(session)
        self.pack_id, self.lesson_id = pack, lesson
        self.lesson: Optional[Lesson] = None
        self.problem: Optional[Message] = None
        self.tasks: Tuple[TaskLine, ...] = ()
        self.full = False
        self.seen = False
        self.resume_s = 0.0
        self.last_picture: Optional[Picture] = None
        self._paused_by_hand = False
        self._player: Optional[Player] = None
        self._make_player = make_player
        self._subtitles: Optional[str] = None
        self._rendition = ""
        self._blocks: Dict[str, Tuple[Block, ...]] = {}
        self._timelines: Dict[str, Timeline] = {}
        self._saved_s = -1.0
        session.executor.submit("lesson.open", self._open, self._opened)

    @property
    def has_video(self) -> bool:
        """Whether the lesson has a video at all."""
        return self.lesson is not None and self.lesson.video is not None

    @property
    def video_here(self) -> bool:
        """Whether a file of it, in any rendition, is on this laptop."""
        return bool(self.renditions)

    @property
    def renditions(self) -> Tuple[str, ...]:
        """Those that are on this laptop, from the cheapest to the dearest."""
        video = self.lesson.video if self.lesson is not None else None
        return video.here() if video is not None else ()

    @property
    def rendition(self) -> str:
        """The one that is played: chosen here, or by the laptop, or the nearest to that; or ""."""
        from content.renditions.names import best

        here = self.renditions
        choice = self._rendition or self.session.laptop.videos.rendition
        return best(here, choice) if here else ""

    @property
    def sound_alone(self) -> bool:
        """Whether what is played has no picture: the poster stays."""
        return self.rendition == "audio"

    def next_rendition(self) -> None:
        """Go on in the next rendition that is here, around the end, from the same place."""
        here = self.renditions
        if len(here) < 2:
            return
        self._rendition = here[(here.index(self.rendition) + 1) % len(here)]
        self.last_picture = None
        player = self._player
        if player is not None:
            playing = player.state in (State.PLAYING, State.LOADING) and not self._paused_by_hand
            self._open_at(player.position_s, playing=playing)
        self.changed()

    @property
    def player(self) -> Optional[Player]:
        """The player, once `play` was pressed."""
        return self._player

    @property
    def started(self) -> bool:
        """Whether the video was opened on this visit."""
        return self._player is not None

    @property
    def watched(self) -> bool:
        """Whether the video plays."""
        return self._player is not None and self._player.state is State.PLAYING

    @property
    def now_task(self) -> Optional[TaskLine]:
        """The task to do now: the first not handed in, once the video is seen or not there."""
        plays = self._player is None or self._player.state is not State.FAILED
        if self.video_here and plays and not self.seen:
            return None
        return next((task for task in self.tasks if task.work is None), None)

    def blocks(self, language: str) -> Tuple[Block, ...]:
        """The text in a language, or in the next best."""
        from content.documents.document import parse_document
        from content.errors import ContentError

        if self.lesson is None or not self.lesson.texts:
            return ()
        order = (language, *LANGUAGES, *self.lesson.texts)
        best = next(one for one in order if one in self.lesson.texts)
        if best not in self._blocks:
            try:
                text = self.lesson.texts[best].read_text(encoding="utf-8")
                self._blocks[best] = parse_document(text)
            except (OSError, UnicodeDecodeError, ContentError):
                return ()
        return self._blocks[best]

    def play_or_pause(self) -> None:
        """Start the video where it was left, pause it, or go on."""
        player = self._player
        if player is None:
            self._start()
        elif player.state is State.PLAYING or (
            player.state is State.LOADING and not self._paused_by_hand
        ):
            self._paused_by_hand = True
            player.pause()
            self._save_progress()
        else:
            self._paused_by_hand = False
            player.play()
        self.changed()

    def _start(self) -> None:
        if self.lesson is None or self.lesson.video is None:
            return
        self._player = self._make_player()
        self._open_at(self.resume_s, playing=True)

    def _open_at(self, position_s: float, *, playing: bool) -> None:
        video = self.lesson.video if self.lesson is not None else None
        if video is None or self._player is None:
            return
        self._player.open(video.renditions.get(self.rendition, video.path), position_s)
        if playing:
            self._player.play()

    def jump(self, seconds: float) -> None:
        """Go forward or back by so many seconds."""
        if self._player is not None:
            self._player.seek(self._player.position_s + seconds)

    def next_speed(self) -> None:
        """Choose the next speed, around the end."""
        if self._player is None:
            return
        at = SPEEDS.index(self._player.speed)
        self._player.set_speed(SPEEDS[(at + 1) % len(SPEEDS)])

    def subtitle_language(self) -> str:
        """The language of the subtitles, "" when off; at first that of the screen."""
        if self._subtitles is not None:
            return self._subtitles
        return first_choice(self._subtitle_files(), self.session.language)

    def next_subtitles(self) -> None:
        """Choose the next language, or none."""
        options = choices(self._subtitle_files(), LANGUAGES)
        self._subtitles = following(options, self.subtitle_language())

    def words_at(self, position_s: float) -> str:
        """The subtitle at a time."""
        language = self.subtitle_language()
        return self._timeline(language).at(position_s) if language else ""

    def watch(self) -> None:
        """Called about once a second while the video is shown: keep how far it is."""
        player = self._player
        if player is None:
            return
        reached = player.duration_s > 0 and player.position_s >= SEEN_SHARE * player.duration_s
        if reached and not self.seen:
            self.seen = True
            self._save_progress()
            self.changed()
        elif abs(player.position_s - self._saved_s) >= SAVE_EVERY_S:
            self._save_progress()

    def reload(self) -> None:
        """A sync ended: the video or a mark may have come."""
        if self.lesson is not None:
            before = (self.tasks, self.video_here)
            self.tasks = self._task_lines(self.lesson)
            if (self.tasks, self.video_here) != before or not self.started:
                self.changed()

    def close(self) -> None:
        """Save the position and free the decoder."""
        if self._player is not None:
            self._save_progress()
            self._player.close()
            self._player = None
        elif self.lesson is not None and not self.has_video and not self.seen:
            self.seen = True
            self._keep(0.0)

    def _open(self) -> Tuple[Lesson, Tuple[TaskLine, ...]]:
        lesson = self.session.laptop.pack(self.pack_id).lesson(self.lesson_id)
        return lesson, self._task_lines(lesson)

    def _opened(self, outcome: Outcome[Tuple[Lesson, Tuple[TaskLine, ...]]]) -> None:
        if outcome.value is None:
            said = getattr(outcome.error, "message", None)
            self.problem = said if isinstance(said, Message) else Message("lesson.problem")
        else:
            self.lesson, self.tasks = outcome.value
            self._recall()
        self.changed()

    def _recall(self) -> None:
        person = self.session.person
        if person is None:
            return
        progress = self.session.laptop.progress(person.id).get((self.pack_id, self.lesson_id))
        if progress is None:
            return
        self.seen = progress.seen
        duration_s = self.lesson.video.duration_s if self.lesson and self.lesson.video else 0.0
        worth = progress.position_s > _WORTH_RESUMING_S
        if worth and (not duration_s or progress.position_s < SEEN_SHARE * duration_s):
            self.resume_s = self._saved_s = progress.position_s

    def _task_lines(self, lesson: Lesson) -> Tuple[TaskLine, ...]:
        person, laptop = self.session.person, self.session.laptop
        works: Dict[str, Work] = {}
        if person is not None:
            for work in laptop.works(person.id):
                if (work.pack, work.lesson) == (self.pack_id, self.lesson_id):
                    works.setdefault(work.task, work)
        lines = []
        for task in lesson.tasks:
            begun = person is not None and bool(
                laptop.draft(person.id, self.pack_id, self.lesson_id, task.id)
            )
            latest = works.get(task.id)
            title = dict(task.title)
            lines.append(TaskLine(task.id, title, task.minutes, task.items, begun, latest))
        return tuple(lines)

    def _subtitle_files(self) -> Tuple[str, ...]:
        video = self.lesson.video if self.lesson is not None else None
        return tuple(video.subtitles) if video is not None else ()

    def _timeline(self, language: str) -> Timeline:
        if language not in self._timelines:
            self._timelines[language] = self._read_timeline(language)
        return self._timelines[language]

    def _read_timeline(self, language: str) -> Timeline:
        from content.documents.subtitles import parse_webvtt
        from content.errors import ContentError

        video = self.lesson.video if self.lesson is not None else None
        if video is None or language not in video.subtitles:
            return Timeline(())
        try:
            text = video.subtitles[language].read_text(encoding="utf-8")
            return Timeline(parse_webvtt(text))
        except (OSError, UnicodeDecodeError, ContentError):
            return Timeline(())

    def _save_progress(self) -> None:
        if self._player is not None and self._player.state is not State.FAILED:
            self._keep(self._player.position_s)

    def _keep(self, position_s: float) -> None:
        person = self.session.person
        if person is None:
            return
        self._saved_s = position_s
        laptop, seen = self.session.laptop, self.seen
        where = (person.id, self.pack_id, self.lesson_id)
        self.session.executor.submit(
            "lesson.progress",
            lambda: laptop.save_progress(*where, position_s, seen),
            replaceable=True,
        )
