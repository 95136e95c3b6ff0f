from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from defusedxml import ElementTree

from sync_server.installing.plan import Remove, Run, Wish, Write
from sync_server.installing.windows import install, task, uninstall

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
DATA: Any = PurePosixPath("C:/Keruen & Co/деректер")
WISH = Wish(("C:\\Program Files\\Keruen\\keruen-server.exe",), DATA, 8765, ("--rate", "2mbit"))


def found(name: str) -> str:
    root = ElementTree.fromstring(task(WISH))
    one = root.find(f".//{NAMESPACE}{name}")
    assert one is not None
    return one.text or ""


def test_the_task_is_xml_that_says_what_to_start() -> None:
    assert task(WISH)[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert found("Command") == "C:\\Program Files\\Keruen\\keruen-server.exe"
    assert found("Arguments") == 'run --data "C:/Keruen & Co/деректер" --rate 2mbit'
    assert found("WorkingDirectory") == "C:/Keruen & Co/деректер"


def test_it_starts_before_anybody_signs_in_and_never_times_out() -> None:
    assert found("UserId") == "S-1-5-18"
    assert found("BootTrigger/" + NAMESPACE + "Enabled") == "true"
    assert found("ExecutionTimeLimit") == "PT0S"
    assert found("DisallowStartIfOnBatteries") == "false"
    assert found("RestartOnFailure/" + NAMESPACE + "Interval") == "PT1M"


def test_installing_again_replaces_what_is_there() -> None:
    steps = install(WISH)
    assert isinstance(steps[0], Write)
    needed = [one.command[:2] for one in steps if isinstance(one, Run) and one.needed]
    assert needed == [("schtasks", "/Create"), ("schtasks", "/Run")]
    create = next(one for one in steps if isinstance(one, Run) and "/Create" in one.command)
    assert "/F" in create.command
    rules = [one.command[3] for one in steps if isinstance(one, Run) and one.command[0] == "netsh"]
    assert rules == ["delete", "add", "add"]
    assert steps[-1] == Remove(steps[0].path)


def test_uninstalling_leaves_the_data() -> None:
    assert not any(isinstance(one, Remove) for one in uninstall())
    assert all(isinstance(one, Run) and not one.needed for one in uninstall())
