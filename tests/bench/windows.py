"""The programmes whose start-up is measured: an empty window, and the client's screens."""

from __future__ import annotations

import sys
from pathlib import Path

from client.window import prepare

SIZE = (1024, 600)


def bare() -> None:
    """Open the smallest Kivy window of the same size."""
    prepare(offscreen=True, size=SIZE)
    from kivy.app import App
    from kivy.uix.widget import Widget

    from tests.bench.first_frame import tell_first_frame

    class BareApp(App):  # type: ignore[misc]
        def build(self) -> Widget:
            return Widget()

        def on_start(self) -> None:
            tell_first_frame(self.stop)

    BareApp().run()


def client(data: Path, place: str) -> None:
    """Open the client as ``keruen --data`` does; with a place, its person sits there already."""
    from client.laptop.laptop import Laptop

    laptop = Laptop.open(data)
    prepare(offscreen=True, size=SIZE)
    from client.app import KeruenApp
    from tests.bench.first_frame import tell_first_frame

    class WatchedApp(KeruenApp):
        def on_start(self) -> None:
            super().on_start()
            if place:
                self.sign_in(self.laptop.people()[0])
                self.open_place(place)
            tell_first_frame(self.stop)

    WatchedApp(laptop).run()
    laptop.close()


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    else:
        client(Path(sys.argv[2]), sys.argv[3])
