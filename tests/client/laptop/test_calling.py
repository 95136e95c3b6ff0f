from __future__ import annotations

from client.laptop.calling import first_name, polite_name, short_names
from client.laptop.people import STUDENT, TEACHER, Person


def person(name, role=STUDENT):
    return Person(name, name, role, "7 «А»")


def test_children_have_first_names_teachers_their_patronymic():
    people = [person("Айгерім Сәрсенқызы"), person("Сәуле Ғабитқызы Жүнісова", TEACHER)]
    assert short_names(people) == ("Айгерім", "Сәуле Ғабитқызы")
    assert polite_name("Ольга Петровна Ким") == "Ольга Петровна"
    assert polite_name("Ольга Ким") == "Ольга"


def test_two_of_a_name_get_an_initial():
    people = [person("Дана Серік"), person("Дана Оспан"), person("Дана")]
    assert short_names(people) == ("Дана С.", "Дана О.", "Дана")


def test_an_empty_name_stays_empty():
    assert first_name("  ") == "  "
    assert short_names([person("")]) == ("",)
