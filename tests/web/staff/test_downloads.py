"""A file that is given out has a name of ours, whatever was asked for."""

from __future__ import annotations

import ast

from tests.doors.test_safe_code import calls, modules
from tests.web.staff.conftest import Desk

#: Where files are given out; a new one needs a test of its name.
GIVES_OUT = {"web/staff/rounds.py": "/staff/caseload-example.csv"}


def test_every_download_has_a_name_of_ours(lead: Desk) -> None:
    for address in GIVES_OUT.values():
        for asked in ("", "?filename=x.exe&name=..%2Fx%0d%0aSet-Cookie:%20fvx=1"):
            sent = lead.get(address + asked)
            named = f'attachment; filename="{address.rpartition("/")[2]}"'
            assert sent.headers["Content-Disposition"] == named
            assert "fvx" not in str(sent.headers)


def test_no_other_file_is_given_out() -> None:
    gives = {
        where
        for where, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "Content-Disposition"
    }
    gives |= {
        where
        for where, _node, name in calls()
        if name.rpartition(".")[2] in {"send_file", "send_from_directory"}
    }
    assert gives == set(GIVES_OUT)
