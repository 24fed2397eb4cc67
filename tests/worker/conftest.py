"""The same town as the text-message channel's tests."""

from tests.sms.conftest import town

__all__ = ["town"]
