"""The family-voice command: the door for operators.

Every command fails with one line that says what to do, and a status that is not zero.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from family_voice.app import create_app, open_sessions
from family_voice.cases.commands import round_commands
from family_voice.cases.deadlines import london_date
from family_voice.consent.lawful_basis import missing
from family_voice.demo.handout import Handout
from family_voice.operations import installation, migrations, restoring
from family_voice.operations.backup_commands import backup_commands
from family_voice.operations.key_commands import key_commands
from family_voice.operations.retention_commands import retention_commands
from family_voice.people.commands import user_commands
from family_voice.safeguarding.commands import (
    insist_on_emergency_phone,
    insist_on_rota,
    rota_commands,
    warn_of_no_rota,
)
from family_voice.security import masters
from family_voice.security.commands import audit_commands
from family_voice.settings import Settings, SettingsError
from family_voice.storage.engine import reading
from family_voice.web.services import utc_now

THREADS = 8
FILE = click.Path(dir_okay=False, path_type=Path)
LOOPBACK = "127.0.0.1"


class Main(click.Group):
    """The group of commands; a database that cannot be reached is one line, not a trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SettingsError as problem:
            for line in problem.problems:
                click.echo(line, err=True)
            ctx.exit(2)
        except SQLAlchemyError as problem:
            fail(
                f"The database did not answer as expected ({type(problem).__name__}). "
                "Check FAMILY_VOICE_DATABASE_URL and run `family-voice db upgrade`."
            )


@click.group(cls=Main)
@click.version_option(package_name="family-voice")
def main() -> None:
    """Family Voice: hear families, keep their words safe, put them before those who decide."""


def fail(sentence: str) -> NoReturn:
    """Stop with one line that says what to do."""
    raise click.ClickException(sentence)


def settings() -> Settings:
    """The settings of this installation.

    Raises:
        SettingsError: which the group prints, one line a problem.
    """
    return Settings.from_environ(os.environ)


def ready(chosen: Settings) -> sessionmaker[Session]:
    """Sessions on an installation's database, once it is sure that it may be worked with.

    Stops with one line if migrations are missing, or if the database is the demo's.
    """
    _insist_current(chosen)
    sessions = open_sessions(chosen)
    with reading(sessions) as session:
        if installation.is_demo(session):
            fail(
                "This database is the demo's. Set FAMILY_VOICE_DATABASE_URL to another one, "
                "or run `family-voice demo --keep`."
            )
        if restoring.unfinished(session):
            fail(
                "Bringing this database back from a backup was not finished. Set "
                "FAMILY_VOICE_DATABASE_URL to an empty one and run `family-voice restore` again."
            )
        problems = masters.problems(session)
        if problems:
            raise SettingsError(problems)
        noted = masters.all_noted(session)
    if not noted:
        with sessions.begin() as session:
            masters.note(session, utc_now())
    return sessions


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--threads", default=THREADS, show_default=True, help="Requests at once.")
def serve(host: str, port: int, threads: int) -> None:
    """Serve the application. Put a proxy with TLS in front of it."""
    import waitress

    chosen = settings()
    _insist_real_texts(chosen)
    with reading(ready(chosen)) as session:
        insist_on_rota(session, chosen, utc_now())
    if problems := missing(chosen, london_date(utc_now())):
        raise SettingsError(problems)
    click.echo(f"Family Voice listens on http://{host}:{port}", err=True)
    # Waitress strips no forwarding headers by itself; ProxyFix trusts as many as were set.
    waitress.serve(create_app(chosen), host=host, port=port, threads=threads, ident=None)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("--no-serve", is_flag=True, help="Make the demo and stop.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same families.")
@click.option("--families", default=66, show_default=True, help="How many, up to 66.")
@click.option("--keep", is_flag=True, help="Serve the demo that is there.")
@click.option("--port", default=8000, show_default=True, help="The port; 0 takes a free one.")
def demo(as_json: bool, no_serve: bool, seed: int, families: int, keep: bool, port: int) -> None:
    """Make up families and serve them on this computer only; no real text is sent."""
    from family_voice.demo import instance, leaflet

    listening = None if no_serve else _listen(port)
    port = listening.getsockname()[1] if listening else port
    kept = instance.Kept.beside(instance.database_url(os.environ))
    if keep and kept.handout:
        seed = kept.handout.seed
    chosen = instance.settings_for(os.environ, kept, f"http://{LOOPBACK}:{port}", seed)
    sessions = open_sessions(chosen)
    try:
        handout = (
            instance.keep(chosen, kept)
            if keep
            else instance.refresh(
                sessions, chosen, kept, seed=seed, families=families, now=utc_now(),
                progress=lambda words: click.echo(words, err=True),
            )
        )  # fmt: skip
    except instance.NotTheDemos:
        fail(
            "This database holds something that is not the demo's, so nothing was changed. "
            "Set FAMILY_VOICE_DATABASE_URL to an empty one, or leave it out."
        )
    except instance.NothingToKeep:
        fail("There is no demo to keep here. Run `family-voice demo` without --keep.")
    except instance.TooManyFamilies as problem:
        fail(str(problem))
    click.echo(leaflet.as_json(handout) if as_json else leaflet.as_text(handout, bool(listening)))
    if listening:
        _serve_demo(chosen, handout, sessions, listening)


def _listen(port: int) -> socket.socket:
    """A socket that only this computer reaches."""
    try:
        return socket.create_server((LOOPBACK, port))
    except (OSError, OverflowError):
        fail(f"Port {port} cannot be used, perhaps because it is in use. Choose another: --port N.")


def _serve_demo(
    chosen: Settings, handout: Handout, sessions: sessionmaker[Session], listening: socket.socket
) -> None:
    import waitress

    from family_voice import worker as work
    from family_voice.demo.pages import hand_out

    gateway = work.gateway_for(chosen)
    running = work.start_thread(sessions, chosen, gateway, utc_now)
    app = create_app(chosen, demo=True)
    hand_out(app, handout, lambda: work.turn(sessions, chosen, gateway, utc_now))
    try:
        waitress.serve(app, sockets=[listening], threads=THREADS, ident=None)
    finally:
        running.stop()


@main.command()
@click.option("--once", is_flag=True, help="Ask what arrived, one turn, then stop.")
def worker(once: bool) -> None:
    """Send what is due, and do what else is due, until stopped."""
    from family_voice import worker as work

    chosen = settings()
    _insist_real_texts(chosen)
    insist_on_emergency_phone(chosen)
    sessions, gateway = ready(chosen), work.gateway_for(chosen)
    with reading(sessions) as session:
        # It works on: a concern that waits has to come to the SEND leads and the duty team's step.
        warn_of_no_rota(session, utc_now())
    if once:
        work.poll(sessions, chosen, gateway, utc_now() - work.POLL_FIRST, utc_now)
        work.turn(sessions, chosen, gateway, utc_now)
        return
    wake, ending = threading.Event(), threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ending.set()
        wake.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    work.run(sessions, chosen, gateway, clock=utc_now, wake=wake, stop=ending)


@main.group()
def db() -> None:
    """The database's shape."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest shape; nothing happens if it is there."""
    migrations.upgrade(settings().database_url)
    click.echo("The database is up to date.")


@db.command("check")
def db_check() -> None:
    """Say whether the database has the newest shape."""
    _insist_current(settings())
    click.echo("The database is up to date.")


@main.group()
def cases() -> None:
    """Cases of a round."""


@cases.command("match")
@click.option("--caseload", type=FILE, required=True, help="The cases, a CSV file.")
@click.option("--accounts", type=FILE, required=True, help="The accounts, a CSV file.")
@click.option("--out", type=FILE, required=True, help="Where the proposed pairs go, a CSV file.")
def cases_match(caseload: Path, accounts: Path, out: Path) -> None:
    """Propose which case each account may belong to, with reasons. Links nothing.

    Both files name their columns in the first line: id, and any of reference, first_name,
    last_name, date_of_birth, postcode, address, school, phone, email.
    """
    from family_voice.cases.match_files import BadMatchingFile, match_files

    try:
        done = match_files(caseload, accounts, out)
    except BadMatchingFile as problem:
        fail(str(problem))
    click.echo(
        f"Accounts: {done.accounts}. Cases: {done.cases}. Pairs to look at: {done.pairs}, of them "
        f"certain: {done.certain}. A person decides."
    )


@main.group()
def framework() -> None:
    """Local areas' quality-assurance frameworks."""


@framework.command("check")
@click.argument("file", type=FILE)
def framework_check(file: Path) -> None:
    """Say what has to be put right in a framework file, and what is still to be filled in."""
    from family_voice.frameworks.loader import check_file

    problems, notices = check_file(file)
    for notice in notices:
        click.echo(notice)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        fail(f"Put right what is named above ({len(problems)}) and check again.")
    click.echo("The file can be used.")


main.add_command(user_commands(lambda: ready(settings()), utc_now))
for _command in audit_commands(lambda: (ready(settings()), settings()), utc_now):
    main.add_command(_command)

main.add_command(retention_commands(lambda: (ready(settings()), settings()), utc_now))
main.add_command(key_commands(lambda: (ready(settings()), settings()), utc_now))
for _command in backup_commands(
    lambda: (ready(settings()), settings()), lambda: settings(), utc_now
):
    main.add_command(_command)
for _command in rota_commands(lambda: (ready(settings()), settings()), utc_now):
    main.add_command(_command)
for _command in round_commands(lambda: (ready(settings()), settings()), utc_now):
    main.add_command(_command)


def _insist_current(chosen: Settings) -> None:
    if not migrations.is_current(chosen.database_url):
        fail("The database is not up to date. Run `family-voice db upgrade` first.")


def _insist_real_texts(chosen: Settings) -> None:
    if chosen.sms == "console":
        fail(
            "FAMILY_VOICE_SMS=console is for trying things out and shows texts to anybody. "
            "Set it to twilio, or run `family-voice demo`."
        )
