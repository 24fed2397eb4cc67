"""A file that is given out has a name of ours, whatever was asked for."""

from __future__ import annotations

import ast
from uuid import UUID

from tests.doors.test_safe_code import calls, modules
from tests.web.staff.conftest import Desk

#: Where files are given out; a new one needs a test of its name.
GIVES_OUT = {
    "web/staff/rounds.py": ("/staff/caseload-example.csv", "caseload-example.csv"),
    "web/staff/caseload.py": ("/staff/caseload/mappings/capita_one.yaml", "capita_one.yaml"),
    "web/staff/gathered.py": ("/staff/accounts/mapping/ms_forms", "ms_forms.yaml"),
    "web/staff/past.py": ("/staff/past-judgements/example.csv", "past-judgements-example.csv"),
    "web/staff/exchange.py": (
        "/staff/files/download", "family-voice-accounts-autumn-2026.qdpx",
    ),
    "web/staff/sample.py": (
        "/staff/rounds/{round_id}/sample-to-fill-in.csv", "sample-to-fill-in.csv",
    ),
}  # fmt: skip
#: Where a council's own pictures and recordings are shown in a page: nobody is asked to save them.
SHOWN = {"web/public.py"}


def test_every_download_has_a_name_of_ours(lead: Desk, round_id: UUID) -> None:
    for address, name in GIVES_OUT.values():
        for asked in ("", "?filename=x.exe&name=..%2Fx%0d%0aSet-Cookie:%20fvx=1"):
            sent = lead.get(address.format(round_id=round_id) + asked)
            assert sent.headers["Content-Disposition"] == f'attachment; filename="{name}"'
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
    assert gives == set(GIVES_OUT) | SHOWN
