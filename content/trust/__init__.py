"""Who may sign what: keys, roots, certificates, withdrawals, and signed envelopes."""

from __future__ import annotations
