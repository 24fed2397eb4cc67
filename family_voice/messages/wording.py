"""Every text that may go out: an allow-list of templates, each a sentence through gettext.

No template has a place for a child's name, a need, a school, a service or anything somebody told
us, because nobody knows who is holding the phone. What is put in comes from the settings, from the
guide's own questions, from the consent statements, or is a link of ours.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from family_voice.language.formats import full_date, time_of_day
from family_voice.language.texts import _
from family_voice.messages.gsm7 import simpler
from family_voice.settings import Settings


class Template(StrEnum):
    """The templates by name, as the outbox keeps them."""

    INVITATION = "invitation"
    CODE_WORD = "code_word"
    DECISION = "decision"
    AGREE_OR_NO = "agree_or_no"
    NOT_KEPT = "not_kept"
    FIRST_QUESTION = "first_question"
    QUESTION = "question"
    OPEN_QUESTION = "open_question"
    MORE_ADDED = "more_added"
    NO_MORE = "no_more"
    AT_START = "at_start"
    WEB_LINK = "web_link"
    CALL_COMING = "call_coming"
    READ_BACK = "read_back"
    CORRECT_IT = "correct_it"
    ADDED = "added"
    SENT = "sent"
    ALREADY_SENT = "already_sent"
    THANKS = "thanks"
    DECLINED = "declined"
    DECLINED_HEARD = "declined_heard"
    HELP = "help"
    NOT_NOW = "not_now"
    NO_PICTURES = "no_pictures"
    UNKNOWN_NUMBER = "unknown_number"
    DELETE_HOW = "delete_how"
    DELETE_WAITS = "delete_waits"
    DELETE_CALLED_OFF = "delete_called_off"
    DELETED = "deleted"
    RESTING = "resting"
    STAFF_WAITING = "staff_waiting"
    STAFF_DUTY_TEAM = "staff_duty_team"


#: What asks somebody to tell us things: it goes out only while somebody is there to read them.
PROMPTS = frozenset(
    {
        Template.INVITATION,
        Template.FIRST_QUESTION,
        Template.QUESTION,
        Template.OPEN_QUESTION,
    }
)
#: To staff on the concern rota, at any hour.
TO_STAFF = frozenset({Template.STAFF_WAITING, Template.STAFF_DUTY_TEAM})


def compose(
    template: Template,
    settings: Settings,
    *,
    statement: str = "",
    question: str = "",
    link: str = "",
    day: str = "",
    number: str = "",
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
        reads_next: when texts are next read; None while somebody reads them.

    Returns:
        The text, in the cheaper alphabet where its language allows.
    """
    team, phone = settings.team_name, settings.phone
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
            words = _("Please reply AGREE or NO, so that we are sure what you mean.")
        case Template.NOT_KEPT:
            words = _(
                "We have not kept what you just sent. First: %(statement)s", statement=statement
            )
        case Template.FIRST_QUESTION:
            words = _(
                "%(question)s Use as many texts as you like, then text NEXT. SKIP leaves a "
                "question out.",
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
                "Carry on here: %(link)s The link works for one day. You can still text us, too.",
                link=link,
            )
        case Template.CALL_COMING:
            words = _(
                "We will ring you. If you would like to ring us, the number is %(phone)s.",
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
            words = _closing(template, settings, statement)
    return simpler(words)


def _closing(template: Template, settings: Settings, statement: str) -> str:
    """What is said when the questions are done, or there are none."""
    phone = settings.phone
    match template:
        case Template.READ_BACK:
            return _(
                "That was the last question. If what you told us is right, text RIGHT. To see it "
                "or change it, text WEB or CALL. To add something, just text it."
            )
        case Template.CORRECT_IT:
            return _("To put it right, text WEB to see it, or CALL and we go through it together.")
        case Template.ADDED:
            return _("We have added that. If that is all, text RIGHT.")
        case Template.SENT:
            return _(
                "Thank you. We have what you told us. One more thing: %(statement)s",
                statement=statement,
            )
        case Template.ALREADY_SENT:
            return _(
                "We have what you told us already. To change something, text WEB or CALL, or ring "
                "%(phone)s.",
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
        case Template.HELP:
            return _(
                "NEXT: next question. SKIP: leave it out. BACK: question before. MORE: more "
                "questions. CALL: we ring you. WEB: carry on by link. STOP: no more texts. Or ring "
                "%(phone)s.",
                phone=phone,
            )
        case Template.NOT_NOW:
            return _("That word does nothing just now. Text HELP to see what you can do.")
        case Template.NO_PICTURES:
            return _("Sorry, we cannot see pictures or hear recordings. Please tell us in words.")
        case Template.UNKNOWN_NUMBER:
            return _(
                "Hello, this is %(team)s. We do not know this number. If you have a letter from "
                "us, ring %(phone)s. You can also tell us how things are by text. %(statement)s",
                team=settings.team_name,
                phone=phone,
                statement=statement,
            )
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
            team=settings.team_name,
            read=read,
            emergency=settings.emergency_phone,
        )
    )
