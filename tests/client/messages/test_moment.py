from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.messages import LANGUAGES, Messages
from client.messages.moment import Moment


def ms(*parts):
    return int(datetime(*parts).timestamp() * 1000)


NOW = ms(2026, 3, 19, 16, 30)  # a Thursday


def said(language, then, form=""):
    return Messages(language, lambda: NOW).moment(then, form)


@pytest.mark.parametrize(
    ("then", "kk", "ru", "en"),
    [
        (ms(2026, 3, 19, 14, 5), "бүгін 14:05", "сегодня в 14:05", "today at 14:05"),
        (ms(2026, 3, 18, 9, 0), "кеше 09:00", "вчера в 09:00", "yesterday at 09:00"),
        (ms(2026, 3, 17, 9, 0), "сейсенбі күні 09:00", "во вторник в 09:00", "on Tuesday at 09:00"),
        (ms(2026, 3, 3, 9, 0), "3 наурыз 09:00", "3 марта в 09:00", "3 March at 09:00"),
        (ms(2025, 9, 1, 8, 0), "2025 ж. 1 қыркүйек", "1 сентября 2025 г.", "1 September 2025"),
        (ms(2026, 3, 20, 9, 0), "20 наурыз 09:00", "20 марта в 09:00", "20 March at 09:00"),
    ],
)
def test_times_as_people_say_them(then, kk, ru, en):
    assert [said(language, then) for language in ("kk", "ru", "en")] == [kk, ru, en]


def test_in_a_sentence():
    then = ms(2026, 3, 19, 14, 5)
    texts = [
        Messages(language, lambda: NOW).text("status.received", time=Moment(then))
        for language in LANGUAGES
    ]
    assert texts == [
        "Жіберілді. Мектеп 14:05-те алды.",
        "Отправлено. Школа получила в 14:05.",
        "Sent. Received by the school at 14:05.",
    ]
    assert said("ru", ms(2026, 3, 15, 10, 20), "at") == "в воскресенье в 10:20"
    assert said("kk", ms(2026, 3, 3, 10, 20), "at") == "3 наурыз күні 10:20-да"
    assert said("en", ms(2026, 3, 18, 1, 0), "date") == "yesterday"


@pytest.mark.parametrize(
    ("minute", "ending"),
    [(0, "де"), (1, "де"), (3, "те"), (6, "да"), (9, "да"), (10, "да"), (15, "те"), (20, "да"),
     (30, "да"), (40, "та"), (44, "те"), (50, "де"), (56, "да")],
)  # fmt: skip
def test_the_kazakh_ending_follows_the_numeral(minute, ending):
    then = ms(2026, 3, 19, 14, minute)
    assert said("kk", then, "at") == f"14:{minute:02}-{ending}"


@given(st.integers(-(10**18), 10**18), st.sampled_from(LANGUAGES), st.sampled_from(["", "at"]))
def test_any_time_a_broken_machine_writes_can_be_said(then, language, form):
    assert said(language, then, form)


def test_the_time_zone_of_the_machine_counts(monkeypatch):
    if not hasattr(time, "tzset"):
        pytest.skip("the system's time zone cannot be set here")
    then = 1_773_900_300_000  # 2026-03-19 06:05 UTC
    try:
        monkeypatch.setenv("TZ", "UTC-5")
        time.tzset()
        assert Messages("en", lambda: then).moment(then) == "today at 11:05"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_unknown_form_is_a_mistake():
    with pytest.raises(ValueError, match="soon"):
        said("en", NOW, "soon")
