"""Verb `completions`: prints scripts for bash, zsh and fish that complete verbs, options and values.

The verb also prints the names that such a script completes, such as the reader's lists.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping

from bpost_tui.cli.shared.command_context import CommandContext
from bpost_tui.cli.shared.options import EVERYWHERE, Argument, Option, help_text
from bpost_tui.cli.verbs import VERBS, Verb
from bpost_tui.config.settings import SETTINGS
from bpost_tui.console import Console
from bpost_tui.core.lists.subscriptions import paper_names
from bpost_tui.i18n import Language

Text = Callable[[str], str]
"""Function that returns a message in the reader's language; its argument is the message in English (the message id)."""
_SLUGS = "bpost --offline categories 2>/dev/null | awk '$4 ~ /^[a-z0-9_-]+$/ { print $4 }'"
"""Shell command that prints the slugs (ids) of categories, except slugs with special characters, which bash would expand."""
_NAMES = "bpost --offline completions {} 2>/dev/null"
"""Shell command that prints all names of one kind (lists, groups, papers or settings), one a line; `{}` is the kind."""
_NAMES_OF_TASKS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "portals": {"papers": ("remove", "move", "rename")},
    "lists": {"lists": ("put", "take", "rename", "delete")},
    "config": {"settings": ("set", "show")},
}
"""Maps a verb to the kind of names that some of its tasks take, and that kind to these tasks.

For example, the tasks `put` and `take` of `bpost lists` take the name of a list.
"""


def completions_(context: CommandContext, console: Console) -> int:
    """Print the completion script for a shell, or names that such a script asks for; return the exit status, 0.

    The names are of lists, groups, papers or settings.
    """
    kind = context.options.shell
    for line in script(kind, context.language) if kind in _SCRIPTS else sorted(_names(kind, context)):
        console.write_result(line)
    return 0


def _names(kind: str, context: CommandContext) -> Iterable[str]:
    """Return the names that a completion script asks for by `kind`: of all settings, or of the reader's groups, papers or lists.

    Without a library, there are no lists.
    """
    if kind == "settings":
        return SETTINGS
    if kind == "groups":
        return context.subscriptions.groups
    if kind == "papers":
        return paper_names(context.settings.papers, context.folder, context.language).values()
    if not (context.folder / "reader.db").exists():
        return ()
    from bpost_tui.store.library import Library  # with SQLite

    with Library(context.folder, read_only=True) as library:
        return [each.name for each in library.own_lists.all()]


def script(shell: str, language: Language) -> Iterator[str]:
    """Yield the lines of the completion script for `shell`. Descriptions are in `language`."""
    yield from _SCRIPTS[shell](language.text)


# ── bash ────────────────────────────────────────────────────────────────────

# bash completes paths itself; before version 4 it has no compopt
_BASH_PATHS: Mapping[str, str] = {"FILE": "compopt -o default 2>/dev/null", "DIR": "compopt -o dirnames 2>/dev/null"}


def _bash(text: Text) -> Iterator[str]:
    options = [*EVERYWHERE, *(option for verb in VERBS.values() for option in verb.options)]
    yield "# bash completion for bpost, made by `bpost completions bash`"
    # compgen -W would expand the names; readline quotes what `filenames` announces
    yield from [
        "_bpost_names() {",
        "    local name",
        r"""    word=${word#[\"\']}""",
        r"    word=${word//\\}",
        "    compopt -o filenames 2>/dev/null",
        "    while IFS= read -r name; do",
        '        [[ $name == "$word"* ]] && COMPREPLY+=("$name")',
        f"    done < <({_NAMES.format('$1')})",
        "}",
    ]
    yield "_bpost() {"
    yield "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= words= at"
    yield "    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD-2]}"
    yield "    [[ $word == = ]] && word="
    yield "    COMPREPLY=()"
    yield "    case $before in"
    yield from dict.fromkeys(
        f"        {'|'.join(option.flags)}) {_bash_value(option)}; return ;;" for option in options if option.takes_value
    )
    yield "    esac"
    yield "    for ((at = 1; at < COMP_CWORD; at++)); do"
    yield "        case ${COMP_WORDS[at]} in"
    yield f"            {'|'.join(_flags(option for option in options if option.takes_value))}) ((at++)) ;;"
    yield f"            {'|'.join(VERBS)}) verb=${{COMP_WORDS[at]}}; break ;;"
    yield "        esac"
    yield "    done"
    yield "    case $verb in"
    yield f"        '') words='{' '.join(VERBS)}' ;;"
    for name, verb in VERBS.items():
        choices = " ".join(choice for argument in verb.arguments for choice in argument.choices)
        does = [f"((at + 1 == COMP_CWORD)) && words='{choices}'"] if choices else []
        for kind, tasks in _NAMES_OF_TASKS.get(name, {}).items():
            is_name = f"((at + 2 == COMP_CWORD)) && [[ ${{COMP_WORDS[at+1]}} =~ ^({'|'.join(tasks)})$ && $word != -* ]]"
            does.append(f"{is_name} && {{ _bpost_names {kind}; return; }}")
        does += [f'words="$words {" ".join(_flags(verb.options))}"'] if verb.options else []
        if _takes_file(verb):
            does = [f"[[ $word == -* ]] || {{ {_BASH_PATHS['FILE']}; return; }}", *does]
        yield from [f"        {name}) {'; '.join(does)} ;;"] if does else []
    yield "    esac"
    yield f'    words="$words {" ".join(_flags(EVERYWHERE))}"'
    yield '    COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "}"
    yield "complete -F _bpost bpost"


def _bash_value(option: Option) -> str:
    if option.choices:
        return f"""COMPREPLY=($(compgen -W "{" ".join(option.choices)}" -- "$word"))"""
    if option.value == "SLUG":
        return f"""COMPREPLY=($(compgen -W "$({_SLUGS})" -- "$word"))"""
    return f"_bpost_names {option.names}" if option.names else _BASH_PATHS.get(option.value, ":")


# ── zsh ─────────────────────────────────────────────────────────────────────


def _zsh(text: Text) -> Iterator[str]:
    yield "#compdef bpost"
    yield "# zsh completion for bpost, made by `bpost completions zsh`"
    yield "_bpost_slugs() {"
    yield f"""    compadd "$@" -- ${{(f)"$({_SLUGS})"}}"""
    yield "}"
    yield from [
        "_bpost_names() {",
        "    local -a names",
        f"""    names=(${{(f)"$({_NAMES.format("$@[-1]")})"}})""",
        '    compadd "${@[1,-2]}" -a names',
        "}",
        "_bpost_names_of_task() {",
        "    case $words[1]-$words[2] in",
    ]
    for name, kinds in _NAMES_OF_TASKS.items():
        for kind, tasks in kinds.items():
            yield f"""        {"|".join(f"{name}-{task}" for task in tasks)}) _bpost_names "$@" {kind} ;;"""
    yield "    esac"
    yield "}"
    yield "_bpost() {"
    yield "    local curcontext=$curcontext context state line"
    yield "    local -A opt_args"
    yield "    local -a everywhere verbs"
    yield "    everywhere=("
    yield from (f"        {spec}" for option in EVERYWHERE for spec in _zsh_option(option, text))
    yield "    )"
    yield "    verbs=("
    yield from (f"        {shlex.quote(f'{name}:{text(verb.help)}')}" for name, verb in VERBS.items())
    yield "    )"
    yield "    _arguments -C $everywhere '1: :->verb' '*:: :->rest' && return"
    yield "    case $state in"
    yield "        verb) _describe verb verbs ;;"
    yield "        rest)"
    yield "            case $words[1] in"
    for name, verb in VERBS.items():
        specs = [spec for option in verb.options for spec in _zsh_option(option, text)]
        specs += [_zsh_argument(argument, at == 1 and name in _NAMES_OF_TASKS) for at, argument in enumerate(verb.arguments)]
        yield f"                {name}) _arguments {' '.join(['$everywhere', *specs])} ;;"
    yield "            esac ;;"
    yield "    esac"
    yield "}"
    yield "if [[ $funcstack[1] == _bpost ]]; then"
    yield '    _bpost "$@"'
    yield "else  # sourced, not found in $fpath"
    yield "    compdef _bpost bpost"
    yield "fi"


def _zsh_option(option: Option, text: Text) -> Iterator[str]:
    """Yield the specification of each flag of an option, in the form of zsh's `_arguments` (zshcompsys(1))."""
    others = "*" if option.repeats else f"({' '.join(option.flags)})"
    for flag in option.flags:
        value = f":{_zsh_plain(option.placeholder)}:{_zsh_values(option)}" if option.takes_value else ""
        joint = "=" if option.takes_value and flag.startswith("--") else ""
        yield shlex.quote(f"{others}{flag}{joint}[{_zsh_plain(help_text(option.help, text))}]{value}")


def _zsh_argument(argument: Argument, is_name: bool) -> str:
    """Return the specification of an argument for zsh's `_arguments`.

    With `is_name`, zsh asks bpost for the values, because some tasks of the verb take a name there, such as the name of a list.
    """
    colons = "*:" if argument.repeats else "::" if argument.is_optional else ":"
    values = "_bpost_names_of_task" if is_name else _zsh_values(argument)
    return shlex.quote(f"{colons}{_zsh_plain(argument.placeholder)}:{values}")


def _zsh_values(of: Option | Argument) -> str:
    if isinstance(of, Option) and of.names:
        return f"_bpost_names {of.names}"
    return f"({' '.join(of.choices)})" if of.choices else _ZSH_VALUES.get(of.value, "")


_ZSH_VALUES: Mapping[str, str] = {"FILE": "_files", "DIR": "_files -/", "SLUG": "_bpost_slugs"}


def _zsh_plain(words: str) -> str:
    return "".join(f"\\{char}" if char in "[]:\\" else char for char in words)


# ── fish ────────────────────────────────────────────────────────────────────


def _fish(text: Text) -> Iterator[str]:
    yield "# fish completion for bpost, made by `bpost completions fish`"
    # fish's own functions don't find the verb. __fish_use_subcommand takes an option's value for it;
    # __fish_seen_subcommand_from accepts a verb at any place, such as `read` in `mark read`.
    yield from [
        "function __bpost_at",
        "    for word in (commandline -opc)",
        f"        if contains -- $word {' '.join(VERBS)}",
        '            test "$word" = "$argv"',
        "            return",
        "        end",
        "    end",
        '    test -z "$argv"',
        "end",
    ]
    yield "complete -c bpost -f"
    for name, verb in VERBS.items():
        yield f"complete -c bpost -n __bpost_at -a {name} -d {_fish_quoted(text(verb.help))}"
    yield from (f"complete -c bpost{_fish_option(option, text)}" for option in EVERYWHERE)
    for name, verb in VERBS.items():
        yield from _fish_verb(name, verb, text)


def _fish_verb(name: str, verb: Verb, text: Text) -> Iterator[str]:
    within = f"__bpost_at {name}"
    yield from [f"complete -c bpost -n '{within}' -F"] if _takes_file(verb) else []
    for choices in (argument.choices for argument in verb.arguments if argument.choices):
        words = " ".join(choices)
        yield f"complete -c bpost -n '{within}; and not __fish_seen_subcommand_from {words}' -a '{words}'"
    for kind, tasks in _NAMES_OF_TASKS.get(name, {}).items():
        yield f"complete -c bpost -n '{within}; and __fish_seen_subcommand_from {' '.join(tasks)}' -a '({_NAMES.format(kind)})'"
    yield from (f"complete -c bpost -n '{within}'{_fish_option(option, text)}" for option in verb.options)


def _fish_option(option: Option, text: Text) -> str:
    flags = "".join(f" -l {flag[2:]}" if flag.startswith("--") else f" -s {flag[1:]}" for flag in option.flags)
    value = ""
    if option.choices:
        value = f" -x -a '{' '.join(option.choices)}'"
    elif option.names:
        value = f" -x -a '({_NAMES.format(option.names)})'"
    elif option.value:
        value = _FISH_VALUES.get(option.value, " -x")
    return f"{flags}{value} -d {_fish_quoted(help_text(option.help, text))}"


def _fish_quoted(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"


_FISH_VALUES: Mapping[str, str] = {
    "FILE": " -r -F",
    "DIR": " -x -a '(__fish_complete_directories)'",
    "SLUG": f" -x -a {_fish_quoted(f'({_SLUGS})')}",
}


def _takes_file(verb: Verb) -> bool:
    return any(argument.value == "FILE" for argument in verb.arguments)


def _flags(options: Iterable[Option]) -> list[str]:
    return list(dict.fromkeys(flag for option in options for flag in option.flags))


_SCRIPTS: Mapping[str, Callable[[Text], Iterator[str]]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
