"""Signing in, as on the panel's pages."""

from tests.web.panel.conftest import sign_in

__all__ = ["sign_in"]
