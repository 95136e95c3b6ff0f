"""The parts of a question's page: what is asked, and where it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Optional

from kivy.metrics import dp, sp
from kivy.uix.boxlayout import BoxLayout

from client.screens.task.files import file_pane
from client.screens.task.part_panes import build_part_pane
from client.theme.palette import palette
from client.widgets.answers import TYPED, Choices, NumberAnswer, text_answer
from client.widgets.buttons import QuietButton
from client.widgets.card import Card, Column, PlateColumn, Row
from client.widgets.document import Document, spans_of
from client.widgets.formula import RichText
from client.widgets.labels import Body, Icon, Muted, Strong
from client.widgets.page import Scroll
from client.widgets.plate import Plate
from content.documents.document import parse_document

if TYPE_CHECKING:
    from client.screens.task.view import View
    from content.scoring import ItemScore

PROMPT_SP = 19


class PromptPane(Plate, BoxLayout):
    """The question on a card as high as the page, scrolling when it is longer."""


def prompt_card(view: View) -> Any:
    """What is asked, with the hint under it."""
    model = view.model
    column = Column(spacing=dp(14))
    _add_stimulus(view, column)
    blocks = parse_document(view.choose(model.item.prompt))
    scale = 1.8 if view.wide else 1.5
    prompt = Document(blocks, model.folder, font_size=sp(PROMPT_SP), formula_scale=scale)
    column.add_widget(prompt)
    open_now = model.hints_open.get(model.item.id, False)
    if open_now:
        column.add_widget(_hint(view))
    button = _hint_button(view, open_now) if model.item.hint else None
    if not view.wide:
        card = Card(padding=(dp(16), dp(14)), spacing=dp(12))
        card.add_widget(column)
        if button is not None:
            card.add_widget(button)
        return card
    pane = PromptPane(orientation="vertical", padding=dp(20), spacing=dp(12))
    pane.fill, pane.outline = palette.surface, palette.line
    scroll = Scroll()
    scroll.add_widget(column)
    pane.add_widget(scroll)
    if button is not None:
        pane.add_widget(button)
    return pane


def _add_stimulus(view: View, column: Column) -> None:
    """The text that this question and others ask about."""
    model = view.model
    stimulus = model.task.stimulus(model.item) if model.task is not None else None
    if stimulus is not None:
        box = PlateColumn(padding=(dp(14), dp(12)), fill=palette.stone_tint, radius=dp(10))
        blocks = parse_document(view.choose(stimulus.text))
        box.add_widget(Document(blocks, model.folder, font_size=sp(17)))
        column.add_widget(box)


def _hint(view: View) -> Any:
    box = PlateColumn(padding=(dp(14), dp(12)), fill=palette.sun_tint, radius=dp(10))
    blocks = parse_document(view.choose(view.model.item.hint))
    box.add_widget(Document(blocks, font_size=sp(16)))
    return box


def _hint_button(view: View, open_now: bool) -> QuietButton:
    text = view.tr("task.hint.hide" if open_now else "task.hint")
    button = QuietButton(text=text, icon="hint")
    button.bind(on_release=lambda _: view.model.toggle_hint())
    return button


class AnswerPane(Column):
    """The answer of one kind, and the verdict after checking."""

    def __init__(self, view: View) -> None:
        super().__init__(spacing=dp(12))
        self._view = view
        self._number: Optional[NumberAnswer] = None
        self._choices: Optional[Choices] = None
        self._field: Any = None
        self.press_place: Callable[[int], bool] = _no_place
        self._show_parts = build_part_pane(self, view)
        builders: Dict[str, Callable[[], None]] = {
            "choice": self._build_choices,
            "choices": self._build_choices,
            "number": self._build_number,
            "short": self._build_short,
            "text": self._build_text,
            "file": self._build_files,
        }
        if self._show_parts is None:
            builders[view.model.item.kind]()

    def show(self) -> None:
        """Show the model's answer."""
        model = self._view.model
        if self._choices is not None:
            answer = model.answer
            self._choices.chosen = [answer] if isinstance(answer, str) else list(answer or ())
            if model.verdict is not None:
                self._choices.show_verdicts(model.item.correct_ids)
        if self._number is not None:
            self._show_number(self._number)
        if self._show_parts is not None:
            self._show_parts()
        if self._field is not None:
            self._show_field(self._field)

    def type_key(self, key: str) -> bool:
        """Type a key into the number; tell whether it belongs there."""
        if self._number is None or key not in TYPED:
            return False
        self._number.press(TYPED[key])
        return True

    def _build_choices(self) -> None:
        view, item = self._view, self._view.model.item
        several = item.kind == "choices"
        if several:
            self.add_widget(Muted(text=view.tr("task.choose-several")))
        choices = [
            (choice.id, spans_of(parse_document(view.choose(choice.text))))
            for choice in item.choices
        ]
        self._choices = Choices(choices, several=several)
        self._choices.bind(on_choose=lambda _, choice: view.model.choose(choice))
        self.add_widget(self._choices)

    def _build_number(self) -> None:
        view = self._view
        unit = view.tr("task.number.unit") if view.model.item.body.units else ""
        self._number = NumberAnswer(view.tr("task.number.erase"), unit)
        self._number.bind(on_write=lambda _, text: view.model.write(text))
        self.add_widget(self._number)

    def _show_number(self, number: NumberAnswer) -> None:
        view, model = self._view, self._view.model
        text = model.answer if isinstance(model.answer, str) else ""
        understood = model.number_understood()
        number.text = text
        number.wrong = False
        if not text:
            number.note = view.tr("task.number.type")
        elif understood is None:
            number.note = view.tr("task.number.unclear")
        else:
            said = local_number(understood, view.app.messages.language)
            number.note = view.tr("task.number.understood", number=said)

    def _build_short(self) -> None:
        from client.widgets.text_field import TextField

        view = self._view
        answer = view.model.answer
        field = TextField(hint_text=view.tr("task.short.type"), font_size=sp(20))
        field.text = answer if isinstance(answer, str) else ""
        field.bind(text=lambda _, now: view.model.write(now))
        field.bind(on_text_validate=lambda _: view.go_on())
        self._field = field
        self.add_widget(field)

    def _show_field(self, field: Any) -> None:
        verdict = self._view.model.verdict
        field.wrong = verdict is not None and not verdict.points
        field.right_answer = verdict is not None and bool(verdict.correct)

    def _build_files(self) -> None:
        self.add_widget(file_pane(self._view))

    def _build_text(self) -> None:
        view = self._view
        answer = view.model.answer
        text = answer if isinstance(answer, str) else ""
        field = text_answer(text, view.tr("task.text.type"))
        field.bind(text=lambda _, now: view.model.write(now))
        self.add_widget(field)


def _no_place(_: int) -> bool:
    """No part of the question has a number."""
    return False


def local_number(plain: str, language: str) -> str:
    """A number from `said_number` with a real minus and the language's decimal sign."""
    signed = plain.replace("-", "\u2212")
    return signed if language == "en" else signed.replace(".", ",")


def verdict_box(view: View, score: ItemScore) -> Any:
    """Right, partly or not yet, by word, sign and colour, with what the author says to it."""
    key, icon, tint = _verdict(score)
    box = PlateColumn(padding=(dp(14), dp(12)), spacing=dp(8), radius=dp(10))
    box.fill = palette.named(tint + "_tint")
    row = Row(spacing=dp(10))
    row.add_widget(Icon(icon=icon, color=palette.named(tint), pos_hint={"center_y": 0.5}))
    row.add_widget(Strong(text=view.tr(key), pos_hint={"center_y": 0.5}))
    box.add_widget(row)
    if score.remark:
        box.add_widget(Body(text=view.tr(f"task.{score.remark}")))
    said = view.choose(score.feedback) if score.feedback else ""
    if said:
        spans = spans_of(parse_document(said))
        box.add_widget(RichText(spans=spans, font_size=sp(16)))
    return box


def _verdict(score: ItemScore) -> Any:
    if score.correct:
        return "task.right", "check_circle", "green"
    if score.points:
        return "task.partly", "info", "sky"
    return "task.wrong", "wrong", "rust"
