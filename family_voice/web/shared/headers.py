"""The headers of every response: what a browser may load, keep and pass on.

Scripts and styles come from our own address or carry the response's nonce; nothing that is not
static may be kept by a browser or a proxy, so that the next person at a shared computer finds
nothing under the back button.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

YEAR = 365 * 24 * 60 * 60

ALWAYS = {
    # no-referrer would break Flask-WTF's own check over https (measured; DESIGN section 5).
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "X-Robots-Tag": "noindex, nofollow",
}

# Where somebody is done with this device. Never "cookies": a browser would throw away those of the
# council's other sites on the same domain too; our own cookie is emptied by the page itself.
CLEAR = '"cache", "storage"'
ENDINGS = frozenset(
    {"sign_in.sign_out", "own_account.end_all", "family.leave", "family.left", "family.sent"}
)

# Files that are the same for everybody, under an address that changes with their content.
KEPT_LONG = frozenset({"static", "public.own_picture", "public.own_recording"})

# Leaving works with a stale form too, which is answered as a refusal.
LEAVES_ANYHOW = "family.leave"


def csp_nonce() -> str:
    """The nonce of this response, for `<script nonce>` and `<style nonce>`; made when asked for."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def content_security_policy() -> str:
    """The policy of this response; its nonce is in it only if the page used one."""
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{nonce}",
            f"style-src 'self'{nonce}",
            "img-src 'self'",
            "media-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def init_headers(app: Flask, *, secure: bool) -> None:
    """Put the headers on every response of an app.

    Args:
        app: the front door.
        secure: whether its public address is https.
    """
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", content_security_policy())
        over = response.status_code < 400 or request.endpoint == LEAVES_ANYHOW
        if request.endpoint in ENDINGS and over:
            # Also what the back button would show without asking us again.
            response.headers["Clear-Site-Data"] = CLEAR
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        if request.endpoint not in KEPT_LONG or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        elif "v" in request.args:  # the address changes with the content: see pages.asset
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        else:
            response.headers["Cache-Control"] = "public, max-age=300"
        return response
