"""The laptop as a whole: what every screen may rely on."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from client.laptop.laptop import Laptop
from tests.support.laptop import AIGERIM, NURLAN, TEACHER_SAULE, big_laptop
from tests.support.pack_source import PACK

ROOT = Path(__file__).resolve().parents[3]


def test_a_new_folder_is_an_empty_laptop(tmp_path):
    laptop = Laptop.open(tmp_path / "deep" / "in" / "a" / "folder")
    assert (laptop.enrolled, laptop.school, laptop.people(), laptop.lessons()) == (
        False,
        "",
        (),
        (),
    )
    assert laptop.status().sentence.key == "status.never"
    assert laptop.now_ms() > 0
    laptop.close()


def test_people_are_students_first(sample):
    assert sample.people() == (AIGERIM, NURLAN, TEACHER_SAULE)
    assert sample.person(NURLAN.id) == NURLAN


def test_preferences_stay(sample, tmp_path):
    assert sample.preference("language", "kk") == "kk"
    sample.set_preference("language", "ru")
    sample.close()
    again = Laptop.open(tmp_path / "sample")
    assert again.preference("language") == "ru"
    again.close()


def test_opening_and_the_first_screen_load_nothing_heavy(tmp_path):
    big_laptop(tmp_path / "big", packs=2, lessons=5).close()
    code = (
        "import sys; from pathlib import Path; from client.laptop.laptop import Laptop;"
        "laptop = Laptop.open(Path(sys.argv[1])); laptop.people(); laptop.lessons();"
        "laptop.status(); laptop.works(laptop.people()[0].id);"
        "heavy = {'kivy', 'requests', 'cryptography', 'sqlite_utils', 'zstandard', 'markdown_it',"
        "'zeroconf', 'asyncio', 'http.server'};"
        "print(sorted(heavy & set(sys.modules)),"
        " sorted(one for one in sys.modules if one.startswith('content.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "big")],
        cwd=str(ROOT),
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [b"[]", b"[]"]


def test_any_thread_may_ask_and_write(sample):
    errors = []

    def work(number):
        try:
            for turn in range(5):
                sample.save_draft(AIGERIM.id, PACK, "meaning", f"t{number}", {"n": str(turn)})
                sample.lessons()
                sample.works(AIGERIM.id)
                assert sample.draft(AIGERIM.id, PACK, "meaning", f"t{number}") == {"n": str(turn)}
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
