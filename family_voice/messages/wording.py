"""The words of every text that may go out: each template's sentences, through gettext.

No template has a place for a child's name, a need, a school, a service or anything somebody told
us, because nobody knows who is holding the phone. What is put in comes from the settings, from the
guide's own questions, from the consent statements, or is a link of ours.
"""

from __future__ import annotations

from datetime import datetime

from family_voice.language.formats import full_date, time_of_day
from family_voice.language.gsm7 import simpler
from family_voice.language.team import team_named
from family_voice.language.texts import _
from family_voice.messages.templates import Template
from family_voice.settings import Settings


def compose(
    template: Template,
    settings: Settings,
    *,
    statement: str = "",
    question: str = "",
    link: str = "",
    day: str = "",
    number: str = "",
    languages: str = "",
    reads_next: datetime | None = None,
) -> str:
    """The words of a text, in the language of the moment.

    Args:
        template: which.
        settings: who we are and how to ring us.
        statement: a consent statement's text wording, for those that ask for a decision.
        question: the guide's text wording, for those that ask a question.
        link: a link of ours, for those that carry one.
        day: when something happens, for those that say so.
        number: of a receipt, for the one that names it.
        languages: names of languages, for those that say which there are.
        reads_next: when texts are next read; None while somebody reads them.

    Returns:
        The text, in the cheaper alphabet where its language allows.
    """
    team, phone = team_named(settings.team_name), settings.phone
    match template:
        case Template.INVITATION:
            words = _(
                "Hello, this is %(team)s. We would like to hear from you, if you want to talk with "
                "us. You do not have to. By text: reply with the code word from our letter or "
                "call. On the web: %(link)s By phone: %(phone)s. Text STOP for no more texts.",
                team=team,
                link=link,
                phone=phone,
            )
            words = f"{words}\n{day_note(settings, reads_next)}"
        case Template.CODE_WORD:
            words = _(
                "Before we start, please text us the code word from our letter or call, so that we "
                "know it is you. Cannot find it? Text CALL, or ring %(phone)s.",
                phone=phone,
            )
        case Template.DECISION:
            words = statement
        case Template.AGREE_OR_NO:
            words = _agree_or_no()
        case Template.ASKED_AGAIN:
            words = f"{_agree_or_no()} {statement}"
        case Template.AGREE_AGAIN:
            words = _(
                "You texted START, so we ask again. %(statement)s NO means: no more texts.",
                statement=statement,
            )
        case Template.NOT_KEPT:
            words = _(
                "We have not kept what you just sent. First: %(statement)s", statement=statement
            )
        case Template.FIRST_QUESTION:
            words = _(
                "%(question)s Use as many texts as you like, then text NEXT. SKIP leaves a "
                "question out. PAUSE: we wait.",
                question=question,
            )
        case Template.QUESTION:
            words = question
        case Template.OPEN_QUESTION:
            words = _("%(question)s (MORE: more questions about this.)", question=question)
        case Template.MORE_ADDED:
            words = _("More questions about this come after this one.")
        case Template.NO_MORE:
            words = _("There are no more questions about this. Text NEXT to go on.")
        case Template.AT_START:
            words = _("This is the first question.")
        case Template.WEB_LINK:
            words = _(
                "Carry on here: %(link)s It opens once, within a day. For another link, text WEB. "
                "You can still text us, too.",
                link=link,
            )
        case Template.CALL_COMING:
            words = _(
                "We will ring you. If you would like to ring us, the number is %(phone)s.",
                phone=phone,
            )
        case Template.CALL_NOTED:
            words = _("Thank you. We have passed that on to whoever rings you.")
        case Template.PAUSED:
            words = _(
                "That is fine. We wait, and we keep what you told us. To go on, text NEXT, or just "
                "text your answer."
            )
        case Template.LANGUAGES:
            words = _(
                "We can text you in these languages: %(languages)s. Text LANG and the one you "
                "would like.",
                languages=languages,
            )
        case Template.ONE_LANGUAGE:
            words = _(
                "By text we can only ask in %(languages)s just now. You can answer in any "
                "language. To talk in yours, text CALL or ring %(phone)s.",
                languages=languages,
                phone=phone,
            )
        case Template.RESTING:
            words = _(
                "Thank you, your text is here. %(reads)s The next question comes then. In danger? "
                "Ring 999. Worried about a child now? Ring %(emergency)s.",
                reads=when_read(reads_next),
                emergency=settings.emergency_phone,
            )
        case Template.STAFF_WAITING:
            words = _(
                "Something waits for you in Family Voice. Please sign in now: %(address)s Do not "
                "answer this text.",
                address=f"{settings.public_url}/staff/",
            )
        case Template.STAFF_DUTY_TEAM:
            words = _(
                "Something waits in Family Voice and nobody has taken it. Ring the emergency duty "
                "team on %(emergency)s. Then sign in: %(address)s Do not answer this text.",
                emergency=settings.emergency_phone,
                address=f"{settings.public_url}/staff/",
            )
        case Template.DELETE_HOW:
            words = _(
                "To take back all that you told us, text DELETE and then the code word from our "
                "letter or call, in one text. Cannot find it? Ring %(phone)s. STOP only stops "
                "texts.",
                phone=phone,
            )
        case Template.DELETE_WAITS:
            words = _(
                "We will delete what you told us on %(day)s. Until then nothing changes. Changed "
                "your mind, or was it not you? Text KEEP, or ring %(phone)s. STOP only stops "
                "texts.",
                day=day,
                phone=phone,
            )
        case Template.DELETE_CALLED_OFF:
            words = _("We delete nothing. What you told us is kept, as it was. You can go on.")
        case Template.DELETED:
            words = _(
                "We have deleted what you told us, as you asked. The number of your receipt is "
                "%(number)s. To hear what is on it, ring %(phone)s. The law may require us to keep "
                "some records.",
                number=number,
                phone=phone,
            )
        case _:
            words = _closing(template, settings, statement) or _around(
                template, settings, statement
            )
    return simpler(words)


def _agree_or_no() -> str:
    return _("Please reply AGREE or NO, so that we are sure what you mean.")


def _closing(template: Template, settings: Settings, statement: str) -> str | None:
    """What is said when the questions are done, or there are none."""
    phone = settings.phone
    match template:
        case Template.READ_BACK:
            return _(
                "That was the last question. Is what you told us right? Text RIGHT. To hear it or "
                "change it, text CALL. To add to it, just text, or text WEB."
            )
        case Template.CORRECT_IT:
            return _(
                "To put it right, text CALL, and we go through it together. To add something, just "
                "text it, or text WEB."
            )
        case Template.ADDED:
            return _("We have added that. If that is all, text RIGHT.")
        case Template.ADDED_DECISION:
            return _("Thank you. We have added that. %(statement)s", statement=statement)
        case Template.ADDED_LATE:
            return _(
                "Thank you. We have kept that too. If there is anything else, text CALL or ring "
                "%(phone)s.",
                phone=phone,
            )
        case Template.MUTED:
            return _(
                "Thank you. Somebody from our team will read this and answer you. To be rung, text "
                "CALL. Or ring us on %(phone)s.",
                phone=phone,
            )
        case Template.SENT:
            return _(
                "Thank you. We have what you told us. One more thing: %(statement)s",
                statement=statement,
            )
        case Template.ALREADY_SENT:
            return _(
                "We have what you told us already. To hear it or change it, text CALL or ring "
                "%(phone)s. To add something, just text it.",
                phone=phone,
            )
        case Template.THANKS:
            return _(
                "Thank you. That is everything. If you change your mind about anything, text CALL "
                "or ring %(phone)s.",
                phone=phone,
            )
        case Template.DECLINED:
            return _(
                "That is fine. We have kept nothing that you sent. Nothing changes about your "
                "support. If you ever want to talk with us, text AGREE."
            )
        case Template.DECLINED_HEARD:
            return _(
                "That is fine. Nobody reads any more what you told us. Nothing changes about your "
                "support. If you ever want to talk with us, text AGREE."
            )
        case _:
            return None


def _around(template: Template, settings: Settings, statement: str) -> str:
    """What is said around the questions: who this is, whose phone, and what a text can do."""
    team, phone = team_named(settings.team_name), settings.phone
    match template:
        case Template.HELP:
            return _(
                "NEXT: next question. SKIP: leave it out. BACK: question before. MORE: more "
                "questions. PAUSE: we wait. CALL: we ring you. WEB: go on by link. LANG: language. "
                "WRONG: wrong number. STOP: no more texts. Or ring %(phone)s.",
                phone=phone,
            )
        case Template.NOT_NOW:
            return _(
                "That word does nothing just now. You can answer in your own words, or text CALL, "
                "and we ring you."
            )
        case Template.NO_PICTURES:
            return _("Sorry, we cannot see pictures or hear recordings. Please tell us in words.")
        case Template.UNKNOWN_NUMBER:
            return _(
                "Hello, this is %(team)s. We do not know this number. If you have a letter from "
                "us, ring %(phone)s. You can also talk with us: we ring you first. %(statement)s",
                team=team,
                phone=phone,
                statement=statement,
            )
        case Template.WRONG_NUMBER:
            return _(
                "Sorry that we texted you. We have taken this number off our list and will not "
                "text it again."
            )
        case Template.EXPIRED:
            return _(
                "Hello, this is %(team)s. The time for this talk by text is over. We have kept "
                "your text, and somebody will look at it. To talk with us, ring %(phone)s.",
                team=team,
                phone=phone,
            )
        case Template.WHICH_TALK:
            return _(
                "More than one talk with us uses this phone. Which one is this text for? Text the "
                "name you gave it, or its code word. Or text CALL, or WEB for a link."
            )
        case Template.NAME_THIS_TALK:
            return _(
                "More than one talk with us uses this phone. Please give this one a short name "
                'that you will know again, such as "me" or "my eldest". Text only that. No real '
                "names, please. Or text CALL or WEB."
            )
        case Template.TALK_NAMED:
            return _("Thank you. When we ask which talk a text is for, text that name.")
        case Template.PERSON_HERE:
            return _(
                "Now you are talking with a person from %(team)s. Text what you like: we read it.",
                team=team,
            )
        case Template.PERSON_RINGS:
            return _(
                "We would like to ring you. If it is not a good time, text us when is. Or ring us "
                "on %(phone)s.",
                phone=phone,
            )
        case Template.PERSON_THANKS:
            return _("Thank you. We have read what you texted.")
        case _:
            raise ValueError(f"{template} has no wording.")


def when_read(reads_next: datetime | None) -> str:
    """A sentence that says that nobody reads now, and when somebody does."""
    if reads_next is None:
        return _("Nobody reads texts just now.")
    return _(
        "Nobody reads texts just now. We read them next on %(day)s at %(time)s.",
        day=full_date(reads_next),
        time=time_of_day(reads_next),
    )


def day_note(settings: Settings, reads_next: datetime | None) -> str:
    """Added to the first automatic text of a day, for everybody alike.

    So that no reply gives away that somebody wrote something worrying, it depends on the clock and
    the rota, and never on what was said.

    Args:
        settings: who we are and whom to ring.
        reads_next: when texts are next read; None while somebody reads them.
    """
    read = settings.texts_read or _("We do not read texts straight away.")
    if reads_next is not None:
        read = when_read(reads_next)
    return simpler(
        _(
            "This is %(team)s. %(read)s In danger? Ring 999. Worried about a child now? Ring "
            "%(emergency)s. Your texts may cost you.",
            team=team_named(settings.team_name),
            read=read,
            emergency=settings.emergency_phone,
        )
    )
