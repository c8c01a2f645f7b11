"""Code that runs first in a process under a fault: it trusts the tests' certificate, and counts their second host as public."""

from __future__ import annotations

from pathlib import Path

import certifi

from bpost_tui import urls

_is_public = urls.is_public
urls.is_public = lambda ip: ip == "127.0.0.2" or _is_public(ip)
certifi.where = lambda: str(Path(__file__).parents[2] / "data" / "tls" / "certificate.pem")
