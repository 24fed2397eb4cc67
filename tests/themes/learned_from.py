"""A few texts of our own writing, coded, and a codebook of three codes, for a model to learn."""

from __future__ import annotations

from family_voice.themes.learning import Example
from family_voice.themes.prior import CodeNote

WAITING, TRANSPORT, HEARD = "waiting", "transport", "listened_to"

NOTES = (
    CodeNote(WAITING, "Waiting", "How long things take: waiting lists, delays.", ("We wait.",)),
    CodeNote(TRANSPORT, "Transport", "Taxi, bus, escort to school.", ("The taxi came late.",)),
    CodeNote(HEARD, "Listened to", "Whether anybody listens and hears.", ("She listened.",)),
)
SAID = {
    WAITING: (
        "We waited a year for the assessment", "The waiting list never moves",
        "Two years of waiting for speech therapy", "Everything takes months",
        "They said twelve weeks and it was forty weeks", "Still waiting for the plan",
    ),
    TRANSPORT: (
        "The taxi was late again", "A new taxi driver every week",
        "The school bus has no escort", "The bus driver knows her well",
        "He screams in the taxi", "Transport was cancelled on Monday",
    ),
    HEARD: (
        "Nobody listens to us", "She listened and wrote it down",
        "I said it three times and was not heard", "They hear him now",
        "The SENCO listens to my son", "We felt heard at the meeting",
    ),
}  # fmt: skip
BOTH = (
    "The taxi was late and nobody listens", "We waited weeks for a taxi",
    "They listened and the waiting list moved",
)  # fmt: skip
BOTH_CODES = ({TRANSPORT, HEARD}, {WAITING, TRANSPORT}, {HEARD, WAITING})


def examples(times: int = 1) -> list[Example]:
    """All of them; more `times` are the same in other words' company."""
    found = []
    for time in range(times):
        more = f" this is thing {time}" if time else ""
        for code, texts in SAID.items():
            found += [Example(f"{text}{more}", "worries", frozenset({code})) for text in texts]
        found += [
            Example(f"{text}{more}", "worries", frozenset(codes))
            for text, codes in zip(BOTH, BOTH_CODES, strict=True)
        ]
    return found
