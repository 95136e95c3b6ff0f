from __future__ import annotations

from content.importing.outcome import Imported, ImportedDocument, ImportedTask, Unread, together


def test_outcomes_are_put_together_in_their_order() -> None:
    first = Imported(
        (ImportedDocument("a", "A", "kk", "# A"),),
        (ImportedTask("t", {"ru": "Т"}, ({"id": "x"},)),),
        {"v.kk.vtt": b"1"},
        (Unread("a", "", "x"),),
    )
    second = Imported((), (ImportedTask("u", {}, ()),), {"w.kk.vtt": b"2"}, (Unread("b", "", "y"),))
    both = together([first, second])
    assert [task.name for task in both.tasks] == ["t", "u"]
    assert both.documents == first.documents
    assert both.subtitles == {"v.kk.vtt": b"1", "w.kk.vtt": b"2"}
    assert [one.path for one in both.unread] == ["a", "b"]


def test_a_second_file_of_one_name_is_not_lost_in_silence() -> None:
    parts = [Imported(subtitles={"v.kk.vtt": b"1"}), Imported(subtitles={"v.kk.vtt": b"2"})]
    both = together(parts)
    assert both.subtitles == {"v.kk.vtt": b"1"}
    assert [one.path for one in both.unread] == ["v.kk.vtt"]
