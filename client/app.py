"""The programme's window: which screen is shown, in which language and colours, and the keys.

Screens are found by name: ``app.go("lesson", pack=..., lesson=...)`` imports
``client.screens.lesson`` and nothing else.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

from kivy.app import App
from kivy.base import ExceptionManager
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.metrics import Metrics, sp
from kivy.uix.floatlayout import FloatLayout

from client.courier import Courier
from client.executor import Executor
from client.idle import Idle
from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.people.people import Person
from client.messages import LANGUAGES, Message, Messages
from client.porter import Porter
from client.screens.keys import key_name
from client.screens.model import ScreenModel, Session
from client.screens.registry import SCREENS, places
from client.screens.view import ScreenView
from client.sitting import Sitting
from client.theme.palette import palette
from client.theme.tokens import SETS, WIDE_DP
from client.widgets.focus import FocusRing

NOT_HERE = ("error.no-such-person", "error.vault-closed")
"""What is said where a person cannot go on: they left the school, or their vault came meanwhile."""


def deliver(call: Callable[[], None]) -> None:
    """Run ``call`` on the window's thread at its next turn."""
    Clock.schedule_once(lambda _: call())


def is_wide(width: float) -> bool:
    """Whether a window has room for the rail: 700 dp, and more for larger text."""
    return width >= sp(WIDE_DP)


def schedule(delay_s: float, call: Callable[[], None]) -> Callable[[], None]:
    """Run ``call`` on the window's thread after a while; return what cancels it."""
    event = Clock.schedule_once(lambda _: call(), delay_s)
    cancel: Callable[[], None] = event.cancel
    return cancel


@dataclass
class Visit:
    """A screen in the history: its name, what it was asked for, and how far it was scrolled."""

    name: str
    params: Dict[str, Any] = field(default_factory=dict)
    scroll: float = 0.0


class KeruenApp(App):
    """The client.

    Public to screens: ``laptop``, ``executor``, ``courier``, ``porter``, ``messages``, ``person``,
    ``wide``, :meth:`go`, :meth:`back`, :meth:`home`, :meth:`set_language` and the other setters.
    """

    title = "Keruen"

    def __init__(
        self, laptop: Laptop, language: str = "", executor: Optional[Executor] = None
    ) -> None:
        super().__init__(kv_file="", kv_directory="")
        self.laptop = laptop
        self.executor = executor or Executor(deliver)
        self.courier = Courier(laptop, self.executor, schedule, deliver)
        chosen = language or laptop.preference("language", LANGUAGES[0])
        self.messages = Messages(chosen if chosen in LANGUAGES else LANGUAGES[0], laptop.now_ms)
        self.porter = Porter(laptop, self.executor, schedule, deliver)
        language = self.messages.language
        self.session = Session(laptop, self.executor, self.courier, language, porter=self.porter)
        self.sitting = Sitting(self.session, self._reload)
        self.idle = Idle(schedule, self.lock, lambda: getattr(self.model, "watched", False))
        laptop.nearby.lend_unless(self.idle.busy)
        self.history: List[Visit] = []
        self._locked: Tuple[str, List[Visit]] = ("", [])
        self.model: Optional[ScreenModel] = None
        self.view: Optional[ScreenView] = None
        self.wide = True
        self.surface = FloatLayout()
        self.ring = FocusRing(self.surface)
        self._notices: Optional[Any] = None
        self._ended_seen = (0, 0)
        self.courier.listen(self._carried)
        self.porter.listen(self._carried)

    def load_kv(self, filename: Optional[str] = None) -> bool:  # noqa: ARG002
        """There is no layout file of the whole app: each widget and screen brings its own."""
        return False

    def build(self) -> FloatLayout:
        """Show the first screen."""
        self._apply_preferences()
        self.wide = is_wide(Window.width)
        Window.bind(on_key_down=self._key_down, on_resize=self._resized)
        Window.bind(on_touch_down=self._touched)
        Window.bind(on_motion=self._stirred, mouse_pos=self._stirred)
        self.go("who" if self.laptop.enrolled else "enrol")
        return self.surface

    def on_start(self) -> None:
        """Begin to send and to look for sticks by itself."""
        from client.screens.refused.guard import Guard

        ExceptionManager.add_handler(Guard(self.refuse))
        self.courier.start()
        self.porter.start()

    def on_stop(self) -> None:
        """Save what is open and let the threads finish what touches the disk."""
        with contextlib.suppress(LaptopError):
            self._leave()
        self.idle.stop()
        self.sitting.close()
        self.courier.stop()
        self.porter.stop()
        Window.unbind(on_key_down=self._key_down, on_resize=self._resized)
        Window.unbind(on_touch_down=self._touched)
        Window.unbind(on_motion=self._stirred, mouse_pos=self._stirred)
        self.executor.close()

    def leave_with_picture(self, path: Path) -> None:
        """Once the first screen is drawn, save it as PNG and end: shows that drawing works here.

        A file that was there before is replaced.
        """
        from client.screens.shell.first_picture import take

        take(path, self.stop)

    @property
    def person(self) -> Optional[Person]:
        """Who sits here; None before they have chosen."""
        return self.session.person

    def go(self, name: str, **params: Any) -> None:
        """Show a screen on top of this one; :meth:`back` returns here.

        Raises KeyError for a screen that does not exist.
        """
        SCREENS[name]
        self._note_scroll()
        self.history.append(Visit(name, params))
        self._enter()

    def replace(self, name: str, **params: Any) -> None:
        """Show a screen instead of this one: back leads to where this one came from."""
        if self.history:
            self.history.pop()
        self.go(name, **params)

    def open_place(self, name: str) -> None:
        """Show a place of the rail; from there, back leads to the first place."""
        first = places(self.person)[0]
        self.history = [] if name == first else [Visit(first)]
        self.go(name)

    def back(self) -> None:
        """Return to the screen before; from the first place, to the choice of people."""
        if self.view is not None and self.view.on_back():
            return
        if len(self.history) > 1:
            self.history.pop()
            self._enter()
        elif self.somebody:
            self.sign_out()

    @property
    def somebody(self) -> bool:
        """Whether somebody sits here, a person of the laptop or a guest."""
        return self.person is not None or self.session.guest

    def home(self) -> None:
        """Show a person's first place, or the choice of people."""
        if self.somebody:
            self.open_place(places(self.person)[0])
        else:
            self.history = []
            self.go("who")

    def approach(self, person: Person) -> None:
        """Let a person try to sit down: what they know is asked for, or the way is free."""
        way = self.sitting.way_in(person)
        if way:
            self.go(way, person=person.id)
        else:
            self.sign_in(person)

    def sign_in(self, person: Person) -> None:
        """Let a person sit down whose vault is open, or who has none.

        Whoever comes back to what was locked goes on there. Raises LaptopError ``vault-closed``.
        """
        self.sitting.come(person)
        self.idle.begin(self.sitting.lock_after_s)
        (locked, visits), self._locked = self._locked, ("", [])
        if locked == person.id and visits:
            self.history = visits
            self._enter()
        else:
            self.home()

    def look_around(self) -> None:
        """Let somebody look at the lessons without being anybody."""
        self._locked = ("", [])
        self.sitting.look_around()
        self.home()

    def sign_out(self) -> None:
        """Let the person get up; their work stays, locked if they have a vault."""
        self._leave()
        self.idle.stop()
        self.sitting.go()
        self.home()

    def lock(self) -> None:
        """Lock the work of somebody who has gone, and wait for them where they were."""
        person = self.person
        if person is None or not self.sitting.locks():
            return
        self._note_scroll()
        visits, returns = self.history, not self.sitting.is_visitor(person)
        self.sign_out()
        if returns:
            self._locked = (person.id, visits)
            self.go("unlock", person=person.id)

    def set_language(self, language: str) -> None:
        """Say everything that is visible in another language, at once."""
        self.messages = Messages(language, self.laptop.now_ms)
        self.session.language = language
        self.laptop.set_preference("language", language)
        self.rebuild()

    def set_appearance(self, name: str) -> None:
        """Use another colour set: ``light``, ``dark`` or ``contrast``."""
        palette.use(name)
        Window.clearcolor = palette.paper
        self.laptop.set_preference("appearance", name)
        self.rebuild()

    def set_text_scale(self, scale: float) -> None:
        """Show all text ``scale`` times as large."""
        Metrics.fontscale = scale
        self.wide = is_wide(Window.width)
        self.laptop.set_preference("text_scale", str(scale))
        self.rebuild()

    def rebuild(self) -> None:
        """Build the screen anew around its model; scroll position and focus stay."""
        if self.view is None or self.model is None:
            return
        scroll, focus = self.view.scroll_position(), self.ring.place()
        typing = hasattr(self.ring.current, "keyboard_mode")
        self.view.hidden()
        self._show()
        self.view.scroll_to_position(scroll)
        # A field that takes the keyboard by itself may stand elsewhere in the order by now.
        if focus is not None and not (typing and self.ring.current is not None):
            Clock.schedule_once(lambda _: self.ring.focus_at(focus), 0)

    def revisit(self) -> None:
        """Build the screen from what is there now, as if it were visited anew; scroll stays."""
        if self._note_scroll():
            self._enter()

    def refuse(self, message: Message) -> None:
        """Say why nothing can be shown; build the screen anew when somebody asks for it.

        Whoever is on this laptop no more, or locked by now, gets up.
        """
        from client.screens.refused.card import refusal

        if message.key in NOT_HERE:
            self.sign_out()
            return

        self.model = self.view = self._notices = None
        self.ring.focus(None)
        self.surface.clear_widgets()
        again = self._enter if self.history else self.home
        title, button = "refused.disk", "refused.again"
        self.surface.add_widget(refusal(self.messages, title, message, button, again))

    def overlay(self) -> None:
        """Put over a screen what belongs over every screen: nothing, in the programme itself."""

    def _apply_preferences(self) -> None:
        appearance = self.laptop.preference("appearance", "light")
        palette.use(appearance if appearance in SETS else "light")
        Window.clearcolor = palette.paper
        try:
            scale = float(self.laptop.preference("text_scale", "0"))
        except ValueError:
            scale = 0.0
        if 1.0 <= scale <= 2.0:
            Metrics.fontscale = scale

    def _enter(self) -> None:
        """Build the last visit of the history."""
        self._leave()
        visit = self.history[-1]
        package = "client.screens." + visit.name
        self.model = import_module(package + ".model").Model(self.session, **visit.params)
        self._show()
        if self.view is not None:
            self.view.scroll_to_position(visit.scroll)

    def _show(self) -> None:
        visit = self.history[-1]
        view_class = import_module("client.screens." + visit.name + ".view").View
        self.ring.focus(None)
        self.surface.clear_widgets()
        self.view = view_class(self, self.model, self.wide)
        screen, content = SCREENS[visit.name], self.view
        self._notices = None
        if screen.notices:
            from client.screens.shell.notice import NoticeSpace

            content = self._notices = NoticeSpace(self, self.view)
        if screen.frame and self.somebody:
            from client.screens.shell.view import Shell

            content = Shell(self, content, screen.place)
        self.surface.add_widget(content)
        self.overlay()
        self.view.shown()

    def _leave(self) -> None:
        if self.view is not None:
            self.view.hidden()
        if self.model is not None:
            self.model.listen(lambda: None)
            self.model.close()
        self.model = self.view = None

    def _note_scroll(self) -> bool:
        """Keep how far the screen is scrolled; tell whether there is one."""
        if not self.history or self.view is None:
            return False
        self.history[-1].scroll = self.view.scroll_position()
        return True

    def _stirred(self, *_: Any) -> None:
        self.idle.stir()

    def _carried(self) -> None:
        """Read again what is shown, when the courier or the porter has brought something."""
        ended = (self.courier.ended, self.porter.ended)
        if self.model is not None and ended != self._ended_seen:
            self._ended_seen = ended
            self.model.reload()
        if self._notices is not None:
            self._notices.tell()

    def _reload(self) -> None:
        if self.model is not None:
            self.model.reload()

    def _resized(self, _: Any, width: int, __: int) -> None:
        wide = is_wide(width)
        if wide != self.wide:
            self.wide = wide
            self.rebuild()

    def _touched(self, *_: Any) -> bool:
        """A finger or mouse takes the ring away; fields take the keyboard by themselves."""
        current = self.ring.current
        if current is not None and not hasattr(current, "keyboard_mode"):
            self.ring.focus(None)
        return False

    def _key_down(self, _: Any, code: int, __: int, ___: Any, modifiers: List[str]) -> bool:
        key = key_name(code)
        self.idle.stir()
        if key == "escape":
            self.back()
            return True
        if self.view is not None and not self.ring.typing(key) and self.view.takes_key(key):
            return True
        return self.ring.handle(key, "shift" in modifiers)
