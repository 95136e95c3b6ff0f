"""What one visit of a stick did: what came from it, what was left on it, and whether it is whole.

Nobody needs to read numbers to know what to do: ``sentence`` says it, and ``safe`` whether the
stick may be pulled out now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from client.laptop.account import InstalledPack, Left, Problem, ReceiptNote
from client.laptop.problems import problem_of
from client.messages import Message


@dataclass(frozen=True)
class StickAccount:
    """What one visit did.

    Came: ``works_arrived`` are works and marks of this laptop that the school has now said it
    holds, ``marks_came`` marks and comments for people of this laptop, ``records_received`` all
    records that came, ``files_came`` attached files of others; ``packs_installed`` as in a sync,
    ``left`` videos that wait for something.

    Left: ``works_left`` are works and marks that lie on the stick, on their way, and
    ``files_left`` the attached files that were laid there. ``letters_taken`` and ``letters_given``
    count those of other laptops, which this one carries.

    ``problem`` is what ended the visit before its end, ``set_aside`` what failed alone. ``notice``
    tells that this laptop was copied or set back, or what the stick brought back.
    """

    sentence: Message
    safe: bool = True
    works_arrived: int = 0
    marks_came: int = 0
    records_received: int = 0
    receipt: Optional[ReceiptNote] = None
    packs_installed: Tuple[InstalledPack, ...] = ()
    files_came: int = 0
    works_left: int = 0
    files_left: int = 0
    letters_taken: int = 0
    letters_given: int = 0
    left: Tuple[Left, ...] = ()
    problem: Optional[Problem] = None
    set_aside: Tuple[Problem, ...] = ()
    notice: Optional[Message] = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing came and nothing was left: the stick had nothing new."""
        counts = (
            self.works_arrived,
            self.records_received,
            self.files_came,
            self.works_left,
            self.files_left,
            self.letters_taken,
            self.letters_given,
        )
        return not any(counts) and not self.packs_installed


def failed(error: Exception) -> StickAccount:
    """Tell of a visit that came to nothing."""
    problem = problem_of(error)
    return StickAccount(problem.sentence, safe=not is_in_use(problem), problem=problem)


def is_in_use(problem: Optional[Problem]) -> bool:
    """Tell whether another programme works on the stick: it should stay in then."""
    return problem is not None and problem.code == "stick-busy"
