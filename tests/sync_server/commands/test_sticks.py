"""The commands ``keruen-server stick``, and sticks that are put in while the server runs."""

from __future__ import annotations

import errno
import json
import subprocess
import sys

import pytest

from sync.identity import device_id_bytes
from sync.sticks.choice import read_choice
from sync.sticks.drives import Drive
from sync.sticks.layout import box_name, school_name
from sync.sticks.mailbox import Mailbox
from sync.sticks.marker import make_stick
from sync_server.commands import sticks as cli_sticks
from sync_server.sticks.consent import consent
from sync_server.sticks.visit import Visit
from sync_server.sticks.visiting import Visitor
from sync_server.sticks.watching import AGAIN_S, Watching
from sync_server.sticks.words import visit_line
from tests.support.school import School
from tests.support.server import ROOT, server_command, server_json
from tests.support.server_letters import request_message, up_letter


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A data folder with a pack, and the publisher's id."""
    school = School(tmp_path_factory.mktemp("published"))
    school.publish("algebra-7")
    school.close()
    return str(school.data.root), school.key_id


def mailbox(school, root):
    return Mailbox(make_stick(root), school_name(school.identity.public.id_bytes))


def hand_in(school, root, pupil):
    """Leave a pupil's letter on the stick at a place; return the mailbox."""
    pupil.hand_in(pupil.person("Айгерім"))
    mail = mailbox(school, root)
    box = box_name(school.identity.public.id_bytes, device_id_bytes(pupil.id))
    mail.put_up(box, up_letter(request_message(pupil)))
    return mail


def test_a_stick_is_written_synced_and_checked(published, tmp_path):
    data, key_id = published
    written = server_json("stick", "write", "--data", data, str(tmp_path), "--json")
    (stick,) = written["sticks"]
    assert stick["packs"] == [{"publisher": key_id, "pack": "algebra-7", "version": 1}]
    assert (stick["problem"], stick["safe"]) == (None, True)
    synced = server_json("stick", "sync", "--data", data, str(tmp_path), "--json")
    assert synced["sticks"][0]["written_bytes"] == 0
    checked = server_json("stick", "check", "--data", data, str(tmp_path), "--json")
    assert checked["objects"] > 0
    assert checked["damaged"] == {}


def test_a_damaged_stick_is_named_file_by_file_and_mended_by_sync(published, tmp_path):
    data, _ = published
    server_json("stick", "write", "--data", data, str(tmp_path), "--json")
    objects = list((tmp_path / "KERUEN").glob("repository/*/objects/*/*"))
    objects[0].write_bytes(objects[0].read_bytes()[:-1] + b"?")
    code, output, _ = server_command("stick", "check", "--data", data, str(tmp_path))
    assert code == 1
    assert objects[0].name in output
    catalogue = next((tmp_path / "KERUEN").glob("repository/*/catalogue"))
    catalogue.write_bytes(catalogue.read_bytes()[:-9])
    code, output, _ = server_command("stick", "check", "--remove", "--data", data, str(tmp_path))
    assert code == 1
    assert "Damaged: 2" in output and "/catalogue: " in output
    assert not objects[0].exists() and not catalogue.exists()
    code, output, _ = server_command("stick", "sync", "--data", data, str(tmp_path))
    assert code == 0
    assert "You can take it out." in output
    assert server_command("stick", "check", "--data", data, str(tmp_path))[0] == 0


def test_what_of_which_pack_goes_can_be_chosen(published, tmp_path):
    data, key_id = published
    for wish, how_much in (("algebra-7=text", "text"), (f"{key_id}/algebra-7", "all")):
        server_json("stick", "write", "--data", data, str(tmp_path), "--pack", wish, "--json")
        choice = read_choice(make_stick(tmp_path))
        assert choice.packs == {f"{key_id}/algebra-7": how_much}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["write", "{}", "--pack", "algebra-9"], "not one of the packs"),
        (["write", "{}", "--pack", "algebra-7=half"], "half is none of text"),
        (["write", "{}/nowhere"], "is no folder"),
        (["sync", "{}"], "no folder KERUEN"),
        (["check", "{}"], "no folder KERUEN"),
    ],
)
def test_what_is_not_understood_is_said(published, tmp_path, arguments, sentence):
    arguments = [one.format(tmp_path) for one in arguments]
    code, _, errors = server_command("stick", *arguments, "--data", published[0])
    assert code == 1
    assert sentence in errors
    assert list(tmp_path.iterdir()) == []


def test_a_newer_stick_is_refused_in_words(published, tmp_path):
    make_stick(tmp_path)
    (tmp_path / "KERUEN" / "stick").write_text('{"format":2}')
    code, _, errors = server_command("stick", "write", "--data", published[0], str(tmp_path))
    assert code == 1
    assert "newer program" in errors


def test_a_stick_that_cannot_be_let_in_keeps_no_other_waiting(published, tmp_path):
    first, none, newer, last = roots = [tmp_path / name for name in ("a", "b", "c", "d")]
    for root in roots:
        root.mkdir()
    make_stick(newer)
    (newer / "KERUEN" / "stick").write_text('{"format":2}')
    for root in (first, last):
        server_json("stick", "write", "--data", published[0], str(root), "--json")
    sync = ["stick", "sync", "--data", published[0], *map(str, roots)]
    code, output, _ = server_command(*sync, "--json")
    told = {row["root"]: row["problem"] for row in json.loads(output)["sticks"]}
    assert code == 1
    expected = {first: None, none: "setup", newer: "stick-newer", last: None}
    assert told == {str(root): problem for root, problem in expected.items()}
    code, output, _ = server_command(*sync)
    assert code == 1
    assert f"{none} has no folder KERUEN" in output
    assert f"{last}: Nothing was new. You can take it out." in output


@pytest.mark.parametrize(
    ("visit", "line"),
    [
        (Visit(), "Nothing was new. You can take it out."),
        (
            Visit(letters=2, problem="stick-full"),
            "Came: letters 2. The stick has too little room left."
            " Remove what else is on it, or take another. You can take it out.",
        ),
        (
            Visit(damaged=("mail/1/up/2-3",), problems={"2-3": "stick-damaged"}),
            "Nothing was new. Could not be used: 1. You can take it out.",
        ),
        (
            Visit(problem="stick-gone"),
            "The stick was taken out. Put it in again: nothing is lost, and the rest goes on.",
        ),
        (
            Visit(replies=1, problem="stick-failed", safe=False),
            "Left on it: replies 1. The stick refused to read or write. If that goes on it is worn"
            " out: take another. It held no only copy. Not all of it may be whole.",
        ),
    ],
)
def test_the_line_of_a_visit_says_what_to_do(visit, line):
    assert visit_line(visit) == line


def test_sticks_that_are_in_are_listed_and_synced(school, enrolled, tmp_path, monkeypatch):
    pupil = enrolled(students=["Айгерім"])
    ours, empty, foreign = (tmp_path / name for name in ("ours", "empty", "foreign"))
    for root in (ours, empty, foreign):
        root.mkdir()
    mail = hand_in(school, ours, pupil)
    Mailbox(make_stick(foreign), "0" * 16).put_up("1" * 16, up_letter())
    found = [Drive(root, root.name, "vfat", True) for root in (ours, empty, foreign)]
    found.append(Drive(tmp_path, "a disk", "ext4", False))
    monkeypatch.setattr(cli_sticks, "drives", lambda: tuple(found))
    data = str(school.folder.root)
    rows = server_json("stick", "list", "--data", data, "--json")["sticks"]
    assert [(row["label"], row["ours"]) for row in rows] == [
        ("ours", True),
        ("empty", False),
        ("foreign", False),
    ]
    code, output, _ = server_command("stick", "list", "--data", data)
    assert code == 0
    assert "another school's letters" in output
    synced = server_json("stick", "sync", "--data", data, "--json")["sticks"]
    assert [(row["letters"], row["other_schools"]) for row in synced] == [(1, 0), (0, 1)]
    assert len(mail.replies()) == 1
    assert list(empty.iterdir()) == []


def test_consent_is_given_taken_back_and_told(school):
    data = str(school.folder.root)
    told = [
        server_json("stick", "consent", "--data", data, *answer, "--json")["consent"]
        for answer in ((), ("on",), (), ("off",), ())
    ]
    assert told == [False, True, True, False, False]


class Plug:
    """A machine's drives, and what a server that watches them says."""

    def __init__(self, school, clock):
        self.drives = ()
        self.said = []
        self.now_s = 0.0
        self.watching = Watching(
            school.folder,
            lambda *one: self.said.append(one),
            lambda: self.drives,
            clock,
            lambda: self.now_s,
        )

    def put_in(self, *roots, removable=True):
        self.drives = tuple(Drive(root, "", "vfat", removable) for root in roots)
        self.watching.poll()
        said, self.said = self.said, []
        return said


@pytest.fixture
def plug(school, clock):
    plug = Plug(school, clock)
    yield plug
    plug.watching.stop()


def test_a_stick_that_is_put_in_waits_until_somebody_agrees(school, enrolled, plug, tmp_path):
    mail = hand_in(school, tmp_path, enrolled(students=["Айгерім"]))
    ((root, sentence, value),) = plug.put_in(tmp_path)
    assert (root, value) == (tmp_path, {"waits": True})
    assert "keruen-server stick sync" in sentence
    assert mail.replies() == ()
    assert plug.put_in(tmp_path) == []
    consent(school.store, given=True)
    ((_, sentence, value),) = plug.put_in(tmp_path)
    assert value["letters"] == 1
    assert "You can take it out." in sentence
    assert len(mail.replies()) == 1
    assert plug.put_in(tmp_path) == []
    plug.put_in()
    ((_, sentence, value),) = plug.put_in(tmp_path)
    assert (value["letters"], value["replies"]) == (0, 0)
    assert "Nothing was new." in sentence


def test_a_stick_that_stays_in_hears_what_comes_meanwhile(school, enrolled, road, plug, tmp_path):
    pupil, teacher = enrolled(students=["Айгерім"]), enrolled(teachers=["Гүлнар"])
    mail = hand_in(school, tmp_path, pupil)
    consent(school.store, given=True)
    plug.put_in(tmp_path)
    (before,) = mail.replies()
    plug.now_s = AGAIN_S
    assert plug.put_in(tmp_path) == []
    teacher.exchange_all(road)
    work = next(one for one in teacher.inbox.of_kind("submission"))
    teacher.mark(teacher.person("Гүлнар"), pupil.person("Айгерім"), work)
    teacher.exchange_all(road)
    assert plug.put_in(tmp_path) == []
    plug.now_s = 2 * AGAIN_S
    ((_, _, value),) = plug.put_in(tmp_path)
    assert (value["letters"], value["replies"]) == (0, 1)
    (after,) = mail.replies()
    assert after.number == before.number + 1


def test_what_fails_with_one_stick_keeps_no_other_waiting(school, plug, tmp_path, monkeypatch):
    consent(school.store, given=True)
    bad, good = tmp_path / "bad", tmp_path / "good"
    for root in (bad, good):
        root.mkdir()
        make_stick(root)
    visit = Visitor.visit

    def failing(self, volume, *rest, **named):
        if volume.path.parent == bad and plug.now_s < AGAIN_S:
            raise OSError(errno.ENOSPC, "the server's disk is full")
        return visit(self, volume, *rest, **named)

    monkeypatch.setattr(Visitor, "visit", failing)
    assert [root for root, _, _ in plug.put_in(bad, good)] == [good]
    plug.now_s = AGAIN_S
    plug.put_in(bad, good)
    assert plug.watching.visits == 3, "both, the bad one as well"


def test_what_is_no_stick_of_this_school_is_left_alone(school, plug, tmp_path):
    consent(school.store, given=True)
    plain, disk, foreign, newer = (tmp_path / name for name in ("a", "b", "c", "d"))
    for root in (plain, disk, foreign, newer):
        root.mkdir()
    (plain / "photos.txt").write_text("somebody's")
    make_stick(disk)
    Mailbox(make_stick(foreign), "0" * 16).put_up("1" * 16, up_letter())
    make_stick(newer)
    (newer / "KERUEN" / "stick").write_text('{"format":2}')
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert plug.put_in(disk, removable=False) == []
    assert plug.put_in(plain) == []
    ((_, _, value),) = plug.put_in(foreign)
    assert value == {"problem": "stick-foreign"}
    ((_, _, value),) = plug.put_in(newer)
    assert value["problem"] == "stick-newer"
    after = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert [path for path in after if path.name != "lock"] == before


SERVER = """
import sys
import time
from pathlib import Path
from sync.sticks.drives import Drive
from sync_server.cli import main
from sync_server.sticks import watching

found = (Drive(Path(sys.argv[1]), "", "vfat", True),)
watching.Watching.__init__.__defaults__ = (lambda: found, None, time.monotonic)
sys.exit(main(sys.argv[2:]))
"""


def test_a_running_server_lets_a_stick_in(enrolled, school, tmp_path):
    mail = hand_in(school, tmp_path, enrolled(students=["Айгерім"]))
    consent(school.store, given=True)
    options = ["--data", str(school.folder.root), "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path), "run", *options, "--log-json", "--json"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stderr is not None
        said = json.loads(process.stderr.readline())
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert (said["stick"], said["letters"], said["safe"]) == (str(tmp_path), 1, True)
    assert len(mail.replies()) == 1
    assert process.returncode == 0
