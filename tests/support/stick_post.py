"""The least of a school's server that a stick needs: letters in, replies out, packs laid down.

For tests of laptops, on any volume. What the server itself does with sticks has tests of its own.
"""

from __future__ import annotations

from typing import Any

from sync.enrolment import EnrolmentAnswer, EnrolmentCode, code_keys, make_invitation
from sync.sticks.layout import ReplyName, publisher_folder, school_name
from sync.sticks.mailbox import Mailbox
from sync_server.attachments.attachments import AttachmentService
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.sticks.answering import LetterService
from tests.support.school import School


def letter_service(school: School) -> LetterService:
    files = AttachmentFiles(school.data.attachments)
    service = AttachmentService(school.store, school.identity, school.clock, files)
    return LetterService(school.store, school.identity, school.clock, service)


def mailbox(school: School, volume: Any) -> Mailbox:
    return Mailbox(volume, school_name(school.identity.public.id_bytes))


def answer_letters(school: School, volume: Any) -> int:
    """Answer every letter that lies on a stick, and leave the replies in their place."""
    box, service, count = mailbox(school, volume), letter_service(school), 0
    for name in list(box.up_letters()):
        posted = service.post(box.up_bytes(name))
        newest = box.newest(name.box)
        number = posted.number or (newest.number + 1 if newest else 1)
        box.put_down(ReplyName(name.box, name.letter, number), posted.letter)
        box.remove_up(name)
        count += 1
    return count


def lay_packs(school: School, volume: Any) -> None:
    """Copy all that the school publishes onto a stick."""
    folder = school.repository.folder
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            place = path.relative_to(folder).as_posix()
            volume.write(f"{publisher_folder(school.key_id)}/{place}", [path.read_bytes()])


def invite(school: School, volume: Any, code: str) -> None:
    """Lay the invitation for a code down, saying what the server would say to who asks."""
    keys = code_keys(EnrolmentCode.parse(code))
    with school.store.transaction() as transaction:
        found = transaction.code(keys.code_id)
        people = [transaction.person(one) for one in found.person_ids]
        publishers = {p.key_id: p.public_key for p in transaction.publishers() if p.public_key}
    answer = EnrolmentAnswer(
        school.identity.public,
        "Қарағаш орта мектебі",
        tuple(people),
        publishers,
        school.clock.now_ms(),
    )
    mailbox(school, volume).put_invitation(keys.code_id.hex(), make_invitation(keys, answer))


def take_files(school: School, volume: Any) -> None:
    """Take all attached files into the server's folder, whole."""
    box = mailbox(school, volume)
    files = AttachmentFiles(school.data.attachments)
    for sha256 in box.files():
        place = files.path(sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(box.open_file(sha256).read())
