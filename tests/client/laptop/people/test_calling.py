from __future__ import annotations

from client.laptop.people.calling import first_name, polite_name, short_names
from client.laptop.people.people import STUDENT, TEACHER, Person


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


def test_two_of_a_name_and_an_initial_get_another_letter():
    people = [person("Айгерім Сәрсенқызы"), person("Айгерім Серікқызы"), person("Айгерім Омар")]
    called = ("Айгерім Сә.", "Айгерім Се.", "Айгерім О.")
    assert short_names(people) == called
    assert short_names([person(name) for name in called]) == called, "whoever has a vault stays so"
    assert short_names([person(called[0]), *people[1:]]) == called
    assert short_names(people[:1] + people[2:]) == ("Айгерім С.", "Айгерім О.")
    assert short_names([person(called[0])]) == ("Айгерім",)


def test_two_of_wholly_one_name_are_called_alike():
    assert short_names([person("Дана Серік"), person("Дана Серік")]) == ("Дана С.", "Дана С.")


def test_an_empty_name_stays_empty():
    assert first_name("  ") == "  "
    assert short_names([person("")]) == ("",)


def test_a_list_with_the_familys_name_first_calls_nobody_by_it():
    assert first_name("Серікова Айгерім Нұрланқызы") == "Айгерім"
    assert first_name("Әбдіғалиев Нұрлан") == "Нұрлан"
    assert first_name("Нұрлан Әбдіғалиев") == "Нұрлан"
    assert first_name("Марина Ким") == "Марина"
    assert first_name("Лев Тен") == "Лев"
    assert polite_name("Ким Ольга Петровна") == "Ольга Петровна"
    assert short_names([person("Серікова Дана"), person("Оспанова Дана")]) == ("Дана С.", "Дана О.")


def test_a_short_name_shortened_again_stays():
    for name in ("Дана С.", "Айгерім", "Ольга Петровна"):
        assert first_name(name) == name.split()[0]
    assert short_names([person("Дана С."), person("Дана О.")]) == ("Дана С.", "Дана О.")
