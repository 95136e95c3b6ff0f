from __future__ import annotations

import re

import pytest

from client.laptop.machine import hardware


@pytest.fixture
def cards(tmp_path):
    (tmp_path / "devices" / "pci0").mkdir(parents=True)
    (tmp_path / "devices" / "usb1").mkdir()
    (tmp_path / "net").mkdir()

    def add(name, address, device="pci0"):
        folder = tmp_path / "net" / name
        folder.mkdir()
        (folder / "address").write_text(address + "\n", encoding="ascii")
        if device:
            (folder / "device").symlink_to(tmp_path / "devices" / device)

    add.folder = tmp_path / "net"
    return add


def test_the_least_address_that_is_built_in_counts(cards):
    cards("wlan0", "a4:00:00:00:00:02")
    cards("eth0", "a4:00:00:00:00:01")
    cards("usb0", "00:00:00:00:00:01", "usb1")
    cards("lo", "00:00:00:00:00:00", "")
    cards("veth", "02:00:00:00:00:01")
    assert hardware.linux_address(cards.folder) == "a4:00:00:00:00:01"


def test_a_card_that_comes_on_usb_tells_nothing(cards):
    cards("usb0", "a4:00:00:00:00:01", "usb1")
    assert hardware.linux_address(cards.folder) == ""


def test_a_system_without_such_a_folder(tmp_path):
    assert hardware.linux_address(tmp_path / "none") == ""


def test_the_mark_says_nothing_of_the_address_and_differs_between_schools(monkeypatch):
    monkeypatch.setattr(hardware, "linux_address", lambda: "a4:00:00:00:00:01")
    monkeypatch.setattr(hardware.sys, "platform", "linux")
    one, other = hardware.mark(b"school"), hardware.mark(b"another")
    assert re.fullmatch("[0-9a-f]{8}", one) and one != other
    assert hardware.mark(b"school") == one
    monkeypatch.setattr(hardware, "linux_address", lambda: "")
    assert hardware.mark(b"school") == ""
