"""From the errors of `content` and `sync` to a problem that a person can be told.

Both packages say in English what happened, for logs; here each code finds its sentence in
three languages, and codes that mean the same to a person share one.
"""

from __future__ import annotations

import errno
from typing import Any, Mapping, Tuple, Type

from client.laptop.account import Problem
from client.laptop.errors import Fault, LaptopError
from client.messages import Message

_KEYS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "object-damaged",
            "object-size",
            "object-spec",
            "format-invalid",
            "too-large",
            "path-unsafe",
            "not-what-was-asked",
            "versions-mixed",
        ),
        "error.damaged",
    ),
    **dict.fromkeys(
        (
            "signature-wrong",
            "key-untrusted",
            "threshold-not-met",
            "chain-broken",
            "chain-too-long",
            "limits-wider",
            "number-used-twice",
        ),
        "error.untrusted",
    ),
    **dict.fromkeys(("catalogue-older", "version-older", "trust-older"), "error.older"),
    "outside-limits": "error.not-allowed",
    "key-withdrawn": "error.withdrawn",
    "held-back": "error.held-back",
    **dict.fromkeys(
        ("format-unknown", "message-version", "dictionary-unknown", "database-newer"),
        "error.newer",
    ),
    **dict.fromkeys(("file-missing", "object-missing", "chain-unknown"), "error.missing"),
    "disk-full": "error.disk-full",
    "attachment-kind": "error.attachment-kind",
    "attachment-empty": "error.attachment-empty",
    "attachment-too-large": "error.attachment-too-large",
    **dict.fromkeys(("attachment-changed", "attachment-unreadable"), "error.attachment-unreadable"),
    "photo-unreadable": "error.photo-unreadable",
    "attachment-damaged": "error.attachment-damaged",
    "attachment-missing": "error.attachment-missing",
    "attachment-unnamed": "error.attachment-refused",
    "attachment-quota": "error.attachment-quota",
    "server-full": "error.server-full",
    **dict.fromkeys(("storage", "disk-error", "disk-failed"), "error.disk-error"),
    "database-busy": "error.database-busy",
    "database-damaged": "error.database-damaged",
    **dict.fromkeys(
        ("link-unreachable", "link-stalled", "link-lost", "link-altered", "link-offset"),
        "error.link",
    ),
    "link-captive": "error.link-captive",
    **dict.fromkeys(("server-busy", "server-failed"), "error.server-busy"),
    **dict.fromkeys(
        (
            "link-paused",
            "link-window",
            "link-metered",
            "link-budget-day",
            "link-budget-month",
        ),
        "error.link-rule",
    ),
    "rules-invalid": "error.rules-invalid",
    "server-refused": "error.server-refused",
    **dict.fromkeys(
        (
            "message-malformed",
            "message-too-large",
            "message-kind",
            "message-unreadable",
            "message-forged",
            "message-misdirected",
            "receipt-forged",
            "receipt-misdirected",
            "identity-invalid",
            "claim-forged",
        ),
        "error.answer-damaged",
    ),
    "device-unknown": "error.device-unknown",
    "device-elsewhere": "error.device-elsewhere",
    "person-elsewhere": "error.other",
    **dict.fromkeys(
        (
            "journal-behind",
            "journal-forked",
            "journal-gap",
            "journal-compacted",
        ),
        "error.journal",
    ),
    **dict.fromkeys(
        ("record-refused", "record-invalid", "record-not-permitted", "record-known"),
        "error.record-refused",
    ),
    **dict.fromkeys(("record-too-large", "answers-too-large"), "error.answers-too-large"),
    "enrolment-code-mistyped": "error.enrolment-code-mistyped",
    "enrolment-code-length": "error.enrolment-code-length",
    "enrolment-code-unknown": "error.enrolment-code-unknown",
    "enrolment-code-used": "error.enrolment-code-used",
    "enrolment-code-other": "error.enrolment-code-other",
    "enrolment-code-expired": "error.enrolment-code-expired",
    "enrolment-unreadable": "error.enrolment-unreadable",
    "address-invalid": "error.address-invalid",
    "enrol-link": "error.enrol-link",
    "already-enrolled": "error.already-enrolled",
    "not-enrolled": "error.not-enrolled",
    "sync-busy": "error.sync-busy",
    "cancelled": "error.cancelled",
    "secret-wrong": "error.secret-wrong",
    "secret-not-digits": "error.secret-not-digits",
    "secret-short": "error.secret-short",
    "secret-long": "error.secret-long",
    "secret-simple": "error.secret-simple",
    "vault-wait": "error.vault-wait",
    **dict.fromkeys(("vault-damaged", "vault-cost"), "error.vault-damaged"),
    "vault-newer": "error.newer",
    "vault-row-damaged": "error.vault-row-damaged",
    "vault-closed": "error.vault-closed",
    "vault-missing": "error.vault-missing",
    "vault-there": "error.vault-there",
    "vault-other": "error.vault-other",
    "recovery-length": "error.recovery-length",
    "recovery-mistyped": "error.recovery-mistyped",
    "recovery-other": "error.recovery-other",
    "data-away": "error.data-away",
    "data-place-inside": "error.data-place-inside",
    "data-place-taken": "error.data-place-taken",
    "data-place-fixed": "error.data-place-fixed",
    "portable-unpackaged": "error.portable-unpackaged",
    "no-such-person": "error.no-such-person",
    "no-such-work": "error.no-such-work",
    "no-such-lesson": "error.no-such-lesson",
    "not-a-teacher": "error.not-a-teacher",
    "points-out-of-bounds": "error.points-out-of-bounds",
    "comment-too-long": "error.comment-too-long",
    "pack-missing": "error.pack-missing",
    "pack-unreadable": "error.pack-unreadable",
    "sealed": "error.sealed",
    "opening-wrong": "error.opening-wrong",
    "code-wrong": "error.code-wrong",
    "stick-gone": "error.stick-gone",
    "stick-full": "error.stick-full",
    "stick-failed": "error.stick-failed",
    "stick-read-only": "error.stick-read-only",
    "stick-damaged": "error.stick-damaged",
    "stick-busy": "error.stick-busy",
    "stick-newer": "error.stick-newer",
    "stick-none": "error.stick-none",
    "stick-not-in": "error.stick-not-in",
    "stick-foreign": "error.stick-foreign",
    "stick-no-invitation": "error.stick-no-invitation",
}

SEALED_CODES = ("sealed", "opening-wrong")
"""The questions are sealed; the second says that what the school sent did not open them."""


def sentence_for(code: str, subject: str = "", **values: Any) -> Message:
    """Find the sentence of a code; an unknown code gets one that names it."""
    return Message(_KEYS.get(code, "error.other"), {"subject": subject, "code": code, **values})


def failure(
    code: str, fault: Fault, detail: str = "", subject: str = "", **values: Any
) -> LaptopError:
    """Make an error of the laptop's own with its sentence."""
    return LaptopError(code, fault, detail, sentence_for(code, subject, **values))


def problem_of(error: Exception, subject: str = "") -> Problem:
    """Describe an error of any package: a typed one by its code, any other as our bug."""
    if isinstance(error, LaptopError):
        return Problem(error.code, error.fault, subject, error.message, str(error))
    refused = error if isinstance(error, OSError) or _is_of_stick(error) else error.__cause__
    if isinstance(refused, OSError) and refused.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = sentence_for("disk-full", subject)
        return Problem("disk-full", Fault.YOUR_DATA, subject, sentence, str(error))
    if isinstance(error, OSError):
        sentence = sentence_for("disk-error", subject)
        return Problem("disk-error", Fault.YOUR_DATA, subject, sentence, str(error))
    code, fault = _code_and_fault(error)
    retry_after_s = float(getattr(error, "retry_after_s", 0.0))
    return Problem(code, fault, subject, sentence_for(code, subject), str(error), retry_after_s)


def _is_of_stick(error: Exception) -> bool:
    """Tell whether a stick was refused something: it is not the laptop's disk that is full then."""
    return str(getattr(error, "code", "")).startswith("stick-")


def as_laptop_error(error: Exception, subject: str = "") -> LaptopError:
    """Wrap an error of `content` or `sync` for whoever called the laptop."""
    problem = problem_of(error, subject)
    return LaptopError(problem.code, problem.fault, problem.detail, problem.sentence)


def _code_and_fault(error: Exception) -> Tuple[str, Fault]:
    if isinstance(error, typed_errors()):
        return str(error.code), Fault(error.fault.value)  # type: ignore[attr-defined]
    return type(error).__name__, Fault.BUG


def typed_errors() -> Tuple[Type[Exception], ...]:
    """Name the roots of the errors that the packages below raise on purpose."""
    from content.errors import ContentError
    from sync.errors import SyncError

    return (ContentError, SyncError)
