"""What can go wrong with keys and trust: each refusal has its own type, code and sentence."""

from __future__ import annotations

from content.errors import ContentError, Fault, KeyFileError, MismatchError, RollbackError


class PassphraseError(KeyFileError):
    """A key file's passphrase is missing or wrong, or too short for a new key."""

    code = "passphrase"


class ThresholdError(ContentError):
    """Fewer holders of the root's keys have signed than the root asks for."""

    code = "threshold-not-met"


class WithdrawnKeyError(ContentError):
    """The key, or one that certified it, was withdrawn: nothing newer by it is accepted."""

    code = "key-withdrawn"


class LimitError(ContentError):
    """A genuine signature for something that the key's certificate does not cover."""

    code = "outside-limits"


class WiderLimitsError(ContentError):
    """A certificate allows more than the one above it, so its issuer could not give that."""

    code = "limits-wider"


class ChainTooLongError(ContentError):
    """More certificates in a row than the format, or one of them, allows."""

    code = "chain-too-long"


class BrokenChainError(ContentError):
    """Certificates that do not join: one is not issued by the holder of the one above."""

    code = "chain-broken"


class UnknownChainError(ContentError):
    """The certificates that a catalogue names are not here yet: fetch them first."""

    code = "chain-unknown"


class OlderTrustError(RollbackError):
    """A genuine root, withdrawal list or chain that is older than one already accepted."""

    code = "trust-older"


class OlderVersionError(RollbackError):
    """A genuine catalogue that turns a pack back to a lower version than one accepted before."""

    code = "version-older"


class ForkedError(ContentError):
    """Two different genuine files with the same number: their signer signed both."""

    code = "number-used-twice"


class FrozenError(ContentError):
    """A genuine file that is older than what the school's server says there is."""

    code = "held-back"


class MixedVersionsError(MismatchError):
    """A genuine manifest that is not the one its catalogue lists."""

    code = "versions-mixed"


class TrustStateError(ContentError):
    """The file that remembers whom this machine trusts is damaged."""

    code = "trust-state"
    fault = Fault.YOUR_DATA
