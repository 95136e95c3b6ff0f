"""Photos and recordings go up to a region's server and down to who may see them, each once."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, List

import pytest

from sync.errors import LinkError, ObjectError, RefusedError
from sync.identity import Identity
from sync_server.relay.attaching import Attached, AttachmentRelay
from sync_server.store.attachment_protocol import HeldAttachment
from tests.support.attachment_road import MemoryAttachments, files_of
from tests.support.attachments import Photo, hand_in, photo
from tests.support.clock import TurnableClock
from tests.support.relays import enrol_relay, go_back, laptop_at, relay, save
from tests.support.server import School, open_school

ANNA, BOLAT, SAULE = "Анна", "Болат", "Сәуле"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with open_school(tmp_path / "school", TurnableClock()) as one:
        yield one


@pytest.fixture
def region(tmp_path: Path) -> Iterator[School]:
    with open_school(tmp_path / "region", TurnableClock()) as one:
        yield one


def put(school: School, *photos: Photo) -> None:
    """Let files lie at a server as though their laptops had sent them."""
    files = files_of(school)
    for one in photos:
        files.path(one.name).parent.mkdir(parents=True, exist_ok=True)
        files.path(one.name).write_bytes(one.sealed)
        with school.store.transaction() as transaction:
            held = HeldAttachment(one.name, len(one.sealed), "somebody", 1)
            transaction.hold_attachment(held)


def held(school: School) -> List[str]:
    with school.store.transaction() as transaction:
        names = [one.sha256 for one in transaction.attachments()]
    assert all(files_of(school).path(name).exists() for name in names)
    return names


def carry(
    below: School, above: School, road: MemoryAttachments, missing: tuple[bytes, ...] = ()
) -> Attached:
    """Exchange records once, then carry files."""
    heard = missing or relay(below, above).missing
    done = Attached()
    with below.store.transaction() as transaction:
        (upstream,) = transaction.upstreams()
    one = AttachmentRelay(below.store, below.identity, below.clock, upstream, road, files_of(below))
    one.run(heard, done)
    return done


def handed_in(school: School, *photos: Photo, student: str = ANNA) -> object:
    laptop = laptop_at(school, [student])
    hand_in(laptop, laptop.person(student), photos)
    laptop.exchange_all(school.road())
    return laptop


def test_what_a_school_holds_gets_to_the_region_once(school: School, region: School) -> None:
    enrol_relay(school, region)
    first, second = (photo(school.identity.public, seed=seed) for seed in (1, 2))
    handed_in(school, first, second)
    put(school, first)
    road = MemoryAttachments(region)
    assert carry(school, region, road) == Attached(sent=1)
    assert held(region) == [first.name]
    assert road.carried == len(first.sealed)
    put(school, second)
    assert carry(school, region, road) == Attached(sent=1)
    assert sorted(held(region)) == sorted([first.name, second.name])
    offers = len(road.offers)
    assert carry(school, region, road) == Attached()
    assert road.carried == len(first.sealed) + len(second.sealed)
    assert len(road.offers) == offers, "nothing is missing: nobody is asked"


def test_a_file_that_came_another_way_is_not_sent_again(school: School, region: School) -> None:
    enrol_relay(school, region)
    one = photo(school.identity.public)
    handed_in(school, one)
    put(school, one)
    missing = relay(school, region).missing
    put(region, one)
    road = MemoryAttachments(region)
    assert carry(school, region, road, missing) == Attached(sent=1)
    assert road.carried == 0


@pytest.mark.parametrize("cut_after", [0, 65_536, 100_001, 149_999])
def test_a_cut_costs_a_step_in_either_direction(
    school: School, region: School, cut_after: int
) -> None:
    enrol_relay(school, region)
    up = photo(school.identity.public, seed=1)
    handed_in(school, up)
    put(school, up)
    road = MemoryAttachments(region)
    road.cut_after = cut_after
    with pytest.raises(LinkError):
        carry(school, region, road)
    assert held(region) == []
    assert carry(school, region, road) == Attached(sent=1)
    assert files_of(region).path(up.name).read_bytes() == up.sealed
    down = photo(region.identity.public, seed=2)
    home = laptop_at(region, [ANNA], of=school)
    hand_in(home, home.person(ANNA), [down])
    home.exchange_all(region.road())
    put(region, down)
    road.cut_after = cut_after
    with pytest.raises(LinkError):
        carry(school, region, road)
    assert held(school) == [up.name]
    assert carry(school, region, road) == Attached(fetched=1)
    assert files_of(school).path(down.name).read_bytes() == down.sealed
    assert road.carried == len(up.sealed) + len(down.sealed), "nothing was sent twice"


def test_what_a_pupil_sends_from_home_comes_down_to_the_teacher(
    school: School, region: School
) -> None:
    enrol_relay(school, region)
    teacher = laptop_at(school, [BOLAT], [SAULE])
    laptop_at(school, [ANNA])
    relay(school, region)
    down = photo(region.identity.public)
    home = laptop_at(region, [ANNA], of=school)
    hand_in(home, home.person(ANNA), [down])
    home.exchange_all(region.road())
    put(region, down)
    road = MemoryAttachments(region)
    assert carry(school, region, road) == Attached(fetched=1)
    for reader, may in ((teacher.identity, True), (laptop_at(school, [BOLAT]).identity, False)):
        near = MemoryAttachments(school)
        if may:
            parts = near.fetch(reader, school.identity.public, down.name, 0, len(down.sealed))
            assert b"".join(parts) == down.sealed
        else:
            with pytest.raises(ObjectError):
                list(near.fetch(reader, school.identity.public, down.name, 0, len(down.sealed)))


def test_one_school_neither_gets_nor_sends_what_is_anothers(
    tmp_path: Path, school: School, region: School
) -> None:
    enrol_relay(school, region)
    with open_school(tmp_path / "other", TurnableClock()) as other:
        enrol_relay(other, region)
        secret = photo(school.identity.public)
        handed_in(school, secret)
        put(school, secret)
        carry(school, region, MemoryAttachments(region))
        relay(other, region)
        road = MemoryAttachments(region)
        names = (bytes.fromhex(secret.name)[:8],)
        put(other, secret)
        refused = carry(other, region, road, names)
        assert (refused.sent, road.carried) == (0, 0)
        assert "No record" in refused.problems[0]
        with pytest.raises(ObjectError):
            list(road.fetch(other.identity, region.identity.public, secret.name, 0, 1))


def test_nobody_else_speaks_for_a_relay(school: School, region: School) -> None:
    enrol_relay(school, region)
    road = MemoryAttachments(region)
    with pytest.raises(RefusedError) as caught:
        list(road.fetch(Identity.generate(), region.identity.public, "ab" * 32, 0, 1))
    assert caught.value.code == "device-unknown"


def test_a_restored_region_asks_again_and_a_restored_school_asks_back(
    tmp_path: Path, school: School, region: School
) -> None:
    enrol_relay(school, region)
    one = photo(school.identity.public)
    save(region, tmp_path / "region.db")
    handed_in(school, one)
    put(school, one)
    carry(school, region, MemoryAttachments(region))
    go_back(region, tmp_path / "region.db")
    files_of(region).path(one.name).unlink()
    assert carry(school, region, MemoryAttachments(region)) == Attached(sent=1)
    files_of(school).path(one.name).unlink()
    with school.store.transaction() as transaction:
        transaction.forget_attachment(one.name)
    assert carry(school, region, MemoryAttachments(region)) == Attached(fetched=1)
    assert held(school) == held(region) == [one.name]


def test_a_file_that_went_bad_on_the_disk_is_not_sent_but_forgotten(
    school: School, region: School
) -> None:
    enrol_relay(school, region)
    one = photo(school.identity.public)
    laptop = handed_in(school, one)
    put(school, one)
    path = files_of(school).path(one.name)
    path.write_bytes(b"x" + one.sealed[1:])
    assert carry(school, region, MemoryAttachments(region)) == Attached()
    assert not path.exists()
    missing = laptop.exchange(school.road()).answer.missing  # type: ignore[attr-defined]
    assert missing == (bytes.fromhex(one.name)[:8],)


@pytest.mark.parametrize("large_first", [True, False])
def test_a_full_region_keeps_no_other_file_from_going(
    school: School, region: School, large_first: bool
) -> None:
    enrol_relay(school, region)
    # A sealed file's name is drawn by lot, and files are offered in the order of their names.
    drawn = (
        [photo(school.identity.public, size, seed) for size in (150_000, 1_000)]
        for seed in range(100)
    )
    large, small = next(pair for pair in drawn if (pair[0].name < pair[1].name) is large_first)
    handed_in(school, large, small)
    put(school, large, small)
    road = MemoryAttachments(region, person_bytes=100_000)
    done = carry(school, region, road)
    assert (done.sent, len(done.problems)) == (1, 1)
    assert held(region) == [small.name]
