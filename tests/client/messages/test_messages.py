from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

from client import messages as package
from client.laptop import problems
from client.messages import FOLDER, LANGUAGES, Message, Messages, load_table
from client.messages.moment import Moment

ROOT = Path(__file__).resolve().parents[3]
CYRILLIC = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)
NAMES_AND_SIGNS = {"Keruen", "http", "B", "KB", "MB"}
TABLE = load_table()


def forms(value):
    return list(value.values()) if isinstance(value, dict) else [value]


def placeholders(form):
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


@pytest.mark.parametrize("key", sorted(TABLE))
def test_every_message_speaks_three_languages(key):
    entry = TABLE[key]
    assert set(entry) == set(LANGUAGES)
    asked = [placeholders(form) for language in LANGUAGES for form in forms(entry[language])]
    assert all(names == asked[0] for names in asked), "the same values in all languages"
    assert all(form.strip() for language in LANGUAGES for form in forms(entry[language]))


@pytest.mark.parametrize("key", sorted(TABLE))
def test_kazakh_and_russian_are_written_in_their_letters(key):
    for language in ("kk", "ru"):
        for form in forms(TABLE[key][language]):
            words = re.sub(r"\{[^}]*\}|https?://\S+", "", form)
            if re.search("[A-Za-z]", words) and not CYRILLIC.search(words):
                assert set(re.findall("[A-Za-z]+", words)) <= NAMES_AND_SIGNS, form


@pytest.mark.parametrize("key", sorted(TABLE))
def test_plurals_have_the_forms_of_their_language(key):
    wanted = {"ru": {"one", "few", "many"}, "en": {"one", "many"}, "kk": {"one", "many"}}
    for language, value in TABLE[key].items():
        if isinstance(value, dict):
            assert set(value) == wanted[language]
            assert all("n" in placeholders(form) for form in value.values())


def test_every_key_is_used_and_every_used_key_is_there():
    paths = [*(ROOT / "client").rglob("*.py"), *(ROOT / "client").rglob("*.kv")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    # A key is named whole, or built from a beginning: "when.weekday{}", "icon." + name.
    built = set(re.findall(r"""["']([a-z_-]+\.(?:[a-z_.-]*))(?:\{|["'] ?\+)""", source))
    built.update(re.findall(r"""["']([a-z_]+\.[a-z_-]*)["'] \+""", source))
    unused = [
        key
        for key in TABLE
        if f'"{key}"' not in source
        and f"'{key}'" not in source
        and not any(key.startswith(beginning) for beginning in built)
    ]
    assert unused == []
    named = set(
        re.findall(r"""(?:Message|text|tr|sentence_for)\(\s*["']([a-z_]+\.[a-z_.-]+)["']""", source)
    )
    assert {key for key in named if key not in TABLE and not key.endswith(".")} == set()


def test_every_code_has_a_sentence():
    from content import errors as content_errors
    from sync.errors import CODES

    assert set(problems._KEYS.values()) <= set(TABLE)
    assert problems.sentence_for("never-heard-of").key == "error.other"
    our_bugs = {"value-not-canonical"}
    assert {code for code in CODES if code not in problems._KEYS} <= our_bugs
    for name in ("SignatureError", "UntrustedKeyError", "DamagedError", "RollbackError"):
        assert getattr(content_errors, name).code in problems._KEYS


def test_no_key_stands_in_two_areas(tmp_path, monkeypatch):
    for area in ("a", "b"):
        (tmp_path / f"{area}.json").write_text(json.dumps({"x.y": {}}), encoding="utf-8")
    monkeypatch.setattr(package, "FOLDER", tmp_path)
    monkeypatch.setattr(package, "_table", {})
    with pytest.raises(ValueError, match=r"x\.y"):
        load_table()
    assert tmp_path != FOLDER


def test_russian_plurals_agree():
    said = [Messages("ru").text("status.waiting", n=n) for n in (1, 2, 5, 11, 21, 112)]
    assert said == [
        "На этом ноутбуке 1 ответ ждёт отправки.",
        "На этом ноутбуке 2 ответа ждут отправки.",
        "На этом ноутбуке 5 ответов ждут отправки.",
        "На этом ноутбуке 11 ответов ждут отправки.",
        "На этом ноутбуке 21 ответ ждёт отправки.",
        "На этом ноутбуке 112 ответов ждут отправки.",
    ]


def test_values_are_said_in_the_language_of_the_sentence():
    messages = Messages("ru", lambda: 0)
    nested = Message("error.pack-missing", {"subject": {"kk": "Алгебра", "ru": "Числа"}})
    assert "«Числа»" in messages.text(nested)
    assert "2,5" in messages.text("error.points-out-of-bounds", of=2.5)
    assert messages.moment(None) == ""
    assert messages.choose({"kk": "тек қазақша"}) == "тек қазақша"
    assert messages.choose({}) == ""
    inner = Message("status.waiting", {"n": 3})
    assert inner.key in load_table()
    assert "3 ответа" in messages.text("error.newer", subject=inner)


def test_braces_in_what_a_person_wrote_are_not_read_as_values():
    assert "{n}" in Messages("en").text("error.damaged", subject="{n}")


def test_a_missing_value_or_key_or_language_is_noticed():
    with pytest.raises(KeyError):
        Messages("en").text("no.such-key")
    with pytest.raises(KeyError):
        Messages("en").text("status.received")
    with pytest.raises(ValueError, match="fr"):
        Messages("fr")
    assert Messages("en").text("status.received", time=Moment(0))
