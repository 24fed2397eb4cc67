"""The council's own sign-in, by OpenID Connect: the way there, and what its answer proves.

Authorization code with PKCE (RFC 7636), state and nonce (OpenID Connect Core 1.0, section 3.1). The
identity token is fetched from the provider itself and its signature checked against its keys.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from family_voice.people.council_accounts import Identity

# Public keys only: `none` and shared secrets prove nothing to us.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
TIMEOUT = 5
KEPT_FOR = timedelta(hours=1)
LEEWAY = 60


class ProviderDown(Exception):
    """The council's sign-in does not answer, or not in a way we understand."""


class NotProven(Exception):
    """The answer proves nothing: another's, expired, forged, or not to our question."""


@dataclass(frozen=True)
class Provider:
    """The council's sign-in as an operator set it.

    `tenant` is the only `tid` let in, if set. `strong` are values of `acr` that mean two factors.
    """

    issuer: str
    client_id: str
    client_secret: str
    tenant: str = ""
    strong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """The way to the provider, and what must be remembered until somebody comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Proven:
    """Who came back, and whether the provider asked them for a second factor."""

    identity: Identity
    two_factors: bool


class SingleSignOn:
    """One provider, with its addresses and keys kept for an hour.

    Args:
        provider: as set.
        back: our address that people come back to.
    """

    def __init__(self, provider: Provider, back: str) -> None:
        self._provider, self._back = provider, back
        self._kept: tuple[datetime, dict[str, Any], KeySet] | None = None

    def way(self, now: datetime) -> Way:
        """Where to send somebody.

        Raises:
            ProviderDown: if the provider does not say.
        """
        known, _keys = self._known(now)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._back,
            "scope": "openid profile",  # Entra gives `oid` only with `profile`
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        if self._provider.strong:
            asked["acr_values"] = " ".join(self._provider.strong)
        start = str(known["authorization_endpoint"])
        joined = "&" if "?" in start else "?"
        return Way(f"{start}{joined}{urlencode(asked)}", state, nonce, verifier)

    def proven(self, code: str, issuer: str, nonce: str, verifier: str, now: datetime) -> Proven:
        """What the code that somebody came back with proves.

        Args:
            code: from the address they came back to.
            issuer: `iss` from the same address (RFC 9207), or nothing.
            nonce: as remembered.
            verifier: as remembered.
            now: the present.

        Raises:
            ProviderDown: if the provider does not answer.
            NotProven: if it proves nothing.
        """
        if issuer and issuer != self._provider.issuer:
            raise NotProven("issuer")
        token = self._id_token(code, verifier, now)
        claims = self._claims(token, now)
        self._check(claims, nonce, now)
        tenant = claims.get("tid")
        if self._provider.tenant and tenant != self._provider.tenant:
            raise NotProven("tenant")
        subject = claims.get("oid") or claims["sub"]
        methods = claims.get("amr")
        strong = isinstance(methods, list) and "mfa" in methods
        return Proven(
            Identity(str(tenant or claims["iss"]), str(subject)),
            two_factors=strong or claims.get("acr") in self._provider.strong,
        )

    def _id_token(self, code: str, verifier: str, now: datetime) -> str:
        known, _keys = self._known(now)
        name, secret = self._provider.client_id, self._provider.client_secret
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        in_form = "client_secret_post" in known.get("token_endpoint_auth_methods_supported", ())
        if in_form:
            sent |= {"client_id": name, "client_secret": secret}
        try:
            answer = requests.post(
                str(known["token_endpoint"]),
                data=sent,
                auth=None if in_form else (quote(name, safe=""), quote(secret, safe="")),
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as problem:
            raise ProviderDown from problem
        if answer.status_code >= 500:
            raise ProviderDown
        token = _json(answer).get("id_token") if answer.status_code == 200 else None
        if not isinstance(token, str):
            raise NotProven("code")
        return token

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        for fresh in (False, True):
            _known, keys = self._known(now, fresh=fresh)
            try:
                return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError, TypeError):
                continue  # the provider may have changed its keys since: fetch them once
        raise NotProven("signature")

    def _check(self, claims: Mapping[str, Any], nonce: str, now: datetime) -> None:
        mine = self._provider.client_id
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._provider.issuer},
            aud={"essential": True, "value": mine},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            rules.validate(dict(claims))
        except (JoseError, ValueError, TypeError) as problem:
            raise NotProven("claims") from problem
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != mine:
            raise NotProven("audience")

    def _known(self, now: datetime, *, fresh: bool = False) -> tuple[dict[str, Any], KeySet]:
        if self._kept is None or fresh or now - self._kept[0] > KEPT_FOR:
            known = _fetch(f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if known.get("issuer") != self._provider.issuer or not all(
                isinstance(known.get(each), str) for each in needed
            ):
                raise ProviderDown
            try:
                keys = KeySet.import_key_set(_fetch(known["jwks_uri"]))  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError) as problem:
                raise ProviderDown from problem
            self._kept = (now, known, keys)
        return self._kept[1], self._kept[2]


def _fetch(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as problem:
        raise ProviderDown from problem
    if answer.status_code != 200:
        raise ProviderDown
    return _json(answer)


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as problem:
        raise ProviderDown from problem
    if not isinstance(found, dict):
        raise ProviderDown
    return found
