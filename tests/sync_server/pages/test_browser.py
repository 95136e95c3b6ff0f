"""The pages in a real browser: nothing is cut off, and nobody is shut out."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict

import pytest

from sync_server.pages.morning import Away, Morning, look
from sync_server.pages.page import login_page, morning_page
from sync_server.pages.words import LANGUAGES
from tests.support.clock import TurnableClock
from tests.support.server import open_school
from tests.sync_server.pages.scene import NOW_MS, furnish

pytest.importorskip("axe_core_python")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
WIDTHS = (360, 1366)

WATCHER = """
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>
%s
<pre id="found"></pre>
<script>
window.onload = async function () {
  const found = {};
  for (const frame of document.querySelectorAll("iframe")) {
    const inside = frame.contentWindow, page = inside.document;
    const root = page.documentElement, cut = [];
    for (const one of page.querySelectorAll("p,li,td,th,h1,h2,h3,a,button,summary,code")) {
      const box = one.getBoundingClientRect();
      if (box.right > root.clientWidth + 1) { cut.push(one.textContent.trim().slice(0, 40)); }
    }
    const ran = await inside.axe.run(page, {resultTypes: ["violations"]});
    found[frame.id] = {
      wide: root.scrollWidth > root.clientWidth,
      cut: cut,
      axe: ran.violations.map(v => v.id + ": " + v.nodes.map(n => n.target).join(", ")),
      passed: ran.passes.length,
    };
  }
  document.getElementById("found").textContent = JSON.stringify(found);
};
</script></body></html>
"""


def axe_source() -> str:
    axe = pytest.importorskip("axe_core_python")

    return (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def watched(folder: Path, pages: Dict[str, str]) -> Dict[str, Any]:
    """Load pages at both widths, with axe inside, and return what was found of each."""
    script = f"<script>{axe_source()}</script>"
    frames = []
    for name, page in pages.items():
        inside = html.escape(page.replace("</head>", f"{script}</head>"), quote=True)
        for width in WIDTHS:
            frames.append(
                f'<iframe id="{name}-{width}" title="{name}" width="{width}" height="900" '
                f'style="border:0" srcdoc="{inside}"></iframe>'
            )
    file = folder / "watch.html"
    file.write_text(WATCHER % "".join(frames), encoding="utf-8")
    done = subprocess.run(
        [
            str(BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=60000",
            f"--user-data-dir={folder / 'profile'}",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        timeout=180,
        check=False,
    )
    text = re.search(r'<pre id="found">(.*?)</pre>', done.stdout.decode("utf-8"), re.DOTALL)
    assert text is not None
    found: Dict[str, Any] = json.loads(html.unescape(text.group(1)))
    return found


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Morning:
    folder = tmp_path_factory.mktemp("browser")
    with open_school(folder / "school", TurnableClock(NOW_MS)) as school:
        furnish(
            folder,
            school,
            held="link-budget-month",
            missing=12,
            missing_bytes=380_000_000,
            lessons=(("equations", "meaning"),),
            problems=("algebra-8: its manifest is damaged.",),
        )
        found = look(school.store, school.folder.root, NOW_MS)
    long = "Ы.Алтынсарин атындағы №7 жалпы білім беретін мектеп-гимназиясы"
    line = replace(found.lines[0], name=long, last_contact_ms=None, refused=3)
    return replace(
        found, school=long, lines=(*found.lines, line), away=(Away("x" * 60, None), *found.away)
    )


def test_nothing_is_cut_off_and_axe_finds_no_fault(morning: Morning, tmp_path: Path) -> None:
    pages = {language: morning_page(morning, language) for language in LANGUAGES}
    pages["well"] = morning_page(replace(morning, lines=(), away=()), "kk")
    pages["login"] = login_page("ru", "/srv/a-long-folder/" + "keruen" * 8, "Этот код не подходит.")
    found = watched(tmp_path, pages)
    assert set(found) == {f"{name}-{width}" for name in pages for width in WIDTHS}
    for name, one in found.items():
        assert (one["wide"], one["cut"], one["axe"]) == (False, [], []), name
        assert one["passed"] > 10


def test_the_watcher_sees_what_is_wrong(tmp_path: Path) -> None:
    bad = (
        "<!DOCTYPE html><html><head><title></title></head><body><p style='width:2000px'>wide</p>"
        "<img src='x.png'><p style='color:#ccc;background:#fff'>pale</p></body></html>"
    )
    found = watched(tmp_path, {"bad": bad})["bad-360"]
    assert found["wide"]
    assert found["cut"]
    assert {one.split(":")[0] for one in found["axe"]} >= {"color-contrast", "image-alt"}
