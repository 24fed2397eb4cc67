"""Everything that is set from outside, read from the environment once."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "FAMILY_VOICE_"
#: The classes of data of which a council sets how long they are kept (operations/retention.py).
RETENTION_CLASSES = (
    "accounts",
    "said_no",
    "identifiers",
    "texts",
    "unknown_texts",
    "invitations",
    "failed_attempts",
)
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
    framework: str = "blackburn_with_darwen"
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
        if sms not in {"console", "twilio"}:
            problems.append(f"{PREFIX}SMS must be `twilio` or `console`.")
        if sms == "twilio":
            for name in ("SMS_NUMBER", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
                required(name, "your Twilio account's own.")
        proxies = values.get("TRUSTED_PROXIES", "0")
        if not proxies.isdigit():
            problems.append(f"{PREFIX}TRUSTED_PROXIES must be a number: how many proxies you run.")
        if values.get("OIDC_ISSUER"):
            for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
                required(name, "as your council's sign-in service gave it.")
        for name in ("OIDC_ISSUER", "TWILIO_API_URL"):
            if values.get(name) and not _is_sealed_on_the_way(values[name]):
                problems.append(f"{PREFIX}{name} must begin with https://.")
        security_contact = values.get("SECURITY_CONTACT", "")
        if security_contact and not security_contact.startswith(("mailto:", "https://", "tel:")):
            problems.append(f"{PREFIX}SECURITY_CONTACT must begin with mailto:, https:// or tel:.")
        phone = required("PHONE", "the one telephone number families can ring.")
        emergency = required("EMERGENCY_PHONE", "the emergency duty team's telephone number.")
        dpia_date = _day("DPIA_DATE", values.get("DPIA_DATE", ""), problems)
        retention = _retention(values.get("RETENTION", ""), problems)
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
            framework=values.get("FRAMEWORK", cls.framework),
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


def _day(name: str, text: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(f"{PREFIX}{name} must be a day, such as 2026-09-01.")
        return None


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
    here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
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
