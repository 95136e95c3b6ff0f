"""The screen of a lesson: video, text, tasks."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.metrics import dp, sp
from kivy.uix.boxlayout import BoxLayout

from client.screens.lesson.model import Model, TaskLine
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.theme.tokens import HEADING_SP, TITLE_SP
from client.video.player import Player, Problem, State
from client.video.subtitles import clock_text
from client.widgets.buttons import IconButton, QuietButton, SunButton
from client.widgets.card import Card, Column, Row
from client.widgets.chip import Chip
from client.widgets.labels import Body, Heading, Icon, Muted, Strong, Title
from client.widgets.page import Scroll
from client.widgets.video_view import JUMP_S, VideoView

PROBLEMS = {
    Problem.MISSING: "video.problem.missing",
    Problem.UNREADABLE: "video.problem.unreadable",
    Problem.CUT_SHORT: "video.problem.cut-short",
    Problem.NO_DECODER: "video.problem.no-decoder",
}
SUBTITLE_NAMES = {
    "kk": "video.subtitles.kk",
    "ru": "video.subtitles.ru",
    "en": "video.subtitles.en",
    "": "video.subtitles.off",
}
_FRAME_S = 1 / 30
_WATCH_S = 1.0


class Pane(Scroll):
    """A column that scrolls by itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.column = Column(spacing=dp(14))
        self.add_widget(self.column)


class View(ScreenView):
    """Wide: video and tasks at the left, the text at the right. Narrow: one column."""

    model: Model

    _events: Any = ()

    def build(self) -> None:
        """Put the parts in their places."""
        self._video: Optional[VideoView] = None
        self._text_scroll: Optional[Scroll] = None
        if self.model.full and self.model.video_here:
            self._video = self._video_view(full=True)
            self.add_widget(self._video)
        elif self.model.lesson is None:
            self._build_waiting()
        elif self.wide:
            self._build_wide()
        else:
            self._build_narrow()

    def refresh(self) -> None:
        """Build anew; the video goes on in the same player."""
        super().refresh()
        self._show_video()

    def shown(self) -> None:
        """Start to show frames."""
        self._events = [
            Clock.schedule_interval(lambda _: self._show_video(), _FRAME_S),
            Clock.schedule_interval(lambda _: self.model.watch(), _WATCH_S),
        ]
        self._show_video()

    def hidden(self) -> None:
        """Stop showing; the model keeps or closes the player."""
        for event in self._events:
            event.cancel()
        self._events = ()

    def scroller(self) -> Optional[Any]:
        """The text is what keeps its place."""
        return self._text_scroll

    def on_back(self) -> bool:
        """Escape ends the full screen first."""
        if self.model.full:
            self._toggle_full()
            return True
        return False

    def on_key(self, key: str) -> bool:
        """Space plays, arrows jump, F fills the screen, C chooses subtitles."""
        focused = self.app.ring.current
        if not self.model.video_here:
            return False
        if key == "spacebar" and focused is None:
            self.model.play_or_pause()
        elif key in ("left", "right") and focused is None and self.model.started:
            self.model.jump(JUMP_S if key == "right" else -JUMP_S)
        elif key == "f":
            self._toggle_full()
        elif key == "c":
            self.model.next_subtitles()
        else:
            return False
        self._show_video()
        return True

    def _build_waiting(self) -> None:
        page = Pane()
        page.column.padding = (dp(24), dp(20))
        page.column.add_widget(self._head(""))
        if self.model.problem is not None:
            page.column.add_widget(Body(text=self.tr(self.model.problem)))
        self.add_widget(page)

    def _build_wide(self) -> None:
        top = Column(padding=(dp(24), dp(16), dp(24), dp(12)))
        top.add_widget(self._head(self._title()))
        self.add_widget(top)
        sides = BoxLayout(padding=(dp(24), 0, dp(24), 0), spacing=dp(16))
        left, right = Pane(size_hint_x=0.54), Pane(size_hint_x=0.46)
        left.column.padding = right.column.padding = (0, 0, dp(6), dp(20))
        self._add_video(left.column)
        self._add_tasks(left.column)
        self._add_text(right)
        sides.add_widget(left)
        sides.add_widget(right)
        self.add_widget(sides)

    def _build_narrow(self) -> None:
        page = Pane()
        page.column.padding = (dp(16), dp(12), dp(16), dp(24))
        page.column.add_widget(self._head(self._title()))
        self._add_video(page.column)
        self._add_text(page)
        self._add_tasks(page.column)
        self.add_widget(page)

    def _title(self) -> str:
        lesson = self.model.lesson
        return self.choose(lesson.title) if lesson is not None else ""

    def _head(self, title: str) -> Row:
        row = Row(spacing=dp(14))
        back = IconButton(icon="back", hint=self.tr("lesson.back"), pos_hint={"top": 1})
        back.bind(on_release=lambda _: self.app.back())
        names = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        size = sp(TITLE_SP - 2 if self.wide else HEADING_SP + 2)
        names.add_widget(Title(text=title, font_size=size))
        lesson = self.model.lesson
        if lesson is not None:
            about = self.tr("lesson.about", minutes=lesson.minutes)
            summary = self.choose(lesson.summary)
            words = f"{about} · {summary}" if summary and self.wide else about
            names.add_widget(Muted(text=words))
        row.add_widget(back)
        row.add_widget(names)
        return row

    def _add_video(self, column: Column) -> None:
        if self.model.video_here:
            self._video = self._video_view(full=False)
            column.add_widget(self._video)
        elif self.model.has_video:
            column.add_widget(self._coming())

    def _coming(self) -> Card:
        card = Card()
        row = Row(spacing=dp(14))
        row.add_widget(Icon(icon="video_coming", color=palette.sky, pos_hint={"center_y": 0.5}))
        words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        words.add_widget(Strong(text=self.tr("lesson.video-coming")))
        words.add_widget(Muted(text=self.tr("lesson.video-coming.rest")))
        row.add_widget(words)
        card.add_widget(row)
        return card

    def _add_text(self, pane: Pane) -> None:
        from client.widgets.document import Document
        from content.documents.document import Heading as TextHeading

        self._text_scroll = pane
        blocks = self.model.blocks(self.session_language)
        if blocks and isinstance(blocks[0], TextHeading) and blocks[0].level == 1:
            blocks = blocks[1:]  # the screen's own head says it already
        folder = self.model.lesson.folder if self.model.lesson else None
        card = Card(padding=(dp(20), dp(18)) if self.wide else (dp(16), dp(14)))
        if blocks:
            card.add_widget(Document(blocks, folder, pane))
        else:
            card.add_widget(Muted(text=self.tr("lesson.no-text")))
        pane.column.add_widget(card)

    @property
    def session_language(self) -> str:
        """The language on the screen."""
        language: str = self.app.messages.language
        return language

    def _add_tasks(self, column: Column) -> None:
        if not self.model.tasks:
            return
        column.add_widget(Heading(text=self.tr("lesson.tasks")))
        for task in self.model.tasks:
            column.add_widget(self._task_card(task))

    def _task_card(self, task: TaskLine) -> Card:
        card = Card()
        row = Row()
        names = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        names.add_widget(Strong(text=self.choose(task.title)))
        size = self.tr("lesson.task.size", n=task.items, minutes=task.minutes)
        names.add_widget(Muted(text=size))
        row.add_widget(names)
        chip = self._task_chip(task)
        if chip is not None and self.wide:
            chip.pos_hint = {"center_y": 0.5}
            row.add_widget(chip)
        elif chip is not None:
            names.add_widget(chip)
        row.add_widget(self._task_button(task))
        card.add_widget(row)
        return card

    def _task_chip(self, task: TaskLine) -> Optional[Chip]:
        if task.work is not None and task.work.mark is not None:
            mark = task.work.mark
            text = self.tr("lesson.task.marked", points=mark.points, of=mark.of)
            return Chip(text=text, icon="check_circle", tint="green", bold=True)
        if task.begun:
            return Chip(text=self.tr("lesson.task.begun"), tint="sun", icon="practice")
        if task.work is not None:
            return Chip(text=self.tr("lesson.task.handed-in"), tint="green", icon="check")
        return None

    def _task_button(self, task: TaskLine) -> Any:
        if task.begun:
            text = "lesson.task.continue"
        else:
            text = "lesson.task.start" if task.work is None else "lesson.task.see"
        kind = SunButton if task == self.model.now_task else QuietButton
        button = kind(text=self.tr(text), pos_hint={"center_y": 0.5})
        where = {"pack": self.model.pack_id, "lesson": self.model.lesson_id, "task": task.id}
        button.bind(on_release=lambda _: self.app.go("task", **where))
        return button

    def _video_view(self, *, full: bool) -> VideoView:
        view = VideoView(self._hints(), full=full, compact=not self.wide, several=self._several)
        video = self.model.lesson.video if self.model.lesson else None
        view.stage.show_poster(video.poster if video is not None else None)
        model = self.model
        view.bind(on_play=lambda _: self._wish(model.play_or_pause))
        view.bind(on_seek=lambda _, share: self._seek(share))
        view.bind(on_jump=lambda _, seconds: self._wish(lambda: model.jump(seconds)))
        view.bind(on_speed=lambda _: self._wish(model.next_speed))
        view.bind(on_subtitles=lambda _: self._wish(model.next_subtitles))
        view.bind(on_rendition=lambda _: self._wish(model.next_rendition))
        view.bind(on_full=lambda _: self._toggle_full())
        return view

    @property
    def _several(self) -> bool:
        """Whether there is a choice of renditions here."""
        return len(self.model.renditions) > 1

    def _hints(self) -> Dict[str, str]:
        return {
            "play": self.tr("video.play"),
            "back": self.tr("video.back"),
            "forward": self.tr("video.forward"),
            "speed": self.tr("video.speed"),
            "subtitles": self.tr("video.subtitles"),
            "full": self.tr("video.full"),
            "rendition": self.tr("video.rendition"),
        }

    def _wish(self, act: Any) -> None:
        act()
        self._show_video()

    def _seek(self, share: float) -> None:
        player = self.model.player
        if player is not None and player.duration_s > 0:
            player.seek(share * player.duration_s)
        elif player is None and self.model.lesson and self.model.lesson.video:
            self.model.resume_s = share * self.model.lesson.video.duration_s
        self._show_video()

    def _toggle_full(self) -> None:
        self.model.full = not self.model.full
        if os.environ.get("SDL_VIDEODRIVER") not in ("offscreen", "dummy"):
            Window.fullscreen = "auto" if self.model.full else False
        self.app.rebuild()

    def _show_video(self) -> None:
        """Once a frame: the newest picture, the words of the moment, how far it is."""
        view, player = self._video, self.model.player
        if view is None:
            return
        self._show_choices(view, player)
        if player is None:
            self._show_resume(view)
            return
        picture = player.take_picture()
        if picture is not None:
            view.stage.show_frame(picture)
        elif view.stage.frames == 0 and self.model.last_picture is not None:
            view.stage.show_frame(self.model.last_picture)
        if picture is not None:
            self.model.last_picture = picture
        playing = player.state in (State.PLAYING, State.LOADING)
        view.show(player.position_s, player.duration_s, playing=playing)
        silent_stage = view.stage.frames == 0 and not (self.model.sound_alone and playing)
        view.stage.waiting = player.state is State.ENDED or silent_stage
        view.stage.caption = ""
        problem = player.problem
        view.stage.words = "" if problem else self.model.words_at(player.position_s)
        view.stage.notice = self.tr(PROBLEMS[problem]) if problem is not None else ""

    def _show_resume(self, view: VideoView) -> None:
        video = self.model.lesson.video if self.model.lesson else None
        duration_s = video.duration_s if video is not None else 0.0
        view.show(self.model.resume_s, duration_s, playing=False)
        resume_s = self.model.resume_s
        view.stage.caption = (
            self.tr("lesson.resume", time=clock_text(resume_s))
            if resume_s > 0
            else self.tr("lesson.watch")
        )

    def _show_choices(self, view: VideoView, player: Optional[Player]) -> None:
        speed = player.speed if player is not None else 1.0
        view.speed.text = self.tr("video.times", speed=speed)
        name = SUBTITLE_NAMES.get(self.model.subtitle_language(), "video.subtitles.off")
        view.subtitles.text = self.tr(name)
        if self._several:
            # A sign, as words for it are longer than the bar has room.
            sound = self.model.sound_alone
            view.rendition.icon = "volume" if sound else ""
            view.rendition.text = "" if sound else self.model.rendition
