"""Everything that is set from outside, read from the environment once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

PREFIX = "FAMILY_VOICE_"
#: The classes of data of which a council sets how long they are kept (operations/retention.py).
RETENTION_CLASSES = (
    "accounts",
    "said_no",
    "identifiers",
    "caseload_gone",
    "caseload_checked",
    "texts",
    "unknown_texts",
    "invitations",
    "failed_attempts",
)
#: What GOV.UK Notify needs, and where it is found.
NOTIFY = {
    "SMS_NUMBER": "the number families text, as Notify's text message senders show it.",
    "NOTIFY_API_KEY": "a live key, from Notify's API integration page.",
    "NOTIFY_TEMPLATE_ID": "the id of a text message template that says ((body)) and nothing else.",
    "NOTIFY_BEARER_TOKENS": "a long random text, the same as on Notify's callbacks page.",
}
#: How the line to the mail server is sealed, and the port that goes with it.
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
PACKAGE = Path(__file__).resolve().parent


class SettingsError(Exception):
    """Settings that cannot be used; `problems` holds one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What an operator chooses. See `from_environ` for the names and README.md for the meaning.

    `master_keys` maps a version to 32 bytes; the highest version wraps new keys. `evidence_folder`
    holds what must outlive the database: the erasure ledger and the anchors of the audit trail.
    """

    database_url: str
    secret_key: str = field(repr=False)
    master_keys: Mapping[int, bytes] = field(repr=False)
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    sms: str = "console"
    sms_number: str = "+441632960000"
    twilio_account_sid: str = ""
    twilio_auth_token: str = field(default="", repr=False)
    twilio_api_url: str = ""
    twilio_help: bool = True
    twilio_redact: bool = False
    twilio_lookup: bool = False
    notify_api_key: str = field(default="", repr=False)
    notify_template_id: str = ""
    notify_sender_id: str = ""
    notify_bearer_tokens: tuple[str, ...] = field(default=(), repr=False)
    notify_api_url: str = ""
    segment_budget: int = 60
    email: str = "console"
    pictures: str = ""
    recordings: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = "family-voice@council.example"
    framework: str = "blackburn_with_darwen"
    frameworks: str = ""
    spacy_model: str = ""
    area_name: str = "your area"
    phone: str = ""
    team_name: str = "the Family Voice team"
    texts_read: str = ""
    emergency_phone: str = ""
    complaints: str = ""
    sendiass: str = ""
    data_protection: str = ""
    security_contact: str = ""
    lawful_basis: str = ""
    lawful_basis_reference: str = ""
    dpia_reference: str = ""
    dpia_date: date | None = None
    evidence_folder: Path = Path("instance") / "evidence"
    retention: Mapping[str, int] = field(default_factory=dict)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_tenant: str = ""
    oidc_strong_acr: tuple[str, ...] = ()
    backup_folder: Path = Path("instance") / "backups"
    backup_keys_folder: Path = Path("instance") / "backup-keys"

    @property
    def carrier_answers_help(self) -> bool:
        """Whether somebody who texts HELP hears from the carrier, so that we do not answer too.

        Twilio does unless its own replies are turned off; behind GOV.UK Notify nobody does.
        """
        return self.sms == "twilio" and self.twilio_help

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings of a real installation.

        Args:
            environ: usually `os.environ`; only names that begin with `FAMILY_VOICE_` are read.

        Returns:
            The settings.

        Raises:
            SettingsError: with every problem at once, each saying what to do.
        """
        values = {
            name.removeprefix(PREFIX): value.strip()
            for name, value in environ.items()
            if name.startswith(PREFIX) and value.strip()
        }
        problems: list[str] = []

        def required(name: str, advice: str) -> str:
            if name not in values:
                problems.append(f"Set {PREFIX}{name}: {advice}")
            return values.get(name, "")

        secret_key = required("SECRET_KEY", "a long random text, the same for every process.")
        if secret_key and len(secret_key) < 32:
            problems.append(f"Make {PREFIX}SECRET_KEY at least 32 characters long.")
        master_keys = _master_keys(
            required(
                "MASTER_KEYS",
                "one or more keys as VERSION:BASE64, separated by commas, each 32 bytes. "
                '`python3 -c "import secrets,base64;'
                "print('1:'+base64.b64encode(secrets.token_bytes(32)).decode())\"` makes one.",
            ),
            problems,
        )
        public_url = required("PUBLIC_URL", "the address families use, such as https://…").rstrip(
            "/"
        )
        if public_url and not _is_sealed_on_the_way(public_url):
            problems.append(f"{PREFIX}PUBLIC_URL must begin with https://.")
        sms = values.get("SMS", "twilio")
        if sms not in {"console", "twilio", "notify"}:
            problems.append(f"{PREFIX}SMS must be `twilio`, `notify` or `console`.")
        if sms == "twilio":
            for name in ("SMS_NUMBER", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
                required(name, "your Twilio account's own.")
        if values.get("TWILIO_HELP", "on") not in {"on", "off"}:
            problems.append(
                f"{PREFIX}TWILIO_HELP must be `on`, or `off` where Twilio's own replies are off."
            )
        for name in ("TWILIO_REDACT", "TWILIO_LOOKUP"):
            if values.get(name, "off") not in {"on", "off"}:
                problems.append(f"{PREFIX}{name} must be `on` or `off`.")
        if sms == "notify":
            for name, advice in NOTIFY.items():
                required(name, advice)
        tokens = tuple(values.get("NOTIFY_BEARER_TOKENS", "").split())
        problems += _notify_problems(values, tokens)
        if values.get("SMTP_HOST"):
            required("SMTP_FROM", "the address families see, whose mailbox somebody reads.")
        problems += _smtp_problems(values)
        proxies = values.get("TRUSTED_PROXIES", "0")
        if not proxies.isdigit():
            problems.append(f"{PREFIX}TRUSTED_PROXIES must be a number: how many proxies you run.")
        if values.get("OIDC_ISSUER"):
            for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
                required(name, "as your council's sign-in service gave it.")
        for name in ("OIDC_ISSUER", "TWILIO_API_URL", "NOTIFY_API_URL"):
            if values.get(name) and not _is_sealed_on_the_way(values[name]):
                problems.append(f"{PREFIX}{name} must begin with https://.")
        security_contact = values.get("SECURITY_CONTACT", "")
        if security_contact and not security_contact.startswith(("mailto:", "https://", "tel:")):
            problems.append(f"{PREFIX}SECURITY_CONTACT must begin with mailto:, https:// or tel:.")
        phone = required("PHONE", "the one telephone number families can ring.")
        emergency = required("EMERGENCY_PHONE", "the emergency duty team's telephone number.")
        dpia_date = _day("DPIA_DATE", values.get("DPIA_DATE", ""), problems)
        retention = _retention(values.get("RETENTION", ""), problems)
        segment_budget = _parts("SEGMENT_BUDGET", values, cls.segment_budget, problems)
        if values.get("PICTURES") and not Path(values["PICTURES"]).is_dir():
            problems.append(f"{PREFIX}PICTURES must be a folder of pictures, such as ear.svg.")
        if values.get("RECORDINGS") and not Path(values["RECORDINGS"]).is_dir():
            problems.append(f"{PREFIX}RECORDINGS must be a folder: ur/child/important.open.mp3.")
        if values.get("FRAMEWORKS") and not Path(values["FRAMEWORKS"]).is_dir():
            problems.append(f"{PREFIX}FRAMEWORKS must be the folder of your own framework files.")
        if problems:
            raise SettingsError(problems)
        return cls(
            database_url=values.get(
                "DATABASE_URL", f"sqlite:///{instance_folder()}/family-voice.db"
            ),
            secret_key=secret_key,
            master_keys=master_keys,
            public_url=public_url,
            trusted_proxies=int(proxies),
            sms=sms,
            sms_number=values.get("SMS_NUMBER", cls.sms_number),
            twilio_account_sid=values.get("TWILIO_ACCOUNT_SID", ""),
            twilio_auth_token=values.get("TWILIO_AUTH_TOKEN", ""),
            twilio_api_url=values.get("TWILIO_API_URL", "").rstrip("/"),
            twilio_help=values.get("TWILIO_HELP", "on") == "on",
            twilio_redact=values.get("TWILIO_REDACT") == "on",
            twilio_lookup=values.get("TWILIO_LOOKUP") == "on",
            notify_api_key=values.get("NOTIFY_API_KEY", ""),
            notify_template_id=values.get("NOTIFY_TEMPLATE_ID", ""),
            notify_sender_id=values.get("NOTIFY_SENDER_ID", ""),
            notify_bearer_tokens=tokens,
            notify_api_url=values.get("NOTIFY_API_URL", "").rstrip("/"),
            segment_budget=segment_budget,
            email="smtp" if values.get("SMTP_HOST") else "off",
            pictures=values.get("PICTURES", ""),
            recordings=values.get("RECORDINGS", ""),
            smtp_host=values.get("SMTP_HOST", ""),
            smtp_port=_smtp_port(values),
            smtp_security=values.get("SMTP_SECURITY", cls.smtp_security),
            smtp_user=values.get("SMTP_USER", ""),
            smtp_password=values.get("SMTP_PASSWORD", ""),
            smtp_from=values.get("SMTP_FROM", cls.smtp_from),
            framework=values.get("FRAMEWORK", cls.framework),
            frameworks=values.get("FRAMEWORKS", ""),
            spacy_model=values.get("SPACY_MODEL", ""),
            area_name=values.get("AREA_NAME", cls.area_name),
            phone=phone,
            team_name=values.get("TEAM_NAME", cls.team_name),
            texts_read=values.get("TEXTS_READ", ""),
            emergency_phone=emergency,
            complaints=values.get("COMPLAINTS", ""),
            sendiass=values.get("SENDIASS", ""),
            data_protection=values.get("DATA_PROTECTION", ""),
            security_contact=security_contact,
            lawful_basis=values.get("LAWFUL_BASIS", ""),
            lawful_basis_reference=values.get("LAWFUL_BASIS_REFERENCE", ""),
            dpia_reference=values.get("DPIA_REFERENCE", ""),
            dpia_date=dpia_date,
            evidence_folder=Path(values.get("EVIDENCE_FOLDER") or instance_folder() / "evidence"),
            retention=retention,
            oidc_issuer=values.get("OIDC_ISSUER", ""),
            oidc_client_id=values.get("OIDC_CLIENT_ID", ""),
            oidc_client_secret=values.get("OIDC_CLIENT_SECRET", ""),
            oidc_tenant=values.get("OIDC_TENANT", ""),
            oidc_strong_acr=tuple(values.get("OIDC_STRONG_ACR", "").split()),
            backup_folder=Path(values.get("BACKUP_FOLDER") or instance_folder() / "backups"),
            backup_keys_folder=Path(
                values.get("BACKUP_KEYS_FOLDER") or instance_folder() / "backup-keys"
            ),
        )


def _notify_problems(values: Mapping[str, str], tokens: tuple[str, ...]) -> list[str]:
    """A key that its client would cut wrongly, ids that are none, tokens that can be guessed."""
    key = values.get("NOTIFY_API_KEY", "")
    problems = []
    # Notify's client takes the service's id and the secret from the end of the key.
    if key and not (_is_id(key[-36:]) and _is_id(key[-73:-37])):
        problems.append(f"{PREFIX}NOTIFY_API_KEY must be the whole key, as Notify showed it once.")
    problems += [
        f"{PREFIX}{name} must be an id, such as f33517ff-2a88-4f6e-b855-c550268ce08a."
        for name in ("NOTIFY_TEMPLATE_ID", "NOTIFY_SENDER_ID")
        if values.get(name) and not _is_id(values[name])
    ]
    if len(tokens) > 2 or any(len(token) < 32 for token in tokens):
        problems.append(
            f"{PREFIX}NOTIFY_BEARER_TOKENS must be one token of at least 32 characters, or the "
            "new and the old one with a space between while you change them."
        )
    return problems


def _smtp_problems(values: Mapping[str, str]) -> list[str]:
    """A line that is not sealed, a port that is none, half a sign-in, no address."""
    problems = []
    security = values.get("SMTP_SECURITY", "starttls")
    if security not in SMTP_PORTS:
        problems.append(f"{PREFIX}SMTP_SECURITY must be `starttls` or `tls`.")
    if security == "none" and values.get("SMTP_HOST") not in HERE:
        problems.append(
            f"{PREFIX}SMTP_SECURITY may be `none` only for a mail server on this very machine."
        )
    port = values.get("SMTP_PORT", "587")
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        problems.append(f"{PREFIX}SMTP_PORT must be a number from 1 to 65535.")
    if bool(values.get("SMTP_USER")) != bool(values.get("SMTP_PASSWORD")):
        problems.append(f"Set {PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD together, or neither.")
    sender = values.get("SMTP_FROM", "us@council.example")
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
        problems.append(f"{PREFIX}SMTP_FROM must be one email address and nothing else.")
    return problems


def _smtp_port(values: Mapping[str, str]) -> int:
    return int(values.get("SMTP_PORT") or SMTP_PORTS[values.get("SMTP_SECURITY", "starttls")])


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _day(name: str, text: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(f"{PREFIX}{name} must be a day, such as 2026-09-01.")
        return None


def _parts(name: str, values: Mapping[str, str], otherwise: int, problems: list[str]) -> int:
    text = values.get(name, str(otherwise))
    if not text.isdigit() or not 10 <= int(text) <= 10_000:
        problems.append(f"{PREFIX}{name} must be a number of message parts from 10 to 10000.")
        return otherwise
    return int(text)


def _retention(text: str, problems: list[str]) -> dict[str, int]:
    """Days by class of data, such as `accounts=365,texts=30`."""
    days: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, number = part.partition("=")
        if not number.isdigit() or name not in RETENTION_CLASSES or not 1 <= int(number) <= 36500:
            problems.append(
                f"Each part of {PREFIX}RETENTION must be CLASS=DAYS, with one of "
                f"{', '.join(RETENTION_CLASSES)}."
            )
            return {}
        days[name] = int(number)
    return days


def _is_sealed_on_the_way(address: str) -> bool:
    """Whether what goes there is encrypted, or never leaves this machine."""
    parts = urlsplit(address)
    here = parts.hostname in HERE
    return bool(parts.hostname) and (parts.scheme == "https" or (here and parts.scheme == "http"))


def _master_keys(text: str, problems: list[str]) -> dict[int, bytes]:
    keys: dict[int, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        version, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not version.isdigit() or len(key) != 32:
            problems.append(
                f"Each key in {PREFIX}MASTER_KEYS must be VERSION:BASE64 of exactly 32 bytes."
            )
            return {}
        if int(version) in keys or key in keys.values():
            problems.append(
                f"Each key in {PREFIX}MASTER_KEYS needs a number and 32 bytes of its own; "
                f"{version} repeats another's."
            )
            return {}
        keys[int(version)] = key
    return keys


def instance_folder() -> Path:
    """The folder for what this installation writes, made if it is missing."""
    folder = Path.cwd() / "instance"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def asset_folder(name: str) -> Path:
    """Where `templates`, `static` or `translations` lie: inside a wheel, or beside the package."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
