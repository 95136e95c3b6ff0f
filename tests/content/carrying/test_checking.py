"""Signed files on a stick: each that is not what its publisher signed is named, and no other."""

from __future__ import annotations

from pathlib import Path
from typing import List

import pytest

from content.carrying import plan_from_installation
from content.carrying.checking import signed_files
from content.installation import Installation
from content.repositories.repository import Repository
from tests.support.carrying import FolderShelf
from tests.support.packs import KEY, OTHER_KEY, build_sample

PUBLISHER = KEY.public.key_id


class OpenShelf(FolderShelf):
    def open(self, path):
        return (self.folder / path).open("rb")


@pytest.fixture
def stick(tmp_path: Path) -> OpenShelf:
    """A stick as a laptop writes it: with a core packed again."""
    manifest = build_sample(tmp_path)
    repository = Repository(tmp_path / "repository")
    installation = Installation(tmp_path / "packs")
    staging = installation.begin(manifest, repository.manifest_bytes("equations", 1))
    staging.put_core(repository.read_object(manifest.core.object, manifest.core.size_bytes))
    staging.finish()
    plan = plan_from_installation(
        installation, KEY.public, repository.catalogue_bytes(), {"equations": "all"}
    )
    shelf = OpenShelf(tmp_path / "KERUEN")
    shelf.carry_out(plan)
    return shelf


def damaged(stick: OpenShelf) -> List[str]:
    return [path for path, is_whole in signed_files(stick, PUBLISHER) if not is_whole()]


def test_a_whole_stick_is_whole(stick: OpenShelf) -> None:
    assert damaged(stick) == []
    assert len(list(signed_files(stick, PUBLISHER))) == 3, "cores are known by their manifests"


@pytest.mark.parametrize("where", ["publisher", "catalogue", "manifests/", "cores/"])
@pytest.mark.parametrize("at", [0.3, 0.6, 0.99])
def test_one_flipped_bit_is_named_by_its_path(stick: OpenShelf, where: str, at: float) -> None:
    (path,) = [path for path in stick.folder.rglob("*") if path.is_file() and where in str(path)]
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 1
    path.write_bytes(data)
    assert damaged(stick) == [path.relative_to(stick.folder).as_posix()]


def test_where_the_key_is_gone_nothing_is_called_damaged_that_can_be_read(stick: OpenShelf) -> None:
    (stick.folder / "repository" / PUBLISHER / "publisher").unlink()
    assert damaged(stick) == []
    (stick.folder / "repository" / PUBLISHER / "catalogue").write_bytes(b"{")
    assert damaged(stick) == [f"repository/{PUBLISHER}/catalogue"]


def test_another_publishers_key_proves_nothing(stick: OpenShelf) -> None:
    path = stick.folder / "repository" / PUBLISHER / "publisher"
    path.write_text(f"{OTHER_KEY.public.key_id} {OTHER_KEY.public.to_text()}\n", "ascii")
    assert damaged(stick) == [f"repository/{PUBLISHER}/publisher"]
