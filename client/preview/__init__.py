"""``keruen preview FOLDER``: a source folder in the window as a pupil sees it, as it is saved.

``folder_state`` tells whether anything was saved, ``previewing`` shows a source on a laptop that is
thrown away afterwards, ``run`` opens the window on it.
"""

from __future__ import annotations
