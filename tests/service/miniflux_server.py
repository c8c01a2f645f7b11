"""Real Miniflux with its own PostgreSQL.

Both programs are Debian's. For root, the database runs as another user, as PostgreSQL requires; its socket is in its folder. The
reader's actions on the phone go through Miniflux's own API, because the Google Reader API is under test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.service.feed_server import ANSWERS_S, API_PASSWORD, PASSWORD, USER, Entry, FeedServer, missing_programs, wait_until

MINIFLUX = shutil.which("miniflux")
POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


def missing() -> str:
    """Return the names of the missing programs; "" if none is missing."""
    return missing_programs(miniflux=MINIFLUX, postgresql=POSTGRES)


class Miniflux(FeedServer):
    """Miniflux server; its database goes on while the server is stopped."""

    def __init__(self) -> None:
        assert MINIFLUX and POSTGRES
        super().__init__("miniflux")
        self.feed = 0
        """Miniflux's number of the paper."""
        self._bin = POSTGRES
        as_root = os.geteuid() == 0
        self._as = {"user": "nobody", "group": "nogroup", "extra_groups": ()} if as_root else {}
        self._owner = "nobody" if as_root else _name()
        self._processes: list[subprocess.Popen[Any]] = []
        self.phone.base_url, self.phone.auth = f"{self.address}/v1", (USER, PASSWORD)

    def install(self) -> None:
        self._start_database()
        self.start()
        self.sql("CREATE EXTENSION pgcrypto")
        self.sql(f"UPDATE users SET password = crypt('{PASSWORD}', gen_salt('bf', 4))")  # a real hash, but quick
        self.switch_api(on=True)

    def close(self) -> None:
        self.stop()
        for process in self._processes:
            process.terminate()
            process.wait()
        super().close()

    # ── the server ──────────────────────────────────────────────────────────

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = {
            "DATABASE_URL": f"host={self._folder} user={self._owner} dbname=miniflux sslmode=disable",
            "RUN_MIGRATIONS": "1",
            "CREATE_ADMIN": "1",
            "ADMIN_USERNAME": USER,
            "ADMIN_PASSWORD": PASSWORD,
            "LISTEN_ADDR": f"127.0.0.1:{self._port}",
            "DISABLE_SCHEDULER_SERVICE": "1",
            "POLLING_PARSING_ERROR_LIMIT": "0",
            "FETCHER_ALLOW_PRIVATE_NETWORKS": "1",  # needed by later versions
        }
        assert MINIFLUX
        self._process = self._start(MINIFLUX, log="miniflux.log", env=settings)
        wait_until(lambda: httpx.get(f"{self.address}/healthcheck", timeout=ANSWERS_S).is_success, self._folder)

    def switch_api(self, *, on: bool) -> None:
        """Switch the Google Reader API on or off, as the page of integrations does."""
        hashed = f"crypt('{API_PASSWORD}', gen_salt('bf', 4))"
        named = f"googlereader_username = '{USER}', googlereader_password = {hashed}"
        self.sql(f"UPDATE integrations SET googlereader_enabled = {on}, {named}")

    # ── the database ────────────────────────────────────────────────────────

    def sql(self, statement: str, database: str = "miniflux") -> str:
        """Run a statement, and return its result as text."""
        login = ("-h", self._folder, "-U", self._owner)
        return self._run(self._bin / "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", *login, "-c", statement, database)

    def back_up(self) -> None:
        """Copy the database to a backup."""
        with self._stopped():
            self.sql("DROP DATABASE IF EXISTS backup", "postgres")
            self.sql("CREATE DATABASE backup TEMPLATE miniflux", "postgres")

    def restore(self) -> None:
        """Replace the database by its backup."""
        with self._stopped():
            self.sql("DROP DATABASE miniflux", "postgres")
            self.sql("CREATE DATABASE miniflux TEMPLATE backup", "postgres")

    @contextmanager
    def _stopped(self) -> Iterator[None]:
        self.stop()
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('miniflux', 'backup')"
        self.sql(ends, "postgres")
        count = "SELECT count(*) FROM pg_stat_activity WHERE datname IN ('miniflux', 'backup')"
        wait_until(lambda: self.sql(count, "postgres") == "0", self._folder)
        yield
        self.start()

    def _start_database(self) -> None:
        data = self._folder / "data"
        self._folder.chmod(0o755)
        if self._as:
            shutil.chown(self._folder, "nobody", "nogroup")
        self._run(self._bin / "initdb", "-D", data, "-A", "trust", "-N", "-E", "UTF8", "--no-locale", "-U", self._owner)
        quick = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off")
        database = self._start(self._bin / "postgres", "-D", data, "-k", self._folder, *quick, log="postgres.log")
        self._processes.append(database)
        wait_until(lambda: bool(self.sql("SELECT 1", "postgres")), self._folder)
        self.sql("CREATE DATABASE miniflux", "postgres")

    # ── the phone ───────────────────────────────────────────────────────────

    def subscribe(self, feed: str) -> int:
        (category, *_) = self._phoned("GET", "/categories")
        return int(self._phoned("POST", "/feeds", {"feed_url": feed, "category_id": category["id"]})["feed_id"])

    def refresh(self, feed: int) -> None:
        self._phoned("PUT", f"/feeds/{feed}/refresh")

    def entries(self) -> dict[str, Entry]:
        found = self._phoned("GET", "/entries?limit=10000")["entries"]
        return {each["title"]: Entry(each["id"], each["status"] == "read", each["starred"]) for each in found}

    def mark(self, titles: Sequence[str], status: str) -> None:
        """Mark entries `read`, `unread` or `removed`."""
        entries = self.entries()
        self._phoned("PUT", "/entries", {"entry_ids": [entries[title].number for title in titles], "status": status})

    def star(self, title: str) -> None:
        """Toggle the star of an entry."""
        self._phoned("PUT", f"/entries/{self.entries()[title].number}/bookmark")

    def later(self) -> set[str]:
        """Return no title, because Miniflux's entries have no labels."""
        return set()

    def label(self, title: str) -> None:
        raise NotImplementedError(title)

    def _phoned(self, method: str, path: str, body: object = None) -> Any:
        response = self.phone.request(method, path, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None


def _name() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name
