"""Between two servers: what a relay says to its upstream, and the answer, as values and as bytes.

A *relay* is a server that passes on to another one, its *upstream*, all journals that it holds: its
own, its laptops', and those of the servers below it. It gets back what the upstream holds for the
relay's people that was written elsewhere. One request, one answer, in the same sealed and signed
messages as exchanges; anything may be lost, doubled, late or repeated, and either server may come
back from a backup.

Both sides compare what the upstream holds by one digest (``heads``). Where it differs from
what the relay believes, the answer lists the upstream's heads, a page at a time: the relay sends
again what the upstream lost, and asks back for what it has lost itself.
"""

from __future__ import annotations
