"""The command ``keruen-server card``, as one types it, and what a camera reads of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sync.card import Card, card_text, read_card
from sync.clock import SystemClock
from sync.enrolment import EnrolmentCode
from sync.errors import EnrolmentError
from sync_server.cli import main
from sync_server.data_folder import DataFolder
from tests.support.device import TestDevice
from tests.support.server import open_school

ANNA, BOLAT, SAULE = "Анна <Б>", "Болат", "Сәуле"


@pytest.fixture
def data(tmp_path):
    folder = str(tmp_path / "data")
    assert main(["init", folder, "--school", "Ақсу орта мектебі"]) == 0
    people = ("--student", ANNA, "--student", BOLAT, "--teacher", SAULE)
    assert main(["enrol", "--data", folder, "--class", "7А", *people]) == 0
    return folder


def make(data, page, *more):
    address = ("--address", "http://10.0.0.2:8765")
    return main(["card", "--data", data, "--class", "7А", *address, *more, str(page)])


def codes(page):
    return re.findall(r'class="code">([\d ]+)<', page.read_text(encoding="utf-8"))


def test_each_gets_a_card_that_lets_in_nobody_else(data, tmp_path, capsys):
    page = tmp_path / "cards.html"
    capsys.readouterr()
    assert make(data, page, "--json") == 0
    value = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in value["cards"]] == [ANNA, BOLAT, SAULE]
    text = page.read_text(encoding="utf-8")
    assert "Анна &lt;Б&gt;" in text and "<script" not in text
    assert text.count("<svg") == len(codes(page)) == 3
    with open_school(Path(data), SystemClock()) as school:
        for code, name in zip(codes(page), (ANNA, BOLAT, SAULE)):
            device = TestDevice(None, SystemClock())
            device.enrol(school.road(), code)
            assert [person.name for person in device.people] == [name]
            device.close()


def test_a_card_is_good_for_so_many_laptops(data, tmp_path):
    page = tmp_path / "cards.html"
    assert make(data, page, "--student", BOLAT, "--laptops", "1") == 0
    (code,) = codes(page)
    with open_school(Path(data), SystemClock()) as school:
        first, second = TestDevice(None, SystemClock()), TestDevice(None, SystemClock())
        first.enrol(school.road(), code)
        with pytest.raises(EnrolmentError):
            second.enrol(school.road(), code)
        first.close()
        second.close()


def test_a_camera_reads_the_square():
    zxingcpp = pytest.importorskip("zxingcpp")
    segno = pytest.importorskip("segno")
    card = Card(EnrolmentCode.generate().digits, "http://192.168.100.200:8765")
    made = segno.make(card_text(card), error="m", micro=False)
    rows = [bytes(0 if dark else 255 for dark in row) for row in made.matrix_iter(4, 4)]
    picture = memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0])))
    (found,) = zxingcpp.read_barcodes(picture)
    assert read_card(found.text) == card


def test_no_code_is_given_out_for_a_page_that_cannot_be(data, tmp_path):
    for page, more in ((tmp_path / "none" / "a.html", ()), (tmp_path / "a.html", ("a b",))):
        address = ("--address", *more) if more else ()
        assert main(["card", "--data", data, "--class", "7А", *address, str(page)]) == 1
    assert main(["card", "--data", data, "--class", "9Я", str(tmp_path / "a.html")]) == 1
    assert not (tmp_path / "a.html").exists()
    with DataFolder(Path(data)).store() as store, store.transaction() as transaction:
        assert len(transaction.codes()) == 1


def test_only_a_page_is_written(data, tmp_path, capsys):
    other = tmp_path / "server.db"
    other.write_bytes(b"x")
    assert make(data, other) == 1
    assert other.read_bytes() == b"x"
    assert "cards.html" in capsys.readouterr().err
