from __future__ import annotations

from tests.support.laptop import TEACHER_SAULE


def test_rows_are_looked_up_by_the_keys_of_the_columns(sample):
    table = sample.class_work(TEACHER_SAULE.id)
    for row in table.rows:
        for column in table.tasks:
            work = row.works.get(column.key)
            assert work is None or (work.title, work.task) == (column.title, column.task)
    assert sum(len(row.works) for row in table.rows) == 6
