"""Invitations on a stick: who this server is, for laptops that cannot reach it, by their codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from sync.enrolment import CodeKeys, EnrolmentAnswer, make_invitation, open_invitation
from sync.errors import StickError, SyncError
from sync.identity import PublicIdentity
from sync.sticks.mailbox import Mailbox
from sync_server.people.enrolments import introduce
from sync_server.store.model import Code
from sync_server.store.protocol import Store, Transaction


def invite(mailbox: Mailbox, store: Store, server: PublicIdentity, now_ms: int) -> int:
    """Lay down an invitation for every code that still lets laptops in, and remove the others.

    One that says what it should stays as it is. Returns how many were written; raises StickError as
    the mailbox does.
    """
    with store.transaction() as transaction:
        wanted = {
            code.id.hex(): (code, _answer(transaction, code, server, now_ms))
            for code in transaction.codes()
            if _is_open(transaction, code)
        }
    for code_id in mailbox.invitations():
        if code_id not in wanted:
            mailbox.remove_invitation(code_id)
    return sum(_invite(mailbox, code_id, *one) for code_id, one in wanted.items())


def _is_open(transaction: Transaction, code: Code) -> bool:
    if code.withdrawn or code.relay:
        return False
    return len(transaction.code_devices(code.id)) < code.laptops


def _answer(
    transaction: Transaction, code: Code, server: PublicIdentity, now_ms: int
) -> EnrolmentAnswer:
    people = (transaction.person(person_id) for person_id in code.person_ids)
    # Whose server keeps them is nobody's business below.
    known = tuple(replace(person, school="") for person in people if person is not None)
    return introduce(transaction, server, known, now_ms)


def _invite(mailbox: Mailbox, code_id: str, code: Code, answer: EnrolmentAnswer) -> bool:
    keys = CodeKeys(code.id, code.request_key, code.answer_key)
    there = _there(mailbox, code_id, keys)
    if there is not None and replace(there, server_time_ms=0) == replace(answer, server_time_ms=0):
        return False
    mailbox.put_invitation(code_id, make_invitation(keys, answer))
    return True


def _there(mailbox: Mailbox, code_id: str, keys: CodeKeys) -> Optional[EnrolmentAnswer]:
    try:
        data = mailbox.read_invitation(code_id)
        return open_invitation(keys, data) if data else None
    except StickError as error:
        if error.code != "stick-damaged":
            raise
        return None
    except SyncError:
        return None
