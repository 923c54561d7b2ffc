"""Pages opened from a disk in a real browser: nothing may go wrong, and nothing be asked for outside."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
IN_BROWSER = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")]
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def started():
    """The browser."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        # As root, as in a container, Chromium starts only without its sandbox.
        arguments = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@contextmanager
def visiting(browser, site):
    """A function that opens a page of a site; at the end nothing may have gone wrong or outside."""
    wrong, contexts = [], []

    def look(request):
        if not request.url.startswith(("file:", "data:", "about:", "blob:")):
            wrong.append(f"request: {request.url}")

    def open_page(name, fragment="", size=DESK, **settings):
        context = browser.new_context(viewport=size, **settings)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", look)
        page.on("requestfailed", lambda r: wrong.append(f"failed: {r.url}"))
        page.on("console", lambda m: wrong.append(f"{m.type}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((site / f"{name}.html").as_uri() + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def violations(page):
    """What axe finds on a page against WCAG 2.2 AA and the best practices."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run `npm ci --ignore-scripts` in web/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})", _TAGS
    )
    return [
        f"{v['id']}: {n['html'][:160]} {[c['message'] for c in n['any'] + n['all']][:1]}"
        for v in found["violations"]
        for n in v["nodes"][:3]
    ]
