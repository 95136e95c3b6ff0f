"""A stage for the client's window: offscreen pixels, simulated fingers and keys, and a critic.

Call :func:`stage` before anything imports kivy in the process, or let pytest's ``screen`` tests do
it: one window serves a whole process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Callable, Iterator, List, NamedTuple, Tuple

SIZES = ((1024, 600), (1366, 768), (360, 640))
SURFACE = (1366, 768)
FRAMES = 5
"""Frames after which wrapped text, its cards and what holds them have their heights."""


class Finding(NamedTuple):
    """Something ugly: what is wrong, and with which widget."""

    what: str
    widget: str


class Stage:
    """One app on the process's window."""

    def __init__(self, app: Any) -> None:
        from kivy.app import App
        from kivy.base import runTouchApp
        from kivy.core.window import Window

        self.window, self.app = Window, app
        App._running_app = app
        app.root = app.build()
        Window.add_widget(app.root)
        runTouchApp(embedded=True)
        self.settle()

    def settle(self, frames: int = FRAMES) -> None:
        """Let the window's loop turn."""
        from kivy.base import EventLoop

        for _ in range(frames):
            EventLoop.idle()

    def wait(self, until: Callable[[], bool], seconds: float = 60.0) -> None:
        """Turn the loop until something is so; fail when it does not become so."""
        import time

        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise AssertionError(f"it did not happen within {seconds} s")
            self.settle(1)
            time.sleep(0.005)
        self.settle()

    def resize(self, size: Tuple[int, int]) -> None:
        """Make the window that large."""
        self.window.size = size
        self.settle()

    def view_as(self, size: Tuple[int, int], language: str, text_scale: float) -> None:
        """Show the screen in a window, a language and a size of text; it is built anew once."""
        app, rebuild = self.app, self.app.rebuild
        app.rebuild = lambda: None
        try:
            app.set_text_scale(text_scale)
            app.set_language(language)
            self.window.size = size
        finally:
            del app.rebuild
        rebuild()
        self.settle()
        self.wait(lambda: all(one.complete for one in self.documents()))

    def press(self, widget: Any) -> None:
        """Touch the middle of a widget, after scrolling to it as people do."""
        from kivy.base import EventLoop
        from kivy.input.motionevent import MotionEvent

        class Finger(MotionEvent):
            def depack(self, args: Any) -> None:
                self.is_touch = True
                self.sx, self.sy = args
                self.profile = ["pos"]
                super().depack(args)

        from client.widgets.focus import reveal

        reveal(widget)
        self.settle(3)
        x, y = widget.to_window(widget.center_x, widget.center_y)
        finger = Finger("stage", 1, (x / self.window.width, y / self.window.height), is_touch=True)
        EventLoop.post_dispatch_input("begin", finger)
        self.settle(6)
        EventLoop.post_dispatch_input("end", finger)
        self.settle()

    def key(self, name: str, shift: bool = False) -> None:
        """Press a key by its name (``tab``, ``enter``, ``down``, ``escape``...)."""
        from kivy.core.window import Keyboard

        code = Keyboard.keycodes[name]
        modifiers = ["shift"] if shift else []
        self.window.dispatch("on_key_down", code, 0, None, modifiers)
        self.window.dispatch("on_key_up", code, 0)
        self.settle()

    def type(self, text: str) -> None:
        """Type characters into what has the keyboard."""
        for letter in text:
            self.window.dispatch("on_textinput", letter)
        self.settle()

    def shot(self, path: Path) -> None:
        """Write the window's pixels as a PNG."""
        from client.picture import png_of_window

        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png_of_window(self.window))

    def close(self) -> None:
        """End the app; the window stays for the next."""
        from kivy.app import App

        self.app.on_stop()
        self.window.remove_widget(self.app.root)
        App._running_app = None
        self.settle(2)

    def find(self, wanted: Any, **properties: Any) -> Any:
        """Return the first widget of a class (or a class's name) with these properties."""
        for widget in walk(self.app.root):
            named = type(widget).__name__ == wanted if isinstance(wanted, str) else False
            fits = named or (isinstance(wanted, type) and isinstance(widget, wanted))
            if fits and all(getattr(widget, k, None) == v for k, v in properties.items()):
                return widget
        raise AssertionError(f"no {wanted} with {properties}")

    def documents(self) -> List[Any]:
        """The texts on the window; a long one is not complete before a few frames are drawn."""
        from client.widgets.document import Document

        return [one for one in walk(self.app.root) if isinstance(one, Document)]

    def words(self) -> str:
        """All text on the window, a line a label."""
        return "\n".join(w.text for w in walk(self.app.root) if getattr(w, "text", ""))

    def findings(self) -> List[Finding]:
        """What a critical eye would find: cut text, overlaps, things outside of the window."""
        return list(criticise(self.app.root, self.window.width, self.window.height))


def tell_kivy() -> None:
    """Say how it is to draw and what to log, which it asks once, whoever imports it first."""
    from client import window

    os.environ["KCFG_GRAPHICS_MAXFPS"] = "0"  # no waiting between frames
    # The offscreen surface never grows: open it as large as the largest window wanted.
    window.prepare(offscreen=True, size=SURFACE)


def prepare() -> None:
    """Get kivy ready to draw offscreen; for tests that import it without a stage."""
    if "kivy" not in sys.modules:
        tell_kivy()
    import kivy.core.window  # noqa: F401 - textures need it open


def stage(laptop: Any, language: str = "kk", size: Tuple[int, int] = SIZES[0]) -> Stage:
    """Open the client offscreen on a laptop. One at a time; close it before the next."""
    prepare()
    from kivy.core.window import Window
    from kivy.metrics import Metrics

    Metrics.fontscale = 1.0
    Window.size = size
    from client.app import KeruenApp

    return Stage(KeruenApp(laptop, language=language))


def walk(root: Any) -> Iterator[Any]:
    """All widgets under one that can be seen, itself included."""
    if root.opacity == 0:
        return
    yield root
    for child in reversed(root.children):
        yield from walk(child)


def criticise(root: Any, width: float, height: float) -> Iterator[Finding]:
    """Walk the tree and name what is cut, overlapping or outside."""
    from kivy.uix.label import Label
    from kivy.uix.scrollview import ScrollView

    scrollers = [outer for outer in walk(root) if isinstance(outer, ScrollView)]
    scrolled = {id(inner) for outer in scrollers for inner in walk(outer) if inner is not outer}
    sideways = {
        id(inner)
        for outer in scrollers
        if outer.do_scroll_x
        for inner in walk(outer)
        if inner is not outer
    }
    for widget in walk(root):
        if isinstance(widget, Label) and widget.text:
            yield from _cut(widget)
        if widget.width >= 1 and widget.height >= 1 and id(widget) not in sideways:
            yield from _outside(widget, width, height, id(widget) in scrolled)
        yield from _overlaps(widget)


def _name(widget: Any) -> str:
    text = getattr(widget, "text", "")
    at = tuple(round(value) for value in widget.to_window(*widget.pos))
    size = tuple(round(value) for value in widget.size)
    return f"{type(widget).__name__} {text!r} at {at} size {size}"


def _cut(label: Any) -> Iterator[Finding]:
    wide, high = label.texture_size
    if wide > label.width + 1.5 or high > label.height + 1.5:
        yield Finding(f"text is larger than its box ({wide} x {high})", _name(label))
    room = label.text_size[0]
    if room and not label.shorten and not _is_icon(label):
        for word in label.text.split():
            extents = label._label.get_extents(word)
            if extents[0] > room + 1:
                yield Finding("a word is broken", _name(label))
                break


def _is_icon(label: Any) -> bool:
    return "materialdesign" in str(label.font_name)


def _outside(widget: Any, width: float, height: float, scrolled: bool) -> Iterator[Finding]:
    left, bottom = widget.to_window(*widget.pos)
    right, top = left + widget.width, bottom + widget.height
    if (
        left < -1.5
        or right > width + 1.5
        or (not scrolled and (bottom < -1.5 or top > height + 1.5))
    ):
        yield Finding("outside of the window", _name(widget))


def _overlaps(widget: Any) -> Iterator[Finding]:
    from kivy.uix.floatlayout import FloatLayout
    from kivy.uix.relativelayout import RelativeLayout

    if isinstance(widget, (FloatLayout, RelativeLayout)) or getattr(widget, "layers", False):
        return
    boxes = [
        (child.x, child.y, child.right, child.top, child)
        for child in widget.children
        if child.width > 1 and child.height > 1 and child.opacity
    ]
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            if across > 1.5 and down > 1.5:
                yield Finding("overlaps " + _name(other[4]), _name(one[4]))
