"""A visit in words for whoever looks after the server, and as JSON for scripts."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from sync.errors import CODES
from sync_server.sticks.visit import Visit

_SHOWN = 10
_ADVICE = {
    "stick-none": "keruen-server stick write makes it one.",
    "stick-read-only": "Move its little switch, or take another.",
    "stick-full": "Remove what else is on it, or take another.",
    "stick-busy": "Leave it in, and try again when that has finished.",
    "stick-gone": "Put it in again: nothing is lost, and the rest goes on.",
    "stick-failed": "If that goes on it is worn out: take another. It held no only copy.",
}


def visit_json(visit: Visit) -> Dict[str, Any]:
    """Return all that a visit did."""
    lessons = visit.lessons
    return {
        "letters": visit.letters,
        "laptops": visit.laptops,
        "replies": visit.replies,
        "files_taken": visit.files_taken,
        "files_given": visit.files_given,
        "invitations": visit.invitations,
        "other_schools": visit.other_schools,
        "taken": {
            "packs": visit.taken.packs,
            "media": visit.taken.media,
            "problems": visit.taken.problems,
        },
        "unknown_publishers": list(visit.strangers),
        "packs": [
            {"publisher": publisher, "pack": pack, "version": version}
            for publisher, pack, version in lessons.packs
        ],
        "written_files": lessons.files,
        "written_bytes": lessons.written_bytes,
        "removed_files": lessons.removed,
        "damaged": list(visit.damaged),
        "problems": {**visit.problems, **lessons.problems},
        "problem": visit.problem or None,
        "safe": visit.safe,
    }


def visit_line(visit: Visit) -> str:
    """Return what a visit did, and whether the stick may be taken out, in a line."""
    came = _listed(
        ("letters", visit.letters),
        ("photos and recordings", visit.files_taken),
        ("packs", visit.taken.packs),
        ("videos and other large files", visit.taken.media),
    )
    went = _listed(
        ("replies", visit.replies),
        ("photos and recordings", visit.files_given),
        ("invitations", visit.invitations),
        ("bytes of lessons", visit.lessons.written_bytes),
    )
    gone = _listed(("files of lessons", visit.lessons.removed))
    parts = [
        f"came: {came}" if came else "",
        f"left on it: {went}" if went else "",
        f"removed from it: {gone}" if gone else "",
    ]
    told = "; ".join(part for part in parts if part)
    sentences = [f"{told.capitalize()}."] if told else []
    if visit.problem:
        sentences.append(problem_sentence(visit.problem))
    elif not told:
        sentences.append("Nothing was new.")
    bad = len(_unused(visit)) + len(visit.lessons.problems) + len(visit.taken.problems)
    if bad:
        sentences.append(f"Could not be used: {bad}.")
    if visit.problem not in ("stick-gone", "stick-busy"):
        whole = "You can take it out." if visit.safe else "Not all of it may be whole."
        sentences.append(whole)
    return " ".join(sentences)


def visit_text(visit: Visit) -> str:
    """Return ``visit_line`` with what could not be used, each in a line."""
    lines = [f"  {name}: {problem_sentence(code)}" for name, code in _unused(visit).items()]
    lines += [f"  {name}: {sentence}" for name, sentence in visit.lessons.problems.items()]
    lines += [f"  {sentence}" for sentence in visit.taken.problems]
    lines += [
        f"  It has lessons of publisher {key_id}, whom this server does not know. If they told you "
        "that id: keruen-server publish --trust"
        for key_id in visit.strangers
    ]
    more = [f"  and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "\n".join([visit_line(visit), *lines[:_SHOWN], *more])


def problem_sentence(code: str) -> str:
    """Return a code's sentence, and what to do."""
    meaning = CODES[code].meaning if code in CODES else f"({code})"
    return f"{meaning} {_ADVICE[code]}" if code in _ADVICE else meaning


def _unused(visit: Visit) -> Dict[str, str]:
    """Name what could not be used alone, each once, by its path where that is known."""
    named = {path.rpartition("/")[2] for path in visit.damaged}
    others = {name: code for name, code in visit.problems.items() if name not in named}
    return {**dict.fromkeys(visit.damaged, "stick-damaged"), **others}


def _listed(*parts: Tuple[str, int]) -> str:
    return ", ".join(f"{what} {number:,}" for what, number in parts if number)
