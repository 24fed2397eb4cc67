"""What the audits of a framework are, in words: how often, of whom, and who is left out."""

from __future__ import annotations

from family_voice.frameworks.framework import Audit, Framework
from family_voice.language.formats import in_words
from family_voice.language.texts import _, lazy, ngettext

OFTEN = {
    "monthly": lazy("every month"),
    "half_termly": lazy("every half term"),
    "termly": lazy("every term"),
    "yearly": lazy("every year"),
    "when_needed": lazy("when needed"),
}

_HAPPENED = {
    ("plan_finalised", "any"): lazy("Their plan has been made final."),
    ("plan_finalised", "month"): lazy("Their plan was made final in the month before."),
    ("plan_finalised", "half_term"): lazy("Their plan was made final in the half term before."),
    ("plan_finalised", "term"): lazy("Their plan was made final in the term before."),
    ("review_finalised", "any"): lazy("Their annual review has been made final."),
    ("review_finalised", "month"): lazy("Their annual review was made final in the month before."),
    ("review_finalised", "half_term"): lazy(
        "Their annual review was made final in the half term before."
    ),
    ("review_finalised", "term"): lazy("Their annual review was made final in the term before."),
}


def how_much(audit: Audit) -> str:
    """How many cases, how often, and in how many meetings."""
    cases = ngettext("%(num)d case", "%(num)d cases", audit.cases)
    sessions = ngettext("%(num)d session", "%(num)d sessions", audit.sessions)
    return _(
        "%(cases)s, %(often)s, in %(sessions)s.",
        cases=cases,
        often=OFTEN[audit.frequency],
        sessions=sessions,
    )


def families(audit: Audit) -> str:
    """Whether the families of its cases are heard."""
    if not audit.hears_families:
        return _("A look at papers: nobody is asked for an account.")
    if audit.meets_family:
        return _("The family is heard, and those who review meet them, if they agree.")
    return _("Every family is heard, if they agree.")


def may_be_drawn(framework: Framework, audit: Audit) -> list[str]:
    """Which children may be drawn, a sentence for each condition."""
    named = ", ".join(framework.names[each] for each in audit.plan_types)
    said = [_("Their plan or support: %(plans)s.", plans=named)]
    if audit.event != "any":
        said.append(str(_HAPPENED[audit.event, audit.period]))
    if audit.years_with_plan_at_least:
        said.append(
            ngettext(
                "They have had a plan for %(num)d year or longer.",
                "They have had a plan for %(num)d years or longer.",
                audit.years_with_plan_at_least,
            )
        )
    if audit.not_audited_within_months:
        said.append(
            ngettext(
                "They were in no audit in the last month.",
                "They were in no audit in the last %(num)d months.",
                audit.not_audited_within_months,
            )
        )
    if audit.not_drawn_by:
        names = in_words([framework.audit(each).name for each in audit.not_drawn_by])
        said.append(_("They were not drawn for the same time by: %(audits)s.", audits=names))
    return said


LABELS = {"how_much": how_much, "families_of": families, "may_be_drawn": may_be_drawn}
