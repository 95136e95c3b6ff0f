"""The screen for marking: the list, the work, and the mark under it."""

from __future__ import annotations

from typing import Any, List, Optional

from kivy.metrics import dp, sp
from kivy.uix.boxlayout import BoxLayout

from client.laptop.schoolwork.class_work import WorkDetail
from client.laptop.schoolwork.works import Work
from client.messages.moment import Moment
from client.screens.review.model import PHRASES, Model
from client.screens.task.criteria import marking_card
from client.screens.task.files import answer_files
from client.screens.task.outcome import item_card
from client.screens.task.sealed import code_card, unlocking_state
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Card, Column, PlateColumn, PressCard, Row
from client.widgets.flow import Flow
from client.widgets.labels import Body, Heading, Icon, Muted, Small, Strong, Title
from client.widgets.page import Page, Scroll

_LIST_DP = 250


class PhraseLine(Row):
    """Buttons on one line; for those that do not fit there is ``more``, which stands last."""

    def __init__(self, more: Any, **kwargs: Any) -> None:
        super().__init__(spacing=dp(8), pos_hint={"center_y": 0.5}, **kwargs)
        self._offered: List[Any] = []
        self._more = more
        self.bind(width=self._fill)

    def offer(self, buttons: List[Any]) -> None:
        """Take the buttons, the most useful first."""
        self._offered = buttons
        for button in buttons:
            button.bind(width=self._fill)
        self._fill()

    def _fill(self, *_: Any) -> None:
        all_of_them = sum(button.width + self.spacing for button in self._offered) - self.spacing
        if all_of_them <= self.width:
            self._show(self._offered)
            return
        fitting, used = [], self._more.width + self.spacing
        for button in self._offered:
            used += button.width + self.spacing
            if used - self.spacing > self.width:
                break
            fitting.append(button)
        self._show([*fitting, self._more])

    def _show(self, buttons: List[Any]) -> None:
        if buttons != list(reversed(self.children)):
            self.clear_widgets()
            for button in buttons:
                self.add_widget(button)


class View(ScreenView):
    """Wide: the list at the left, the work beside it. Narrow: one after the other."""

    model: Model
    _all_phrases = False

    def build(self) -> None:
        """Build from the model."""
        self._field: Any = None
        self._points: Any = None
        self._scroll: Any = None
        self._built_for = self._signature()
        if not self.model.works and self.model.chosen is None:
            self._build_nothing()
        elif self.wide:
            self._build_wide()
        elif self.model.chosen is not None and self.model.reading:
            self._build_work_page()
        else:
            self._build_list_page()

    def refresh(self) -> None:
        """Build anew for another work; points and phrases change in place."""
        if self._signature() != self._built_for:
            self.app.ring.focus(None)
            same = self._built_for[:2] == self._signature()[:2]
            scroll = self.scroll_position() if same else 0.0
            self.clear_widgets()
            self.build()
            if same:
                self.scroll_to_position(scroll)
            return
        self._show_mark()

    def _signature(self) -> Any:
        model = self.model
        opened = model.detail.work.id if model.detail is not None else None
        pictures = tuple(sorted(model.pictures))
        given = tuple(sorted(model.descriptors.items())), unlocking_state(model.unlocking)
        rest = (model.problem, model.saving, model.reading, self._all_phrases, pictures, given)
        return (model.chosen, opened, model.works, *rest)

    def scroller(self) -> Optional[Any]:
        """The work is what keeps its place."""
        return self._scroll

    def on_back(self) -> bool:
        """On a phone, back leads to the list first, unless one came for this work alone."""
        if self.wide or not self.model.reading or self.model.is_asked:
            return False
        self.model.reading = False
        self.refresh()
        return True

    def on_key(self, key: str) -> bool:
        """Plus and minus change the points while nothing else has the keyboard."""
        if self.model.detail is None or self.app.ring.current is not None:
            return False
        if key in ("+", "numpadadd", "=") or key in ("-", "numpadsubstract"):
            self.model.step(-1 if key in ("-", "numpadsubstract") else 1)
            return True
        return False

    def _build_nothing(self) -> None:
        page = Page(title=self.tr("review.title"), wide=self.wide)
        card = Card(spacing=dp(6))
        row = Row(spacing=dp(14))
        row.add_widget(Icon(icon="check_circle", color=palette.green, pos_hint={"center_y": 0.5}))
        words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        words.add_widget(Strong(text=self.tr("review.all-done")))
        words.add_widget(Muted(text=self.tr("review.all-done.rest")))
        row.add_widget(words)
        card.add_widget(row)
        page.add(card)
        self.add_widget(page)

    def _build_list_page(self) -> None:
        count = len(self.model.works)
        page = Page(
            title=self.tr("review.title"), subtitle=self.tr("review.count", n=count), wide=False
        )
        page.add(*(self._entry(work) for work in self.model.works))
        self._scroll = page
        self.add_widget(page)

    def _build_wide(self) -> None:
        sides = BoxLayout(padding=(dp(24), dp(20), dp(24), dp(16)), spacing=dp(16))
        left = BoxLayout(
            orientation="vertical", size_hint_x=None, width=dp(_LIST_DP), spacing=dp(10)
        )
        head = Column(spacing=dp(2))
        head.add_widget(Title(text=self.tr("review.title")))
        head.add_widget(Muted(text=self.tr("review.count", n=len(self.model.works))))
        left.add_widget(head)
        entries = Column(spacing=dp(10), padding=(0, 0, dp(8), 0))
        for work in self.model.works:
            entries.add_widget(self._entry(work))
        scroll = Scroll()
        scroll.add_widget(entries)
        left.add_widget(scroll)
        right = BoxLayout(orientation="vertical", spacing=dp(12))
        self._add_work(right)
        sides.add_widget(left)
        sides.add_widget(right)
        self.add_widget(sides)

    def _build_work_page(self) -> None:
        column = Column(padding=(dp(16), dp(12), dp(16), dp(20)), spacing=dp(12))
        back = IconButton(icon="back", hint=self.tr("review.back"))
        back.bind(on_release=lambda _: self.app.back())
        column.add_widget(back)
        detail = self.model.detail
        if detail is not None:
            self._add_answers(column, detail)
            column.add_widget(self._mark_card())
        elif self.model.problem is not None:
            column.add_widget(Body(text=self.tr(self.model.problem)))
        self._scroll = Scroll()
        self._scroll.add_widget(column)
        self.add_widget(self._scroll)

    def _entry(self, work: Work) -> PressCard:
        card = PressCard(spacing=dp(2), padding=(dp(14), dp(12)))
        chosen = self.wide and work.id == self.model.chosen
        card.rest_fill = palette.sky_tint if chosen else palette.surface
        card.outline = palette.sky if chosen else palette.line
        card.add_widget(Strong(text=self.model.names.get(work.person, "")))
        card.add_widget(Small(text=self.choose(work.title)))
        when = self.tr("review.when", time=Moment(work.handed_in_ms))
        card.add_widget(Muted(text=when))
        card.bind(on_release=lambda _: self._open(work))
        return card

    def _open(self, work: Work) -> None:
        self.model.reading = True
        if self.model.detail is None or work.id != self.model.chosen:
            self.model.open(work.id)
        else:
            self.refresh()

    def _add_work(self, right: BoxLayout) -> None:
        detail = self.model.detail
        self._scroll = Scroll()
        column = Column(spacing=dp(12), padding=(0, 0, dp(8), 0))
        self._scroll.add_widget(column)
        right.add_widget(self._scroll)
        if detail is not None:
            self._add_answers(column, detail)
            right.add_widget(self._mark_card())
        elif self.model.problem is not None:
            column.add_widget(Body(text=self.tr(self.model.problem)))

    def _add_answers(self, column: Column, detail: WorkDetail) -> None:
        head = Column(spacing=dp(2))
        head.add_widget(Heading(text=detail.student.name))
        time = self.tr("review.when", time=Moment(detail.work.handed_in_ms))
        head.add_widget(Muted(text=f"{self.choose(detail.work.title)} · {time}"))
        column.add_widget(head)
        if detail.task is None:
            if detail.sealed:
                card = code_card(self, self.model.unlocking, "assessment.sealed.key")
                column.add_widget(card)
            else:
                column.add_widget(Muted(text=self.tr("review.no-pack")))
            for name, answer in detail.answers.items():
                card = self._raw(name, answer)
                self._add_files(card, detail, answer)
                column.add_widget(card)
            return
        if detail.changed:
            column.add_widget(Muted(text=self.tr("review.changed"), color=palette.rust))
        if detail.task.key_sealed:
            card = code_card(self, self.model.unlocking, "assessment.sealed.key")
            column.add_widget(card)
        scores = detail.score.items if detail.score is not None else {}
        items = list(enumerate(detail.task.items))
        # What only the teacher can judge comes first.
        for place, item in sorted(items, key=lambda one: one[1].kind not in ("text", "file")):
            answer = detail.answers.get(item.id)
            card = item_card(self, place, item, answer, scores.get(item.id), own=False)
            if item.kind == "file":
                self._add_files(card, detail, answer)
            if item.rubric:
                card.add_widget(self._rubric(self.choose(item.rubric)))
            column.add_widget(card)
        if detail.task.criteria:
            given, press = self.model.descriptors, self.model.press_descriptor
            column.add_widget(marking_card(self, detail.task, given, press))

    def _add_files(self, card: Card, detail: WorkDetail, answer: Any) -> None:
        named = [] if isinstance(answer, str) else list(answer or ())
        files = [file for file in detail.files if file.name in named]
        if files:
            model = self.model
            card.add_widget(answer_files(self, files, model.pictures, model.open_file))

    def _raw(self, name: str, answer: Any) -> Card:
        card = Card(spacing=dp(4))
        card.add_widget(Muted(text=name))
        known = {file.name for file in self.model.detail.files} if self.model.detail else set()
        if isinstance(answer, dict):
            text = "\n".join(f"{part}: {said}" for part, said in answer.items())
        else:
            said = [one for one in answer or () if one not in known]
            text = answer if isinstance(answer, str) else ", ".join(said)
        card.add_widget(Body(text=text))
        return card

    def _rubric(self, rubric: str) -> PlateColumn:
        box = PlateColumn(padding=(dp(14), dp(12)), spacing=dp(4), radius=dp(10))
        box.fill = palette.sun_tint
        box.add_widget(Muted(text=self.tr("review.rubric"), color=palette.ink))
        box.add_widget(Body(text=rubric))
        return box

    def _mark_card(self) -> Card:
        card = Card(spacing=dp(10), padding=(dp(14), dp(12)))
        if self.model.problem is not None:
            card.add_widget(Body(text=self.tr(self.model.problem), color=palette.rust))
        stepper, phrases = self._stepper(), self._phrases()
        self._field = self._comment_field()
        save = PrimaryButton(text=self.tr("review.save"), icon="check", fills=not self.wide)
        save.disabled = self.model.saving
        save.pos_hint = {"center_y": 0.5}
        save.bind(on_release=lambda _: self.model.save())
        if self.wide:
            if self._all_phrases:
                card.add_widget(phrases)
                card.add_widget(_side_by_side(stepper, self._field, save))
            else:
                card.add_widget(_side_by_side(stepper, self._field))
                card.add_widget(_side_by_side(phrases, save))
        else:
            for part in (phrases, self._field, stepper, save):
                card.add_widget(part)
        self._show_mark()
        return card

    def _phrases(self) -> Any:
        """Ready phrases: one line of them where it is wide, all on a phone or when asked for."""
        buttons = [self._phrase(self.tr(key)) for key in PHRASES]
        if self.wide and not self._all_phrases:
            more = IconButton(icon="up", hint=self.tr("review.phrases"))
            more.bind(on_release=lambda _: self._show_all_phrases())
            line = PhraseLine(more)
            line.offer(buttons)
            return line
        phrases = Flow(gap=dp(8))
        for button in buttons:
            phrases.add_widget(button)
        return phrases

    def _show_all_phrases(self) -> None:
        self._all_phrases = True
        self.refresh()

    def _phrase(self, text: str) -> QuietButton:
        button = QuietButton(text=text, font_size=sp(14), padding=dp(10))
        button.outline = palette.line
        button.max_width = dp(280)
        button.bind(on_release=lambda _: self.model.add_phrase(text))
        return button

    def _comment_field(self) -> Any:
        from client.widgets.text_field import TextField

        field = TextField(text=self.model.comment, hint_text=self.tr("review.comment"))
        field.font_size = sp(16)
        field.pos_hint = {"center_y": 0.5}
        field.bind(text=lambda _, text: self.model.write(text))
        return field

    def _stepper(self) -> Row:
        row = Row(spacing=dp(8), size_hint_x=None if self.wide else 1)
        row.pos_hint = {"center_y": 0.5}
        less = IconButton(icon="minus", hint=self.tr("review.less"))
        more = IconButton(icon="plus", hint=self.tr("review.more"))
        less.bind(on_release=lambda _: self.model.step(-1))
        more.bind(on_release=lambda _: self.model.step(1))
        self._points = Heading(halign="center", pos_hint={"center_y": 0.5}, font_size=sp(20))
        if self.wide:
            row.width = dp(48) * 2 + sp(80) + dp(16)
        for part in (less, self._points, more):
            row.add_widget(part)
        return row

    def _show_mark(self) -> None:
        """Show the points and the comment that phrases have changed."""
        if self._points is None or self.model.detail is None:
            return
        points, of = self.model.points, self.model.of
        self._points.text = self.tr("review.points", points=points, of=of)
        if self._field is not None and self._field.text != self.model.comment:
            self._field.text = self.model.comment


def _side_by_side(*parts: Any) -> Row:
    row = Row(spacing=dp(12))
    for part in parts:
        row.add_widget(part)
    return row
