"""The whole road of trust as people type it, and what it says when it is mistyped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

from content.cli import main
from content.trust.accepting import known_chain, known_withdrawals
from content.trust.folder import TrustFolder
from content.trust.publishing import collected
from content.trust.trusted_catalogue import verify_catalogue
from tests.support.packs import write_source


class Desk:
    """A folder with keys, and the commands as typed in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.public: Dict[str, str] = {}
        self.id: Dict[str, str] = {}

    def run(self, line: str, *more: str) -> Any:
        self.capsys.readouterr()
        words = [*line.split(), *more, "--json"]
        code = main([self.placed(word) for word in words])
        said = json.loads(self.capsys.readouterr().out)
        assert code == (1 if "error" in said else 0)
        return said

    def placed(self, word: str) -> str:
        return str(self.folder / word[1:]) if word.startswith("@") else word

    def key(self, name: str) -> None:
        made = self.run(f"key new @{name}.key --no-passphrase")
        self.public[name], self.id[name] = made["public"], made["key_id"]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    for name in ("h1", "h2", "h3", "ministry", "teacher"):
        made.key(name)
    holders = " ".join(f"--holder {made.public[name]}" for name in ("h1", "h2", "h3"))
    made.run(f"root new @root.1 --name Root --threshold 2 {holders} --key @h1.key --key @h2.key")
    made.run(
        f"certify @ministry.chain --root @root.1 --holder {made.public['ministry']} --name M "
        "--may-certify 1 --pack equ* --subject algebra --subject history --school abc --versions 9 "
        "--key @h1.key --key @h3.key"
    )
    made.run(
        f"certify @teacher.chain --root @root.1 --above @ministry.chain --name T "
        f"--holder {made.public['teacher']} --pack equations --versions 5 --key @ministry.key"
    )
    return made


def test_from_the_root_to_a_published_pack(desk: Desk) -> None:
    attached = desk.run("trust @repository @root.1 @teacher.chain --key @teacher.key")
    assert attached["serial"] == 1
    assert desk.run("trust @repository @root.1 @teacher.chain --key @teacher.key") == attached
    write_source(desk.folder / "source", video_bytes=1000)
    desk.run("build @source @repository --key @teacher.key")
    store = TrustFolder(desk.folder / "repository")
    state = collected({file: store.read(file) for file in store.files()})
    data = (desk.folder / "repository" / "catalogue").read_bytes()
    verified = verify_catalogue(data, state, "abc")
    assert [one.pack for one in verified.entries] == ["equations"]
    assert verified.chain is not None
    assert verified.chain.limits.versions == 5
    assert desk.run("verify @repository") == []

    desk.run(
        f"withdraw @ministry.list {desk.id['teacher']} --root @root.1 --above @ministry.chain "
        "--key @ministry.key --last-catalogue @repository/catalogue"
    )
    listed = desk.run(
        f"withdraw @ministry.list {desk.id['h1']} --root @root.1 --above @ministry.chain "
        "--key @ministry.key"
    )
    assert listed["serial"] == 2
    assert desk.run("trust @repository @ministry.list --key @teacher.key")["serial"] == 3
    state = collected({file: store.read(file) for file in store.files()})
    found = known_withdrawals(state, desk.id["ministry"])
    assert found is not None and len(found.withdrawn) == 2


def test_a_root_is_made_by_several_and_rotated(desk: Desk) -> None:
    first = desk.run("root show @root.1")
    assert (first["number"], first["threshold"], len(first["signed"])) == (1, 2, 2)
    holders = " ".join(f"--holder {desk.public[name]}" for name in ("h2", "h3", "teacher"))
    desk.run(f"root rotate @root.1 @root.2 --threshold 2 {holders} --key @h2.key")
    assert len(desk.run("sign @root.2 --key @h1.key --key @teacher.key")["signed"]) == 2
    second = desk.run("root show @root.2")
    assert (second["root"], second["number"], len(second["signed"])) == (first["root"], 2, 3)
    # The ministry's certificate was signed by h1 and h3: h3 alone is too few now.
    failed = desk.run("trust @repository @root.1 @root.2 @teacher.chain --key @teacher.key")
    assert failed["error"] == "threshold-not-met"
    desk.run(
        f"certify @ministry.2 --root @root.2 --holder {desk.public['ministry']} --name M "
        "--number 2 --may-certify 1 --key @h2.key"
    )
    desk.run("sign @ministry.2 --key @h3.key")
    desk.run(
        f"certify @teacher.2 --root @root.2 --above @ministry.2 --name T --number 2 "
        f"--replaces {desk.id['h1']} --after 7 --holder {desk.public['teacher']} "
        "--key @ministry.key"
    )
    desk.run("trust @repository @root.1 @root.2 @teacher.2 --key @teacher.key")
    store = TrustFolder(desk.folder / "repository")
    state = collected({file: store.read(file) for file in store.files()})
    assert known_chain(state, desk.id["teacher"]).publisher.after == 7


MISTAKES: List[Any] = [
    ("root show @h1.key", "format-invalid", "h1.key"),
    ("root show @none", "file-missing", "none"),
    ("sign @h1.pub --key @h1.key", "format-invalid", "h1.pub is no root"),
    ("trust @repository @h1.pub --key @h1.key", "format-invalid", "h1.pub is no root"),
    ("trust @repository @root.1 @teacher.chain --key @h1.key", "not-what-was-asked", "None of"),
    ("withdraw @x nobody --root @root.1 --key @h1.key", "format-invalid", "key id"),
    ("root new @root.1 --name x --threshold 1 --holder A --key @h1.key", "key-file", "44"),
]


@pytest.mark.parametrize(("line", "code", "sentence"), MISTAKES)
def test_mistakes_are_told(desk: Desk, line: str, code: str, sentence: str) -> None:
    (desk.folder / "h1.pub").write_text(desk.public["h1"])
    before = sorted(desk.folder.rglob("*"))
    failed = desk.run(line)
    assert (failed["error"], sentence in failed["text"]) == (code, True), failed
    assert sorted(desk.folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("--above @ministry.chain --versions 10 --key @ministry.key", "limits-wider"),
        ("--above @ministry.chain --pack e* --key @ministry.key", "limits-wider"),
        ("--above @ministry.chain --may-certify 1 --key @ministry.key", "chain-too-long"),
        ("--above @teacher.chain --key @teacher.key", "chain-too-long"),
        ("--above @ministry.chain --key @h1.key", "key-untrusted"),
        ("--pack * --key @h1.key", "format-invalid"),
        ("--number 0 --key @h1.key", "format-invalid"),
    ],
)
def test_nobody_certifies_what_would_be_refused(desk: Desk, more: str, code: str) -> None:
    desk.key("other")
    line = f"certify @x.chain --root @root.1 --holder {desk.public['other']} --name x {more}"
    assert desk.run(line)["error"] == code
    assert not (desk.folder / "x.chain").exists()


def test_no_file_is_replaced_by_a_new_one(desk: Desk) -> None:
    before = (desk.folder / "root.1").read_bytes()
    line = f"certify @root.1 --root @root.1 --holder {desk.public['h1']} --name x --key @h1.key"
    assert desk.run(line)["error"] == "storage"
    assert (desk.folder / "root.1").read_bytes() == before
