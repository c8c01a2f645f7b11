"""Real FreshRSS with SQLite.

Debian has PHP but not FreshRSS, so `BPOST_FRESHRSS` names a folder with its source, without an installation. The reader's
actions on the phone go through the Fever API, because the Google Reader API is under test. Only labels, which Fever lacks, go
through the Google Reader API.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import httpx

from bpost_tui.mark_sync.greader_api import LATER
from tests.service.feed_server import ANSWERS_S, API_PASSWORD, PASSWORD, USER, Entry, FeedServer, missing_programs, wait_until

PHP = shutil.which("php")
SOURCE = os.environ.get("BPOST_FRESHRSS", "")


def missing() -> str:
    """Return the names of the missing programs; "" if none is missing."""
    return missing_programs(php=PHP, BPOST_FRESHRSS=SOURCE)


class FreshRss(FeedServer):
    """FreshRSS server."""

    def __init__(self) -> None:
        super().__init__("freshrss", "/api/greader.php")
        self._site = self._folder / "site"

    def install(self) -> None:
        shutil.copytree(SOURCE, self._site)
        self._command("prepare")
        base = ("--base-url", f"http://127.0.0.1:{self._port}", "--language", "en", "--environment", "production")
        self._command("do-install", "--default-user", USER, "--auth-type", "form", "--api-enabled", "--db-type", "sqlite", *base)
        self._command("create-user", "--user", USER, "--password", PASSWORD, "--api-password", API_PASSWORD)
        assert PHP
        pages = self._site / "p"
        self._process = self._start(PHP, "-S", f"127.0.0.1:{self._port}", "-t", pages, log="php.log", folder=pages)
        wait_until(lambda: httpx.get(self.address, timeout=ANSWERS_S).text == "OK", self._folder)

    def _command(self, name: str, *arguments: str) -> None:
        assert PHP
        self._run(PHP, f"cli/{name}.php", *arguments, folder=self._site)

    # ── the phone ───────────────────────────────────────────────────────────

    def subscribe(self, feed: str) -> int:
        """Subscribe to a feed in place of the feeds that FreshRSS subscribes a new user to."""
        self._sql("DELETE FROM feed")
        self._edit("subscription/edit", ac="subscribe", s=f"feed/{feed}", t="পরীক্ষা")
        return int(str(self._sql("SELECT id FROM feed")[0][0]))

    def entries(self) -> dict[str, Entry]:
        rows = self._sql("SELECT title, id, is_read, is_favorite FROM entry")
        return {str(title): Entry(int(str(number)), bool(is_read), bool(is_starred)) for title, number, is_read, is_starred in rows}

    def later(self) -> set[str]:
        """Return the titles of the entries with the label `Read later`."""
        joined = "entry AS e JOIN entrytag AS l ON l.id_entry = e.id JOIN tag AS t ON t.id = l.id_tag"
        return {str(title) for (title,) in self._sql(f"SELECT e.title FROM {joined} WHERE t.name = 'Read later'")}

    def mark(self, titles: Sequence[str], status: str) -> None:
        """Mark entries `read` or `unread`, by Fever."""
        for title in titles:
            self._fever(title, status)

    def star(self, title: str) -> None:
        """Toggle the star of an entry, by Fever."""
        self._fever(title, "unsaved" if title in self.stars() else "saved")

    def label(self, title: str) -> None:
        """Toggle the label `Read later` of an entry."""
        on = title not in self.later()
        self._edit("edit-tag", **{"i": str(self.entries()[title].number), "a" if on else "r": LATER})

    def _fever(self, title: str, status: str) -> None:
        key = hashlib.md5(f"{USER}:{API_PASSWORD}".encode()).hexdigest()
        form = {"api_key": key, "mark": "item", "as": status, "id": str(self.entries()[title].number)}
        answer = self.phone.post(self.address.replace("greader.php", "fever.php?api"), data=form)
        assert answer.is_success and answer.json()["auth"] == 1, answer.text

    def _edit(self, operation: str, **form: str) -> None:
        login = self.phone.post(f"{self.address}/accounts/ClientLogin", data={"Email": USER, "Passwd": API_PASSWORD})
        headers = {"Authorization": f"GoogleLogin auth={login.text.partition('Auth=')[2].strip()}"}
        token = self.phone.get(f"{self.address}/reader/api/0/token", headers=headers).text.strip()
        answer = self.phone.post(f"{self.address}/reader/api/0/{operation}", data={**form, "T": token}, headers=headers)
        assert answer.text == "OK", answer.text

    def _sql(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self._site / "data" / "users" / USER / "db.sqlite", timeout=10)) as db, db:
            rows: list[tuple[object, ...]] = db.execute(statement).fetchall()
            return rows
