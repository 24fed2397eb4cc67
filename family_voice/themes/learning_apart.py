"""Learning and reading in a process of its own: one JSON document in, one out, then it ends.

So nothing that serves families waits for it, and neither scikit-learn nor a model with families'
words ever stands in the memory of the process that serves pages. The words come through a pipe and
touch no disk. `python -m family_voice.themes.learning_apart`
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64decode, b64encode
from dataclasses import asdict
from typing import Any, Final

from family_voice.themes.learning_turn import AN_ANSWER, SURE_ENOUGH, Found, Outcome, Work

#: How much this process gives way to those that serve people.
NICE: Final = 10


class ModelRefused(Exception):
    """The kept model is broken, or of another version of the program: it has to be learned anew."""


def asked(work: Work) -> str:
    """What the process is told: no ids, only words, headings and codes."""
    return json.dumps(
        {
            "codebook_version": work.codebook_version,
            "notes": [asdict(each) for each in work.notes],
            "examples": [asdict(each) for each in work.examples],
            "model": b64encode(work.model).decode(),
            "texts": [
                [answer.text, answer.heading_id]
                for account in work.to_read
                for answer in account.answers
            ],
        }
    )


def answered(said: str) -> Outcome:
    """What the process says back.

    Raises:
        ModelRefused: if the model that it was given cannot be used.
    """
    data = json.loads(said)
    if data.get("refused"):
        raise ModelRefused
    return Outcome(
        model=b64decode(data["model"]),
        version=data["version"],
        data_hash=data["data_hash"],
        found=tuple(
            tuple(
                Found(each["code"], each["sure"], tuple((s, e) for s, e in each["spans"]))
                for each in text
            )
            for text in data["found"]
        ),
    )


def work_on(said: str) -> str:
    """Learn, or take the model that was given; then read every text."""
    from family_voice.themes.embeddings import NotInstalled, installed
    from family_voice.themes.kept_model import from_bytes, to_bytes
    from family_voice.themes.learning import CodeNote, Example, ModelUnusable, learn

    data: dict[str, Any] = json.loads(said)
    version = data["codebook_version"]
    try:
        embed = installed()
    except NotInstalled:
        embed = None
    try:
        if data["model"]:
            kept = b64decode(data["model"])
            model = from_bytes(kept, codebook_version=version, embed=embed)
        else:
            model = learn(
                [
                    Example(
                        each["text"], each["heading_id"], frozenset(each["codes"]), each["group"]
                    )
                    for each in data["examples"]
                ],
                [
                    CodeNote(each["id"], each["name"], each["description"], tuple(each["examples"]))
                    for each in data["notes"]
                ],
                codebook_version=version,
                embed=embed,
            )
    except ModelUnusable:
        return json.dumps({"refused": True})
    texts = [(text, heading) for text, heading in data["texts"]]
    found = []
    for (text, heading), scores in zip(texts, model.suggest(texts) if texts else [], strict=True):
        surest = model.chosen(scores)
        found.append(
            [
                {
                    "code": code,
                    "sure": round(100 * scores[code]),
                    "spans": model.words(text, heading, code),
                }
                for code in surest[:AN_ANSWER]
                if round(100 * scores[code]) >= SURE_ENOUGH
            ]
        )
    return json.dumps(
        {
            "model": "" if data["model"] else b64encode(to_bytes(model)).decode(),
            "version": model.version,
            "data_hash": model.data_hash,
            "found": found,
        }
    )


if __name__ == "__main__":
    os.nice(NICE)
    sys.stdout.write(work_on(sys.stdin.read()))
