"""What client and server share: journals, exchanges, object transfer and roads."""

from __future__ import annotations
