from __future__ import annotations

import pytest

from client.laptop.errors import Fault, LaptopError
from client.laptop.problems import failure
from client.screens.refused.guard import Guard
from tests.support.laptop import AIGERIM
from tests.support.screens import stage
from tests.support.showcase import Showcase

pytestmark = pytest.mark.screen


@pytest.fixture
def here(tmp_path):
    opened = stage(Showcase(tmp_path), "ru")
    opened.app.sign_in(AIGERIM)
    opened.settle()
    yield opened
    opened.close()


def pulled_out(*_):
    raise failure("stick-gone", Fault.YOUR_DATA)


def _settle_guarded(here, guard):
    """Go on as the window's own loop does: a press that was cut short may be delivered again."""
    try:
        here.settle()
    except LaptopError as error:
        guard.handle_exception(error)
        here.settle()


def test_a_stick_with_the_data_may_be_pulled_out_under_an_open_window(here, monkeypatch):
    from kivy.base import ExceptionManager

    guard = Guard(here.app.refuse)
    with monkeypatch.context() as gone:
        for name in ("works", "progress", "drafts"):
            gone.setattr(here.app.laptop, name, pulled_out)
        with pytest.raises(LaptopError) as raised:
            here.app.go("results")
        assert guard.handle_exception(raised.value) == ExceptionManager.PASS
        here.settle()
        assert "Флешку вынули раньше времени" in here.words()
        assert here.findings() == []
        with pytest.raises(LaptopError) as raised:
            here.press(here.find("PrimaryButton", text="Попробовать снова"))
        guard.handle_exception(raised.value)
        _settle_guarded(here, guard)
    here.press(here.find("PrimaryButton", text="Попробовать снова"))
    assert here.app.history[-1].name == "results"
    assert here.app.view is not None
    here.app.back()
    here.settle()
    assert here.app.history[-1].name == "today"


def test_what_is_our_own_fault_still_ends_the_programme(here):
    from kivy.base import ExceptionManager

    told = []
    assert Guard(told.append).handle_exception(KeyError("x")) == ExceptionManager.RAISE
    assert told == []


def test_closing_the_window_does_not_fail_for_a_stick_that_is_gone(here, monkeypatch):
    here.app.go("results")
    monkeypatch.setattr(here.app.model, "close", pulled_out)
    here.app.on_stop()
