"""The card with the rules of the link: when, how much, how fast, and what over a telephone."""

from __future__ import annotations

from typing import Any, Callable, Union

from kivy.metrics import dp

from client.messages import Message
from client.screens.send.link_choices import Row as RuleRow
from client.widgets.buttons import QuietButton
from client.widgets.card import Card, Column, Row
from client.widgets.flow import Flow
from client.widgets.labels import Body, Muted
from client.widgets.language_switch import SwitchButton

Say = Callable[[Union[Message, str]], str]


class LinkCard(Card):
    """Shows ``model.link_rows`` and has them changed; ``say`` translates."""

    def __init__(self, model: Any, say: Say, wide: bool) -> None:
        super().__init__(spacing=dp(14))
        self._model, self._say, self._wide = model, say, wide
        facts = Column(spacing=dp(2))
        for line in model.link_lines:
            facts.add_widget(Muted(text=say(line)))
        self.add_widget(facts)
        for row in model.link_rows:
            self.add_widget(self._rule(row))
        key = "send.link.resume" if model.paused else "send.link.pause"
        pause = QuietButton(text=say(key), icon="play" if model.paused else "pause", fills=not wide)
        pause.bind(on_release=lambda _: model.pause_or_resume())
        self.add_widget(pause)

    def _rule(self, row: RuleRow) -> Any:
        box = Row() if self._wide else Column(spacing=dp(4))
        name = Body(text=self._say(row.title), pos_hint={"center_y": 0.5})
        if self._wide:
            name.size_hint_x, name.width = None, dp(160)
        flow = Flow()
        for choice in row.choices:
            button = SwitchButton(text=self._say(choice.label), value=choice.value, lit=choice.lit)
            button.bind(
                on_release=lambda pressed, rule=row.name: self._model.choose_rule(
                    rule, pressed.value
                )
            )
            flow.add_widget(button)
        box.add_widget(name)
        box.add_widget(flow)
        return box
