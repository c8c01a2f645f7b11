"""The reader's account on a server of feeds, as the config names it, and the password of the account."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from subprocess import DEVNULL, CalledProcessError, TimeoutExpired, check_output
from typing import Any
from urllib.parse import urlsplit

from bpost_tui.errors import ProgramError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_PASSWORD_S = 60.0
_MAX_PASSWORD_CHARS = 1000
_SETTING = "service.password_command"


class GreaderAccount(NamedTuple):
    """Account of the reader on a server of feeds, with the password or the command that writes it."""

    address: str
    """Address of the server's API, without a slash at the end."""
    user: str
    password_command: tuple[str, ...] | str = ()
    """Command that writes the password to standard output; empty if the config names no command."""
    inline_password: str = ""
    """Password, if it is written in the config itself; otherwise empty."""

    def __repr__(self) -> str:
        return f"GreaderAccount({self.address!r}, {self.user!r})"  # never the password, in logs or tracebacks

    @property
    def key(self) -> str:
        """Key under which the library keeps data of this account: a hash of address and user, without the password."""
        return hashlib.sha256(f"{self.address}\0{self.user}".encode()).hexdigest()[:32]

    @property
    def host(self) -> str:
        """Host name of the server."""
        return urlsplit(self.address).hostname or ""

    def password(self) -> str:
        """Return the password in the config, or else the first line that the password command writes.

        Blocks until the command ends. The result is empty if the config has neither a password nor a command.

        Raises:
            ProgramError: The command can't be run, fails, or writes no password.
        """
        if self.inline_password or not self.password_command:
            return self.inline_password
        command = self.password_command
        try:
            written = check_output(command, shell=isinstance(command, str), stdin=DEVNULL, stderr=DEVNULL, timeout=_PASSWORD_S)
        except TimeoutExpired:
            why = Reason("it took longer than {seconds} s", seconds=f"{_PASSWORD_S:g}")
        except CalledProcessError as error:
            why = Reason("exited with status {status}", status=error.returncode)
        except (OSError, ValueError) as error:
            why = Reason(getattr(error, "strerror", None) or type(error).__name__)
        else:
            password = written.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
            if 0 < len(password) <= _MAX_PASSWORD_CHARS:
                return password
            why = Reason("it writes no password")
        raise ProgramError(prefix_reason(_SETTING, why))


def account_from_config(setting: Mapping[str, Any]) -> GreaderAccount | None:
    """Return the account in `setting`, the config's table `[service]`, or None if the table has no address or no user."""
    account = GreaderAccount(*(setting.get(name, "") for name in ("address", "user", "password_command", "password")))
    return account if account.address and account.user else None
