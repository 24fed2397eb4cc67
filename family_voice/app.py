"""The front door for people: the Flask application, put together from its rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from family_voice.demo import pages as demo_pages
from family_voice.interviews.words import WATCHER
from family_voice.safeguarding.flags import watcher
from family_voice.security.keyring import Keyring
from family_voice.settings import Settings, asset_folder
from family_voice.sms import notify_webhook, webhook
from family_voice.sms.wordings import Offering
from family_voice.storage.engine import make_engine, make_sessions
from family_voice.web import access, plan_calendar, public
from family_voice.web.dpo import pages as dpo
from family_voice.web.dpo import retention
from family_voice.web.family import pages as family
from family_voice.web.forum import pages as forum
from family_voice.web.forum import releasing
from family_voice.web.panel import pages as panel
from family_voice.web.services import Services, init_services, utc_now
from family_voice.web.shared.errors import init_errors
from family_voice.web.shared.forms import init_forms
from family_voice.web.shared.headers import init_headers
from family_voice.web.shared.language import init_language
from family_voice.web.shared.pages import init_pages
from family_voice.web.shared.pictures import init_pictures
from family_voice.web.staff import (
    account_calls,
    accounts,
    agreements,
    asked,
    call_pad_pages,
    caseload,
    codebook_pages,
    coding,
    concerns,
    contact_plan,
    costs,
    council_account,
    drift,
    exchange,
    families,
    framework,
    gathered,
    languages,
    lead,
    linking,
    linking_parts,
    looking,
    names,
    not_heard,
    observed_visit,
    outcomes,
    own_account,
    pack_choice,
    panel_seats,
    passkeys,
    past,
    plan,
    quotes,
    response,
    rota,
    sample,
    second_coding,
    second_coding_agreement,
    second_coding_choices,
    second_coding_meetings,
    sign_in,
    suggestions,
    texts_pages,
    themes,
    tone,
    translating,
    trying,
    who_decides,
    withdrawals,
)
from family_voice.web.staff.session import init_session

LARGEST_POST = 4 * 1024 * 1024

BLUEPRINTS = (
    public.blueprint,
    plan_calendar.blueprint,
    family.blueprint,
    sign_in.blueprint,
    lead.blueprint,
    caseload.blueprint,
    languages.blueprint,
    call_pad_pages.blueprint,
    contact_plan.blueprint,
    account_calls.blueprint,
    costs.blueprint,
    response.blueprint,
    not_heard.blueprint,
    past.blueprint,
    sample.blueprint,
    drift.blueprint,
    concerns.blueprint,
    rota.blueprint,
    codebook_pages.blueprint,
    coding.blueprint,
    second_coding.blueprint,
    second_coding_agreement.blueprint,
    second_coding_choices.blueprint,
    second_coding_meetings.blueprint,
    suggestions.blueprint,
    tone.blueprint,
    themes.blueprint,
    exchange.blueprint,
    linking.blueprint,
    linking_parts.blueprint,
    gathered.blueprint,
    families.blueprint,
    looking.blueprint,
    texts_pages.blueprint,
    translating.blueprint,
    trying.blueprint,
    asked.blueprint,
    pack_choice.blueprint,
    panel.blueprint,
    panel_seats.blueprint,
    who_decides.blueprint,
    observed_visit.blueprint,
    agreements.blueprint,
    plan.blueprint,
    framework.blueprint,
    accounts.blueprint,
    own_account.blueprint,
    passkeys.blueprint,
    council_account.blueprint,
    withdrawals.blueprint,
    names.blueprint,
    quotes.blueprint,
    outcomes.blueprint,
    dpo.blueprint,
    retention.blueprint,
    forum.forum,
    forum.board,
    releasing.blueprint,
)
# Blueprints whose callers sign what they send, or show a token, instead of posting a form's.
WEBHOOKS = ("sms", "sms_notify")


class Sittings(SecureCookieSessionInterface):
    """The browser's session, signed by HMAC-SHA256; Flask's own choice would be SHA-1."""

    digest_method = staticmethod(sha256)


def create_app(
    settings: Settings, *, demo: bool = False, clock: Callable[[], datetime] = utc_now
) -> Flask:
    """Put the application together.

    Args:
        settings: what the operator chose.
        demo: whether the demo's own pages exist. Only `family-voice demo` passes True; no setting
            can.
        clock: gives the present in UTC; tests pass their own.

    Returns:
        A WSGI application.
    """
    app = Flask(
        "family_voice",
        template_folder=str(asset_folder("templates")),
        static_folder=str(asset_folder("static")),
    )
    app.session_interface = Sittings()
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=8),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    given = Services(settings, open_sessions(settings), clock, demo)
    # What answers run through is in the reverse order: the database is settled last.
    init_services(app, given)
    init_headers(app, secure=secure)
    init_forms(app, unchecked=WEBHOOKS)
    init_pages(app, demo=demo)
    init_pictures(app)
    init_errors(app)
    init_language(app, asset_folder("translations"), Offering(demo=demo))
    init_session(app, given)
    council_account.init_council_account(app, settings)
    access.init_access(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for each in (webhook, notify_webhook):
        app.register_blueprint(each.make_blueprint(settings, given.sessions, clock))
    if demo:
        app.register_blueprint(demo_pages.blueprint)
    return app


def open_sessions(settings: Settings) -> sessionmaker[Session]:
    """Sessions on the installation's database, with its keyring and what looks at words along."""
    return make_sessions(
        make_engine(settings.database_url),
        keyring=Keyring(settings.master_keys),
        **{WATCHER: watcher(settings)},
    )
