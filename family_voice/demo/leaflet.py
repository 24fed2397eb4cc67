"""What the demo prints when it is ready: for a person, or as one JSON document."""

from __future__ import annotations

import json

from family_voice.demo.handout import FamilyDoor, Handout


def as_json(handout: Handout) -> str:
    """One JSON document, and nothing else."""
    return json.dumps(handout.as_json(), indent=2, ensure_ascii=False)


def as_text(handout: Handout, served: bool) -> str:
    """The sign-ins and links, to be read in a terminal."""
    width = max(len(each.email) for each in handout.staff)
    lines = ["", "Family Voice: a demo in which every family is made up.", ""]
    if served:
        lines += [f"  Begin here:  {handout.base_url}/demo", ""]
    lines += ["Staff (each signs in at /staff, or by one button at /demo)"]
    for each in handout.staff:
        lines.append(f"  {each.email:<{width}}  {each.password}")
        lines.append(f"  {'':<{width}}  {each.job_title}; second step: {each.totp_secret}")
    lines += ["", f"Families of the {handout.families[-1].round[:1].lower()}"
              f"{handout.families[-1].round[1:]}"]  # fmt: skip
    for door in handout.newest:
        lines += _family(door)
    lines += ["", f"Texts go to {handout.sms.number}; at /demo there is a pretend phone."]
    if served:
        lines += ["Stop with Ctrl+C."]
    return "\n".join(lines)


def _family(door: FamilyDoor) -> list[str]:
    lines = [f"  {door.case}  {door.name}, {door.outcome.replace('_', ' ')}"]
    if door.link:
        lines.append(f"    {door.link}")
        words = [f"code {door.printed_code}"]
        words += [f"code word {door.code_word}"] if door.code_word else []
        words += [f"telephone {door.phone}"] if door.phone else []
        words += [f"return word {door.return_word}"] if door.return_word else []
        lines.append(f"    {', '.join(words)}")
    return lines
