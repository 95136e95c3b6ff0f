"""What a pupil does now."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp
from kivy.uix.widget import Widget

from client.screens.plan import NextLesson, OpenTask
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.avatar import AvatarButton
from client.widgets.buttons import QuietButton, SunButton
from client.widgets.card import Card, Column, PressCard, Row
from client.widgets.chip import Chip
from client.widgets.labels import Body, Heading, Muted
from client.widgets.page import Page
from client.widgets.progress_line import ProgressLine
from client.widgets.subject_picture import SubjectPicture
from client.widgets.task_tile import TaskTile
from client.widgets.tiles import Tiles


class View(ScreenView):
    """The greeting, the one thing to do now, the tasks at hand and the teacher's answer."""

    def build(self) -> None:
        """Build from the model, top to bottom in the order of importance."""
        model = self.model
        page = Page(title=self.tr(model.greeting), subtitle=self.tr(model.plan), wide=self.wide)
        words, icon, tint = model.sent
        chip = Chip(text=self.tr(words), icon=icon, tint=tint)
        if self.wide:
            page.add_to_head(chip)
        else:
            page.add_to_head(self._person())
            page.bind(width=lambda _, width: setattr(chip, "room", width - dp(32)))
            page.add(chip)
        if model.next is not None:
            page.add(self._next(model.next))
        else:
            page.add(self._nothing())
        if model.tasks:
            page.add(Heading(text=self.tr("today.tasks")), self._tasks())
        if model.answer is not None:
            page.add(self._answer(model.answer))
        if model.packs:
            page.add(Heading(text=self.tr("today.packs")), self._packs())
        self.add_widget(page)

    def _person(self) -> AvatarButton:
        """On a phone there is no rail: who sits here stands beside the greeting."""
        button, person = AvatarButton(), self.app.person
        if person is not None:
            button.name, button.picture = person.name, person.picture
        button.bind(on_release=lambda _: self.app.sign_out())
        return button

    def _next(self, following: NextLesson) -> Card:
        card = Card(padding=dp(18) if self.wide else 0, spacing=0)
        picture = SubjectPicture(subject=following.card.subject, around=palette.surface)
        button = SunButton(
            text=self.tr("today.go_on" if following.begun else "today.begin"),
            icon="play",
            pos_hint={"center_y": 0.5},
        )
        button.bind(on_release=lambda _: self._open_lesson(following))
        words = self._next_words(following)
        if self.wide:
            picture.size_hint, picture.size = (None, None), (dp(176), dp(100))
            picture.pos_hint = words.pos_hint = {"center_y": 0.5}
            row = Row(spacing=dp(16))
            for widget in (picture, words, button):
                row.add_widget(widget)
            card.add_widget(row)
            return card
        picture.size_hint_y, picture.height = None, dp(112)
        picture.top_only, picture.around = True, palette.paper
        picture.sign_size = dp(34)
        button.fills = True
        below = Column(padding=dp(14), spacing=dp(12))
        below.add_widget(words)
        below.add_widget(button)
        card.add_widget(picture)
        card.add_widget(below)
        return card

    def _next_words(self, following: NextLesson) -> Column:
        card, words = following.card, Column(spacing=dp(4))
        place = self.tr(
            "today.place", pack=self.choose(card.pack_title), n=card.place, grade=card.grade
        )
        words.add_widget(Muted(text=place))
        words.add_widget(Heading(text=self.choose(card.title)))
        line = Row(padding=(0, dp(5)))
        line.add_widget(ProgressLine(value=following.steps.share))
        words.add_widget(line)
        words.add_widget(Muted(text=self._how_far(following)))
        return words

    def _how_far(self, following: NextLesson) -> str:
        if following.position_s >= 1:
            minutes, seconds = divmod(int(following.position_s), 60)
            return self.tr("today.from", at=f"{minutes}:{seconds:02d}")
        if following.steps.done:
            steps = following.steps
            return self.tr("today.steps", done=steps.done, n=steps.of)
        return self.choose(following.card.summary)

    def _open_lesson(self, following: NextLesson) -> None:
        self.app.go("lesson", pack=following.card.pack, lesson=following.card.lesson)

    def _nothing(self) -> Card:
        card = Card()
        has = self.model.has_lessons
        card.add_widget(Heading(text=self.tr("today.all_done" if has else "today.no_lessons")))
        card.add_widget(
            Muted(text=self.tr("today.all_done.more" if has else "today.no_lessons.more"))
        )
        return card

    def _tasks(self) -> Tiles:
        tiles = Tiles(min_width=dp(250), max_columns=3, gap=dp(12))
        for task in self.model.tasks:
            tiles.add_widget(self._task(task))
        return tiles

    def _task(self, task: OpenTask) -> TaskTile:
        detail = self.choose(task.card.title)
        if task.begun:
            detail = self.tr("today.begun", lesson=detail)
        tile = TaskTile(text=self.choose(task.title), detail=detail, subject=task.card.subject)
        card = task.card
        tile.bind(
            on_release=lambda _: self.app.go(
                "task", pack=card.pack, lesson=card.lesson, task=task.task
            )
        )
        return tile

    def _packs(self) -> Tiles:
        tiles = Tiles(min_width=dp(250), max_columns=3, gap=dp(12))
        for pack in self.model.packs:
            card = PressCard(spacing=dp(8), padding=(dp(16), dp(14)))
            card.add_widget(Body(text=self.choose(pack.card.pack_title)))
            card.add_widget(Widget())
            card.add_widget(ProgressLine(value=pack.share, tint="green"))
            card.add_widget(Muted(text=self.tr("today.pack_done", done=pack.done, n=pack.of)))
            card.bind(on_release=lambda _: self.app.open_place("lessons"))
            tiles.add_widget(card)
        return tiles

    def _answer(self, work: Any) -> Card:
        card, mark = Card(), work.mark
        words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        words.add_widget(Heading(text=self.tr("today.answer")))
        said = self.tr("today.said", comment=mark.comment, task=work.title)
        words.add_widget(Muted(text=said if mark.comment else self.choose(work.title)))
        points = Chip(
            text=self.tr("today.points", points=mark.points, of=mark.of),
            tint="green",
            bold=True,
            pos_hint={"center_y": 0.5},
        )
        button = QuietButton(text=self.tr("today.open"), pos_hint={"center_y": 0.5})
        button.bind(on_release=lambda _: self.app.open_place("results"))
        row = Row()
        row.add_widget(words)
        row.add_widget(points)
        if self.wide:
            row.add_widget(button)
        card.add_widget(row)
        if not self.wide:
            button.fills = True
            card.add_widget(button)
        return card
