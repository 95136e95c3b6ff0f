"""What the school says anew of the people of this laptop: another name, class or picture.

A person is an id: whoever is renamed stays one, and two of one name stay two.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Sequence

from client.laptop.errors import LaptopError
from client.laptop.schoolwork import folds
from client.laptop.store import Store
from sync.kinds import ROSTER
from sync.record import Record


def learn_people(store: Store, arrived: Sequence[Record]) -> bool:
    """Keep what rosters that arrived say of this laptop's people; return whether it was news.

    Of several rosters of a person the latest counts, in whatever order they came.
    """
    membership = store.membership
    told = {one.body["person"] for one in arrived if one.kind == ROSTER}
    if membership is None or told.isdisjoint(one.id for one in membership.people):
        return False
    rosters = [*store.inbox().of_kind(ROSTER), *(one for one in arrived if one.kind == ROSTER)]
    known = folds.fold_people(rosters)
    people = tuple(known.get(one.id, one) if one.id in told else one for one in membership.people)
    if people == membership.people:
        return False
    with contextlib.suppress(LaptopError, OSError):
        # A full disk keeps the old name for now; the next roster brings the new one.
        store.keep_membership(replace(membership, people=people))
        return True
    return False
