"""What every store must do when people come to other classes, or leave devices."""

from __future__ import annotations

import dataclasses

from tests.sync_server.store.contract import ANNA, BOLAT, LAPTOP, OTHER, SAULE, new_record


class PeopleContract:
    """The contract, one method a clause."""

    def test_a_person_taken_from_a_device_starts_a_new_epoch(self, store):
        with store.transaction() as t:
            for person in (ANNA, BOLAT):
                t.add_person(person)
            t.add_device(LAPTOP)
            t.grant(LAPTOP.id, ["anna", "bolat"])
            for person in ("bolat", "bolat", "nobody"):
                t.revoke(LAPTOP.id, person)
            assert t.granted(LAPTOP.id) == (ANNA,)
            assert t.device(LAPTOP.id).epoch == 1

    def test_who_comes_to_another_class_brings_the_work_to_its_teachers(self, store):
        with store.transaction() as t:
            for person in (ANNA, SAULE):
                t.add_person(person, told=5)
            t.add_device(LAPTOP)
            t.grant(LAPTOP.id, ["saule"])
            t.add_records([new_record(1, device=OTHER.id)])
            assert t.deliveries(["t:7Ә"], LAPTOP.id, 0, 9) == ()
            moved = dataclasses.replace(ANNA, class_name="7Ә")
            assert not t.add_person(moved, told=4) and t.person_told("anna") == 5
            assert t.add_person(moved, told=6) and t.person_told("anna") == 6
            assert len(t.deliveries(["t:7Ә"], LAPTOP.id, 0, 9)) == 1
            assert t.device(LAPTOP.id).epoch == 1
            assert t.person_told("nobody") == 0
