"""An operator's commands for staff accounts: `user add`, `reset`, `stop` and `sign-out`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

import click
from sqlalchemy.orm import Session, sessionmaker

from family_voice.people import staff
from family_voice.people.access import Role
from family_voice.people.accounts import StaffMember
from family_voice.security.trail import OPERATOR, record
from family_voice.storage.locking import lock

Ready = Callable[[], sessionmaker[Session]]
Clock = Callable[[], datetime]

_NO_ACCOUNT = "There is no account with this email. `family-voice user add` makes one."


def user_commands(ready: Ready, clock: Clock) -> click.Group:
    """The group `user`.

    Args:
        ready: gives the sessions of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.group()
    def user() -> None:
        """Staff accounts."""

    @user.command("add")
    @click.argument("email")
    @click.option(
        "--role", "roles", multiple=True, required=True,
        type=click.Choice([role.value for role in Role]),
        help="What they are here for; may be given more than once.",
    )  # fmt: skip
    @click.option("--name", default="", help="Their name, as others see it.")
    @click.option("--job-title", default="", help="Their job, as others see it.")
    def add(email: str, roles: tuple[str, ...], name: str, job_title: str) -> None:
        """Make an account and print what they need for their first sign-in."""
        now = clock()
        try:
            with ready().begin() as session:
                given = staff.add_staff(
                    session,
                    email=email,
                    roles=[Role(role) for role in roles],
                    now=now,
                    name=name,
                    job_title=job_title,
                )
                record(session, OPERATOR, "add", "staff", given.staff_id, now, roles)
        except staff.NotAnEmail:
            _fail("That cannot be an email address. Write it as name@council.gov.uk.")
        except staff.EmailTaken:
            _fail("There is an account with this email. `family-voice user reset` resets it.")
        _print_credentials(given)

    @user.command("reset")
    @click.argument("email")
    def reset(email: str) -> None:
        """Give somebody who lost their password or telephone a new start."""
        now = clock()
        try:
            with ready().begin() as session:
                given = staff.reset_staff(session, email, now)
                record(session, OPERATOR, "reset", "staff", given.staff_id, now)
        except (staff.NotAnEmail, staff.NoSuchStaff):
            _fail(_NO_ACCOUNT)
        _print_credentials(given)

    @user.command("stop")
    @click.argument("email")
    def stop(email: str) -> None:
        """Close somebody's account and sign them out everywhere."""
        now = clock()
        try:
            with ready().begin() as session:
                staff_id = staff.stop_staff(session, email, now)
                record(session, OPERATOR, "stop", "staff", staff_id, now)
        except (staff.NotAnEmail, staff.NoSuchStaff):
            _fail(_NO_ACCOUNT)
        except staff.LastAdministrator:
            _fail("This is the last administrator. Make another one first.")
        click.echo("The account is closed.")

    @user.command("sign-out")
    @click.argument("email")
    def sign_out(email: str) -> None:
        """Sign somebody out of every browser; they may sign in again."""
        now = clock()
        try:
            with ready().begin() as session:
                found = staff.find_staff(session, staff.normal_email(email))
                if found is None:
                    _fail(_NO_ACCOUNT)
                staff.sign_out_everywhere(session, lock(session, StaffMember, found.id), now)
                record(session, OPERATOR, "sign_out", "staff", found.id, now, ["everywhere"])
        except staff.NotAnEmail:
            _fail(_NO_ACCOUNT)
        click.echo("They are signed out everywhere.")

    return user


def _print_credentials(given: staff.Credentials) -> None:
    click.echo(f"Email: {given.email}")
    click.echo(f"One-time password: {given.password}")
    click.echo(f"Authenticator secret: {given.totp_secret}")
    click.echo(f"Authenticator address: {given.otpauth}")
    click.echo(
        "Give these to the person by hand. They are not kept and cannot be shown again.", err=True
    )


def _fail(sentence: str) -> NoReturn:
    raise click.ClickException(sentence)
