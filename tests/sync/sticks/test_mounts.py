from __future__ import annotations

import os
from pathlib import Path

import pytest

from sync.sticks import mounts
from sync.sticks.drives import Drive

DEVICES = {
    "sda1": ((8, 1), "pci0000:00/ata1/host0/block/sda", "0"),
    "sdb1": ((8, 17), "pci0000:00/usb1/1-2/block/sdb", "1"),
    "sdc1": ((8, 33), "pci0000:00/usb2/2-1/block/sdc", "0"),
    "sdd": ((8, 48), "pci0000:00/card/block/sdd", "1"),
    "mmcblk0p1": ((179, 1), "platform/mmc0/block/mmcblk0", "0"),
    "mmcblk1p1": ((179, 9), "platform/mmc1/block/mmcblk1", "0"),
}


@pytest.fixture
def machine(tmp_path):
    """A machine with the devices above, none of them mounted."""
    numbers = {}
    for name, (number, disk, removable) in DEVICES.items():
        whole = tmp_path / "sys" / "devices" / disk
        (whole / "device").mkdir(parents=True)
        (whole / "removable").write_text(removable + "\n")
        if "mmc" in name:
            (whole / "device" / "type").write_text("SD\n" if "blk1" in name else "MMC\n")
        device = whole
        if name[-1].isdigit():
            device = whole / name
            device.mkdir()
            (device / "partition").write_text("1\n")
        links = tmp_path / "sys" / "dev" / "block"
        links.mkdir(parents=True, exist_ok=True)
        (links / "{}:{}".format(*number)).symlink_to(device)
        numbers[f"/dev/{name}"] = number

    class Made(mounts.Machine):
        __slots__ = ()

        def device_number(self, device):
            return numbers.get(device)

    (tmp_path / "mounts").write_bytes(b"")
    return Made(tmp_path / "mounts", tmp_path / "sys", tmp_path / "dev")


def mount(machine, *lines):
    machine.table.write_text("".join(line + " rw 0 0\n" for line in lines), encoding="utf-8")
    return mounts.found(machine)


def roots(found):
    return [str(drive.root) for drive in found]


def test_a_stick_a_usb_disk_and_a_card_can_be_pulled_out(machine):
    found = mount(
        machine,
        "/dev/sda1 / ext4",
        "/dev/sdb1 /media/aru/FLASH vfat",
        "/dev/sdc1 /srv/disk fuseblk",
        "/dev/sdd /srv/reader exfat",
        "/dev/mmcblk1p1 /run/media/aru/CARD vfat",
    )
    assert found == [
        Drive(Path("/media/aru/FLASH"), "FLASH", "vfat", True),
        Drive(Path("/srv/disk"), "disk", "fuseblk", True),
        Drive(Path("/srv/reader"), "reader", "exfat", True),
        Drive(Path("/run/media/aru/CARD"), "CARD", "vfat", True),
    ]


def test_a_built_in_disk_is_listed_only_where_sticks_are_mounted(machine):
    found = mount(
        machine,
        "/dev/mmcblk0p1 /data ext4",
        "/dev/sda1 /mnt/windows ntfs3",
    )
    assert found == [Drive(Path("/mnt/windows"), "windows", "ntfs3", False)]


@pytest.mark.parametrize(
    "line",
    [
        "/dev/sdb1 / ext4",
        "/dev/sdb1 /boot/efi vfat",
        "/dev/sdb1 /var/lib/x ext4",
        "tmpfs /media/aru/FLASH tmpfs",
        "server:/x /media/aru/net nfs",
        "//server/x /media/aru/net cifs",
        "/dev/sdb1 /media/aru/odd squashfs",
        "torn",
        "",
    ],
)
def test_what_the_system_starts_from_or_reaches_over_a_network_is_none(machine, line):
    assert mount(machine, line) == []


def test_a_part_of_the_system_s_disk_under_another_name_is_none(machine):
    assert mount(machine, "/dev/sdb1 / ext4", "/dev/sdb1 /media/aru/part ext4") == []
    assert mounts.disks(machine) == []


def test_a_stick_that_was_pulled_out_without_goodbye_is_gone(machine):
    assert mount(machine, "/dev/sdz1 /media/aru/GONE vfat") == []


def test_names_with_spaces_and_kazakh_letters_are_read(machine):
    found = mount(machine, "/dev/sdb1 /media/aru/Сабақ\\040дискі\\134 vfat")
    assert roots(found) == ["/media/aru/Сабақ дискі\\"]


def test_a_name_in_no_encoding_stays_what_it_is(machine):
    machine.table.write_bytes(b"/dev/sdb1 /media/\xff\xfe vfat rw 0 0\n")
    assert [os.fsencode(drive.root) for drive in mounts.found(machine)] == [b"/media/\xff\xfe"]


def test_one_device_mounted_twice_is_one_drive_and_of_two_in_one_place_the_upper_counts(machine):
    found = mount(
        machine,
        "/dev/sdb1 /media/aru/FLASH vfat",
        "/dev/sdb1 /srv/same vfat",
        "/dev/sdc1 /media/aru/two vfat",
        "/dev/sdd /media/aru/two exfat",
    )
    assert [(str(one.root), one.file_system) for one in found] == [
        ("/media/aru/FLASH", "vfat"),
        ("/media/aru/two", "exfat"),
    ]


def test_label_and_serial_come_from_udev(machine):
    for by, name in (("by-label", "\\xd0\\x90\\x20B"), ("by-uuid", "12AB-34CD")):
        folder = machine.dev / "disk" / by
        folder.mkdir(parents=True)
        (folder / name).symlink_to("/dev/sdb1")
    found = mount(machine, "/dev/sdb1 /media/aru/FLASH vfat", "/dev/sdc1 /media/aru/X vfat")
    assert [(one.label, one.serial) for one in found] == [("А B", "12AB-34CD"), ("X", "")]


def test_android_s_cards_are_listed_by_their_number_and_its_own_storage_is_not(machine):
    found = mount(
        machine,
        "/dev/block/vold/public:179,1 /mnt/media_rw/12AB-34CD vfat",
        "/dev/fuse /storage/12AB-34CD fuse",
        "/dev/fuse /storage/emulated fuse",
        "tmpfs /storage/self tmpfs",
    )
    assert found == [Drive(Path("/storage/12AB-34CD"), "", "vfat", True, "12AB-34CD")]


def test_partitions_beside_the_systems_own_outlive_its_being_set_back(machine):
    mount(
        machine,
        "/dev/sda1 / ext4",
        "/dev/mmcblk0p1 /data ext4",
        "/dev/mmcblk0p1 /srv/again ext4",
        "/dev/sdb1 /media/aru/FLASH vfat",
        "/dev/sdz1 /gone ext4",
    )
    assert mounts.disks(machine) == [Path("/data")]


def test_no_table_no_drives(machine):
    machine.table.unlink()
    assert mounts.found(machine) == []


def test_this_machine_s_table_is_understood():
    assert all(isinstance(drive.removable, bool) for drive in mounts.found(mounts.MACHINE))
    assert mounts.MACHINE.device_number("/dev/null") == (1, 3)
    assert mounts.MACHINE.device_number("/nowhere") is None
