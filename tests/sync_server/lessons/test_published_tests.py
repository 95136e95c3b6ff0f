"""Codes are tried where the test is published; elsewhere nothing can be said of them."""

from __future__ import annotations

import pytest

from content.building.builder import build_pack
from content.commands.codes import pack_codes
from sync_server.errors import CodeError, PublishError, SetupError
from sync_server.lessons.published_tests import check_codes
from tests.content.sealing.samples import as_toml, sealed_task
from tests.support.pack_source import PACK, write_source
from tests.support.packs import KEY


@pytest.fixture
def card(tmp_path, school):
    """The codes of a sealed test that is published at the school."""
    source = write_source(tmp_path / "source", lessons=("meaning",), video_bytes=0)
    task = source / "lessons" / "meaning" / "tasks" / "check.toml"
    task.write_text(as_toml(sealed_task("all")), encoding="utf-8")
    build_pack(source, tmp_path / "repository", KEY)
    school.publish(tmp_path / "repository", KEY.public.key_id)
    return [one.code for one in pack_codes(source, KEY)]


def check(school, *codes, pack=PACK, lesson="meaning", task="check"):
    return check_codes(school.folder.repositories, pack, lesson, task, codes)


def test_the_codes_of_the_card_pass_and_others_are_refused(school, card):
    assert check(school, *card)
    for codes in (("0000-0000-0000",), (card[0], "0000-0000-0000")):
        with pytest.raises(CodeError, match="0000-0000-0000 does not open") as refused:
            check(school, *codes)
    assert refused.value.code == "code-wrong"


def test_what_is_not_published_cannot_be_tried(school, card):
    assert not check(school, "0000-0000-0000", pack="another")
    (school.folder.repositories / "stray").mkdir()
    assert check(school, *card)


def test_a_task_that_the_pack_has_not_is_refused(school, card):
    with pytest.raises(SetupError, match="has no task"):
        check(school, *card, task="none")


def test_a_damaged_publication_is_said(school, card):
    (school.folder.repositories / KEY.public.key_id / "catalogue").write_bytes(b"x")
    with pytest.raises(PublishError):
        check(school, *card)
