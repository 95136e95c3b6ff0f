"""From a teacher's folder to a pack: what is there, what it becomes, and what could not be used.

``scan`` lists files, ``grouping`` makes lessons of them, ``steps`` imports and encodes each file in
a process of its own, ``store`` keeps what was made, ``composing`` writes it as a source folder, and
``making`` does all of it in order.
"""

from __future__ import annotations
