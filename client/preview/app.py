"""The window of a preview: a pupil sits in it, nothing is sent, and what is saved shows at once."""

from __future__ import annotations

import sys

from client.app import KeruenApp, schedule
from client.preview.previewing import Previewing
from client.widgets.strip import Strip

EVERY_S = 1.0
"""How often the folder is looked at: an author who has saved looks up about then."""


class PreviewApp(KeruenApp):
    """The client on a source folder."""

    def __init__(self, previewing: Previewing, language: str) -> None:
        super().__init__(previewing.laptop, language)
        self._previewing = previewing

    def on_start(self) -> None:
        """Sit down, and begin to look; nothing is sent, and sticks are left alone."""
        self.porter.stop()
        self.sign_in(self._previewing.pupil)
        schedule(EVERY_S, self.look)

    def overlay(self) -> None:
        """Say what is wrong with the source, over whatever is shown."""
        problem = self._previewing.problem
        if problem is not None:
            self.surface.add_widget(Strip(text=self.messages.text(problem)))

    def look(self) -> None:
        """Show what was saved since; look again after a while."""
        if self._previewing.refresh():
            self.tell()
            self.revisit()
        schedule(EVERY_S, self.look)

    def tell(self) -> None:
        """Give the reason, with file and line, to whoever started it from a terminal."""
        if self._previewing.detail:
            print(self._previewing.detail, file=sys.stderr, flush=True)
