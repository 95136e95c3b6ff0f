from __future__ import annotations

from client.laptop.schoolwork import drafts
from client.laptop.schoolwork.drafts import DraftKey

KEY = DraftKey("p", "pack", "lesson", "task")


def test_no_draft_an_empty_draft_and_a_removed_one(sample):
    connection, bodies = sample.store.database.connection, sample.store.bodies
    assert drafts.load(connection, KEY, bodies) is None
    drafts.save(connection, KEY, {}, 1, 1, bodies)
    assert drafts.load(connection, KEY, bodies) == {}
    drafts.save(connection, KEY, {"i": ["a"], "t": "Жауап \u0000 \U0001f42b"}, 2, 1, bodies)
    assert drafts.load(connection, KEY, bodies) == {"i": ["a"], "t": "Жауап \u0000 \U0001f42b"}
    assert drafts.load(connection, KEY._replace(task="other"), bodies) is None
    drafts.remove(connection, KEY)
    drafts.remove(connection, KEY)
    assert drafts.load(connection, KEY, bodies) is None
