"""A school that trusts a root: what the root certifies is published, and laptops are told."""

from __future__ import annotations

import json

import pytest

from content.building.builder import build_pack
from content.limits import Limits
from content.trust.accepting import accept_chain
from content.trust.errors import OlderTrustError, ThresholdError
from content.trust.files import TrustFile
from content.trust.publishing import attach
from content.trust.withdrawal import Withdrawn
from sync.errors import SyncError
from sync.exchanges.dialogue import exchange_once
from sync.roads.http import HttpRoad
from sync_server.backups.making import back_up
from sync_server.backups.restoring import Backup, restore
from sync_server.cli import main
from sync_server.data_folder import DataFolder
from sync_server.errors import (
    OlderCatalogueError,
    PublishError,
    SetupError,
    UnknownPublisherError,
)
from sync_server.lessons.trusting import Trusting, distrust, learn
from tests.support import trust as world
from tests.support.packs import write_source
from tests.support.server import running_server
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    PIN,
    ROOT_FILE,
    ROOT_ID,
    TEACHER,
    chain_of,
    withdraw,
)

ME = TEACHER.public.key_id


@pytest.fixture
def root_file(tmp_path):
    (tmp_path / "root.1").write_bytes(ROOT_FILE)
    return tmp_path / "root.1"


def repository(folder, **limits):
    chain = chain_of((MINISTRY, TEACHER), {1: {"limits": Limits(**limits)}})
    files = {
        TrustFile("roots", f"{ROOT_ID}/1"): ROOT_FILE,
        TrustFile("chains", world.chain_name(chain)): chain,
    }
    attach(folder / "repository", files, TEACHER)
    source = write_source(folder / "source", video_bytes=1000)
    build_pack(source, folder / "repository", TEACHER)
    return folder / "repository"


def trust(school, *paths, root_id=ROOT_ID):
    return learn(school.store, Trusting(school.folder.root), paths, root_id)


def rows(school):
    with school.store.transaction() as transaction:
        return {p.key_id: (p.public_key, p.serial) for p in transaction.publishers()}


def test_a_certified_publisher_needs_no_word_of_the_server(school, tmp_path, root_file):
    assert trust(school, root_file) == {f"root-{ROOT_ID}": 1}
    done = school.publish(repository(tmp_path))
    assert (done.publisher, done.serial) == (ME, 2)
    assert rows(school) == {f"root-{ROOT_ID}": (PIN, 1), ME: (b"", 2)}
    assert school.publish(tmp_path / "repository").copied_files == 0


def test_laptops_learn_pins_and_numbers_but_no_key(school, tmp_path, root_file, enrolled, road):
    trust(school, root_file)
    school.publish(repository(tmp_path))
    answer = enrolled(students=["Айгерім"]).exchange(road).answer
    assert answer.publishers == {f"root-{ROOT_ID}": PIN}
    assert answer.catalogues == {f"root-{ROOT_ID}": 1, ME: 2}


def test_without_the_root_nothing_is_published(school, tmp_path):
    with pytest.raises(UnknownPublisherError):
        school.publish(repository(tmp_path))
    assert rows(school) == {}


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"packs": ("other",)}, "does not cover equations"),
        ({"subjects": ("history",)}, "is about algebra"),
        ({"versions": 1}, "ends with number 1"),
        ({"schools": ("another",)}, "does not cover this school"),
    ],
)
def test_limits_hold_on_the_server_too(school, tmp_path, root_file, limits, sentence):
    trust(school, root_file)
    with pytest.raises(PublishError, match=sentence):
        school.publish(repository(tmp_path, **limits))
    assert ME not in rows(school)
    assert not (school.folder.repositories / ME).exists()


def test_a_withdrawn_publisher_publishes_nothing_newer(school, tmp_path, root_file):
    trust(school, root_file)
    folder = repository(tmp_path)
    school.publish(folder)
    (tmp_path / "list").write_bytes(withdraw(HOLDERS[:2], ROOT_ID, 1, Withdrawn(ME)))
    assert trust(school, tmp_path / "list")[f"withdrawals-{ROOT_ID}"] == 1
    assert school.publish(folder).copied_files == 0
    write_source(tmp_path / "next", version=2, video_bytes=1000)
    build_pack(tmp_path / "next", folder, TEACHER)
    with pytest.raises(PublishError, match="which was withdrawn"):
        school.publish(folder)
    assert rows(school)[ME] == (b"", 2)


def test_older_or_half_signed_files_are_refused(school, tmp_path, root_file):
    trust(school, root_file)
    for name, data in (
        ("new", withdraw(HOLDERS[:2], ROOT_ID, 5)),
        ("old", withdraw(HOLDERS[:2], ROOT_ID, 4)),
        ("half", withdraw(HOLDERS[:1], ROOT_ID, 6)),
    ):
        (tmp_path / name).write_bytes(data)
    trust(school, tmp_path / "new")
    before = rows(school)
    with pytest.raises(OlderTrustError):
        trust(school, tmp_path / "old")
    with pytest.raises(ThresholdError):
        trust(school, tmp_path / "half")
    assert rows(school) == before


def test_roots_are_followed_and_given_together(school, tmp_path, root_file):
    second = world.make_root(HOLDERS, 1, 2, ROOT_ID)
    (tmp_path / "root.2").write_bytes(world.sign_root(second))
    assert trust(school, tmp_path / "root.2", root_file) == {f"root-{ROOT_ID}": 2}
    assert trust(school, root_file) == {f"root-{ROOT_ID}": 2}
    state = Trusting(school.folder.root).state()
    assert accept_chain(state, chain_of((MINISTRY,), signers=HOLDERS[2:]))


def test_a_root_is_trusted_by_its_id_alone(school, tmp_path, root_file):
    with pytest.raises(SetupError, match="None of these files is number 1 of root 0000"):
        trust(school, root_file, root_id="0" * 32)


def test_files_of_trust_are_served_and_nothing_else(school, tmp_path, root_file):
    trust(school, root_file)
    school.publish(repository(tmp_path))
    with running_server(school.folder.root) as url, HttpRoad(url) as road:
        base = f"/repository/{ME}/trust"
        assert road.fetch(f"{base}/roots/{ROOT_ID}/1", 10_000) == ROOT_FILE
        for path in ("state", "roots/../state", f"chains/{'0' * 64}", "withdrawals/x"):
            with pytest.raises(SyncError):
                road.fetch(f"{base}/{path}", 10_000)


def test_the_command(school, root_file, capsys):
    data = str(school.folder.root)
    assert main(["trust", "--data", data, str(root_file), "--root", ROOT_ID, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"newest": {f"root-{ROOT_ID}": 1}}
    root_file.write_bytes(ROOT_FILE[:-3])
    assert main(["trust", "--data", data, str(root_file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "format-invalid"


def test_a_backup_holds_what_was_accepted(school, tmp_path, root_file):
    trust(school, root_file)
    school.publish(repository(tmp_path))
    back_up(school.folder, tmp_path / "backup")
    restore(Backup(tmp_path / "backup"), DataFolder(tmp_path / "copy"))
    copy = Trusting(tmp_path / "copy")
    assert copy.state() == Trusting(school.folder.root).state()
    assert list(copy.files.files()) == list(Trusting(school.folder.root).files.files())


@pytest.fixture
def named(school, tmp_path):
    """The id of a publisher whom the server trusts directly, with something published."""
    source = write_source(tmp_path / "source", video_bytes=1000)
    build_pack(source, tmp_path / "repository", TEACHER)
    school.publish(tmp_path / "repository", trust=ME)
    return ME


def test_trust_in_a_key_is_taken_back(school, tmp_path, named, enrolled, road):
    laptop = enrolled(students=["Айгерім"])
    assert laptop.exchange(road).answer.publishers == {ME: TEACHER.public.raw}
    distrust(school.store, Trusting(school.folder.root), named)
    assert rows(school) == {}
    with pytest.raises(UnknownPublisherError):
        school.publish(tmp_path / "repository")
    answer = exchange_once(laptop._parties(), road, {ME: 1}).answer
    assert (answer.publishers, answer.catalogues) == ({}, {})
    assert laptop.exchange(road).answer.publishers is None


def test_a_key_that_is_trusted_again_cannot_go_back(school, tmp_path, named):
    older = (tmp_path / "repository" / "catalogue").read_bytes()
    write_source(tmp_path / "next", version=2, video_bytes=1000)
    build_pack(tmp_path / "next", tmp_path / "repository", TEACHER)
    school.publish(tmp_path / "repository")
    distrust(school.store, Trusting(school.folder.root), named)
    newer = (tmp_path / "repository" / "catalogue").read_bytes()
    (tmp_path / "repository" / "catalogue").write_bytes(older)
    with pytest.raises(OlderCatalogueError):
        school.publish(tmp_path / "repository", trust=ME)
    (tmp_path / "repository" / "catalogue").write_bytes(newer)
    assert school.publish(tmp_path / "repository", trust=ME).serial == 2


def test_trust_in_a_root_is_taken_back(school, tmp_path, root_file):
    trust(school, root_file)
    school.publish(repository(tmp_path))
    trusting = Trusting(school.folder.root)
    with pytest.raises(SetupError, match="by certificate"):
        distrust(school.store, trusting, ME)
    distrust(school.store, trusting, ROOT_ID)
    assert rows(school) == {ME: (b"", 2)}
    assert trusting.state().pins == {}
    with pytest.raises(UnknownPublisherError):
        school.publish(tmp_path / "repository")
    assert trust(school, root_file) == {f"root-{ROOT_ID}": 1}


def test_taking_back_by_command(school, named, capsys):
    data = str(school.folder.root)
    assert main(["trust", "--data", data, "--remove", ME, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"newest": {}, "removed": ME}
    for arguments, words in (
        (["--remove", ME], f"No key and no root with the id {ME} is trusted here."),
        ([], "Give files of trust"),
        (["--remove", ME, "--root", ROOT_ID], "Give files of trust"),
    ):
        assert main(["trust", "--data", data, *arguments]) == 1
        assert words in capsys.readouterr().err
