"""The pages in a real browser: accessible in both schemes and widths, sortable, silent on the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sample_reports
from gradetape.report import class_page, student_page

pytestmark = pytest.mark.slow

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = {"desktop": (1280, 900), "phone": (320, 700)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no page was tried")
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine: the pages were not tried in a browser (apt-get install chromium)")
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    reports = sample_reports.a_class()
    links = {report.student: f"{number}.html" for number, report in enumerate(reports)}
    texts = {
        "student": student_page(
            sample_reports.typical(),
            sample_reports.COURSE,
            sample_reports.TITLES,
            sample_reports.HINTS,
            index="index.html",
        ),
        "hostile": student_page(sample_reports.hostile(), sample_reports.COURSE),
        "empty": student_page(
            sample_reports.empty(), sample_reports.COURSE, sample_reports.TITLES, sample_reports.HINTS
        ),
        "class": class_page(reports, sample_reports.COURSE, links, sample_reports.TITLES),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


def opened(browser: Any, path: Path, size: str = "desktop", scheme: str = "light", **settings: Any) -> Any:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **settings)
    page = context.new_page()
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("name", ["student", "hostile", "empty", "class"])
def test_axe_finds_no_barrier(browser: Any, pages: dict[str, Path], name: str, size: str, scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed: barriers were not looked for"
    )
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    page = opened(browser, pages[name], size, scheme, bypass_csp=True)  # axe itself is a script that the policy forbids
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(script)
    result = page.evaluate("rules => axe.run(document, rules)", RULES)
    told = [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in result["violations"]
        for node in rule["nodes"][:3]
    ]
    page.context.close()
    assert not told, "\n".join(told)
    assert result["passes"], "axe looked at nothing"


@pytest.mark.parametrize("name", ["student", "hostile", "empty", "class"])
def test_a_page_of_320_pixels_never_scrolls_sideways(browser: Any, pages: dict[str, Path], name: str) -> None:
    page = opened(browser, pages[name], "phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


@pytest.mark.parametrize("name", ["student", "hostile", "class"])
def test_a_page_asks_for_nothing_and_the_policy_has_nothing_to_forbid(
    browser: Any, pages: dict[str, Path], name: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(f"dialog {dialog.message}"))
    page.goto(pages[name].as_uri())
    page.wait_for_load_state("networkidle")
    context.close()
    assert asked == [pages[name].as_uri()]
    assert said == []


def test_the_style_applies_under_the_policy(browser: Any, pages: dict[str, Path]) -> None:
    light, dark = (opened(browser, pages["student"], scheme=scheme) for scheme in ("light", "dark"))
    grounds = [page.evaluate("getComputedStyle(document.body).backgroundColor") for page in (light, dark)]
    lines = [
        page.evaluate("getComputedStyle(document.querySelector('.stroke-series-1')).stroke") for page in (light, dark)
    ]
    assert grounds[0] != grounds[1]
    assert lines[0] != lines[1], "the figure must follow the scheme"
    assert grounds[0] != "rgba(0, 0, 0, 0)"
    for page in (light, dark):
        page.context.close()


def test_the_table_sorts_by_click_and_by_key_and_says_so(browser: Any, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["class"])
    button = page.get_by_role("button", name="Total")
    button.click()
    header = page.locator("th", has=button)
    assert header.get_attribute("aria-sort") == "descending"
    totals = page.locator("tbody td:nth-child(2)").evaluate_all("cells => cells.map(cell => +cell.dataset.value)")
    assert totals == sorted(totals, reverse=True)
    button.press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Student").click()
    names = page.locator("tbody th").evaluate_all("cells => cells.map(cell => cell.dataset.value)")
    assert names[1:3] == ["Ann Keller", "Ben Ode"]
    assert page.locator("th[aria-sort]").count() == 1
    page.context.close()


def test_without_its_script_the_class_page_is_whole_and_has_no_dead_buttons(
    browser: Any, pages: dict[str, Path]
) -> None:
    page = opened(browser, pages["class"], java_script_enabled=False)
    assert page.locator("tbody tr").count() == len(sample_reports.a_class())
    assert page.locator("button").count() == 0
    page.context.close()


@pytest.mark.parametrize("name", ["student", "class"])
def test_everything_to_press_is_at_least_24_pixels_tall_or_stands_in_a_sentence(
    browser: Any, pages: dict[str, Path], name: str
) -> None:
    page = opened(browser, pages[name])
    small = page.evaluate(
        """() => [...document.querySelectorAll("a:not(.skip), button, summary")]
            .filter(one => !one.closest("p, strong"))
            .filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML.slice(0, 120))"""
    )
    page.context.close()
    assert small == []


def test_the_skip_link_is_first_and_shows_when_focused(browser: Any, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["student"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.context.close()
