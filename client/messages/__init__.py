"""Every sentence a person reads, as keys with Kazakh, Russian and English side by side.

A core or a model returns a `Message` (a key and values); only a view turns it into words, so
that switching the language re-translates all that is on the screen. One JSON file per area::

    {"task.saved": {"kk": "...", "ru": "...", "en": "..."},
     "status.waiting": {"kk": "...", "ru": {"one": "...", "few": "...", "many": "..."}, ...}}

A plural is chosen by the value ``n`` by the CLDR rules of the language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Optional, Union

from client.messages.moment import Moment, format_moment, now_ms
from client.messages.numbers import format_number, plural_form

LANGUAGES = ("kk", "ru", "en")
FOLDER = Path(__file__).resolve().parent

_Table = Dict[str, Mapping[str, Any]]
_table: _Table = {}


@dataclass(frozen=True)
class Message:
    """A sentence not yet in any language: its key, and the values that go into it.

    A value may be a number, a string, a `Moment` (a point in time), another `Message`, or a
    mapping of languages to text.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Messages:
    """The sentences in one language.

    ``now_ms`` gives the time against which "today" and "yesterday" are said; pass
    ``Laptop.now_ms``, which knows better than the machine's own clock.
    """

    def __init__(self, language: str, now_ms: Callable[[], int] = now_ms) -> None:
        if language not in LANGUAGES:
            raise ValueError("no such language: " + language)
        self.language = language
        self._now_ms = now_ms

    def text(self, message: Union[Message, str], **values: Any) -> str:
        """Say a message (or the message of a key) in this language.

        Raises KeyError when the key or one of its values is missing: a test keeps both whole.
        """
        if isinstance(message, Message):
            key, given = message.key, {**message.values, **values}
        else:
            key, given = message, values
        form = load_table()[key][self.language]
        if isinstance(form, Mapping):
            form = form[plural_form(self.language, given["n"])]
        if "{" not in form:
            return str(form)
        return str(form).format_map({name: self._value(value) for name, value in given.items()})

    def choose(self, text: Mapping[str, str]) -> str:
        """Choose the best language of a text of a pack, this language first."""
        for language in (self.language, *LANGUAGES):
            if text.get(language):
                return text[language]
        return next(iter(text.values()), "")

    def moment(self, time_ms: Optional[int], form: str = "") -> str:
        """Say a time alone, as people do ("today at 14:05"). See `Moment` for ``form``."""
        return "" if time_ms is None else format(self._value(Moment(time_ms)), form)

    def number(self, value: float) -> str:
        """Write a number as this language does: 2,5 in Kazakh and Russian, 2.5 in English."""
        return format_number(self.language, value)

    def _value(self, value: Any) -> Any:
        if isinstance(value, Message):
            return self.text(value)
        if isinstance(value, Moment):
            return _Said(self, value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self.number(value)
        if isinstance(value, Mapping):
            return self.choose(value)
        return value


class _Said:
    """A moment on its way into a sentence: ``{time}``, ``{time:at}`` or ``{time:date}``."""

    def __init__(self, messages: Messages, moment: Moment) -> None:
        self._messages = messages
        self._moment = moment

    def __format__(self, form: str) -> str:
        now = self._messages._now_ms()
        return format_moment(self._messages.text, self._messages.language, self._moment, now, form)


def load_table() -> _Table:
    """Read all areas once.

    A key that stands in two areas raises ValueError.
    """
    if not _table:
        for path in sorted(FOLDER.glob("*.json")):
            area = json.loads(path.read_text(encoding="utf-8"))
            doubled = sorted(set(area) & set(_table))
            if doubled:
                raise ValueError(f"{path.name}: keys of another area: {doubled}")
            _table.update(area)
    return _table
