"""Parser of the command line, built from the tables of verbs and options. Options may be before or after the verb.

argparse does the parsing. Its error messages exist only in English, so bpost's own replace them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NoReturn

from bpost_tui import __version__
from bpost_tui.cli.shared.options import EVERYWHERE, Argument, Option, help_text, tasks_of
from bpost_tui.cli.verbs import VERBS, Verb
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language, Reason, message, prefix_reason

_TRY_HELP = message("`bpost --help` lists the verbs and options.")
_TRY_VERB_HELP = message("`bpost {verb} --help` lists its options.")
_WORDS_FOR_FLAGS = {"help": "--help", "version": "--version"}


class _Parser(argparse.ArgumentParser):
    """Parser that raises UsageError instead of ending the process, and writes "usage" in the reader's language."""

    usage_word = "usage"

    def format_help(self) -> str:
        """Return the help, with its first word translated; argparse has it in English only."""
        return super().format_help().replace("usage:", f"{self.usage_word}:", 1)

    def error(self, message: str) -> NoReturn:
        """Raise argparse's error as a UsageError."""
        raise UsageError(message, hint=_TRY_HELP)


def parse_early(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options in `arguments` that are needed before the others can be parsed: `language` and `config`.

    An option that isn't given is None.
    """
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("--language")
    parser.add_argument("--config", type=Path)
    try:
        return parser.parse_known_args(arguments)[0]
    except UsageError:  # the verb's parser reports it in full, in the right language
        return argparse.Namespace(language=None, config=None)


def parse(arguments: Sequence[str], language: Language) -> argparse.Namespace:
    """Return all options of the verb, and its name as `verb`; "read" if no verb is named.

    Raises:
        UsageError: The arguments are invalid.
        SystemExit: The arguments ask for help or the version, which has been printed.
    """
    named, others = _split(arguments)
    if named in _WORDS_FOR_FLAGS:  # `help list` is `list --help`
        named, others = _split([*others, _WORDS_FOR_FLAGS[named]])
        arguments = [*([named] if named else ()), *others]
    if named not in VERBS:
        _require_known(arguments[: arguments.index(named)] if named else arguments, _all_options(), None)
    if named is None and not {"-h", "--help"}.isdisjoint(arguments):
        overview(language).parse_args(["--help"])
    verb = _chosen("", named or "read", VERBS)
    known = (*EVERYWHERE, *VERBS[verb].options)
    _require_known(others, known, verb)
    takes_dashes = any(argument.takes_dashes for argument in VERBS[verb].arguments)
    try:
        options, rest = verb_parser(verb, language).parse_known_args(_options_first(others, known, takes_dashes=takes_dashes))
    except argparse.ArgumentError as error:
        raise _usage_error(_complaint(error, known), named) from error
    except UsageError as error:
        raise _usage_error(error.message, named) from error
    options.verb = verb
    missing = [each.label for each in VERBS[verb].arguments if not each.is_optional and getattr(options, each.name) in (None, [])]
    if missing:
        raise _usage_error(Reason("{names} is missing", names=", ".join(missing)), named)
    if rest:
        raise _usage_error(Reason("{name} is unknown", name=" ".join(rest)), named)
    _require_for_task(options, VERBS[verb])
    return options


def _require_for_task(options: argparse.Namespace, verb: Verb) -> None:
    """Raise UsageError for the first option or argument in `options` that the task of the verb doesn't take."""
    given = [(each.label, tasks_of(each.help)) for each in verb.options if getattr(options, each.dest)]
    for each in verb.arguments:
        value: str | Sequence[str] | None = getattr(options, each.name)
        given += [(word, tasks_of(each.help)) for word in ((value,) if isinstance(value, str) else value or ())]
    for what, tasks in given:
        if tasks and options.task not in tasks:
            raise _usage_error(Reason("“{what}” doesn't go with “{task}”", what=what, task=options.task), options.verb)


def _split(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the verb (None if none is named) and all other arguments: `--offline list -n 5` gives `list` and `--offline -n 5`."""
    parts = _with_values(arguments, _all_options())
    for at, (argument, *_) in enumerate(parts):
        if argument == "--":  # end of the options, not needed before a verb
            return _split([*chain(*parts[:at]), *chain(*parts[at + 1 :])])
        if not _looks_like_option(argument):
            return argument, [*chain(*parts[:at]), *chain(*parts[at + 1 :])]
    return None, list(arguments)


def _options_first(arguments: Sequence[str], options: Iterable[Option], *, takes_dashes: bool) -> list[str]:
    """Return the arguments with all options first, then all other words: the verb's arguments, in the typed order.

    The obvious order is the typed one, but argparse takes only the words before the first option. If an option lacks its value, the
    order is kept, so that the option doesn't take a word as its value. If `takes_dashes`, the verb's arguments are words of a
    query, and `--` before them keeps argparse from reading `-news` as `-n ews`. For the same reason, `-q -news` becomes `-q=-news`.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    flags = {flag: option.takes_value for option in options for flag in option.flags}
    parts = _with_values(arguments[:end], options)
    if not takes_dashes and any(flags.get(part[0]) and len(part) == 1 for part in parts):
        return list(arguments)
    typed = (part for part in parts if _is_option(part[0], flags, in_query=takes_dashes))
    first = [*chain(*(["=".join(part)] if _looks_like_option(part[-1]) else part for part in typed))]
    words = [part[0] for part in parts if not _is_option(part[0], flags, in_query=takes_dashes)]
    return [*first, "--", *words, *arguments[end + 1 :]] if takes_dashes else [*first, *words, *arguments[end:]]


def _is_option(argument: str, flags: Mapping[str, bool], *, in_query: bool) -> bool:
    """Return whether an argument is an option, such as `-n`, `-n20` or `--format=json`.

    `flags` maps each flag to whether a value follows it. With `in_query`, a flag joined to other characters may be an excluded word
    of the query. It is one if the next character is a letter (`-news`), or if the flag takes no value (`-h2`).
    """
    if argument.partition("=")[0] in flags:
        return True
    flag, value = argument[:2], argument[2:]
    return flag in flags and (not in_query or (flags[flag] and not value[0].isalpha()))


def _with_values(arguments: Iterable[str], options: Iterable[Option]) -> list[list[str]]:
    """Return the arguments in groups: an option together with its value, or a single word."""
    known = {flag: option for option in options for flag in option.flags}
    flags = {flag: option.takes_value for flag, option in known.items()}
    parts: list[list[str]] = []
    for argument in arguments:
        option = known.get(parts[-1][0]) if parts and len(parts[-1]) == 1 else None
        is_excluded_word = not (argument.startswith("--") or _is_option(argument, flags, in_query=True))
        if option and option.takes_value and (not _looks_like_option(argument) or (option.takes_dashes and is_excluded_word)):
            parts[-1].append(argument)
        else:
            parts.append([argument])
    return parts


def _all_options() -> tuple[Option, ...]:
    return (*EVERYWHERE, *(option for verb in VERBS.values() for option in verb.options))


def _require_known(arguments: Sequence[str], options: Collection[Option], verb: str | None) -> None:
    """Raise UsageError for the first long option in `arguments` that isn't among `options`, and suggest the nearest known one.

    `verb` is the verb that the options belong to, or None if no verb is named. argparse wouldn't report the option, but a word
    after it.
    """
    flags = [flag for option in options for flag in option.flags]
    for argument in arguments:
        flag = argument.partition("=")[0]
        if argument == "--":
            return
        if argument.startswith("--") and flag not in flags:
            choices = [word for each in (VERBS[verb].arguments if verb else ()) for word in each.choices]
            near = _suggestion(flag, flags, choices)
            unknown = Reason("{name} is unknown; did you mean {near}?", name=flag, near=near) if near else None
            raise _usage_error(unknown or Reason("{name} is unknown", name=flag), verb)


def _suggestion(flag: str, flags: Sequence[str], choices: Sequence[str]) -> str | None:
    """Return the option or word that an unknown option `flag` probably means.

    The result is the first of `flags` that begins with `flag`. If there is none, it is the most similar name among `flags` and
    `choices`, or None if no name is similar. `choices` are words that the verb takes without dashes, such as `show` in `bpost
    config show`.
    """
    from bpost_tui.nearest import closest_match  # 2 ms, for a mistake only

    word, long = flag.lstrip("-"), {each.lstrip("-"): each for each in flags if each.startswith("--")}
    by_prefix = next((known for name, known in long.items() if name.startswith(word)), None)
    near = closest_match(word, [each for each in (*long, *choices) if each[0] == word[:1]])
    return by_prefix or (near if near in choices else long.get(near or ""))


def _looks_like_option(argument: str) -> bool:
    return argument.startswith("-") and argument != "-"


# ── parsers made of the tables ──────────────────────────────────────────────


def verb_parser(name: str, language: Language) -> argparse.ArgumentParser:
    """Return the parser for the arguments of the verb `name`, with help in a language. Building it takes 1 ms."""
    text, verb = language.text, VERBS[name]
    parser = _Parser(prog=f"bpost {name}", description=text(verb.help), add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.usage_word = text("usage")
    titles = text("arguments"), text("options"), text("options of every verb")
    arguments, options, everywhere = map(parser.add_argument_group, titles)
    for option in EVERYWHERE:
        _add_option(everywhere.add_argument, option, language)
    for argument in verb.arguments:
        _add_argument(arguments.add_argument, name, argument, language)
    for option in verb.options:
        _add_option(options.add_argument, option, language)
    return parser


def overview(language: Language) -> argparse.ArgumentParser:
    """Return a parser whose help lists the verbs."""
    text = language.text
    parser = _Parser(
        prog="bpost",
        description=text("Read The Bengal Post in a terminal. Without a verb, bpost opens the reader."),
        add_help=False,
        epilog=text("Exit status: 0 success, 1 not found, 2 wrong usage, 3 portal, 4 content, 5 storage, 70 a bug."),
    )
    parser.usage_word = text("usage")
    everywhere = parser.add_argument_group(text("options of every verb"))
    for option in EVERYWHERE:
        _add_option(everywhere.add_argument, option, language)
    verbs = parser.add_subparsers(title=text("verbs"), metavar="VERB")
    for name, verb in VERBS.items():
        verbs.add_parser(name, help=text(verb.help), add_help=False)
    return parser


def _add_option(add: Callable[..., argparse.Action], option: Option, language: Language) -> None:
    help = help_text(option.help, language.text)
    if option.does == "version":
        add(*option.flags, action="version", version=f"bpost {__version__}", help=help)
    elif option.does == "help":
        add(*option.flags, action="help", help=help)
    elif not option.takes_value:
        add(*option.flags, dest=option.dest, action="store_true", help=help)
    else:
        add(
            *option.flags,
            dest=option.dest,
            metavar=option.value or _either(option.choices),
            action="append" if option.repeats else "store",
            type=_reader(option.label, option.choices, option.read),
            default=[] if option.repeats else option.default,
            help=help,
        )


def _add_argument(add: Callable[..., argparse.Action], verb: str, argument: Argument, language: Language) -> None:
    added = add(
        argument.name,
        metavar=argument.value or _either(argument.choices),
        nargs={(True, False): "?", (False, True): "+", (True, True): "*"}.get((argument.is_optional, argument.repeats)),
        type=_reader(argument.value or verb, argument.choices, None),
        default=argument.default,
        help=help_text(argument.help, language.text),
    )
    added.required = False  # `parse` reports a missing argument


def _either(choices: Sequence[str]) -> str:
    return f"{{{','.join(choices)}}}"


# ── errors ──────────────────────────────────────────────────────────────────


_SHORT = {"md": "markdown", "txt": "text"}
"""Maps short names of formats, which are also file extensions, to the full names."""


def _reader(label: str, choices: Collection[str], read: Callable[[str], object] | None) -> Callable[[str], object]:
    """Return a function that converts the typed value of an option, and raises UsageError if the value is invalid.

    Args:
        label: Name of the option, put before the message of the error.
        choices: Valid values; empty if `read` decides.
        read: Function that converts the value; None keeps the text.
    """

    def value(text: str) -> object:
        if choices:
            return _chosen(label, text, choices)
        try:
            return read(text) if read else text
        except UsageError as error:
            raise _usage_error(prefix_reason(label, error.message)) from error

    return value


def _chosen(label: str, text: str, choices: Collection[str]) -> str:
    if (meant := _SHORT.get(text, text)) in choices:
        return meant
    from bpost_tui.nearest import closest_match  # 2 ms, for a mistake only

    unknown = (
        Reason("“{what}” is unknown; did you mean {near}?", what=text, near=near)
        if (near := closest_match(text, choices))
        else Reason("“{what}” is unknown; choose one of {choices}", what=text, choices=", ".join(choices))
    )
    raise _usage_error(prefix_reason(label, unknown) if label else unknown)


def _complaint(error: argparse.ArgumentError, options: Iterable[Option]) -> str:
    """Return the reason why argparse refuses an option: its value is missing, or it is a switch and has a value."""
    for option in options:
        if option.label == error.argument_name:
            needs = message("it needs a value") if option.takes_value else message("it takes no value")
            return prefix_reason(option.label, Reason(needs))
    return str(error)


def _usage_error(why: str, verb: str | None = None) -> UsageError:
    return UsageError(why, hint=Reason(_TRY_VERB_HELP, verb=verb) if verb in VERBS else _TRY_HELP)
