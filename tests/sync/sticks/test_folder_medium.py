from __future__ import annotations

import errno
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, List, Optional

import pytest

from sync.errors import ObjectError, StickError
from sync.sticks import folder_medium
from sync.sticks.refusals import stick_error, while_open
from sync.sticks.volume import DiskVolume, FolderVolume, find_stick, make_folder
from tests.support.file_systems import make_image, mounted
from tests.sync.sticks.volume_contract import VolumeContract

posix = pytest.mark.skipif(os.name == "nt", reason="links need no rights elsewhere")


class TestDiskVolume(VolumeContract):
    @pytest.fixture
    def volume(self, tmp_path: Path) -> DiskVolume:
        return DiskVolume(tmp_path)


@pytest.fixture
def volume(tmp_path: Path) -> FolderVolume:
    return make_folder(tmp_path)


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    """Lay a stranger's file beside our folder."""
    path = tmp_path / "diploma.doc"
    path.write_bytes(b"two years of work")
    return path


def linked(volume: FolderVolume, path: str, target: Path) -> Path:
    place = volume.path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
    return place


@posix
@pytest.mark.parametrize("path", ["one", "one.new", "mail/one"])
def test_a_link_out_is_never_followed(volume: FolderVolume, strangers: Path, path: str) -> None:
    linked(volume, path, strangers)
    ours = path[: -len(".new")] if path.endswith(".new") else path
    assert volume.size_bytes(ours) is None
    assert volume.read(ours, 100) is None
    assert volume.begun_bytes(ours) == 0
    with pytest.raises(StickError):
        volume.open(ours)
    volume.write_from(ours, [b"ours"], 3)
    assert volume.read(ours, 100) == b"ours"
    assert strangers.read_bytes() == b"two years of work"


@posix
def test_a_linked_folder_is_none_of_ours(volume: FolderVolume, tmp_path: Path) -> None:
    outside = tmp_path / "photos"
    outside.mkdir()
    (outside / "one").write_bytes(b"a wedding")
    linked(volume, "mail", outside)
    assert volume.names("mail") == ()
    assert volume.read("mail/one", 100) is None
    volume.remove("mail/one")
    volume.write("mail/one", [b"ours"])
    assert volume.read("mail/one", 100) == b"ours"
    assert [path.name for path in outside.iterdir()] == ["one"]
    assert (outside / "one").read_bytes() == b"a wedding"


@posix
def test_a_folder_that_became_a_link_since_the_last_visit_is_noticed(
    volume: FolderVolume, tmp_path: Path
) -> None:
    volume.write("mail/one", [b"ours"])
    shutil.rmtree(str(volume.path / "mail"))
    (tmp_path / "photos").mkdir()
    linked(volume, "mail", tmp_path / "photos")
    with volume.held():
        assert volume.names("mail") == ()
        volume.write("mail/one", [b"ours"])
    assert list((tmp_path / "photos").iterdir()) == []


def test_a_folder_that_somebody_removes_is_made_again(volume: FolderVolume) -> None:
    volume.write("mail/one", [b"ours"])
    shutil.rmtree(str(volume.path / "mail"))
    assert volume.names("mail") == ()
    volume.write("mail/one", [b"ours"])
    assert volume.read("mail/one", 10) == b"ours"


@posix
def test_a_second_name_of_a_stranger_s_file_is_not_written(
    volume: FolderVolume, strangers: Path
) -> None:
    for name in ("one", "one.new", "lock"):
        os.link(str(strangers), str(volume.path / name))
    volume.write_from("one", [b"ours"], 3)
    with volume.held():
        pass
    assert volume.read("one", 100) == b"ours"
    assert strangers.read_bytes() == b"two years of work"


@posix
def test_what_hangs_whoever_opens_it_is_not_opened(volume: FolderVolume) -> None:
    os.mkfifo(str(volume.path / "one"))
    os.mkfifo(str(volume.path / "two.new"))
    os.mkfifo(str(volume.path / "lock"))
    assert volume.size_bytes("one") is None
    assert volume.read("one", 10) is None
    volume.write("one", [b"ours"])
    volume.write_from("two", [b"ours"], 2)
    with volume.held():
        assert volume.read("one", 10) == volume.read("two", 10) == b"ours"


@posix
def test_everybody_may_hold_the_lock(volume: FolderVolume) -> None:
    with volume.held():
        assert stat.S_IMODE((volume.path / "lock").stat().st_mode) == 0o666


def test_a_lock_that_somebody_made_theirs_keeps_nobody_out(
    volume: FolderVolume, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: Path) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(folder_medium, "held", closed)
    with volume.held():
        volume.write("one", [b"ours"])
    assert volume.read("one", 10) == b"ours"


@posix
def test_a_folder_that_is_a_link_is_no_stick(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "KERUEN").symlink_to(tmp_path / "home")
    assert find_stick(tmp_path) is None
    with pytest.raises(StickError):
        make_folder(tmp_path)
    assert list((tmp_path / "home").iterdir()) == []


def test_a_folder_in_a_file_s_place_goes_when_it_is_empty(volume: FolderVolume) -> None:
    (volume.path / "one").mkdir()
    volume.write("one", [b"ours"])
    assert volume.read("one", 10) == b"ours"
    (volume.path / "two" / "full").mkdir(parents=True)
    with pytest.raises(StickError) as caught:
        volume.write("two", [b"ours"])
    assert caught.value.code == "stick-failed"
    assert volume.begun("") == ()


def test_a_file_in_a_folder_s_place_goes(volume: FolderVolume) -> None:
    (volume.path / "mail").write_bytes(b"a virus was here")
    volume.write("mail/one", [b"ours"])
    assert volume.read("mail/one", 10) == b"ours"


def test_names_that_are_none_of_ours_are_passed_over(volume: FolderVolume) -> None:
    for name in (".hidden", "._one", "a b", "қала", "x" * 101, "one.new", "UP", "~$one"):
        (volume.path / name).write_bytes(b"")
    assert volume.names("") == ("up",)
    assert volume.begun("") == ("one",)


ACTS: List[Callable[[FolderVolume], Any]] = [
    lambda volume: volume.names(""),
    lambda volume: volume.names("mail"),
    lambda volume: volume.read("one", 10),
    lambda volume: volume.open("one"),
    lambda volume: volume.write("mail/up/one", [b"x"]),
    lambda volume: volume.write("one", [b"x"]),
    lambda volume: volume.remove("one"),
    lambda volume: volume.size_bytes("one"),
    lambda volume: volume.free_bytes(),
    lambda volume: volume.flush(),
    lambda volume: volume.held().__enter__(),
]


@pytest.mark.parametrize("act", ACTS)
def test_a_stick_that_is_gone_says_so(
    volume: FolderVolume, act: Callable[[FolderVolume], Any]
) -> None:
    volume.write("one", [b"x"])
    shutil.rmtree(str(volume.path))
    with pytest.raises(StickError) as caught:
        act(volume)
    assert caught.value.code == "stick-gone"
    assert not volume.path.exists()


@pytest.mark.parametrize("act", ACTS[:-1])
def test_a_bag_that_is_gone_is_the_disk_s_fault(
    tmp_path: Path, act: Callable[[FolderVolume], Any]
) -> None:
    with pytest.raises(ObjectError) as caught:
        act(DiskVolume(tmp_path / "bag"))  # type: ignore[arg-type]
    assert caught.value.code == "disk-failed"


def test_a_stick_pulled_while_it_is_written_is_gone(tmp_path: Path) -> None:
    image = tmp_path / "image"
    make_image("fat32", image)
    with mounted("fat32", image, tmp_path / "stick") as root:
        volume = make_folder(root)
        volume.write("before", [b"x"])

        def pulled() -> Any:
            yield b"half"
            os.system(f"umount -l '{root}'")  # noqa: S605
            yield b"the other half"

        with pytest.raises(StickError) as caught:
            volume.write("mail/one", pulled())
        assert caught.value.code == "stick-gone"
        assert list(root.iterdir()) == []


def test_a_stick_pulled_before_a_file_gets_its_name_is_gone(volume: FolderVolume) -> None:
    def pulled() -> Any:
        yield b"all"
        shutil.rmtree(str(volume.path))

    with pytest.raises(StickError) as caught:
        volume.write("one", pulled())
    assert caught.value.code == "stick-gone"
    assert not volume.path.exists()


@pytest.mark.parametrize(("device", "wanted"), [(None, "stick-failed"), (0, "stick-gone")])
def test_a_device_that_is_gone_while_its_file_system_answers_is_gone(
    volume: FolderVolume, monkeypatch: pytest.MonkeyPatch, device: Optional[int], wanted: str
) -> None:
    def failing(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    if device is not None:
        monkeypatch.setattr(folder_medium, "device_of", lambda _: device)
    with pytest.raises(StickError) as caught:
        volume.write("one", [b"x"])
    assert caught.value.code == wanted


def test_bytes_are_down_before_a_name_is_and_the_name_after(
    volume: FolderVolume, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: List[str] = []

    def told(name: str) -> str:
        return str(Path(name).relative_to(volume.path)) if name else name

    def fsync(handle: int, then: Callable[[int], None] = os.fsync) -> None:
        steps.append(f"flush {told(os.readlink(f'/proc/self/fd/{handle}'))}")
        then(handle)

    def replace(path: Path, to: Path, then: Callable[..., Any] = Path.replace) -> Any:
        steps.append(f"rename {told(str(path))}")
        return then(path, to)

    if not Path("/proc/self/fd").exists():
        pytest.skip("no way to tell a handle's file")
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    volume.write("mail/up/one", [b"x"])
    named = steps.index("rename mail/up/one.new")
    assert set(steps[:named]) == {"flush .", "flush mail", "flush mail/up/one.new"}
    assert set(steps[named + 1 :]) == {"flush mail/up/one", "flush mail/up"}


@posix
def test_whoever_has_the_stick_may_write_it_and_nobody_a_bag(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        stick, bag = make_folder(tmp_path), tmp_path / "bag"
        bag.mkdir()
        for volume in (stick, DiskVolume(bag)):
            volume.write("mail/one", [b"x"])
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes[stick.path] == modes[stick.path / "mail"] == 0o777
    assert modes[stick.path / "mail" / "one"] == 0o666
    assert modes[bag / "mail"] == 0o700
    assert modes[bag / "mail" / "one"] == 0o600


def test_two_programmes_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    make_folder(tmp_path)
    contents = [bytes([number]) * 20_000 for number in range(3)]

    def write(data: bytes) -> int:
        volume, done = FolderVolume(tmp_path / "KERUEN"), 0
        for _ in range(30):
            try:
                volume.write("mail/one", [data[:10_000], data[10_000:]])
                done += 1
            except StickError as error:
                assert error.code == "stick-busy"
        return done

    with ThreadPoolExecutor(3) as programmes:
        assert sum(programmes.map(write, contents)) > 0
    volume = FolderVolume(tmp_path / "KERUEN")
    assert volume.read("mail/one", 20_000) in contents
    volume.write("mail/one", [b"after"])
    assert volume.read("mail/one", 10) == b"after"


@pytest.mark.parametrize(
    ("code", "gone", "was_writable", "wanted"),
    [
        (errno.ENOSPC, False, True, "stick-full"),
        (errno.EFBIG, False, True, "stick-full"),
        (errno.EIO, False, True, "stick-failed"),
        (errno.EIO, True, True, "stick-gone"),
        (errno.ENOSPC, True, True, "stick-gone"),
        (errno.ENODEV, False, True, "stick-gone"),
        (errno.ENOTCONN, False, True, "stick-gone"),
        (errno.EROFS, False, False, "stick-read-only"),
        (errno.EROFS, False, True, "stick-failed"),
        (errno.EACCES, False, True, "stick-read-only"),
        (errno.ENOENT, False, True, "stick-failed"),
    ],
)
def test_what_the_system_says_is_said_in_a_word(
    code: int, gone: bool, was_writable: bool, wanted: str
) -> None:
    error = OSError(code, os.strerror(code))
    found = stick_error(error, "mail/one", gone=gone, was_writable=was_writable)
    assert found.code == wanted
    assert "mail/one" in str(found)


@pytest.mark.parametrize(
    ("winerror", "wanted"),
    [
        (19, "stick-read-only"),
        (21, "stick-gone"),
        (1167, "stick-gone"),
        (32, "stick-busy"),
        (5, "stick-read-only"),
        (1117, "stick-failed"),
    ],
)
def test_what_windows_says_is_told_apart(winerror: int, wanted: str) -> None:
    error = OSError(errno.EACCES, "said by Windows")
    error.winerror = winerror  # type: ignore[attr-defined, unused-ignore]
    assert stick_error(error, "one", gone=False, was_writable=True).code == wanted
    if winerror == 5:
        found = stick_error(while_open(error), "one", gone=False, was_writable=True)
        assert found.code == "stick-busy"
