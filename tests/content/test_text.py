from __future__ import annotations

from content.text import choose


def test_the_first_language_that_is_there() -> None:
    text = {"ru": "да", "en": "yes"}
    assert choose(text, ("en", "ru")) == "yes"
    assert choose(text, ("kk",)) == "да"
    assert choose({"de": "ja"}, ("kk",)) == "ja"
    assert choose({"kk": "", "ru": "да"}, ("kk",)) == "да"
    assert choose({}, ("kk",)) == ""
