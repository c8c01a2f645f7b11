"""HTTP responses as values, made by the rules of WordPress and nginx: JSON, validators, 304, compression."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import md5

RequestHeaders = Mapping[str, str]
"""Headers by name; each word of a name has a capital letter."""
Headers = tuple[tuple[str, str], ...]
QueryParameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response, its body not yet compressed."""

    status: int
    headers: Headers = ()
    body: bytes = b""


def html_answer(text: str, status: int = 200) -> HttpResponse:
    """Return a page."""
    return HttpResponse(status, (("Content-Type", "text/html; charset=UTF-8"),), text.encode())


def json_answer(data: object, status: int = 200, headers: Headers = ()) -> HttpResponse:
    """Return JSON as WordPress writes it: letters as UTF-8, slashes escaped."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
    return HttpResponse(status, (("Content-Type", "application/json; charset=UTF-8"), *headers), text.encode())


def moved(location: str) -> HttpResponse:
    """Return a permanent redirect."""
    return HttpResponse(301, (("Content-Type", "text/html; charset=UTF-8"), ("X-Redirect-By", "WordPress"), ("Location", location)))


def validators(modified: datetime) -> Headers:
    """Return a feed's validators: WordPress makes both from the site's newest modification."""
    last_modified = format_datetime(modified.astimezone(UTC), usegmt=True)
    tag = md5(last_modified.encode(), usedforsecurity=False).hexdigest()
    return (("Last-Modified", last_modified), ("ETag", f'"{tag}"'))


def unchanged(request: RequestHeaders, modified: datetime) -> bool:
    """Whether a conditional request is answered with 304, by WordPress's rules.

    If both headers are sent, both must match, and a weak tag never matches. (By RFC 9110 §13.1.2, If-None-Match alone would decide,
    and weak tags match.)
    """
    tag, since = request.get("If-None-Match"), request.get("If-Modified-Since")
    tag_holds = tag is not None and tag.strip() == dict(validators(modified))["ETag"]
    since_holds = since is not None and _not_after(modified, since)
    return (tag_holds and since_holds) if tag and since else (tag_holds or since_holds)


def compressed(answer: HttpResponse, accepted: str) -> HttpResponse:
    """Return a response as nginx sends it to a client that accepts these encodings: text in gzip, with a weak tag."""
    kind = dict(answer.headers).get("Content-Type", "")
    if not answer.body or kind.startswith("image/"):
        return answer
    headers: Headers = (*answer.headers, ("Vary", "Accept-Encoding"))
    if "gzip" not in accepted:
        return replace(answer, headers=headers)
    weak = tuple((name, f"W/{value}" if name == "ETag" else value) for name, value in headers)
    return replace(answer, headers=(*weak, ("Content-Encoding", "gzip")), body=gzip.compress(answer.body, 5))


def _not_after(modified: datetime, since: str) -> bool:
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since).astimezone(UTC)
    except ValueError:  # no date: to WordPress the same as no header
        return False
