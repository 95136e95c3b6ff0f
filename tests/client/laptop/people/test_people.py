from __future__ import annotations

from client.laptop.people.people import STUDENT, TEACHER, Person, by_alphabet


def test_names_follow_the_kazakh_alphabet():
    names = ["Нұрлан", "Әлия", "Айгерім", "Ғалым", "Гүлнар", "Ілияс", "Яна", "Өмір", "Олжас"]
    people = [Person(name, name, STUDENT, "7") for name in names]
    assert [one.name for one in sorted(people, key=by_alphabet)] == [
        "Айгерім", "Әлия", "Гүлнар", "Ғалым", "Нұрлан", "Олжас", "Өмір", "Ілияс", "Яна",
    ]  # fmt: skip


def test_two_of_one_name_keep_their_order_everywhere():
    people = [Person(one, "Дана", STUDENT, "7") for one in "ba"]
    assert [one.id for one in sorted(people, key=by_alphabet)] == ["a", "b"]
    assert Person("t", "Сәуле", TEACHER, "7").is_teacher
