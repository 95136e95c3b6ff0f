from __future__ import annotations

import os
from pathlib import Path

import pytest

from client.data import copying
from client.data.copying import copy_file, copy_files, files_below


def tree(folder, **files):
    for name, data in files.items():
        path = folder.joinpath(*name.split("__"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_what_is_there_already_is_not_written_again(tmp_path):
    source = tree(tmp_path / "a", one=b"1", in__two=b"22", in__deep__three=b"333")
    target = tmp_path / "b"
    assert copy_files(source, target, files_below(source)) == 6
    assert copy_files(source, target, files_below(source)) == 0
    tree(target, in__two=b"2x")
    heard = []
    files = files_below(source)
    assert copy_files(source, target, files, lambda *one: heard.append(one)) == 2
    assert heard == [(3, 6), (5, 6), (6, 6)]
    assert (target / "in" / "two").read_bytes() == b"22"


def test_links_become_what_they_lead_to(tmp_path):
    source = tree(tmp_path / "a", lib__real=b"code")
    (source / "link").symlink_to("lib/real")
    (source / "inner").symlink_to("lib")
    copy_files(source, tmp_path / "b", files_below(source))
    for name in ("link", "inner/real"):
        assert (tmp_path / "b" / name).read_bytes() == b"code"
        assert not (tmp_path / "b" / name).is_symlink()


def test_names_are_left_out_in_the_folder_itself_only(tmp_path):
    source = tree(tmp_path / "a", data=b"1", in__data=b"1")
    assert [one.path for one in files_below(source, ["data"])] == [str(Path("in", "data"))]


def test_a_copy_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    source = tree(tmp_path / "a", one=b"new")
    target = tree(tmp_path / "b", one=b"old")

    def refused(*_):
        raise OSError("no")

    monkeypatch.setattr(copying.os, "fsync", refused)
    with pytest.raises(OSError, match="no"):
        copy_file(source / "one", target / "one")
    assert [path.name for path in target.iterdir()] == ["one"]
    assert (target / "one").read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_private_file_stays_private(tmp_path):
    source = tree(tmp_path / "a", keys=b"1")
    (source / "keys").chmod(0o600)
    copy_file(source / "keys", tmp_path / "keys")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
