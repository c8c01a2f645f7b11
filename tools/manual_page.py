"""Writer of the manual page and of the committed copies of the completions: `make docs` or `python -m tools.manual_page`.

The files are in `docs/`. Verbs, options, keys and settings come from their tables. The page is in the man macros (groff_man(7)), in
English.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bpost_tui.cli.completions import script
from bpost_tui.cli.config import to_toml
from bpost_tui.cli.shared.options import EVERYWHERE, Argument, Option, help_text
from bpost_tui.cli.verbs import SHELLS, VERBS, Verb
from bpost_tui.config import Settings
from bpost_tui.config.settings import SETTINGS
from bpost_tui.core.keys.actions import ACTIONS, ALOUD_HELP, DIGITS, Scope, key_label
from bpost_tui.i18n import Language

DOCS = Path(__file__).parents[1] / "docs"

_ABOUT = (
    "bpost shows The Bengal Post, a Bengali news portal, or any other WordPress portal, in a terminal.",
    "It sets Bengali in real type, as pixels where the terminal can show pictures and as block characters where it doesn't.",
    "It starts with what is saved, fetches new stories in the background, and saves all it fetched for reading offline.",
)
_FILES: Mapping[str, str] = {
    "~/.config/bpost/config.toml": "The config, which need not exist; bpost config path says where it is on this system.",
    "~/.config/bpost/themes/*.toml": "Themes of your own.",
    "~/.local/share/bpost/": "In library/: stories.db, the stories; reader.db, your marks; backups/, copies of them.",
    "~/.local/state/bpost/": "What you chose with keys, where you were, what you searched for last, and reports of bugs.",
}
_ENVIRONMENT: Mapping[str, str] = {
    "BPOST_PORTAL": "The portal's address; overrides the config; --portal overrides it.",
    "BPOST_LOG": "A file for the log, as with --log: a line for each request, save and failure; --log overrides it.",
    "VISUAL, EDITOR": "The editor of bpost config edit: a command with its arguments, run without a shell.",
    "LC_ALL, LC_MESSAGES, LANG": "The language of the interface, where neither --language nor the config names one.",
    "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME": "Where the files are, instead of the folders above.",
}
_STATUS: Mapping[int, str] = {
    0: "Success.",
    1: "Not found: no such story or category is saved, or the portal has no such category; for config check: there is a problem.",
    2: "Wrong usage: the command line or the config isn't understood.",
    3: "The portal can't be reached, or doesn't answer as it should.",
    4: "What the portal sent can't be read.",
    5: "Files can't be read or written.",
    70: "A bug; a report of it was written.",
}
_EXAMPLES: Mapping[str, str] = {
    "bpost demo": "Read the sample edition, which needs no network.",
    "bpost refresh --pages 3 --full": "Fetch three pages of the front page, each story in full, to read them on a train.",
    "bpost list --unread -n 5": "The five newest unread stories.",
    "bpost list --unread -q after:1d | bpost mark later -": "Add the day's unread stories to Read later.",
    "bpost export --format epub -q after:7d -o week.epub": "Put the week's stories in a book.",
    "bpost export -o library.json": "All stories with all marks; bpost import merges them into another library.",
    "bpost show 12 --plain | espeak-ng -v bn": "Have a story read aloud.",
    "bpost completions bash > ~/.local/share/bash-completion/completions/bpost": "Let bash complete.",
}


def main() -> int:
    """Write the manual page and the completions."""
    for name, text in documents().items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def documents() -> Mapping[str, str]:
    """Return the text of each file by its path in `docs/`."""
    english = Language("en")
    pages = {"bpost.1": manual(), **{f"completions/{shell}": script(shell, english) for shell in SHELLS}}
    return {name: "\n".join(lines) + "\n" for name, lines in pages.items()}


def manual() -> Iterator[str]:
    """Yield the lines of the manual page."""
    yield '.\\" made by python -m tools.manual_page'
    yield ".TH BPOST 1"
    yield from [".SH NAME", "bpost \\- The Bengal Post in a terminal, in real Bengali type"]
    yield from [".SH SYNOPSIS", ".B bpost", "[\\fIoption\\fR ...] [\\fIverb\\fR ...]"]
    yield from [".SH DESCRIPTION", *map(_plain, _ABOUT), ".PP", _plain("Without a verb, the reader opens.")]
    yield ".SH VERBS"
    for name, verb in VERBS.items():
        yield from _verb(name, verb)
    yield from [".SH OPTIONS", "For every verb, before or after it."]
    for option in EVERYWHERE:
        yield from _option(option)
    yield from _keys()
    yield from [".SH CONFIG", "Optional TOML, only what differs. What can't be used is reported with file and line, and ignored."]
    for name, setting in SETTINGS.items():
        default = f" = {to_toml(getattr(Settings(), name))}" if name != "keys" else ""
        yield from _item(f"{name}{default}", setting.description)
    for title, table in (("FILES", _FILES), ("ENVIRONMENT", _ENVIRONMENT), ("EXIT STATUS", _STATUS), ("EXAMPLES", _EXAMPLES)):
        yield f".SH {title}"
        for term, text in table.items():
            yield from _item(str(term), text)


def _keys() -> Iterator[str]:
    yield ".SH KEYS"
    yield "The letters work under Bengali keyboard layouts too; see keyboard among the settings."
    for place in Scope:
        yield from [".SS", _plain(place.value)]
        for action in ACTIONS:
            if action.scope is place:
                aloud = f" {ALOUD_HELP[action.id]}." if action.id in ALOUD_HELP else ""
                yield from _item(" ".join(dict.fromkeys(map(key_label, action.keys))), f"{action.help}.{aloud} ({action.id})")
        if place is Scope.ANYWHERE:
            yield from _item(
                f"{DIGITS[1]} to {DIGITS[-1]}", "All news and the first eight categories; before a motion, how often: 5j, 12G."
            )


def _verb(name: str, verb: Verb) -> Iterator[str]:
    yield from [".SS", f"{_plain(name)} {' '.join(map(_argument, verb.arguments))}".rstrip(), _plain(_sentence(verb.help))]
    for argument in verb.arguments:
        yield from _item(argument.placeholder, _sentence(help_text(argument.help, str)))
    for option in verb.options:
        yield from _option(option)


def _argument(argument: Argument) -> str:
    name = f"\\fI{_plain(argument.placeholder)}\\fR{' ...' if argument.repeats else ''}"
    return f"[{name}]" if argument.is_optional else name


def _option(option: Option) -> Iterator[str]:
    value = f" \\fI{_plain(option.placeholder)}\\fR" if option.takes_value else ""
    yield from [
        ".TP",
        ", ".join(f"\\fB{_plain(flag)}\\fR{value}" for flag in option.flags),
        _plain(_sentence(help_text(option.help, str))),
    ]


def _item(term: str, text: str) -> Iterator[str]:
    yield from [".TP", f"\\fB{_plain(term)}\\fR", _plain(text)]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _plain(text: str) -> str:
    """Escape `text` for troff: backslashes, hyphens, and a `.` or `'` that begins a line."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("~", "\\(ti").replace("^", "\\(ha")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    sys.exit(main())
