"""A scheduled task of Windows: the server starts before anybody signs in, and again after a fault.

A rule of the firewall goes with it.

The task is described in XML (Task Scheduler schema 1.2, from Windows Vista on), for schtasks'
options cannot say that it may run for ever, on battery, and again after a fault.
"""

from __future__ import annotations

import subprocess
from typing import List
from xml.sax.saxutils import escape

from sync_server.installing.plan import TASK, Remove, Run, Step, Wish, Write

FILE = "keruen-task.xml"
_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Keruen, the school's server</Description></RegistrationInfo>
  <Triggers><BootTrigger><Enabled>true</Enabled></BootTrigger></Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>S-1-5-18</UserId>
      <RunLevel>HighestAvailable</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>6</Priority>
    <RestartOnFailure><Interval>PT1M</Interval><Count>255</Count></RestartOnFailure>
    <StartWhenAvailable>true</StartWhenAvailable>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{data}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def task(wish: Wish) -> bytes:
    """Return the task's XML, in UTF-16 with its mark, as schtasks wants it."""
    program, *arguments = wish.command
    text = _TASK.format(
        program=escape(program),
        arguments=escape(subprocess.list2cmdline(arguments)),
        data=escape(str(wish.data)),
    )
    return text.replace("\n", "\r\n").encode("utf-16")


def install(wish: Wish) -> List[Step]:
    """Return what makes the server start with the computer, and now."""
    file = wish.data / FILE
    return [
        Write(file, task(wish)),
        Run(("schtasks", "/End", "/TN", TASK), needed=False),
        Run(("schtasks", "/Create", "/TN", TASK, "/XML", str(file), "/F")),
        Run(_rule("delete"), needed=False),
        Run(
            (*_rule("add"), "dir=in", "action=allow", "protocol=TCP", f"localport={wish.port}"),
            needed=False,
        ),
        Run(
            # Questions by multicast DNS: where the server is.
            (*_rule("add"), "dir=in", "action=allow", "protocol=UDP", "localport=5353"),
            needed=False,
        ),
        Run(("schtasks", "/Run", "/TN", TASK)),
        Remove(file),
    ]


def uninstall() -> List[Step]:
    """Return what undoes it; the data stay."""
    return [
        Run(("schtasks", "/End", "/TN", TASK), needed=False),
        Run(("schtasks", "/Delete", "/TN", TASK, "/F"), needed=False),
        Run(_rule("delete"), needed=False),
    ]


def _rule(act: str) -> tuple[str, ...]:
    return ("netsh", "advfirewall", "firewall", act, "rule", f"name={TASK}")
