"""The screen of a task: one question a page, a summary, and what came of handing it in."""

from __future__ import annotations

from typing import Any, Callable, Optional

from kivy.core.window import Window
from kivy.metrics import dp, sp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from client.screens.task.choosing import choosing_page, choosing_state
from client.screens.task.files import picker_page
from client.screens.task.hands import Hands
from client.screens.task.model import Model, Page, Saved
from client.screens.task.outcome import outcome_page
from client.screens.task.question import AnswerPane, prompt_card, verdict_box
from client.screens.task.sealed import sealed_page, unlocking_state
from client.screens.task.summary import summary_page
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Column, Row
from client.widgets.chip import Chip
from client.widgets.labels import Body, Muted
from client.widgets.page import Scroll
from client.widgets.progress_line import ProgressLine

_DIGIT_SCANCODES = {30 + place: place for place in range(9)}
"""SDL's codes of the keys 1 to 9 by their place: on a Kazakh layout they type letters."""
_CHIPS = {
    Saved.SAVING: ("task.saving", "", "stone"),
    Saved.YES: ("task.saved", "check", "green"),
    Saved.FAILED: ("task.not-saved", "attention", "rust"),
}


class View(ScreenView):
    """Shows the model's page; a keystroke changes only what it must."""

    model: Model

    def build(self) -> None:
        """Build the page that the model is on."""
        self._answers: Optional[AnswerPane] = None
        self._chip: Optional[Chip] = None
        self._next: Any = None
        self._warning: Any = None
        self._scroll: Any = None
        self._built_for = self._signature()
        if self._picking:
            self._build_page(picker_page(self))
            return
        builders: Any = {
            Page.OPENING: self._build_opening,
            Page.PROBLEM: self._build_opening,
            Page.ITEM: self._build_item,
            Page.SUMMARY: lambda: self._build_page(summary_page(self)),
            Page.DONE: lambda: self._build_page(outcome_page(self)),
            Page.SEALED: lambda: self._build_page(sealed_page(self)),
            Page.CHOOSING: lambda: self._build_page(choosing_page(self)),
        }
        builders[self.model.page]()

    def refresh(self) -> None:
        """Build anew only when the page is another one."""
        if self._signature() != self._built_for:
            hands = Hands.on(self._answers, self.app.ring)
            self.app.ring.focus(None)
            self._keep_scroll = self._built_for[:2] == self._signature()[:2]
            scroll = self.scroll_position() if self._keep_scroll else 0.0
            self.clear_widgets()
            self.build()
            self.scroll_to_position(scroll)
            # Whoever changes a checked answer goes on typing; a new verdict is to be seen.
            if self._keep_scroll and self.model.page is Page.ITEM and self.model.verdict is None:
                hands.back_on(self._answers, self.app.ring)
        else:
            self._show_answer()

    @property
    def _picking(self) -> bool:
        model = self.model
        on_file = model.page is Page.ITEM and model.item.kind == "file"
        return on_file and model.attaching.listing is not None

    def _signature(self) -> Any:
        model = self.model
        on_item = model.page is Page.ITEM
        hint = on_item and model.hints_open.get(model.item.id, False)
        verdict = model.verdict if on_item else None
        files: Any = None
        if on_item and model.item.kind == "file":
            attaching = model.attaching
            opened = tuple(sorted(attaching.pictures))
            files = (tuple(attaching.names), attaching.busy, attaching.problem, opened)
            files = (*files, attaching.listing)
        page = (model.page, model.index, hint, verdict, model.handing_in, model.problem, model.work)
        choosing = choosing_state(model.elsewhere)
        return (*page, files, unlocking_state(model.unlocking), choosing)

    def shown(self) -> None:
        """Listen for digits by the place of their key."""
        Window.bind(on_key_down=self._digit_down)

    def hidden(self) -> None:
        """Stop listening."""
        Window.unbind(on_key_down=self._digit_down)

    def scroller(self) -> Optional[Any]:
        """What scrolls on this page."""
        return self._scroll

    def on_back(self) -> bool:
        """Escape closes the list of files, and on the summary returns to the questions."""
        if self._picking:
            self.model.attaching.stop()
            return True
        if self.model.page is Page.SUMMARY:
            self.model.backward()
            return True
        return False

    def on_key(self, key: str) -> bool:
        """Digits and up/down choose, a number is typed, Enter goes on."""
        focused = self.app.ring.current
        if hasattr(focused, "keyboard_mode"):
            return False
        enter = key in ("enter", "numpadenter") and not self._picking
        if enter and (focused is None or self._is_choice(focused)):
            return self._enter()
        if self.model.page is not Page.ITEM or self._picking:
            return False
        kind = self.model.item.kind
        if kind == "number" and self._answers is not None:
            return self._answers.type_key(key)
        if kind == "choice" and key in ("up", "down") and focused is None:
            self.model.move_choice(1 if key == "down" else -1)
            return True
        digit = key[len("numpad") :] if key.startswith("numpad") else key
        return digit.isdigit() and self._press_place(int(digit) - 1)

    def _press_place(self, place: int) -> bool:
        if self.model.item.kind in ("choice", "choices"):
            return self.model.choose_place(place)
        return self._answers is not None and self._answers.press_place(place)

    def _is_choice(self, widget: Any) -> bool:
        return hasattr(widget, "verdict") and bool(getattr(widget, "chosen", False))

    def _digit_down(self, _: Any, code: int, scancode: int, *__: Any) -> bool:
        """Choose by the place of a digit's key when the layout makes it a letter."""
        place = _DIGIT_SCANCODES.get(scancode)
        if place is None or 48 <= code <= 57 or self.model.page is not Page.ITEM:
            return False
        item = self.model.item
        if item.kind == "number" and self._answers is not None:
            return self._answers.type_key(str(place + 1))
        if hasattr(self.app.ring.current, "keyboard_mode"):
            return False
        return self._press_place(place)

    def _enter(self) -> bool:
        model = self.model
        if model.page is Page.SUMMARY:
            model.hand_in()
        elif model.page is Page.DONE:
            self.app.back()
        elif model.page is Page.ITEM:
            self.go_on()
        else:
            return False
        return True

    def go_on(self) -> None:
        """Check the answer where that is offered, else go to the next question."""
        if self.model.can_check:
            self.model.check()
        else:
            self.model.forward()

    def _build_opening(self) -> None:
        column = Column(padding=(dp(24), dp(20)), spacing=dp(16))
        column.add_widget(self.close_button())
        if self.model.problem is not None:
            column.add_widget(Body(text=self.tr(self.model.problem)))
        self.add_widget(column)
        self.add_widget(Widget())

    def _build_page(self, page: Any) -> None:
        self._scroll = page if hasattr(page, "scroll_y") else None
        self.add_widget(page)

    def close_button(self) -> IconButton:
        """The one way out."""
        button = IconButton(icon="close", hint=self.tr("task.leave"), pos_hint={"center_y": 0.5})
        button.bind(on_release=lambda _: self.app.back())
        return button

    def _build_item(self) -> None:
        edge = dp(24) if self.wide else dp(16)
        top = Column(padding=(edge, dp(14), edge, dp(10)), spacing=dp(6))
        top.add_widget(self._head())
        self._warning = Muted(text="", color=palette.rust, size_hint_y=None, height=0)
        top.add_widget(self._warning)
        self.add_widget(top)
        self._answers = AnswerPane(self)
        prompt = prompt_card(self)
        if self.wide:
            self._build_sides(prompt, edge)
        else:
            self._build_column(prompt, edge)
        self._show_answer()

    def _build_sides(self, prompt: Any, edge: float) -> None:
        sides = BoxLayout(padding=(edge, 0, edge, dp(16)), spacing=dp(14))
        prompt.size_hint_x = 0.43
        right = BoxLayout(orientation="vertical", spacing=dp(12), size_hint_x=0.57)
        right.add_widget(self._scrolling(self._answers))
        self._add_verdict(right)
        right.add_widget(self._buttons())
        sides.add_widget(prompt)
        sides.add_widget(right)
        self.add_widget(sides)

    def _build_column(self, prompt: Any, edge: float) -> None:
        column = Column(padding=(edge, 0, edge, dp(16)), spacing=dp(12))
        column.add_widget(prompt)
        column.add_widget(self._answers)
        self.add_widget(self._scrolling(column))
        bar = Column(padding=(edge, dp(10), edge, dp(12)), spacing=dp(10))
        self._add_verdict(bar)
        bar.add_widget(self._buttons())
        self.add_widget(bar)

    def _add_verdict(self, parent: Any) -> None:
        """Above the buttons, where it is seen whatever is scrolled."""
        if self.model.verdict is not None:
            parent.add_widget(verdict_box(self, self.model.verdict))

    def _scrolling(self, content: Any) -> Scroll:
        self._scroll = Scroll()
        self._scroll.add_widget(content)
        return self._scroll

    def _head(self) -> Row:
        model = self.model
        row = Row(spacing=dp(14))
        middle = Column(spacing=dp(6), pos_hint={"center_y": 0.5})
        title = self.choose(model.task.title) if model.task is not None else ""
        count = len(model.items)
        words = self.tr("task.place", title=title, place=model.index + 1, count=count)
        middle.add_widget(Muted(text=words))
        middle.add_widget(ProgressLine(value=(model.index + 1) / count))
        self._chip = Chip(text="", tint="stone", pos_hint={"center_y": 0.5})
        row.add_widget(self.close_button())
        row.add_widget(middle)
        row.add_widget(self._chip)
        return row

    def _buttons(self) -> Row:
        model = self.model
        row = Row(spacing=dp(10))
        if self.wide:
            row.add_widget(Widget(size_hint_y=None, height=dp(1)))
        if model.index > 0:
            row.add_widget(self._button(QuietButton, "", model.backward, icon="back"))
        last = model.index + 1 == len(model.items)
        if model.verdict is None and not last:
            row.add_widget(self._button(QuietButton, "task.later", model.later))
        self._next = PrimaryButton(text="", fills=not self.wide)
        self._next.bind(on_release=lambda _: self.go_on())
        row.add_widget(self._next)
        return row

    def _button(self, kind: Any, key: str, act: Callable[[], None], icon: str = "") -> Any:
        if icon:
            button: Any = IconButton(icon=icon, hint=self.tr("task.back"))
            button.outline = palette.sky
        else:
            button = kind(text=self.tr(key))
        button.bind(on_release=lambda _: act())
        return button

    def _show_answer(self) -> None:
        """Show what one keystroke changes: the answer, what is saved, the button to go on."""
        if self.model.page is not Page.ITEM or self._answers is None or self._chip is None:
            return
        self._answers.show()
        key, icon, tint = _CHIPS.get(self.model.saved, ("", "", "stone"))
        self._chip.text = self.tr(key) if key else ""
        self._chip.icon, self._chip.tint = icon, tint
        self._chip.opacity = 1 if key else 0
        failed = self.model.saved is Saved.FAILED
        self._warning.text = self.tr("task.not-saved.rest") if failed else ""
        self._next.text = self.tr(self._next_key())
        self._next.padding = dp(28) if self.wide else dp(12)

    def _next_key(self) -> str:
        if self.model.can_check:
            return "task.check"
        last = self.model.index + 1 == len(self.model.items)
        return "task.finish" if last else "task.next"


def heading_size(wide: bool) -> float:
    """The size of a page's title, in pixels."""
    return float(sp(26) if wide else sp(22))
