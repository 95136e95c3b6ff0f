"""Room over a screen for a strip that tells of a stick."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Optional

from kivy.clock import Clock
from kivy.uix.boxlayout import BoxLayout

from client.screens.shell.notice_words import CLOSE, LATER, MORE, Notice, notice_of
from client.screens.sticks.model import CANCEL, EXCHANGE

if TYPE_CHECKING:
    from client.app import KeruenApp
    from client.screens.shell.stick_notice import StickNotice


class NoticeSpace(BoxLayout):
    """A screen's view, and over it a strip while there is something to tell of a stick."""

    def __init__(self, app: KeruenApp, view: Any) -> None:
        super().__init__(orientation="vertical")
        self.app = app
        self._notice: Optional[Notice] = None
        self._strip: Optional[StickNotice] = None
        self.add_widget(view)
        self.tell()

    def tell(self) -> None:
        """Show what there is to tell now; what only moved on is not built anew."""
        notice = notice_of(self.app.porter)
        if notice is not None and self.app.person is None:
            notice = replace(notice, acts=tuple(one for one in notice.acts if one != MORE))
        before, self._notice = self._notice, notice
        if notice == before:
            return
        if before and notice and replace(before, share=notice.share) == notice:
            strip = self._strip
            if strip is not None and strip.line is not None and notice.share is not None:
                strip.line.value = notice.share
                return
        had_focus = self._has_focus()
        if self._strip is not None:
            self.remove_widget(self._strip)
            self._strip = None
        if notice is not None:
            from client.screens.shell.stick_notice import StickNotice

            self._strip = StickNotice(self.app, notice, self.act)
            self.add_widget(self._strip, index=len(self.children))
        if had_focus:
            Clock.schedule_once(lambda _: self._focus_first(), 0)

    def act(self, act: str, notice: Notice) -> None:
        """Do what a button says."""
        porter = self.app.porter
        if act == EXCHANGE and porter.offered is not None:
            porter.visit(porter.offered)
        elif act == CANCEL:
            porter.cancel(notice.root)
        elif act in (LATER, CLOSE):
            porter.dismiss(notice.root)
        elif act == MORE:
            porter.dismiss(notice.root)
            self.app.go("sticks")

    def _has_focus(self) -> bool:
        current = self.app.ring.current
        return current is not None and self._strip is not None and self._strip in _above(current)

    def _focus_first(self) -> None:
        """Stay in the strip with the keyboard when it was built anew."""
        from client.widgets.focus import walk

        if self._strip is not None:
            self.app.ring.focus(next(walk(self._strip), None))


def _above(widget: Any) -> Any:
    """The widgets that hold one, from the inside."""
    while widget is not None and widget.parent is not widget:
        yield widget
        widget = widget.parent
