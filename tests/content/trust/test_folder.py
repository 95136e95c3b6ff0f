from __future__ import annotations

from pathlib import Path

import pytest

from content.errors import ContentError, FormatError, MissingError
from content.trust.certificate import chain_name
from content.trust.files import TrustFile
from content.trust.folder import TrustFolder, name_of, pins_in, read_trust_file
from tests.support import trust as world
from tests.support.trust import HOLDERS, MINISTRY, PIN, ROOT_FILE, ROOT_ID, chain_of, withdraw

CHAIN = chain_of((MINISTRY,))
LIST = withdraw(HOLDERS[:2], ROOT_ID, 1)
SECOND = world.sign_root(world.make_root(HOLDERS, 1, 2, ROOT_ID))
FILES = {
    TrustFile("roots", f"{ROOT_ID}/1"): ROOT_FILE,
    TrustFile("roots", f"{ROOT_ID}/2"): SECOND,
    TrustFile("chains", chain_name(CHAIN)): CHAIN,
    TrustFile("withdrawals", ROOT_ID): LIST,
}


def test_files_are_kept_and_found_in_order(tmp_path: Path) -> None:
    folder = TrustFolder(tmp_path)
    for file, data in reversed(list(FILES.items())):
        folder.write(file, data)
        assert folder.read(file) == data
    assert list(folder.files()) == list(FILES)
    (tmp_path / "trust" / "roots" / "other").write_text("x")
    (tmp_path / "trust" / "chains" / "x.tmp").write_text("x")
    assert list(folder.files()) == list(FILES)
    assert list(TrustFolder(tmp_path / "none").files()) == []


def test_every_file_knows_its_name(tmp_path: Path) -> None:
    for file, data in FILES.items():
        assert name_of(data, "x") == file
        (tmp_path / "file").write_bytes(data)
        assert read_trust_file(tmp_path / "file") == (file, data)


@pytest.mark.parametrize("data", [b"", b"{}", b"\n", world.catalogue(MINISTRY, 1), b"\x00" * 99])
def test_other_files_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(ContentError, match=r"^/a/file"):
        name_of(data, "/a/file")


@pytest.mark.parametrize("name", ["..", "../x", "/etc/passwd", "x", "0" * 33, f"{ROOT_ID}/0"])
@pytest.mark.parametrize("kind", ["roots", "chains", "withdrawals"])
def test_no_name_leaves_the_folder(tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(FormatError, match="is no name in"):
        TrustFolder(tmp_path).path(TrustFile(kind, name))


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="withdrawals"):
        TrustFolder(tmp_path).read(TrustFile("withdrawals", ROOT_ID))


def test_pins_are_those_of_first_versions() -> None:
    assert pins_in(FILES) == {ROOT_ID: PIN}
