"""A first secret, another one, and "Not now"."""

from __future__ import annotations

import pytest

from client.screens.secret.model import Model, Page
from client.vaults.secrets import Policy, pin
from tests.support.laptop import AIGERIM
from tests.support.shared_desk import SharedDesk


@pytest.fixture
def desk(tmp_path):
    made = SharedDesk(tmp_path)
    yield made
    made.close()


def type_in(model, digits):
    for digit in digits:
        model.typed.type(digit)
    model.submit()


def choose(desk, model, digits):
    model.choosing.choose("pin")
    type_in(model, digits)
    type_in(model, digits)
    desk.settle()


def test_the_first_secret_makes_the_vault_and_sits_down(desk):
    model = Model(desk.session, AIGERIM.id)
    assert (model.page, model.may_wait) == (Page.NEW, True)
    choose(desk, model, "2580")
    assert (model.page, desk.vaults.sitting) == (Page.DONE, AIGERIM.id)
    assert desk.vaults.kind(AIGERIM.id) == "pin"


def test_another_secret_needs_the_old_one(desk):
    desk.lock(AIGERIM, pin("2580"))
    model = Model(desk.session, AIGERIM.id)
    assert (model.page, model.may_wait) == (Page.OLD, False)
    type_in(model, "1111")
    desk.settle()
    assert (model.page, model.said.key) == (Page.OLD, "error.secret-wrong")
    type_in(model, "2580")
    desk.settle()
    assert (model.page, model.said) == (Page.NEW, None)
    choose(desk, model, "9182")
    assert model.page is Page.DONE
    desk.vaults.get_up()
    desk.vaults.open(AIGERIM.id, pin("9182"))


def test_not_now_is_not_offered_where_the_school_demands_a_secret(desk):
    desk.vaults.policy = Policy(required=True)
    assert not Model(desk.session, AIGERIM.id).may_wait


def test_a_vault_made_for_who_turned_away_is_locked(desk):
    model = Model(desk.session, AIGERIM.id)
    model.choosing.choose("pin")
    type_in(model, "2580")
    type_in(model, "2580")
    model.close()
    desk.settle()
    assert (desk.vaults.kind(AIGERIM.id), desk.vaults.sitting) == ("pin", "")
    assert model.page is Page.NEW


def test_a_failure_is_told(desk):
    model = Model(desk.session, AIGERIM.id)

    def fails(person, secret):
        raise OSError("no disk")

    desk.vaults.create = fails
    choose(desk, model, "2580")
    assert (model.page, model.busy, model.said.key) == (Page.NEW, False, "error.disk-error")
