"""Checking a repository's files of trust: each byte of them, and that they cover its catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Tuple

from content.errors import ContentError
from content.repositories.repository import CATALOGUE, Repository
from content.repositories.verification import Problem
from content.trust.files import TrustFile, accept
from content.trust.folder import TrustFolder, name_of, pins_in
from content.trust.hint import TrustHint, hint_of
from content.trust.state import TrustState
from content.trust.trusted_catalogue import verify_catalogue


def trust_problems(folder: Path) -> Tuple[Problem, ...]:
    """Every file of trust that is not as it should be; one bad file hides no other.

    The repository's own roots are trusted: that finds damage, not forgery. A repository without
    such files, whose catalogue names none, has none of these problems.
    """
    problems: List[Problem] = []
    store = TrustFolder(folder)
    files: Dict[TrustFile, bytes] = {}
    for file in store.files():
        try:
            data = store.read(file)
            if name_of(data, file.path) == file:
                files[file] = data
            else:
                problems.append(Problem(file.path, "object-damaged", f"{file.path} is misplaced."))
        except ContentError as problem:
            problems.append(Problem(file.path, problem.code, str(problem)))
    state = TrustState(pins=pins_in(files))
    for file, data in _named(folder, files).items():
        try:
            state = accept(state, file, data)
        except ContentError as problem:
            problems.append(Problem(file.path, problem.code, str(problem)))
    hint = _hint(folder)
    if hint is not None and not problems:
        try:
            data = Repository(folder).catalogue_bytes()
            refused = verify_catalogue(data, state, place=CATALOGUE).refused
            problems += [Problem(CATALOGUE, one.code, str(one)) for one in refused.values()]
        except ContentError as problem:
            problems.append(Problem(CATALOGUE, problem.code, str(problem)))
    return tuple(problems)


def _hint(folder: Path) -> Optional[TrustHint]:
    """What the catalogue names; a damaged one names nothing, and is found without us."""
    repository = Repository(folder)
    try:
        return hint_of(repository.catalogue(repository.trusted_keys()))
    except ContentError:
        return None


def _named(folder: Path, files: Dict[TrustFile, bytes]) -> Dict[TrustFile, bytes]:
    """Without chains that the catalogue no longer names: the root may have moved on since."""
    hint = _hint(folder)
    kept = "" if hint is None else hint.chain
    return {
        file: data for file, data in files.items() if file.kind != "chains" or file.name == kept
    }
