from __future__ import annotations

from client.laptop.packs import lesson_index
from tests.support.pack_source import LESSONS, PACK, PACK_TITLE, TASK_TITLES


def test_a_card_says_what_a_list_shows(sample):
    first, second, third = sample.lessons()
    assert (first.pack, first.version, first.lesson, first.place) == (PACK, 1, "meaning", 1)
    assert (first.title, first.summary) == (LESSONS[0][1], LESSONS[0][2])
    assert (first.subject, first.grade, first.minutes) == ("algebra", 7, 20)
    assert first.pack_title == PACK_TITLE
    assert second.task_ids == ("practice", "explain")
    assert [card.has_video for card in (first, second, third)] == [True] * 3
    assert [card.video_ready for card in (first, second, third)] == [True, True, False]


def test_titles_of_tasks(sample):
    titles = lesson_index.task_titles(sample._store.database.connection)
    assert titles[PACK, "solving", "practice"] == TASK_TITLES["practice"]
    assert len(titles) == 4


def test_a_forgotten_pack_has_no_version(sample):
    connection = sample._store.database.connection
    assert lesson_index.version_of(connection, PACK) == 1
    lesson_index.forget(connection, PACK)
    assert lesson_index.version_of(connection, PACK) == 0
    assert sample.lessons() == ()
