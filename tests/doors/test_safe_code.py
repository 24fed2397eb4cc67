"""What the program's own text never does, read from the text itself: `docs/asvs.md` rests on it.

Each exception is named here with its reason, so that a new one is somebody's decision.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "family_voice"
TEMPLATES = sorted((ROOT / "templates").rglob("*"))
SCRIPTS = sorted((ROOT / "static").glob("*.js"))

#: SQL that is not one constant: names of our own, never anything that came from outside.
SQL_OF_OUR_OWN = {"storage/engine.py": "PRAGMA lines from a constant"}
#: HTML that is marked as such: made by our own template or drawing, which escaped what is in it.
MARKUP_OF_OUR_OWN = {
    "language/numbers_in_words.py": 2,
    "web/staff/accounts.py": 1,
    "web/staff/invitations.py": 2,
}
#: The only modules that open a connection, and to whom.
SPEAKS_TO_THE_OUTSIDE = {
    "messages/twilio_gateway.py": "Twilio, or the stand-in the settings name",
    "messages/notify_gateway.py": "GOV.UK Notify, or the stand-in the settings name",
    "messages/mailer.py": "the council's mail server, its certificate looked at",
    "sms/webhook.py": "nobody: it checks Twilio's signature",
    "cli.py": "nobody: it listens",
    "people/single_sign_on.py": "the council's identity provider",
}
CONNECTS = re.compile(
    r"^\s*(?:from|import) (?:requests|httpx|urllib\.request|urllib3|http\.client|socket|smtplib"
    r"|ftplib|authlib|twilio\.rest|twilio\.request_validator|twilio\.http"
    r"|notifications_python_client)",
    re.M,
)
#: Patterns put together from phrases in a file of ours, each letter of them escaped.
PATTERNS_OF_OUR_OWN = {"safeguarding/phrases.py", "sharing/identifiers.py", "themes/tone.py"}
#: The one command: this interpreter on a module of ours, word for word and without a shell. What
#: it works on goes through its standard input.
RUNS = {
    "operations/learning.py": "[sys.executable, '-m', 'family_voice.themes.learning_apart']",
}
FORMATS_OUR_OWN_WORDS = {
    "consent", "web", "sms", "messages", "interviews", "demo", "cases", "reports", "language",
}  # fmt: skip


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call in the package: where, the call, and the name that is called."""
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield name, node, called(node)


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def constant(node: ast.expr) -> bool:
    """Whether a text stands in our own source whole: written there, or under a module's name."""
    if isinstance(node, ast.JoinedStr):
        return not any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return constant(node.left) and constant(node.right)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def test_nothing_runs_code_or_commands() -> None:
    wrong = [
        f"{where}:{node.lineno} {name}"
        for where, node, name in calls()
        if name in {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
        or (
            name.startswith("yaml.")
            and "load" in name
            and "Safe" not in ast.unparse(node)
            and name != "yaml.safe_load"
        )
        or (
            name.startswith(("subprocess.", "os.exec", "os.spawn"))
            and not (
                name == "subprocess.run"
                and ast.unparse(node.args[0]) == RUNS.get(where)
                and "shell" not in {each.arg for each in node.keywords}
            )
        )
    ]
    for where, tree in modules():
        for node in ast.walk(tree):
            names = (
                [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            )  # fmt: skip
            wrong += [
                f"{where} imports {each}"
                for each in names
                if each.partition(".")[0] in {"pickle", "marshal", "shelve", "subprocess", "dill"}
                and not (each == "subprocess" and where in RUNS)
            ]
    assert wrong == []


def test_no_sql_is_pasted_together() -> None:
    asks = re.compile(r"(?:^|\.)(?:text|execute|exec_driver_sql|scalars?|literal_column)$")
    wrong = [
        f"{where}:{node.lineno}"
        for where, node, name in calls()
        if asks.search(name)
        and where not in SQL_OF_OUR_OWN
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
        and not constant(node.args[0])
    ]
    assert wrong == []


def test_templates_escape_everything() -> None:
    wrong = []
    for path in TEMPLATES:
        if path.is_file():
            assert path.suffix == ".html", f"{path.name} would not be escaped"
            if re.search(r"\|\s*safe\b|autoescape", path.read_text(encoding="utf-8")):
                wrong.append(path.name)
    marked: dict[str, int] = {}
    for where, _node, name in calls():
        if name.rpartition(".")[2] == "Markup":
            marked[where] = marked.get(where, 0) + 1
    assert wrong == []
    assert marked == MARKUP_OF_OUR_OWN


def test_addresses_are_built_by_the_router() -> None:
    pasted = re.compile(r'(?:href|action|src)="(?:javascript:|data:|[^"{]*/[^"{]*\{\{)')
    assert [path.name for path in _templates() if pasted.search(path.read_text("utf-8"))] == []


def test_no_values_are_written_into_scripts() -> None:
    inside = re.compile(r"<script[^>]*>(.*?)</script>", re.S)
    by_attribute = re.compile(r"\son[a-z]+\s*=\s*[\"']")
    wrong = []
    for path in _templates():
        words = path.read_text("utf-8")
        # `tojson` escapes what could end the script; nothing else may stand there.
        if any(
            re.search(r"\{\{(?![^}]*\|tojson \}\})|\{%", each) for each in inside.findall(words)
        ):
            wrong.append(f"{path.name}: a value in a script")
        if by_attribute.search(words):
            wrong.append(f"{path.name}: a script in an attribute")
    assert wrong == []


def test_no_templates_are_made_from_text() -> None:
    makes = {"render_template_string", "from_string", "Template"}
    assert [
        f"{where}:{node.lineno}"
        for where, node, name in calls()
        if name.rpartition(".")[2] in makes and not where.startswith("messages/")
    ] == []


def test_no_input_becomes_a_pattern() -> None:
    wrong = []
    for where, node, name in calls():
        if re.fullmatch(r"re\.(compile|match|fullmatch|search|sub|split|findall|finditer)", name):
            pattern = node.args[0]
            if where in PATTERNS_OF_OUR_OWN or "re.escape(" in ast.unparse(pattern):
                continue
            if not constant(pattern):
                wrong.append(f"{where}:{node.lineno} {ast.unparse(pattern)[:60]}")
    assert wrong == []


def test_no_format_string_comes_from_outside() -> None:
    wrong = [
        f"{where}:{node.lineno}"
        for where, node, name in calls()
        if name.endswith((".format", ".format_map"))
        and isinstance(node.func, ast.Attribute)
        and not isinstance(node.func.value, ast.Constant)
        and where.partition("/")[0] not in FORMATS_OUR_OWN_WORDS
    ]
    assert wrong == []


def test_only_named_modules_speak_to_the_outside() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if CONNECTS.search(path.read_text(encoding="utf-8"))
    }
    assert found <= set(SPEAKS_TO_THE_OUTSIDE)


def test_cryptography_lives_in_one_room() -> None:
    """AES-GCM, HKDF and HMAC-SHA256 in `security`; nothing weak anywhere."""
    weak = re.compile(r"\b(?:md5|sha1|DES|ECB|RC4|PKCS1v15|random\.choice|random\.randint)\b")
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        where, words = path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")
        if "cryptography.hazmat" in words and not where.startswith("security/"):
            wrong.append(f"{where} brings a cipher of its own")
        if weak.search(words) and not where.startswith("demo/"):
            wrong.append(f"{where}: {weak.findall(words)}")
    assert wrong == []


def test_scripts_write_text_never_markup() -> None:
    writes = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|__proto__"
        r"|postMessage|addEventListener\(.message"
    )
    assert SCRIPTS
    assert [path.name for path in SCRIPTS if writes.search(path.read_text("utf-8"))] == []


def test_scripts_keep_nothing_in_the_browser() -> None:
    keeps = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.")
    assert [path.name for path in SCRIPTS if keeps.search(path.read_text("utf-8"))] == []


def _templates() -> list[Path]:
    return [path for path in TEMPLATES if path.is_file()]
