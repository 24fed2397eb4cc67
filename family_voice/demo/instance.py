"""Where a demo lives: its database, marked as the demo's, and beside it keys of its own."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, inspect, make_url, select
from sqlalchemy.orm import Session, sessionmaker

from family_voice.cases.deadlines import london_date
from family_voice.demo.areas import DEFAULT, area_of
from family_voice.demo.areas import UnknownArea as UnknownArea
from family_voice.demo.families import TooManyFamilies as TooManyFamilies
from family_voice.demo.handout import Handout, TextDoor, auth_token
from family_voice.demo.loading import Progress, load
from family_voice.demo.pristine import fingerprint, keep_copy, put_back
from family_voice.language import texts
from family_voice.language.catalogues import Catalogues
from family_voice.operations import installation, migrations
from family_voice.people.accounts import PASSWORDS
from family_voice.settings import PREFIX, Settings, SettingsError, asset_folder, instance_folder
from family_voice.storage.engine import make_engine

VERSIONS = "alembic_version"
NUMBER, ACCOUNT = "+441632960100", "AC00000000000000000000000000000000"
NOTIFY_ID = "00000000-0000-0000-0000-000000000000"


class NotTheDemos(Exception):
    """The database holds something that is not the demo's. Nothing was changed."""


class NothingToKeep(Exception):
    """There is no demo here yet, or its keys are gone."""


class AlreadyRunning(Exception):
    """Another process makes or serves this demo; making it anew would take its families away."""


@dataclass
class Kept:
    """What is kept beside a demo's database: keys made once, and what was handed out last.

    `copy` is what the pristine copy of that demo is known by, if there is one.
    """

    path: Path
    secret_key: str
    master_key: bytes
    handout: Handout | None = None
    copy: str = ""

    @classmethod
    def beside(cls, database_url: str) -> Kept:
        """What is kept for this database; keys are made where there are none."""
        name = "demo.json" if database_url == default_url() else f"demo-{_short(database_url)}.json"
        path = instance_folder() / name
        try:
            stored = json.loads(path.read_text())
            handed = stored["handout"] and Handout.from_json(stored["handout"])
            return cls(
                path,
                stored["secret_key"],
                base64.b64decode(stored["master_key"]),
                handed,
                stored["copy"],
            )
        except (OSError, ValueError, KeyError, TypeError):
            return cls(path, secrets.token_urlsafe(48), secrets.token_bytes(32))

    def write(self) -> None:
        """Put it on disk, for this user's eyes only."""
        stored: dict[str, Any] = {
            "secret_key": self.secret_key,
            "master_key": base64.b64encode(self.master_key).decode(),
            "handout": self.handout and self.handout.as_json(),
            "copy": self.copy,
        }
        half = self.path.with_suffix(".new")
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(stored, file)
        half.replace(self.path)


@contextmanager
def alone(kept: Kept) -> Iterator[None]:
    """Hold a demo, so that no second one is made over it. Raises AlreadyRunning."""
    with kept.path.with_suffix(".lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning from None
        yield


def default_url() -> str:
    """The demo's own database, in the instance folder."""
    return f"sqlite:///{instance_folder()}/demo.db"


def settings_for(
    environ: Mapping[str, str], kept: Kept, base_url: str, seed: int, framework: str = DEFAULT
) -> Settings:
    """The demo's settings. Of the environment only the database and the text provider count.

    Args:
        environ: usually `os.environ`.
        kept: the keys of this demo.
        base_url: where it is served.
        seed: what the provider's token is made from, where none is given.
        framework: whose rules the made-up borough works by.

    Raises:
        SettingsError: if texts would go to the real provider.
    """

    def given(name: str, otherwise: str) -> str:
        return environ.get(f"{PREFIX}{name}", "").strip() or otherwise

    sms = given("SMS", "console")
    if sms not in {"console", "twilio", "notify"}:
        raise SettingsError([f"{PREFIX}SMS must be `twilio`, `notify` or `console`."])
    address = f"{sms.upper()}_API_URL"
    api_url = given(address, "").rstrip("/")
    if sms != "console" and not api_url:
        raise SettingsError(
            [f"The demo sends no real texts. Set {PREFIX}{address} to a stand-in for {sms}."]
        )
    token = given("TWILIO_AUTH_TOKEN", auth_token(seed))
    return Settings(
        database_url=database_url(environ),
        secret_key=kept.secret_key,
        master_keys={1: kept.master_key},
        public_url=base_url,
        sms=sms,
        sms_number=given("SMS_NUMBER", NUMBER),
        twilio_account_sid=given("TWILIO_ACCOUNT_SID", ACCOUNT),
        twilio_auth_token=token,
        twilio_api_url=api_url,
        notify_api_key=given("NOTIFY_API_KEY", f"demo-{NOTIFY_ID}-{NOTIFY_ID}"),
        notify_template_id=given("NOTIFY_TEMPLATE_ID", NOTIFY_ID),
        notify_bearer_tokens=tuple(given("NOTIFY_BEARER_TOKENS", token).split()),
        notify_api_url=api_url,
        framework=framework,
        area_name="Ravensbeck",
        phone="01632 960010",
        team_name="the Family Voice team",
        texts_read="We read texts on weekdays, 9 to 5.",
        emergency_phone="01632 960999",
        complaints="Ravensbeck Council's complaints team, 01632 960020",
        sendiass="Ravensbeck SENDIASS, 01632 960030",
        data_protection="Ravensbeck Council's data protection officer, 01632 960040",
        evidence_folder=kept.path.with_suffix(".evidence"),
    )


def database_url(environ: Mapping[str, str]) -> str:
    """The database that was chosen, or the demo's own."""
    return environ.get(f"{PREFIX}DATABASE_URL", "").strip() or default_url()


def text_door(settings: Settings) -> TextDoor:
    """Where texts come in."""
    return TextDoor(settings.sms_number, settings.twilio_auth_token)


def refresh(
    sessions: sessionmaker[Session],
    settings: Settings,
    kept: Kept,
    *,
    seed: int,
    families: int | None,
    now: datetime,
    progress: Progress,
) -> Handout:
    """Make the demo anew in its database, which is empty or holds an earlier demo.

    Args:
        sessions: sessions on it.
        settings: the demo's own.
        kept: the keys of this demo; what is handed out is written there.
        seed: the same seed and day give the same demo.
        families: how many; None for all that are written.
        now: the present.
        progress: told what is being done.

    Returns:
        What to hand out.

    Raises:
        NotTheDemos: if the database holds anything else; nothing was changed.
        TooManyFamilies: if more were asked for than are written.
        UnknownArea: if there is no such framework.
    """
    _refuse_others(settings.database_url)
    area_of(settings.framework, london_date(now))
    # A new demo has nothing to do with what was erased and done in the one before.
    shutil.rmtree(settings.evidence_folder, ignore_errors=True)
    known_by = fingerprint(
        [
            seed,
            families,
            london_date(now),
            settings.public_url,
            settings.framework,
            sorted(settings.master_keys.items()),
        ]
    )
    file = _sqlite_file(settings.database_url)
    if file and kept.handout and kept.copy == known_by and put_back(file, known_by):
        return kept.handout.at(settings.public_url, text_door(settings))
    _clear(settings.database_url)
    # A family is asked in its own language only where that has wording.
    texts.install(Catalogues(asset_folder("translations")))
    migrations.upgrade(settings.database_url)
    # These passwords are printed; hashing them slowly would guard nothing and take seconds.
    PASSWORDS.update(argon2__time_cost=1, argon2__memory_cost=1024, argon2__parallelism=1)
    with sessions.begin() as session:
        installation.mark_as_demo(session, now)
        loaded = load(session, settings, seed=seed, families=families, now=now, progress=progress)
        kept.handout = Handout(
            base_url=settings.public_url,
            seed=seed,
            framework=settings.framework,
            staff=loaded.team.sign_ins,
            families=loaded.families,
            sms=text_door(settings),
            strangers=loaded.strangers,
            relatives=loaded.relatives,
            pictures=loaded.pictures,
        )
        kept.copy = known_by if file else ""
        kept.write()
    if file:
        keep_copy(file, known_by)
    return kept.handout


def keep(settings: Settings, kept: Kept) -> Handout:
    """What was handed out for the demo that is there.

    Raises:
        NothingToKeep: if there is none, or it is of an older shape.
        NotTheDemos: if the database holds anything else.
    """
    engine = make_engine(settings.database_url)
    try:
        there = is_demos(engine)
    finally:
        engine.dispose()
    if not there or kept.handout is None or not migrations.is_current(settings.database_url):
        raise NothingToKeep
    return kept.handout.at(settings.public_url, text_door(settings))


def is_demos(engine: Engine) -> bool:
    """Whether the database is the demo's; False for an empty one.

    Raises:
        NotTheDemos: if it holds anything else.
    """
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        marker = tables.tables.get("installation")
        if marker is not None:
            row = connection.execute(select(marker)).mappings().first()
            if row is not None and row["is_demo"]:
                return True
        for table in tables.tables.values():
            filled = connection.execute(select(table).limit(1)).first() is not None
            if filled and table.name != VERSIONS:
                raise NotTheDemos
    return False


def _refuse_others(url: str) -> None:
    """Raise NotTheDemos for a database that holds anything but a demo."""
    engine = make_engine(url)
    try:
        is_demos(engine)
    finally:
        engine.dispose()


def _clear(url: str) -> None:
    """Drop an earlier demo's tables, whatever shape they have."""
    engine = make_engine(url)
    try:
        if not inspect(engine).get_table_names():
            return
        tables = MetaData()
        tables.reflect(engine)
        tables.drop_all(engine)
    finally:
        engine.dispose()


def _sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for any other."""
    database = make_url(url).database
    return Path(database) if url.startswith("sqlite") and database else None


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
