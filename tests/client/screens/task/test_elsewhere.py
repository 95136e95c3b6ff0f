"""A pupil who typed on two laptops is asked once; whoever leaves a task sends what they typed."""

from __future__ import annotations

import pytest

from client.laptop.schoolwork.drafts import DraftKey
from client.laptop.schoolwork.travelling_drafts import HERE, OfferedDraft
from client.messages import LANGUAGES, Messages
from client.screens.task.elsewhere import MAX_EXCERPT
from client.screens.task.model import Model, Page
from tests.support.laptop import AIGERIM, PACK
from tests.support.lesson_pack import PackLaptop
from tests.support.sessions import Desk, session_for

KEY = DraftKey(AIGERIM.id, PACK, "solving", "practice")
OURS = OfferedDraft(HERE, {"root": "a"}, 1_788_000_000_000)
THEIRS = OfferedDraft("x.1", {"root": "b", "why": "Сол   сан.\n" * 40}, 1_788_000_900_000)


class TwoLaptops:
    """Offers two drafts until one is chosen."""

    def __init__(self, laptop):
        self.laptop, self.offered, self.told, self.fails = laptop, (OURS, THEIRS), [], False

    def look(self, key):
        assert key == KEY
        return self.offered

    def choose(self, key, name):
        if self.fails:
            raise OSError("no space left")
        (chosen,) = (one for one in self.offered if one.name == name)
        self.laptop.save_draft(*key, chosen.answers)
        self.offered = ()

    def tell_all(self, person):
        return 0

    def tell(self, key):
        self.told.append((key, self.laptop.draft(*key)))
        return len(self.told) == 1


class TravelledLaptop(PackLaptop):
    @property
    def travelling(self):
        if not hasattr(self, "_two"):
            self._two = TwoLaptops(self)
        return self._two


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def laptop(tmp_path):
    laptop = TravelledLaptop(tmp_path)
    laptop.save_draft(*KEY, OURS.answers)
    return laptop


def opened(laptop, desk):
    model = Model(session_for(laptop, AIGERIM, desk), PACK, "solving", "practice")
    desk.settle()
    return model


def test_both_are_shown_with_what_tells_them_apart(laptop, desk):
    model = opened(laptop, desk)
    assert model.page is Page.CHOOSING
    here, there = model.elsewhere.offered
    for language in LANGUAGES:
        messages = Messages(language)
        said = [messages.text(model.elsewhere.place_of(one)) for one in (here, there)]
        assert len(set(said)) == 2
        assert "2" in messages.text(model.elsewhere.answered(there))
    excerpt = model.elsewhere.excerpt(there)
    assert excerpt.startswith("Сол сан. Сол") and len(excerpt) == MAX_EXCERPT
    assert model.elsewhere.excerpt(here) == ""


def test_the_chosen_one_is_gone_on_with(laptop, desk):
    model = opened(laptop, desk)
    model.elsewhere.choose(THEIRS.name)
    model.elsewhere.choose(OURS.name)
    desk.settle()
    assert model.page is Page.ITEM
    assert model.answers["root"] == "b"
    assert opened(laptop, desk).page is Page.ITEM


def test_a_choice_that_is_not_saved_may_be_made_again(laptop, desk):
    model = opened(laptop, desk)
    laptop.travelling.fails = True
    model.elsewhere.choose(THEIRS.name)
    desk.settle()
    assert (model.page, model.elsewhere.busy) == (Page.CHOOSING, False)
    assert model.elsewhere.problem is not None
    laptop.travelling.fails = False
    model.elsewhere.choose(OURS.name)
    desk.settle()
    assert (model.page, model.elsewhere.problem) == (Page.ITEM, None)


def test_what_is_typed_is_sent_when_the_task_is_left_after_it_was_saved(laptop, desk):
    laptop.travelling.offered = ()
    model = opened(laptop, desk)
    model.choose("c")
    model.close()
    desk.settle()
    assert laptop.travelling.told == [(KEY, {"root": "a", "equivalent": ["c"]})]
    assert model.session.courier.announced == 1
    model.close()
    desk.settle()
    assert model.session.courier.announced == 1


def test_a_guest_tells_nothing(laptop, desk):
    model = Model(session_for(laptop, None, desk), PACK, "solving", "practice")
    desk.settle()
    model.close()
    desk.settle()
    assert model.page is Page.ITEM and laptop.travelling.told == []
