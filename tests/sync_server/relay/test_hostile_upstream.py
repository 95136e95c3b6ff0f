"""An upstream that lies: what it says of others' laptops and people is not believed, nor asked."""

from __future__ import annotations

import pytest

from sync.errors import ReceiptError
from sync.identity import Identity
from sync.kinds import LAPTOP, MARK, OPENING, ROSTER, SCHOOL_RULES, SUBMISSION
from sync.record import NO_HASH, Record, record_hash
from sync.relaying.answer import RelayAnswer
from sync.relaying.heads import CHECK_BYTES, sign_heads
from sync.relaying.page import HeadsPage
from sync.relaying.request import RelayRequest
from sync.relaying.run import Run
from sync.relaying.want import Want
from sync_server.people.school_rules import SchoolRules, current_rules, tell_rules
from sync_server.records.own_journal import OwnJournal
from sync_server.relay.applying import apply_answer
from sync_server.relay.planning import Plan, Wishes
from tests.support.clock import NOW_MS, TurnableClock
from tests.support.device import submission
from tests.support.relays import enrol_relay, facts, laptop_at
from tests.support.server import open_school

STRANGER = Identity.generate().public.device_id
ROSTER_BODY = {"name": "Анна", "role": "teacher", "class": "7А", "picture": ""}


class World:
    """A school with a pupil's laptop, below a region that says what it likes."""

    def __init__(self, school, region):
        self.school, self.region = school, region
        enrol_relay(school, region)
        self.laptop = laptop_at(school, ["Айгерім"])
        self.pupil = self.laptop.people[0].id
        self.laptop.hand_in(self.pupil)
        self.laptop.exchange_all(school.road())
        self.id = school.identity.public.device_id

    def say(self, wants=(), **answer):
        """Apply an answer of the region's to a request; return what it did."""
        wishes = Wishes()
        plan = Plan(RelayRequest(bytes(32), wants=tuple(wants)), ())
        with self.school.store.transaction() as transaction:
            (upstream,) = transaction.upstreams()
            said = RelayAnswer(bytes(8), NOW_MS, **answer)
            school = self.school
            done = apply_answer(
                transaction, upstream, school.identity, school.clock, plan, wishes, said
            )
        return done, wishes

    def codes(self, device, seq):
        with self.school.store.transaction() as transaction:
            return [item.code for item in transaction.refusals(device, seq, seq)]


@pytest.fixture
def world(tmp_path):
    clock = TurnableClock(step_ms=1)
    with open_school(tmp_path / "r", clock) as region, open_school(tmp_path / "s", clock) as school:
        made = World(school, region)
        yield made
        made.laptop.close()


def run_of(first_seq, previous, *records):
    """A run of a journal after a hash, with the check that belongs to it."""
    for record in records:
        previous = record_hash(previous, record)
    assert records[0].seq == first_seq
    return Run(records, previous[:CHECK_BYTES])


def test_no_word_about_what_is_enrolled_here_is_believed(world):
    before = facts(world.school)
    rules = SchoolRules(recovery="A" * 43).to_body()
    told = [
        # A laptop's journal reaches the school by itself; so does the school's own.
        Record(world.laptop.id, 2, NOW_MS << 16, world.pupil, SUBMISSION, submission("false")),
        Record(world.id, 9_000, NOW_MS << 16, world.id, SCHOOL_RULES, rules),
        # What is enrolled where, servers tell those above them, and nobody else.
        Record(STRANGER, 1, NOW_MS << 16, STRANGER, LAPTOP, {}),
        Record(STRANGER, 2, NOW_MS << 16, "nobody", MARK, {}),
    ]
    done, _ = world.say(records=tuple(told))
    assert done.received == 0
    assert facts(world.school) == before
    assert [world.codes(one.device, one.seq) != [] for one in told] == [True] * 4


def test_other_servers_rules_reach_no_laptop_here(world):
    region = world.region.identity.public.device_id
    rules = SchoolRules(recovery="A" * 43, required=True).to_body()
    world.say(records=(Record(region, 1, NOW_MS << 16, region, SCHOOL_RULES, rules),))
    world.laptop.exchange_all(world.school.road())
    assert list(world.laptop.inbox.of_kind(SCHOOL_RULES)) == []
    with world.school.store.transaction() as transaction:
        assert current_rules(transaction, world.id) == SchoolRules()


def test_one_malformed_record_that_comes_back_keeps_nothing_else_away(world):
    """The school's own journal as the region gives it back, after a restore."""
    with world.school.store.transaction() as transaction:
        end = transaction.journal_end(world.id)
        person = transaction.person(world.pupil)
    bad = [
        Record(world.id, end.seq + 1 + at, NOW_MS << 16, "x", kind, {})
        for at, kind in enumerate((LAPTOP, ROSTER, SCHOOL_RULES, OPENING))
    ]
    body = {**ROSTER_BODY, "person": "new", "name": "Жаңа", "role": person.role}
    good = Record(world.id, end.seq + 5, NOW_MS << 16, "new", ROSTER, body)
    run = run_of(end.seq + 1, end.hash, *bad, good)
    done, _ = world.say([Want(world.id, end.seq + 1, end.hash[:CHECK_BYTES])], back=(run,))
    assert done.restored == 5
    assert [world.codes(world.id, one.seq) != [] for one in bad] == [True] * 4
    with world.school.store.transaction() as transaction:
        assert transaction.person("new").name == "Жаңа"


def test_nothing_comes_back_that_was_not_asked_for(world):
    with world.school.store.transaction() as transaction:
        journal = OwnJournal(transaction, world.id, world.school.clock)
        tell_rules(transaction, journal, world.id, SchoolRules(required=True))
    false = SchoolRules(recovery="A" * 43).to_body()
    run = run_of(
        1, NO_HASH, Record(world.id, 1, (NOW_MS + 60_000) << 16, world.id, SCHOOL_RULES, false)
    )
    before = facts(world.school)
    done, _ = world.say(back=(run,))
    assert done.restored == 0
    assert facts(world.school) == before


def test_the_middle_of_a_journal_that_nobody_has_is_asked_for_from_its_beginning(world):
    page = HeadsPage(((STRANGER, 7, bytes(CHECK_BYTES)),), "", "")
    _, wishes = world.say(page=page)
    assert wishes.wants == {STRANGER: 1}
    before = facts(world.school)
    record = Record(STRANGER, 5, NOW_MS << 16, world.pupil, SUBMISSION, submission("false"))
    run = run_of(5, NO_HASH, record)
    _, wishes = world.say([Want(STRANGER, 1, NO_HASH[:CHECK_BYTES])], back=(run,))
    assert wishes.wants == {STRANGER: 1}
    # Nor does what a stranger's laptop is said to have written count from its beginning on.
    record = Record(STRANGER, 1, NOW_MS << 16, world.pupil, SUBMISSION, submission("false"))
    run = run_of(1, NO_HASH, record)
    world.say([Want(STRANGER, 1, NO_HASH[:CHECK_BYTES])], back=(run,))
    assert world.codes(STRANGER, 1) == ["record-not-permitted"]
    assert facts(world.school) == before


def test_a_receipt_counts_only_from_the_upstream_and_for_this_server(world):
    region, stranger = world.region.identity, Identity.generate()
    digest = bytes(32)
    for receipt in (
        sign_heads(stranger, world.id, digest, NOW_MS),
        sign_heads(region, STRANGER, digest, NOW_MS),
    ):
        with pytest.raises(ReceiptError) as caught:
            world.say(receipt=receipt)
        assert caught.value.code == "receipt-forged"
    done, _ = world.say(receipt=sign_heads(region, world.id, digest, NOW_MS))
    assert not done.in_step


def test_who_names_runs_that_were_not_sent_is_not_followed(world):
    for said in ({"refused": ((0, 1, "x"),)}, {"resend": ((0, 1),)}, {"rejected": ((0, "x"),)}):
        with pytest.raises(ReceiptError, match="not sent"):
            world.say(**said)
