"""A portal's address in its normal form."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bpost_tui.errors import UsageError
from bpost_tui.i18n import Reason, message

_LONGEST_QUOTED = 80


def portal_address(text: str) -> str:
    """Return a portal's address in its normal form: with scheme, without a slash at the end, a query or a fragment.

    Raises:
        UsageError: It is no http or https address of a host.
    """
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc or re.search(r"[^\w.:\-\[\]]", parts.netloc):
        raise UsageError(
            Reason("“{what}” is no portal's address", what=text[:_LONGEST_QUOTED]),
            hint=message("Give an address like https://thebengalpost.net."),
        )
    host = f"[{host}]" if ":" in host else host
    usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}{'' if usual else f':{port}'}{re.sub('/+', '/', parts.path).rstrip('/')}"
