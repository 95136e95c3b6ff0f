"""One pupil's draft on several laptops: nothing typed is replaced by what does not continue it."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, List, Optional, Tuple

from hypothesis import given, settings
from hypothesis import strategies as st

from client.laptop.schoolwork.draft_heads import AFTER, Drafts, Here, Told, merged, told_of
from sync.kinds import DRAFT, validate
from tests.support.examples import examples
from tests.support.records import make_record


def told(device: str, seq: int, says: str, after: Tuple[str, ...] = (), attempt: int = 1) -> Told:
    answers: Dict[str, Any] = {"q": says} if says else {}
    return Told(f"{device}.{seq}", device, seq, answers, attempt, seq, frozenset(after))


def here(says: str, *base: str, attempt: int = 1) -> Here:
    return Here({"q": says} if says else {}, attempt, 9, frozenset(base))


def says(plan: Any) -> Any:
    if plan.take is not None:
        return plan.take.answers["q"]
    return [one.answers["q"] for one in plan.offered]


A1, A2 = told("a", 1, "one"), told("a", 2, "one more")
B1 = told("b", 7, "one, other", (A1.name,))


def test_what_is_on_one_laptop_only_is_taken() -> None:
    assert says(Drafts([A1, A2], (), 0).plan(None)) == "one more"
    assert says(Drafts([A1], (), 0).plan(here(""))) == "one"
    assert says(Drafts([], (), 0).plan(None)) == []


def test_what_continues_what_is_here_replaces_it_in_silence() -> None:
    drafts = Drafts([A1, B1], [A1.name], 0)
    assert says(drafts.plan(here("one"))) == "one, other"
    assert says(drafts.plan(here("one, other", B1.name))) == []


def test_two_that_do_not_know_each_other_are_both_offered() -> None:
    assert says(Drafts([B1, A1], [A1.name], 0).plan(here("one and typed on"))) == ["one, other"]
    assert says(Drafts([A1, A2, B1], [A1.name, A2.name], 0).plan(here("one more"))) == [
        "one, other"
    ]
    assert sorted(says(Drafts([A1, A2, B1], (), 0).plan(None))) == ["one more", "one, other"]
    never_told = here("typed here")
    assert says(Drafts([A2], (), 0).plan(never_told)) == ["one more"]


def test_the_same_words_are_no_choice() -> None:
    same = told("b", 7, "one more")
    assert says(Drafts([A1, A2, same], [A1.name, A2.name], 0).plan(here("one more"))) == []
    assert says(Drafts([A1, A2, same], (), 0).plan(None)) in ("one more", ["one more"])


def test_what_was_handed_in_is_offered_no_more() -> None:
    again = told("b", 8, "the second time", attempt=2)
    assert says(Drafts([A2, B1], (), 1).plan(None)) == []
    assert says(Drafts([A2, B1, again], (), 1).plan(None)) == "the second time"


def test_a_choice_is_told_though_nothing_was_typed_since() -> None:
    drafts = Drafts([A1, A2, B1], [A1.name, A2.name], 0)
    chosen = here("one more", A2.name, B1.name)
    assert not drafts.is_told(chosen)
    assert drafts.continued_by(chosen) == [B1.name]
    after = told("a", 3, "one more", (B1.name,))
    settled = Drafts([A1, A2, B1, after], [A1.name, A2.name, after.name], 0)
    assert settled.is_told(chosen)
    assert says(Drafts([A1, A2, B1, after], [B1.name], 0).plan(here("one, other"))) == "one more"


def test_only_what_differs_is_told() -> None:
    assert Drafts([], (), 0).is_told(here(""))
    assert not Drafts([], (), 0).is_told(here("one"))
    assert Drafts([A1], [A1.name], 0).is_told(here("one"))
    assert not Drafts([A1], [A1.name], 0).is_told(here("one", attempt=2))
    assert not Drafts([A1], [A1.name], 0).is_told(here(""))
    assert Drafts([A1, B1], [A1.name], 0).is_told(here("one, other", B1.name))


def test_files_that_are_here_only_stay_in_the_draft() -> None:
    answers = merged({"q": "there"}, {"q": "here", "photo": ["x" * 43]}, frozenset({"photo"}))
    assert answers == {"q": "there", "photo": ["x" * 43]}


def test_a_record_is_read_with_what_it_continues() -> None:
    body = {"pack": "p", "lesson": "l", "task": "t", "answers": {"q": "1"}, "attempt": 2}
    record = make_record(seq=4, kind=DRAFT, body={**body, AFTER: ["x.1", 3, None]})
    validate(record)
    read = told_of(record)
    assert (read.name, read.attempt, read.after) == (f"{record.device}.4", 2, frozenset({"x.1"}))
    assert told_of(make_record(kind=DRAFT, body={**body, AFTER: "x"})).after == frozenset()


class Laptop:
    """One of a pupil's laptops, as `TravellingDrafts` uses the plans."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known: Dict[str, Told] = {}
        self.here: Optional[Here] = None
        self.seq = 0

    def drafts(self) -> Drafts:
        own = [one.name for one in self.known.values() if one.device == self.name]
        return Drafts(self.known.values(), own, 0)

    def open(self, choice: int) -> List[str]:
        """Open the task, choose where one must; return what the pupil decided against."""
        plan = self.drafts().plan(self.here)
        if plan.take is not None:
            self.take(plan.take.answers["q"], [plan.take.name])
        if not plan.offered:
            return []
        offered = [*([self.here.answers["q"]] if self.here and self.here.answers else [])]
        offered += [one.answers["q"] for one in plan.offered]
        chosen = offered[choice % len(offered)]
        self.take(chosen, [one.name for one in self.drafts().heads])
        self.tell()
        return [one for one in offered if one != chosen]

    def take(self, text: str, base: List[str]) -> None:
        self.here = here(text, *base)

    def type(self, word: str) -> None:
        before = self.here.answers["q"] if self.here else ""
        base: FrozenSet[str] = self.here.base if self.here else frozenset()
        self.here = here(f"{before} {word}", *base)

    def tell(self) -> None:
        drafts = self.drafts()
        if self.here is None or drafts.is_told(self.here):
            return
        self.seq += 1
        after = tuple(drafts.continued_by(self.here))
        new = told(self.name, self.seq, self.here.answers["q"], after)
        self.known[new.name] = new


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["go", "sync"]), st.integers(0, 2)),
        min_size=1,
        max_size=14,
    )
)
def test_every_word_typed_is_before_the_pupil_unless_decided_against(steps: List[Any]) -> None:
    """Whatever order of typing, telling and syncing: what is not shown was continued or refused."""
    laptops = [Laptop(name) for name in "abc"]
    server: Dict[str, Told] = {}
    words: Dict[str, bool] = {}
    refused: set[str] = set()
    for number, (who, act, choice) in enumerate(steps):
        laptop = laptops[who]
        if act == "sync":
            server.update(laptop.known)
            laptop.known.update(server)
            continue
        for text in laptop.open(choice):
            refused |= set(text.split())
        word = f"w{number}"
        laptop.type(word)
        laptop.tell()
        words[word] = True
    for _ in range(2):
        for laptop in laptops:
            server.update(laptop.known)
            laptop.known.update(server)
    for laptop in laptops:
        plan = laptop.drafts().plan(laptop.here)
        shown = {word for one in plan.offered for word in one.answers["q"].split()}
        shown |= set(plan.take.answers["q"].split()) if plan.take else set()
        if plan.take is None and laptop.here:
            shown |= set(laptop.here.answers["q"].split())
        assert set(words) <= shown | refused
