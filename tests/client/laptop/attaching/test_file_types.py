from __future__ import annotations

import pytest

from client.laptop.attaching.file_types import (
    FILES,
    PHOTO_TYPE,
    ending_for,
    may_be_attached,
    safe_name,
)


@pytest.mark.parametrize(
    ("title", "media_type", "name"),
    [
        ("Үй жұмысы.jpg", PHOTO_TYPE, "Үй жұмысы.jpg"),
        ("scan.PNG", PHOTO_TYPE, "scan.jpg"),
        ("../../etc/passwd", "application/pdf", "etc_passwd.pdf"),
        ("C:\\Windows\\x.exe", PHOTO_TYPE, "C__Windows_x_exe.jpg"),
        ("homework.pdf.exe", "application/pdf", "homework_pdf_exe.pdf"),
        ("con", "text/plain", "_con.txt"),
        ("LPT1.txt", "text/plain", "_LPT1.txt"),
        ("", "audio/ogg", "_.ogg"),
        ("\u202egpj.exe", PHOTO_TYPE, "gpj_exe.jpg"),
        ("a\nb\0c", "audio/mpeg", "a_b_c.mp3"),
        ("x" * 300, "audio/mpeg", "x" * 60 + ".mp3"),
        ("anything", "application/x-msdownload", ""),
    ],
)
def test_a_file_is_called_so_that_no_disk_minds_and_nothing_runs(title, media_type, name):
    assert safe_name(title, media_type) == name


def test_every_kind_that_is_sent_can_be_opened_by_its_ending():
    for ending, media_type in FILES.items():
        assert ending_for(media_type) == ending
        assert may_be_attached(f"x.{ending.upper()}")
    assert not {"exe", "bat", "js", "html", "svg", "docm", "lnk", "zip"} & set(FILES)
