"""Getting in: right, wrong, waiting, forgotten; and nobody stays in who turned away."""

from __future__ import annotations

import pytest

from client.screens.unlock.model import Model, Page
from client.vaults.secrets import pin
from sync.recovery import RecoveryCode
from tests.client.vaults.doubles import Turnable
from tests.support.laptop import AIGERIM
from tests.support.memory_vaults import MemoryVaults
from tests.support.shared_desk import SharedDesk


@pytest.fixture
def desk(tmp_path):
    made = SharedDesk(tmp_path)
    made.clock = Turnable()
    made.laptop.vaults = MemoryVaults(tmp_path, monotonic=made.clock)
    made.lock(AIGERIM, pin("2580"))
    yield made
    made.close()


def typing(desk, digits):
    model = Model(desk.session, AIGERIM.id)
    guess(desk, model, digits)
    return model


def guess(desk, model, digits):
    for digit in digits:
        model.typed.type(digit)
    model.submit()
    desk.settle()


def test_the_right_one_opens(desk):
    model = typing(desk, "2580")
    assert (model.opened, model.problem, desk.vaults.sitting) == (True, None, AIGERIM.id)
    model.close()
    desk.settle()
    assert desk.vaults.sitting == AIGERIM.id, "leaving the screen does not lock again"


def test_a_wrong_one_says_so_and_is_forgotten(desk):
    model = typing(desk, "9999")
    assert (model.opened, model.problem.key) == (False, "error.secret-wrong")
    assert (model.typed.count, desk.vaults.sitting) == (0, "")


def test_nothing_typed_is_no_guess(desk):
    model = typing(desk, "")
    assert (model.busy, model.problem, desk.vaults.wait_s(AIGERIM.id)) == (False, None, 0)


def test_guessing_waits_and_the_wait_runs_down(desk):
    model = Model(desk.session, AIGERIM.id)
    for _ in range(3):
        guess(desk, model, "9999")
    assert model.wait_s == 15
    guess(desk, model, "2580")
    assert not model.opened, "too early, even for the right one"
    model.typed.clear()
    desk.clock.now_s += 14.5
    assert model.wait_s == 1
    desk.clock.now_s += 0.5
    guess(desk, model, "2580")
    assert model.opened


def test_who_turned_away_while_it_opened_leaves_it_locked(desk):
    model = Model(desk.session, AIGERIM.id)
    for digit in "2580":
        model.typed.type(digit)
    model.submit()
    model.close()
    desk.settle()
    assert (model.opened, desk.vaults.sitting) == (False, "")


def test_a_second_press_while_it_opens_is_no_second_guess(desk):
    model = Model(desk.session, AIGERIM.id)
    for digit in "9999":
        model.typed.type(digit)
    model.submit()
    model.submit()
    desk.settle()
    assert desk.vaults.cabinet._guesses.wrong(AIGERIM.id) == 1


def forgotten(desk):
    model = Model(desk.session, AIGERIM.id)
    model.forgot()
    assert model.page is Page.TEACHER
    model.type_in()
    return model


def test_a_forgotten_one_is_replaced_with_the_schools_code(desk):
    model = forgotten(desk)
    model.type_code(str(desk.vaults.recovery))
    assert model.code_ready
    model.choose_new()
    model.choosing.choose("pin")
    for _ in range(2):
        for digit in "9182":
            model.choosing.typed.press(digit)
        model.submit_new()
    desk.settle()
    assert (model.opened, desk.vaults.sitting) == (True, AIGERIM.id)
    desk.vaults.get_up()
    model.close()
    assert model.code == ""
    assert typing(desk, "9182").opened
    desk.vaults.get_up()
    assert not typing(desk, "2580").opened


def test_the_code_is_told_at_the_wrong_group(desk):
    model = forgotten(desk)
    code = str(desk.vaults.recovery)
    group = code.split()[2]
    model.type_code(" ".join([*code.split()[:2], group[:-1] + str((int(group[-1]) + 1) % 10)]))
    assert (model.wrong_group, model.code_help.values["n"], model.code_ready) == (3, 3, False)
    model.choose_new()
    assert model.page is Page.CODE, "nothing is chosen before the code is right"
    model.type_code(code[:20])
    assert model.wrong_group == 0
    assert model.code_help.key == "unlock.code.left"


def test_another_schools_code_is_refused_and_nothing_changes(desk):
    model = forgotten(desk)
    model.type_code(str(RecoveryCode.generate()))
    model.choose_new()
    model.choosing.choose("pin")
    for _ in range(2):
        for digit in "9182":
            model.choosing.typed.press(digit)
        model.submit_new()
    desk.settle()
    assert (model.opened, model.page, model.problem.key) == (
        False,
        Page.CODE,
        "error.recovery-other",
    )
    assert typing(desk, "2580").opened


def test_back_goes_page_by_page(desk):
    model = forgotten(desk)
    model.type_code(str(desk.vaults.recovery))
    model.choose_new()
    pages = []
    while model.back():
        pages.append(model.page)
    assert pages == [Page.CODE, Page.TEACHER, Page.ASK]
