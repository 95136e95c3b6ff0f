"""What every volume does, whatever medium it is on."""

from __future__ import annotations

from typing import Iterator

import pytest

from sync.errors import StickError
from sync.sticks.volume import Volume


class VolumeContract:
    """Subclasses give ``volume``: empty, and writable."""

    def test_what_was_written_is_read(self, volume: Volume) -> None:
        volume.write("mail/ab/up/one", [b"first ", b"", b"second"])
        assert volume.read("mail/ab/up/one", 100) == b"first second"
        assert volume.size_bytes("mail/ab/up/one") == 12
        assert volume.names("mail/ab/up") == ("one",)
        assert volume.names("") == ("mail",)
        with volume.open("mail/ab/up/one") as file:
            assert file.read(5) == b"first"
            file.seek(6)
            assert file.read() == b"second"
            assert file.read(1) == b""

    def test_what_was_written_is_read_from_the_medium(self, volume: Volume) -> None:
        volume.write("one", [b"x" * 5000])
        assert volume.read("one", 5000, fresh=True) == b"x" * 5000
        assert volume.read("nothing", 5000, fresh=True) is None

    def test_what_is_not_there_is_none(self, volume: Volume) -> None:
        volume.write("here", [b"x"])
        for path in ("nothing", "no/such/folder", "here/below"):
            assert volume.read(path, 10) is None
            assert volume.size_bytes(path) is None
            assert volume.names(path) == ()
            volume.remove(path)
            with pytest.raises(StickError) as caught:
                volume.open(path)
            assert caught.value.code == "stick-damaged"
        assert volume.read("here", 10) == b"x"

    def test_a_folder_is_no_file(self, volume: Volume) -> None:
        volume.write("mail/one", [b"x"])
        assert volume.size_bytes("mail") is None
        assert volume.read("mail", 10) is None

    def test_a_file_larger_than_it_may_be_is_damaged(self, volume: Volume) -> None:
        volume.write("one", [bytes(11)])
        assert volume.read("one", 11) == bytes(11)
        with pytest.raises(StickError) as caught:
            volume.read("one", 10)
        assert caught.value.code == "stick-damaged"

    def test_a_file_takes_another_s_place(self, volume: Volume) -> None:
        volume.write("one", [b"before, and longer"])
        volume.write("one", [b"after"])
        assert volume.read("one", 100) == b"after"
        assert volume.begun("") == ()

    def test_what_cannot_be_made_leaves_what_was_there(self, volume: Volume) -> None:
        def broken() -> Iterator[bytes]:
            yield b"half"
            raise KeyError

        volume.write("one", [b"before"])
        with pytest.raises(KeyError):
            volume.write("one", broken())
        assert volume.read("one", 100) == b"before"
        assert volume.names("") == ("one",)
        assert volume.begun("") == ()

    def test_a_large_file_goes_on_where_it_stopped(self, volume: Volume) -> None:
        def broken() -> Iterator[bytes]:
            yield b"0123456789"
            raise KeyError

        with pytest.raises(KeyError):
            volume.write_from("objects/one", broken())
        assert volume.size_bytes("objects/one") is None
        assert volume.names("objects") == ()
        assert volume.begun("objects") == ("one",)
        assert volume.begun_bytes("objects/one") == 10
        with volume.open_begun("objects/one") as file:
            assert file.read() == b"0123456789"
        volume.write_from("objects/one", [b"abc"], 7)
        assert volume.read("objects/one", 100) == b"0123456abc"
        assert volume.begun("objects") == ()
        assert volume.begun_bytes("objects/one") == 0

    def test_what_was_begun_can_be_dropped(self, volume: Volume) -> None:
        def broken() -> Iterator[bytes]:
            yield b"0123456789"
            raise KeyError

        with pytest.raises(KeyError):
            volume.write_from("one", broken())
        volume.drop_begun("one")
        volume.drop_begun("one")
        assert volume.begun_bytes("one") == 0

    def test_going_on_with_nothing_begins(self, volume: Volume) -> None:
        volume.write_from("one", [b"abc"], 0)
        assert volume.read("one", 10) == b"abc"

    def test_a_removed_file_is_gone(self, volume: Volume) -> None:
        volume.write("mail/one", [b"x"])
        volume.write("mail/two", [b"y"])
        volume.remove("mail/one")
        volume.flush()
        assert volume.names("mail") == ("two",)

    def test_one_holds_it_at_a_time(self, volume: Volume) -> None:
        for _ in range(2):
            with volume.held():
                volume.write("one", [b"x"])
                with pytest.raises(StickError) as caught, volume.held():
                    pytest.fail("both hold it")
                assert caught.value.code == "stick-busy"

    def test_there_is_room(self, volume: Volume) -> None:
        assert volume.writable
        assert volume.free_bytes() > 1000

    @pytest.mark.parametrize(
        "path",
        ["", "/x", "x/", "../x", "a/../b", "a//b", ".x", "x.", "c:x", "a\\b", "x.new", "қ", "a b"],
    )
    def test_a_path_that_is_none_is_our_bug(self, volume: Volume, path: str) -> None:
        for act in (volume.size_bytes, volume.remove, volume.open, volume.begun_bytes):
            with pytest.raises(ValueError, match="path"):
                act(path)
        with pytest.raises(ValueError, match="path"):
            volume.write(path, [b""])
