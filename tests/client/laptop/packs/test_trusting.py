"""A laptop whose school trusts a root: what is certified comes, the rest is put aside and named."""

from __future__ import annotations

import pytest

from client.laptop.errors import Fault
from content.building.builder import build_pack
from content.limits import Limits
from content.trust.files import TrustFile
from content.trust.keys import PublisherKey
from content.trust.publishing import attach
from content.trust.withdrawal import Withdrawn
from sync.errors import LinkError
from sync_server.lessons.publishing import publish
from sync_server.lessons.trusting import Trusting, distrust, learn
from tests.support import trust as world
from tests.support.pack_source import PACK, write_source
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    ROOT_FILE,
    ROOT_ID,
    STRANGER,
    TEACHER,
    chain_of,
    withdraw,
)

ME = TEACHER.public.key_id


class Ministry:
    """What happens on the publishers' and the server's side."""

    def __init__(self, school, folder):
        self.school = school
        self.folder = folder
        self.take("root.1", ROOT_FILE, ROOT_ID)

    def take(self, name, data, root_id=None):
        path = self.folder / name
        path.write_bytes(data)
        return learn(self.school.store, Trusting(self.school.data.root), [path], root_id)

    def attach(self, chain, key=TEACHER):
        files = {
            TrustFile("roots", f"{ROOT_ID}/1"): ROOT_FILE,
            TrustFile("chains", world.chain_name(chain)): chain,
        }
        attach(self.folder / key.public.key_id, files, key)

    def build(self, version=1, key=TEACHER, pack=PACK):
        source = self.folder / "source" / f"{pack}-{version}"
        if not source.exists():
            write_source(source, pack, version, lessons=("meaning",), video_bytes=1000)
        build_pack(source, self.folder / key.public.key_id, key)

    def publish(self, key=TEACHER):
        device_id = self.school.identity.public.device_id
        data = self.school.data
        publish(
            self.school.store, data.repositories, self.folder / key.public.key_id, None, device_id
        )


@pytest.fixture
def ministry(school, tmp_path):
    (tmp_path / "ministry").mkdir()
    made = Ministry(school, tmp_path / "ministry")
    made.attach(chain_of((MINISTRY, TEACHER)))
    made.build()
    made.publish()
    return made


def version(laptop, pack=PACK):
    return {card.pack: card.version for card in laptop.lessons()}.get(pack)


def codes(account):
    return [(one.subject, one.code) for one in account.set_aside]


def test_a_certified_pack_comes_and_trust_is_fetched_once(joined, ministry, road):
    asked = []
    road.weather.before = asked.append
    account = joined.sync()
    assert (account.problem, account.set_aside) == (None, ())
    assert version(joined) == 1
    trust = [path.split("/trust/")[1].split("/")[0] for path in asked if "/trust/" in path]
    assert trust == ["roots", "chains"]
    del asked[:]
    ministry.build(2)
    ministry.publish()
    assert joined.sync().problem is None
    assert version(joined) == 2
    assert [path for path in asked if "/trust/" in path] == []


def test_nothing_new_costs_one_exchange(joined, ministry, road):
    joined.sync()
    requests = road.requests
    joined.sync()
    assert road.requests == requests + 1


def test_a_withdrawn_publisher_gets_nothing_newer_and_keeps_what_came(joined, ministry, school):
    joined.sync()
    ministry.build(2)
    ministry.publish()
    ministry.take("list", withdraw(HOLDERS[:2], ROOT_ID, 1, Withdrawn(ME)))
    account = joined.sync()
    assert codes(account) == [(ME, "key-withdrawn")]
    assert account.set_aside[0].fault is Fault.THEIR_DATA
    assert version(joined) == 1
    assert joined.pack(PACK).lessons


def test_a_catalogue_that_is_held_back_is_noticed(joined, ministry, school):
    joined.sync()
    place = school.data.repositories / ME / "catalogue"
    first = place.read_bytes()
    ministry.build(2)
    ministry.publish()
    second = place.read_bytes()
    ministry.build(3)
    ministry.publish()
    third = place.read_bytes()
    for held, code in ((first, "held-back"), (second, "held-back")):
        place.write_bytes(held)
        assert codes(joined.sync()) == [(ME, code)]
        assert version(joined) == 1
    place.write_bytes(third)
    assert joined.sync().set_aside == ()
    assert version(joined) == 3


def test_a_list_that_is_held_back_is_noticed(joined, ministry, school):
    joined.sync()
    ministry.take("list1", withdraw(HOLDERS[:2], ROOT_ID, 1))
    place = school.data.root / "trust" / "withdrawals" / ROOT_ID
    old = place.read_bytes()
    joined.sync()
    ministry.take("list2", withdraw(HOLDERS[:2], ROOT_ID, 2, Withdrawn(ME)))
    place.write_bytes(old)
    ministry.build(2)
    # What the server would refuse today was published just before.
    source = ministry.folder / ME / "catalogue"
    (school.data.repositories / ME / "catalogue").write_bytes(source.read_bytes())
    with school.store.transaction() as transaction:
        transaction.set_catalogue_serial(ME, 3)
    assert codes(joined.sync()) == [(ME, "held-back")]
    assert version(joined) == 1


def test_a_pack_outside_the_limits_is_named_and_the_others_come(joined, ministry, school):
    joined.sync()
    other = PublisherKey.from_seed(b"other".ljust(32, b"."))
    chain = chain_of((MINISTRY, other), {1: {"limits": Limits(packs=("allowed",))}})
    ministry.attach(chain, other)
    ministry.build(1, other, "allowed")
    ministry.build(1, other, "forbidden")
    folder, place = ministry.folder / other.public.key_id, school.data.repositories
    trusting = Trusting(school.data.root)
    with school.store.transaction() as transaction:
        # A server that does not look: the laptop looks for itself.
        files = {TrustFile("chains", world.chain_name(chain)): chain}
        trusting.keep(transaction, trusting.state(), files)
        transaction.trust_publisher(other.public.key_id, b"")
        transaction.set_catalogue_serial(other.public.key_id, 3)
    folder.rename(place / other.public.key_id)
    account = joined.sync()
    assert codes(account) == [("forbidden", "outside-limits")]
    assert (version(joined, "allowed"), version(joined, "forbidden")) == (1, None)


def test_a_new_key_takes_over_the_packs_of_the_old(joined, ministry):
    joined.sync()
    ministry.attach(chain_of((MINISTRY, STRANGER), {1: {"replaces": (ME,)}}), STRANGER)
    ministry.build(2, STRANGER)
    ministry.publish(STRANGER)
    account = joined.sync()
    assert account.set_aside == ()
    assert version(joined) == 2
    assert joined.pack(PACK).version == 2


def test_another_key_does_not(joined, ministry):
    joined.sync()
    ministry.attach(chain_of((MINISTRY, STRANGER)), STRANGER)
    ministry.build(2, STRANGER)
    ministry.publish(STRANGER)
    assert codes(joined.sync()) == [(PACK, "not-what-was-asked")]
    assert version(joined) == 1


@pytest.mark.parametrize("lost", [("trust",), ("trust", "trust.copy")])
def test_a_damaged_trust_file_loses_no_lesson_and_heals(joined, ministry, tmp_path, lost):
    joined.sync()
    for name in lost:
        path = tmp_path / "laptop" / name
        path.write_bytes(path.read_bytes()[:-9])
    ministry.build(2)
    ministry.publish()
    account = joined.sync()
    assert (account.problem, account.set_aside) == (None, ())
    assert version(joined) == 2


@pytest.mark.parametrize("count", range(1, 9))
def test_trust_cut_at_any_request_goes_on_next_time(joined, ministry, road, count):
    left = [count]

    def cut(path):
        left[0] -= 1
        if left[0] == 0:
            raise LinkError("link-lost")

    road.weather.before = cut
    joined.sync()
    road.weather.before = lambda path: None
    assert joined.sync().problem is None
    assert version(joined) == 1


def taken_back(school, key_id):
    distrust(school.store, Trusting(school.data.root), key_id)


def test_a_key_that_is_taken_back_updates_nothing_and_takes_nothing_away(joined, school, road):
    school.publish()
    joined.sync()
    lesson = joined.pack(PACK).lesson("meaning")
    taken_back(school, school.key_id)
    account = joined.sync()
    assert (account.problem, account.set_aside) == (None, ())
    assert joined.pack(PACK).lesson("meaning") == lesson
    assert joined.pack(PACK).task("meaning", "check").points == 6
    requests = road.requests
    joined.sync()
    assert road.requests == requests + 1
    school.publish(version=2)
    joined.sync()
    assert version(joined) == 2


def test_of_a_key_that_is_taken_back_nothing_more_is_fetched(joined, school, road):
    school.publish(version=1)
    joined.sync()
    school.publish(version=2, video_bytes=300_000)

    def lost(path):
        if "/patches/" in path or "/manifests/" in path:
            raise LinkError("link-lost")

    road.weather.before = lost
    joined.sync()
    asked = []
    road.weather.before = asked.append
    taken_back(school, school.key_id)
    account = joined.sync()
    assert (account.problem, account.set_aside) == (None, ())
    assert version(joined) == 1
    assert [path for path in asked if "/repository/" in path] == []


def test_a_publisher_with_a_new_key_takes_over_when_the_old_is_taken_back(joined, school):
    school.publish()
    joined.sync()
    source = school.folder / "sources" / "new-key"
    write_source(source, PACK, 2)
    build_pack(source, school.folder / "new-key", STRANGER)
    new = STRANGER.public.key_id
    publish(school.store, school.data.repositories, school.folder / "new-key", new)
    assert codes(joined.sync()) == [(PACK, "not-what-was-asked")]
    taken_back(school, school.key_id)
    assert joined.sync().set_aside == ()
    assert version(joined) == 2


def test_a_root_that_is_taken_back_covers_nobody(joined, ministry, school):
    joined.sync()
    ministry.build(2)
    ministry.publish()
    taken_back(school, ROOT_ID)
    account = joined.sync()
    assert (account.problem, version(joined)) == (None, 1)
    assert joined.pack(PACK).lessons
