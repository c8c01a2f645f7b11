"""Verb `config`: prints the config file's path, problems, settings, default content and schema; edits the file."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bpost_tui import config
from bpost_tui.atomic import replace_file
from bpost_tui.cli.shared.command_context import (
    PORTALS_LISTS_THEM,
    USED_FROM_NEXT_START,
    CommandContext,
    config_path,
    default_keys,
    require_config,
)
from bpost_tui.config import ConfigProblem, PortalSetting, Settings
from bpost_tui.config.edit_config import edit_file, setting_named, toml_value, with_values
from bpost_tui.config.key_names import key_name
from bpost_tui.config.load_config import PORTAL_UNUSED, read_text
from bpost_tui.config.settings import SETTINGS, json_schema
from bpost_tui.config.value_types import VoiceProgram
from bpost_tui.console import Console
from bpost_tui.core.lists.mutes import merge_rules
from bpost_tui.errors import NotFoundError, StoreError, UsageError
from bpost_tui.i18n import Language, Reason, did_you_mean, message, prefix_reason

_NO_THEME = message("the theme {name} doesn't exist or can't be used")


def config_(context: CommandContext, console: Console) -> int:
    """Run the task of `bpost config` that the arguments name, and return the exit status.

    The status is 1 if `check`, or the check after `edit`, finds a problem that isn't a warning, else 0. Raises UsageError if `show`
    or `check` is given a config file that doesn't exist.
    """
    named: Path | None = context.options.config
    path, task = config_path(named), context.options.task
    if task in ("show", "check"):
        require_config(named)
    if task == "set":
        _set(path, context, console)
    elif task == "path":
        console.write_result(f"{path}")
    elif task == "show":
        _show(path, context, console)
    elif task == "schema":
        console.write_result(json.dumps(json_schema(default_keys()), ensure_ascii=False, indent=2))
    elif task == "default":
        console.write_result("\n".join(default_lines(context.language)))
    else:
        if task == "edit":
            _edit(path, context.language)
        return _check(path, context, console)
    return 0


# ── check ───────────────────────────────────────────────────────────────────


def _check(path: Path, context: CommandContext, console: Console) -> int:
    from bpost_tui.core.themes import load_themes

    themes = context.folders.config / "themes"
    problems, theme_problems = [*config_problems(path, themes)], load_themes(themes)[1]
    lines = [*(problem.format(context.language) for problem in problems), *map(context.language.reason, theme_problems)]
    if not lines:
        good = message("no problems found") if path.exists() else message("there is no such file, and none is needed")
        console.write_result(f"{path}: {context.language.text(good)}")
    for line in lines:
        console.write_result(line)
    return 1 if theme_problems or not all(problem.is_warning for problem in problems) else 0


def _themes(folder: Path) -> Sequence[str]:
    """Return the valid values of the setting `theme`; the reader's own themes are in `folder`."""
    from bpost_tui.core.themes import AUTO, bundled_folder, load_themes

    return (AUTO, *load_themes(bundled_folder(), folder)[0])


def config_problems(path: Path, themes_folder: Path) -> Iterator[ConfigProblem]:
    """Yield all problems of the config file at `path`: invalid entries, and missing themes and fonts.

    The reader's own themes are in `themes_folder`.
    """
    values, problems = config.read(path, actions=default_keys())
    yield from problems
    text = path.read_text(encoding="utf-8-sig") if values else ""
    if "theme" in values and values["theme"] not in (themes := _themes(themes_folder)):
        from bpost_tui.nearest import closest_match  # 2 ms, for a mistake only

        near = closest_match(values["theme"], themes)
        problem = message("the theme {name} doesn't exist; did you mean {near}?") if near else _NO_THEME
        yield ConfigProblem(path, config.find_line(text, "theme"), problem, {"name": values["theme"], "near": near or ""})
    for font in values.get("font", ()):
        if not os.path.isfile(font):  # noqa: PTH113 (Path's raises if a name is too long)
            yield ConfigProblem(path, config.find_line(text, "font"), message("there is no file {name}"), {"name": str(font)})


# ── set ─────────────────────────────────────────────────────────────────────


def _set(path: Path, context: CommandContext, console: Console) -> None:
    options = context.options
    missing = [name for name, value in ((message("a setting"), options.name), (message("a value"), options.value)) if value is None]
    if missing:
        hint = message("`bpost config default` explains each setting.")
        raise UsageError(Reason("{names} is missing", names=Reason(missing[0])), hint=hint)
    value = toml_value(options.name, options.value)
    themes = _themes(context.folders.config / "themes")
    if options.name == "theme" and value not in themes:
        raise UsageError(Reason(_NO_THEME, name=value), hint=did_you_mean(options.value, themes) or ", ".join(themes))

    def edited(text: str) -> str:
        changed = with_values(text, {options.name: value})
        if options.name == "portal" and "portal" not in read_text(path, changed)[0]:
            raise UsageError(PORTAL_UNUSED, hint=PORTALS_LISTS_THEM)
        return changed

    edit_file(path, edited)
    console.write_result(f"{path}: {options.name} = {to_toml(tuple(value) if isinstance(value, list) else value)}")
    console.write_note(context.language.text(USED_FROM_NEXT_START))


# ── edit ────────────────────────────────────────────────────────────────────


def _edit(path: Path, language: Language) -> None:
    """Open the config file in the reader's editor, and wait until the editor ends.

    A missing file is first created with the defaults, with comments in `language`. Raises StoreError if that fails, and UsageError
    if the editor can't be started or fails.
    """
    if not path.exists():
        try:
            path.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with replace_file(path) as part:
                part.write_text("\n".join(default_lines(language)) + "\n", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}") from error
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    interrupt = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl+C is for the editor
    try:
        status = subprocess.run([*shlex.split(editor), str(path)], check=False).returncode
    except (OSError, ValueError) as error:  # ValueError: an unbalanced quotation mark
        raise UsageError(f"{editor}: {error}", hint=message("Set VISUAL or EDITOR to the command of an editor.")) from error
    finally:
        signal.signal(signal.SIGINT, interrupt)
        _keep_private(path)
    if status:
        raise UsageError(prefix_reason(editor, Reason("exited with status {status}", status=status)))


def _keep_private(path: Path) -> None:
    """Make the config file readable by its owner only, since an editor may have replaced it.

    If `path` is a symbolic link, nothing is changed.
    """
    with suppress(OSError):
        if not path.is_symlink() and path.stat().st_mode & 0o077:
            path.chmod(0o600)


# ── show and default ────────────────────────────────────────────────────────


def _show(path: Path, context: CommandContext, console: Console) -> None:
    """Print all settings, or only the one that the arguments name. Of an empty table, print only the head, `[name]`.

    Raises UsageError if there is no such setting, and NotFoundError for `portal` if `portals` replaces it.
    """
    name: str | None = context.options.name
    if name is not None:
        setting_named(name)
    lines = [line for setting, line in _settings_in_force(path, context) if name in (None, setting)]
    if not lines and name == "portal":
        raise NotFoundError(PORTAL_UNUSED, hint=PORTALS_LISTS_THEM)
    console.write_result("\n".join(lines).strip("\n") or f"[{name}]  # {context.language.text('default')}")


def _settings_in_force(path: Path, context: CommandContext) -> Iterator[tuple[str, str]]:
    """Yield (name, line) for each setting in force; the line is TOML, with the value's source in a comment.

    The first name is empty, and its line is a comment with the config file's path. A table has a line for its head and one for
    each of its values, all with the table's name.
    """
    text = context.language.text
    values, _ = config.read(path, actions=default_keys())
    chosen = context.preferences().values
    from_keys = {"theme": chosen.theme, "zoom_px": chosen.zoom_px}
    sources = {
        **dict.fromkeys(values, text("file")),
        **dict.fromkeys(
            ("portal", "portals") if os.environ.get("BPOST_PORTAL") else (), text("environment: {name}", name="BPOST_PORTAL")
        ),
        **{name: text("chosen with a key") for name, value in from_keys.items() if value is not None},
        **{name: text("option") for name in ("portal", "language", "text") if getattr(context.options, name) is not None},
        **({"portals": text("option")} if context.options.portal else {}),
    }
    yield "", f"# {path}"
    unused = "portal" if context.settings.portals else ""
    for name, value in context.settings._asdict().items():
        if not isinstance(value, Mapping) and name != unused:
            value = value if from_keys.get(name) is None else from_keys[name]
            yield name, f"{name} = {_array_of_lines(value)}  # {sources.get(name, text('default'))}"
    tables = {name: value for name, value in context.settings._asdict().items() if isinstance(value, Mapping)}
    from_key = _library_mutes(context)
    in_file, tables["mute"] = tables["mute"], merge_rules(tables["mute"], from_key)
    for name, table in tables.items():
        if table:
            yield name, f"\n[{name}]"
            named = [(key, name != "mute" or key in in_file, name == "mute" and key in from_key) for key in table]
            for key, is_named, is_own in named:
                origins = (*((text("file"),) if is_named else ()), *((text("chosen with a key"),) if is_own else ()))
                shown = "…" if (name, key) == ("service", "password") else table[key]
                yield name, f"{key} = {to_toml(shown)}  # {'; '.join(origins)}"


def _library_mutes(context: CommandContext) -> Mapping[str, Sequence[str]]:
    """Return the mute rules that are kept in the library, by their kind (tags, authors or words); none if there is no library."""
    if (context.folder / "reader.db").exists():
        from bpost_tui.store.library import Library  # with SQLite

        with suppress(StoreError), Library(context.folder, read_only=True) as library:
            return library.mutes.rules()
    return {}


def default_lines(language: Language) -> Iterator[str]:
    """Yield the lines of a config file that changes nothing: all settings and keys are comments, with descriptions."""
    from bpost_tui.core.keys.actions import ACTIONS

    yield f"# {language.text('Remove the # in front of a setting to change it; whatever is not set here keeps its default.')}"
    tables = []
    for name, setting in SETTINGS.items():
        described = f"\n# {language.text(setting.description)}"
        if setting.value or setting.each:
            yield described
            yield f"#{name} = {to_toml(getattr(Settings(), name))}"
        else:
            tables += [described, f"[{name}]", *(f"#{key} = {to_toml(each.unset)}" for key, each in setting.table.items())]
    yield from tables  # last: in TOML, everything after a table's head belongs to the table
    yield from (
        f"#{action.id} = {to_toml(tuple(dict.fromkeys(map(key_name, action.keys))))}  # {language.text(action.help)}"
        for action in ACTIONS
    )


def _array_of_lines(value: object) -> str:
    """Return a setting's value in TOML; papers, if there are several, are on a line each."""
    if isinstance(value, tuple) and len(value) > 1 and all(isinstance(each, PortalSetting) for each in value):
        return "".join(("[\n", *(f"    {to_toml(each)},\n" for each in value), "]"))
    return to_toml(value)


def to_toml(value: object) -> str:
    """Return a setting's value in TOML 1.0: text as a basic string, a list as an array, a mapping as an inline table."""
    if isinstance(value, PortalSetting | VoiceProgram):
        fields = {name: each for name, each in value._asdict().items() if each != type(value)._field_defaults.get(name)}
        if fields.keys() == {"address"}:
            return to_toml(fields["address"])
        return f"{{ {', '.join(f'{name} = {to_toml(each)}' for name, each in fields.items())} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(to_toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | Path):  # JSON's escapes are TOML's, except DEL
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)
