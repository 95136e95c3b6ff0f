"""`python3 build bench [NAME]`: the measurements of `tests/bench`, each a module with `main()`."""

from __future__ import annotations

from typing import List, Sequence, Tuple

from build import project, say, system
from build.paths import ROOT
from build.say import BuildError

_FOLDER = ROOT / "tests" / "bench"
_PREFIX = "bench_"


def names() -> List[str]:
    """Return the names of the measurements there are."""
    return sorted(path.stem[len(_PREFIX) :] for path in _FOLDER.glob(f"{_PREFIX}*.py"))


def split(words: Sequence[str]) -> Tuple[List[str], List[str]]:
    """Split what was typed into names and the options after them, which the measurement reads."""
    first = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    return list(words[:first]), list(words[first:])


def chosen(wanted: Sequence[str]) -> List[str]:
    """Return the measurements to run: those wanted, or all; BuildError for an unknown name."""
    known = names()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise BuildError(
            f"there is no measurement called {', '.join(unknown)}. "
            f"There are: {', '.join(known) or 'none yet'}."
        )
    return list(wanted) or known


def bench(words: Sequence[str]) -> int:
    """Run the measurements one after another, alone on the machine; 0 if none failed.

    Options after a single name are that measurement's own.
    """
    wanted, options = split(words)
    if options and len(wanted) != 1:
        raise BuildError(f"{options[0]} is an option of one measurement: name that one before it.")
    selection = chosen(wanted)
    python = project.make_main()
    system.ensure()
    failed = []
    for name in selection:
        say.step(f"measuring {name}")
        module = f"tests.bench.{_PREFIX}{name}"
        start = f"import sys; from {module} import main; sys.exit(main())"
        if project.run(python, ["-c", start, *options], project.variables(offscreen=True)):
            failed.append(name)
    if failed:
        say.step(f"failed: {', '.join(failed)}")
    return 1 if failed else 0
