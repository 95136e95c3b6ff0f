"""A repository from a stranger's stick: odd names, links, pipes and devices among its files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from content.building.copying import copy_packs
from content.cli import main
from content.errors import ContentError
from content.repositories.garbage import clear_garbage
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.trust.check import trust_problems
from tests.support.packs import KEY, build_sample

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes nor bare links")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    build_sample(tmp_path, video_bytes=10)
    return Repository(tmp_path / "repository")


def everything(folder: Path) -> set:  # type: ignore[type-arg]
    return {(path, path.is_symlink() or path.lstat().st_size) for path in folder.rglob("*")}


def test_strange_names_are_named_or_passed_over(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (b"manifests/file", b"manifests/\xff/1", b"patches/file", b"patches/x/1-2-3",
                 b"objects/file", b"objects/\xff\xfe/\xfd", b"trust/file", b"trust/roots/\xff/1",
                 b"manifests/equations/007", b"manifests/equations/" + b"9" * 200,
                 b"listings/\xff", "manifests/equations/\u0661".encode()):  # fmt: skip
        path = Path(os.fsdecode(os.path.join(os.fsencode(repository.folder), name)))  # noqa: PTH118
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    problems = verify_repository(repository)
    assert all(one.path.encode() and one.text.encode() for one in problems)
    assert trust_problems(repository.folder) == ()
    assert main(["verify", str(repository.folder)]) in (0, 1)
    assert main(["verify", str(repository.folder), "--json"]) in (0, 1)
    assert "Traceback" not in capsys.readouterr().err


NAMES = ("catalogue", "publisher", "manifests/equations/1", "objects", "listings/equations/1")


def place(repository: Repository, name: str) -> Path:
    path = repository.folder / name
    return next(path.glob("*/*")) if path.is_dir() else path


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["pipe", "device", "loop", "folder", "nothing"])
def test_what_is_no_plain_file_is_a_problem_at_once(
    repository: Repository, tmp_path: Path, name: str, kind: str
) -> None:
    path = place(repository, name)
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind != "nothing":
        path.symlink_to("/dev/zero" if kind == "device" else path)
    assert verify_repository(repository) or name.startswith("listings")
    target = Repository(tmp_path / "copy")
    try:
        trusted = {KEY.public.key_id: KEY.public.raw}
        copy_packs(repository.catalogue(trusted), repository, target, trusted)
    except ContentError as problem:
        assert str(problem)
    assert main(["info", str(repository.folder)]) in (0, 1)


def test_a_link_to_a_secret_gives_nothing_away(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"hunter2")
    path = place(repository, "objects")
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    trusted = {KEY.public.key_id: KEY.public.raw}
    with pytest.raises(ContentError) as caught:
        copy_packs(
            repository.catalogue(trusted), repository, Repository(tmp_path / "copy"), trusted
        )
    assert "hunter2" not in str(caught.value)
    copied = [one for one in (tmp_path / "copy").rglob("*") if one.is_file()]
    assert all(b"hunter2" not in one.read_bytes() for one in copied)


@pytest.mark.parametrize("linked", ["objects", "objects/ff", "manifests/equations"])
def test_collecting_garbage_deletes_nothing_behind_a_link(
    repository: Repository, tmp_path: Path, linked: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "ff").mkdir(parents=True)
    for name in ("ff/" + "f" * 64, "9", "ff/9", "f" * 64):
        (elsewhere / name).write_bytes(b"mine")
    before = everything(elsewhere)
    path = repository.folder / linked
    if path.exists():
        shutil.move(str(path), str(tmp_path / "kept"))
    path.symlink_to(elsewhere)
    try:
        clear_garbage(repository, {KEY.public.key_id: KEY.public.raw})
    except ContentError as problem:
        assert str(problem)
    assert everything(elsewhere) == before
