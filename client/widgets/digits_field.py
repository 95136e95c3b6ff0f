"""A field for a long number from a paper. Import it where it is needed, as `text_field`."""

from __future__ import annotations

from typing import Any

from client.digits import digit_meant, digits_of, in_groups
from client.widgets.text_field import TextField


class DigitsField(TextField):
    """So many digits in groups of ``group``, however they are typed or pasted."""

    def __init__(self, digits: str, most: int, group: int, **kwargs: Any) -> None:
        self._most, self._group = most, group
        super().__init__(text=in_groups(digits, group), **kwargs)
        self.input_type = "number"

    def insert_text(self, substring: str, from_undo: bool = False) -> None:
        """Take the digits of what is typed, at the cursor, and group all anew.

        Done at once and not a frame later: on a slow machine several digits come within a frame.
        """
        if from_undo:
            super().insert_text(substring, from_undo=True)
            return
        if len(substring) == 1:
            substring = digit_meant(substring)
        at = self.cursor_index()
        before = digits_of(self.text[:at] + substring, self._most)
        text = in_groups(digits_of(before + self.text[at:], self._most), self._group)
        self.select_all()
        self.delete_selection()
        super().insert_text(text)
        reached = min(len(in_groups(before, self._group)), len(text))
        self.cursor = self.get_cursor_from_index(reached)

    def keeps(self, key: str) -> bool:
        """Enter confirms, on however many lines the number stands."""
        return key not in ("enter", "numpadenter") and super().keeps(key)
