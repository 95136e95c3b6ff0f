"""Joining a school by the invitation on a stick, and asking with the next letters to be let in.

An invitation says who the school is, closed with the code's keys. From then on this laptop takes
the school's lessons and writes work for it; the request to be let in travels in every letter until
an answer shows that the school knows this laptop.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Optional, Tuple

from client.laptop.errors import Fault
from client.laptop.people.enrolling import check_school, join, name_of, own_keys
from client.laptop.problems import as_laptop_error, failure
from client.laptop.store import Store
from client.messages import Message
from sync.errors import SyncError

if TYPE_CHECKING:
    from sync.enrolment import CodeKeys, EnrolmentAnswer
    from sync.sticks.correspondence import Applied
    from sync.sticks.volume import Volume

_ASKED = "enrolment.asked"


def enrol(store: Store, volume: Volume, code: str, laptop_name: str = "") -> None:
    """Join the school whose invitation for a code lies on a stick.

    Raises LaptopError ``stick-no-invitation``, ``already-enrolled``, those of a mistyped code and
    those of a stick.
    """
    from sync.enrolment import (
        EnrolmentCode,
        EnrolmentRequest,
        code_keys,
        make_enrolment_request,
    )
    from sync.identity import PublicIdentity

    try:
        keys = code_keys(EnrolmentCode.parse(code))
        answer = _invitation(volume, keys)
        own = own_keys(store)
        check_school(own, answer)
        device = PublicIdentity.from_bytes(own.device)
        request = make_enrolment_request(keys, EnrolmentRequest(device, name_of(laptop_name)))
    except SyncError as error:
        raise as_laptop_error(error) from error
    # The request first: whoever has joined and does not ask is never let in.
    kept = [_text(part) for part in (request, keys.code_id, keys.answer_key)]
    store.keep_settings({_ASKED: json.dumps(kept)})
    join(store, own, own.address, answer, aged=True)


def request(store: Store) -> Optional[bytes]:
    """Give the request that no answer came to yet."""
    asked = _asked(store)
    return asked[0] if asked else None


def answered(store: Store, applied: Applied) -> Optional[Message]:
    """Use what a reply says of the request; give what a person must be told."""
    from sync.enrolment import CodeKeys, open_enrolment_answer

    asked = _asked(store)
    if asked is None:
        return None
    message, code_id, answer_key = asked
    if applied.enrolment is not None:
        keys = CodeKeys(code_id, b"", answer_key)
        try:
            answer = open_enrolment_answer(keys, message, applied.enrolment)
        except SyncError:
            # The answer to another request: of a code that was typed before this one.
            return None
        own = own_keys(store)
        join(store, own, own.address, answer, aged=True)
    if applied.enrolment is not None or applied.outcomes:
        store.keep_settings({_ASKED: ""})
        return None
    return Message("stick.code-refused") if applied.ours and applied.refused else None


def _invitation(volume: Volume, keys: CodeKeys) -> EnrolmentAnswer:
    from sync.enrolment import open_invitation
    from sync.sticks.mailbox import Mailbox, schools_on

    for school in schools_on(volume):
        data = Mailbox(volume, school).read_invitation(keys.code_id.hex())
        if data is not None:
            return open_invitation(keys, data)
    raise failure("stick-no-invitation", Fault.YOUR_DATA)


def _asked(store: Store) -> Optional[Tuple[bytes, bytes, bytes]]:
    try:
        message, code_id, answer_key = json.loads(store.setting(_ASKED) or "[]")
    except ValueError:
        return None
    return base64.b64decode(message), base64.b64decode(code_id), base64.b64decode(answer_key)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
