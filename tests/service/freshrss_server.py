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
import subprocess
from collections.abc import Sequence
from contextlib import closing

import httpx

from bpost_tui.mark_sync.greader_api import LATER
from tests.service.feed_server import ANSWERS_S, API_PASSWORD, PASSWORD, USER, FeedServer, wait_until

PHP = shutil.which("php")
SOURCE = os.environ.get("BPOST_FRESHRSS", "")


def missing() -> str:
    """Return the names of the missing programs; "" if none is missing."""
    return ", ".join(name for name, there in (("php", PHP), ("BPOST_FRESHRSS", SOURCE)) if not there)


class FreshRss(FeedServer):
    """FreshRSS server."""

    def __init__(self) -> None:
        super().__init__("freshrss", "/api/greader.php")
        self._site = self._folder / "site"
        self._phone = httpx.Client(timeout=ANSWERS_S)

    def close(self) -> None:
        self._phone.close()
        super().close()

    def install(self) -> None:
        assert PHP
        shutil.copytree(SOURCE, self._site)
        self._run("prepare")
        base = ("--base-url", f"http://127.0.0.1:{self._port}", "--language", "en", "--environment", "production")
        self._run("do-install", "--default-user", USER, "--auth-type", "form", "--api-enabled", "--db-type", "sqlite", *base)
        self._run("create-user", "--user", USER, "--password", PASSWORD, "--api-password", API_PASSWORD)
        command = [PHP, "-S", f"127.0.0.1:{self._port}", "-t", str(self._site / "p")]
        with (self._folder / "php.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._site / "p")
        wait_until(lambda: httpx.get(self.address, timeout=ANSWERS_S).text == "OK", self._folder)

    def _run(self, command: str, *arguments: str) -> None:
        assert PHP
        done = subprocess.run([PHP, f"cli/{command}.php", *arguments], cwd=self._site, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    # ── the phone ───────────────────────────────────────────────────────────

    def subscribe(self, feed: str) -> int:
        """Subscribe to a feed in place of the feeds that FreshRSS subscribes a new user to."""
        self._sql("DELETE FROM feed")
        self._edit("subscription/edit", ac="subscribe", s=f"feed/{feed}", t="পরীক্ষা")
        return int(str(self._sql("SELECT id FROM feed")[0][0]))

    def entries(self) -> dict[str, tuple[int, bool, bool]]:
        """Return title → (number, whether read, whether starred) of the entries."""
        rows = self._sql("SELECT title, id, is_read, is_favorite FROM entry")
        return {str(title): (int(str(number)), bool(is_read), bool(is_starred)) for title, number, is_read, is_starred in rows}

    def read(self) -> set[str]:
        return {title for title, (_, is_read, _) in self.entries().items() if is_read}

    def stars(self) -> set[str]:
        return {title for title, (_, _, is_starred) in self.entries().items() if is_starred}

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
        self._edit("edit-tag", **{"i": str(self.entries()[title][0]), "a" if on else "r": LATER})

    def _fever(self, title: str, status: str) -> None:
        key = hashlib.md5(f"{USER}:{API_PASSWORD}".encode()).hexdigest()
        form = {"api_key": key, "mark": "item", "as": status, "id": str(self.entries()[title][0])}
        answer = self._phone.post(self.address.replace("greader.php", "fever.php?api"), data=form)
        assert answer.is_success and answer.json()["auth"] == 1, answer.text

    def _edit(self, operation: str, **form: str) -> None:
        login = self._phone.post(f"{self.address}/accounts/ClientLogin", data={"Email": USER, "Passwd": API_PASSWORD})
        headers = {"Authorization": f"GoogleLogin auth={login.text.partition('Auth=')[2].strip()}"}
        token = self._phone.get(f"{self.address}/reader/api/0/token", headers=headers).text.strip()
        answer = self._phone.post(f"{self.address}/reader/api/0/{operation}", data={**form, "T": token}, headers=headers)
        assert answer.text == "OK", answer.text

    def _sql(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self._site / "data" / "users" / USER / "db.sqlite", timeout=10)) as db, db:
            rows: list[tuple[object, ...]] = db.execute(statement).fetchall()
            return rows
