"""The commands about secrets on laptops: what they must be, and the code when one is forgotten."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any, Dict, Mapping

from sync.clock import SystemClock
from sync.fields import to_text
from sync.recovery import RecoveryCode
from sync_server.commands.output import tell
from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError
from sync_server.people.recovery_sheet import sheet
from sync_server.people.school_rules import (
    AT_LEAST,
    AT_MOST,
    SchoolRules,
    current_rules,
    key_name,
    tell_rules,
)
from sync_server.records.own_journal import OwnJournal
from sync_server.settings import SCHOOL

YES, NO = "yes", "no"


def rules(options: argparse.Namespace) -> None:
    """Change what secrets must be, or only print it."""
    wanted: Dict[str, Any] = {
        name: getattr(options, name) for name in AT_LEAST if getattr(options, name) is not None
    }
    for name, number in wanted.items():
        if not AT_LEAST[name] <= number <= AT_MOST:
            option = "--" + name.replace("_", "-")
            raise SetupError(f"{option} is a number from {AT_LEAST[name]} to {AT_MOST}.")
    if options.required is not None:
        wanted["required"] = options.required == YES
    folder = DataFolder(options.data)
    own_id = folder.identity().public.device_id
    with folder.store() as store, store.transaction() as transaction:
        now = dataclasses.replace(current_rules(transaction, own_id), **wanted)
        journal = OwnJournal(transaction, own_id, SystemClock())
        told = bool(wanted) and tell_rules(transaction, journal, own_id, now)
    text = (
        f"PIN: at least {now.pin_digits} digits. Password: at least {now.password_letters} "
        f"letters. Pictures: at least {now.pictures}.\n"
        + ("Whoever works must have one of them." if now.required else "Nobody must have one.")
        + ("\nEach laptop hears of it at its next exchange." if told else "")
    )
    tell(options, {**_described(now), "new": told}, text)


def recovery(options: argparse.Namespace) -> None:
    """Make the school's recovery code, or tell whether there is one."""
    folder = DataFolder(options.data)
    own_id = folder.identity().public.device_id
    with folder.store() as store, store.transaction() as transaction:
        before = current_rules(transaction, own_id)
        if options.recovery_command == "show":
            tell(options, _described(before), _shown(before))
            return
        if before.recovery and not options.replace:
            raise SetupError(
                "There is a recovery code already. If its sheet is lost, make another one with "
                "--replace: it opens each vault once its owner has opened it again."
            )
        code = RecoveryCode.generate()
        after = dataclasses.replace(before, recovery=to_text(code.public_key()))
        journal = OwnJournal(transaction, own_id, SystemClock())
        tell_rules(transaction, journal, own_id, after)
        school = transaction.setting(SCHOOL) or ""
    value = {**_described(after), "code": str(code)}
    tell(options, value, sheet(school, code, key_name(after.recovery)))


def _described(now: SchoolRules) -> Mapping[str, Any]:
    return {**now.to_body(), "key": key_name(now.recovery)}


def _shown(now: SchoolRules) -> str:
    if not now.recovery:
        return "There is no recovery code yet: keruen-server recovery new makes one."
    return f"There is a recovery code; its sheet says {key_name(now.recovery)} at the bottom."
