"""Who sits down, and by what: the first screen with many, opening, choosing, forgetting."""

from __future__ import annotations

import dataclasses
from typing import Callable, Mapping

from client.laptop.people.people import STUDENT, TEACHER, Person
from client.screens.secret.choosing import Step
from client.screens.who.model import CLASS
from client.vaults.secrets import PASSWORD, PICTURES, PIN, password, pictures, pin
from tests.support.laptop import AIGERIM
from tests.support.screens import Stage
from tests.support.showcase import PEOPLE

SECRETS = {
    PIN: pin("2580"),
    PASSWORD: password("балапан7"),
    PICTURES: pictures(("sun", "yurt", "cat", "horse")),
}
NAMES = [
    "Айгерім",
    "Әлихан",
    "Дана",
    "Ерасыл",
    "Жансая",
    "Камила",
    "Нұрсұлтан",
    "Сәуле",
    "Тимур",
    "Шыңғыс",
]
CLASSES = [f"{grade} «{letter}»" for grade in range(1, 12) for letter in "АӘ"]
TINTS = [
    "sun",
    "mountain",
    "flower",
    "horse",
    "moon",
    "bird",
    "saiga",
    "note",
    "ball",
    "tree",
    "fish",
    "rocket",
    "star",
    "yurt",
]
LEAST_CODE = "00000 11116"


def crowd(count: int = 200):
    """So many pupils of all classes, and a few teachers."""
    pupils = [
        Person(
            f"p-{n}",
            f"{NAMES[n % len(NAMES)]} {'АБДЕЖКМНСТ'[n // len(NAMES) % 10]}.",
            STUDENT,
            CLASSES[n * len(CLASSES) // count],
            TINTS[n % len(TINTS)],
        )
        for n in range(count - 4)
    ]
    teachers = [
        Person(f"t-{n}", f"{name} Ғабитқызы Серікова", TEACHER, "", "sun")
        for n, name in enumerate(("Гүлнар", "Айман", "Салтанат", "Бибігүл"))
    ]
    return (*pupils, *teachers)


def _many(stage: Stage) -> None:
    stage.app.laptop.people = crowd
    stage.app.laptop.set_preference(CLASS, CLASSES[8])
    stage.app.home()


def _picking(stage: Stage) -> None:
    _many(stage)
    stage.app.model.pick()


def _teachers(stage: Stage) -> None:
    _many(stage)
    stage.app.model.choose_class(stage.app.model.classes[-1])


def _found(stage: Stage) -> None:
    _many(stage)
    stage.app.model.find()
    stage.app.view._field.text = "шы"


def _unlock(kind: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        vaults = stage.app.laptop.vaults
        if not vaults.kind(AIGERIM.id):
            vaults.create(AIGERIM.id, SECRETS[kind])
        vaults.get_up()
        stage.app.home()
        stage.app.go("unlock", person=AIGERIM.id)

    return go


def _wrong(stage: Stage) -> None:
    _unlock(PICTURES)(stage)
    model = stage.app.model
    for _ in range(3):
        for name in ("moon", "moon", "ball", "star"):
            model.typed.press(name)
        model.submit()
        assert stage.app.executor.wait()
        stage.settle()


def _teacher(stage: Stage) -> None:
    _unlock(PIN)(stage)
    stage.app.model.forgot()


def _code(stage: Stage) -> None:
    _teacher(stage)
    stage.app.model.type_in()
    stage.app.model.type_code(LEAST_CODE)
    stage.app.rebuild()


def _secret(kind: str = "", again: bool = False) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        stage.app.go("secret", person=PEOPLE[3].id)
        choosing = stage.app.model.choosing
        if kind:
            choosing.choose(kind)
        if again:
            choosing.step = Step.AGAIN
        elif kind == PICTURES:
            for name in ("sun", "yurt", "cat"):
                choosing.typed.press(name)
        stage.app.rebuild()

    return go


def _child(stage: Stage) -> None:
    young = dataclasses.replace(PEOPLE[3], class_name="1 «А»")
    stage.app.laptop.person = lambda _: young
    stage.app.go("secret", person=young.id)


def _guest(stage: Stage) -> None:
    stage.app.look_around()


TIGHTEST = {
    "who-many",
    "who-picking",
    "unlock-wrong",
    "unlock-teacher",
    "secret-kind",
    "secret-child",
}
"""Those that are walked as well as pictured."""

LOCKS: Mapping[str, Callable[[Stage], None]] = {
    "who-many": _many,
    "who-picking": _picking,
    "who-teachers": _teachers,
    "who-found": _found,
    "unlock-pin": _unlock(PIN),
    "unlock-pictures": _unlock(PICTURES),
    "unlock-password": _unlock(PASSWORD),
    "unlock-wrong": _wrong,
    "unlock-teacher": _teacher,
    "unlock-code": _code,
    "secret-kind": _secret(),
    "secret-pictures": _secret(PICTURES),
    "secret-again": _secret(PIN, again=True),
    "secret-password": _secret(PASSWORD),
    "secret-child": _child,
    "lessons-guest": _guest,
}
