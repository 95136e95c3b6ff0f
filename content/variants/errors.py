"""What can be wrong with a parametrised task."""

from __future__ import annotations

from content.errors import ContentError, Fault


class VariantError(ContentError):
    """A formula, a parameter or an insertion that cannot be used; the sentence says which."""

    code = "variant-invalid"
    fault = Fault.YOUR_DATA


class NoValueError(VariantError):
    """A formula without a value for these numbers: a division by zero, a root that is not exact.

    Numbers for which a formula has no value are not given to a pupil: others are drawn.
    """

    code = "formula-without-value"
