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
from family_voice.cases.match_commands import cases
from family_voice.cases.sample_commands import sample_commands
from family_voice.consent.lawful_basis import missing
from family_voice.demo.handout import Handout
from family_voice.frameworks import loader as frameworks
from family_voice.improvement.commands import import_commands
from family_voice.language import texts
from family_voice.language.catalogues import Catalogues
from family_voice.operations import delivering, installation, migrations, restoring
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
from family_voice.settings import Settings, SettingsError, asset_folder
from family_voice.sharing import further_names
from family_voice.sharing.commands import deidentify
from family_voice.sharing.exchange.commands import exchange_commands
from family_voice.sms.wordings import Offering
from family_voice.sms.words_check import words_commands
from family_voice.storage.engine import reading
from family_voice.themes.commands import LEARNING
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
    chosen = Settings.from_environ(os.environ)
    if chosen.frameworks:
        frameworks.also_from(Path(chosen.frameworks))
    if chosen.spacy_model:
        try:
            further_names.use(Path(chosen.spacy_model))
        except further_names.NoSuchModel as problem:
            raise SettingsError([f"FAMILY_VOICE_SPACY_MODEL: {problem}"]) from None
    _insist_on_framework(chosen)
    return chosen


def _insist_on_framework(chosen: Settings) -> None:
    """Raises SettingsError unless a version of the area's framework is in force and sound."""
    try:
        frameworks.version_in_force(chosen.framework, london_date(utc_now()))
    except frameworks.UnknownFramework:
        known = ", ".join(sorted({each.id for each in frameworks.available()}))
        raise SettingsError([f"FAMILY_VOICE_FRAMEWORK must be one of: {known}."]) from None
    except frameworks.FrameworkProblems as wrong:
        raise SettingsError([str(each) for each in wrong.problems]) from None


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
@click.option("--families", type=int, help="How many; all there are, if you leave it out.")
@click.option(
    "--framework",
    default="blackburn_with_darwen",
    show_default=True,
    metavar="ID",
    help="Whose rules the made-up borough works by; `framework list` has them.",
)
@click.option("--keep", is_flag=True, help="Serve the demo that is there.")
@click.option("--port", default=8000, show_default=True, help="The port; 0 takes a free one.")
def demo(
    as_json: bool,
    no_serve: bool,
    seed: int,
    families: int | None,
    framework: str,
    keep: bool,
    port: int,
) -> None:
    """Make up families and serve them on this computer only; no real text is sent."""
    from family_voice.demo import instance, leaflet

    listening = None if no_serve else _listen(port)
    port = listening.getsockname()[1] if listening else port
    kept = instance.Kept.beside(instance.database_url(os.environ))
    if keep and kept.handout:
        seed, framework = kept.handout.seed, kept.handout.framework
    chosen = instance.settings_for(os.environ, kept, f"http://{LOOPBACK}:{port}", seed, framework)
    sessions = open_sessions(chosen)
    try:
        click.get_current_context().with_resource(instance.alone(kept))
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
    except instance.AlreadyRunning:
        fail("This demo runs already. Open that one, or stop it first; nothing was changed.")
    except instance.NothingToKeep:
        fail("There is no demo to keep here. Run `family-voice demo` without --keep.")
    except (instance.TooManyFamilies, instance.UnknownArea) as problem:
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
    texts.install(Catalogues(asset_folder("translations")))
    with reading(sessions) as session:
        # It works on: a concern that waits has to come to the SEND leads and the duty team's step.
        warn_of_no_rota(session, utc_now())
    if once:
        work.offer_languages(sessions, Offering(), utc_now())
        work.poll(sessions, chosen, gateway, utc_now() - work.POLL_FIRST, utc_now)
        work.turn(sessions, chosen, gateway, utc_now)
        delivering.empty_at_provider(sessions, chosen, gateway, utc_now)
        work.Learner().turn(sessions, utc_now(), wait=True)
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
def framework() -> None:
    """Local areas' quality-assurance frameworks."""


@framework.command("check")
@click.argument("file", type=FILE)
def framework_check(file: Path) -> None:
    """Say what has to be put right in a framework file, and what is still to be filled in."""
    problems, notices = frameworks.check_file(file)
    for notice in notices:
        click.echo(notice)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        fail(f"Put right what is named above ({len(problems)}) and check again.")
    click.echo("The file can be used.")


@framework.command("list")
def framework_list() -> None:
    """Every framework there is, with the audits that a round can be of."""
    if own := os.environ.get("FAMILY_VOICE_FRAMEWORKS"):
        frameworks.also_from(Path(own))
    today = london_date(utc_now())
    try:
        for framework_id in dict.fromkeys(each.id for each in frameworks.available()):
            found = frameworks.version_in_force(framework_id, today)
            click.echo(f"{found.id}: {found.name}, version {found.version}, since {found.starts}")
            for each in found.audits:
                heard = "hears families" if each.hears_families else "looks at papers"
                click.echo(f"  {each.id}: {each.cases} cases, {each.frequency}, {heard}")
    except frameworks.UnknownFramework as none_yet:
        fail(str(none_yet))
    except frameworks.FrameworkProblems as wrong:
        for problem in wrong.problems:
            click.echo(str(problem), err=True)
        fail("Put right what is named above; `family-voice framework check FILE` says when it is.")


@main.group()
def themes() -> None:
    """What families say, by theme: the codes, and files for other programs."""


main.add_command(cases)
main.add_command(deidentify)
main.add_command(words_commands())
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
main.add_command(sample_commands(lambda: (ready(settings()), settings()), utc_now))
for _command in LEARNING:
    themes.add_command(_command)
for _command in exchange_commands(lambda: (ready(settings()), settings()), utc_now):
    themes.add_command(_command)
main.add_command(import_commands(lambda: (ready(settings()), settings()), utc_now))


def _insist_current(chosen: Settings) -> None:
    if not migrations.is_current(chosen.database_url):
        fail("The database is not up to date. Run `family-voice db upgrade` first.")


def _insist_real_texts(chosen: Settings) -> None:
    if chosen.sms == "console":
        fail(
            "FAMILY_VOICE_SMS=console is for trying things out and shows texts to anybody. "
            "Set it to twilio or notify, or run `family-voice demo`."
        )
