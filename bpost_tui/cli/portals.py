"""Verb `portals`: lists, adds, removes, moves, renames, imports and exports the papers in the config file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.cli.shared.command_context import (
    PORTALS_LISTS_THEM,
    USED_FROM_NEXT_START,
    CommandContext,
    clock,
    config_path,
    sync_local_marks,
)
from bpost_tui.cli.shared.story_table import column
from bpost_tui.config import PortalSetting, Settings, read
from bpost_tui.config.edit_config import edit_file, edited_afterwards
from bpost_tui.config.edit_portals import with_address, with_name, with_papers, without_paper
from bpost_tui.config.load_config import read_text
from bpost_tui.console import Console
from bpost_tui.core.json_api import format_time, to_json_text
from bpost_tui.core.lists.subscriptions import paper_named, paper_names
from bpost_tui.core.wording import fault_advice, paper_faults, paper_name
from bpost_tui.errors import ContentError, NotFoundError, PortalError, StoreError, UsageError
from bpost_tui.i18n import Language, Reason, did_you_mean, message
from bpost_tui.limits import MAX_GROUPS
from bpost_tui.model.paper import Paper
from bpost_tui.model.paper_health import PaperHealth, TextCount, move_advice
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.story import ListFilter
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.paper_addresses import paper_keys, paper_variants_key, pasted_address, service_feed
from bpost_tui.typesetting.text.graphemes import cell_width
from bpost_tui.urls import feed_address, is_private, portal_key, site_of

if TYPE_CHECKING:
    from bpost_tui.portal.paper_discovery import DiscoveredPaper
    from bpost_tui.portal.parse_results import OutlineFeed

_INDENT = "    "
_NEWSBOAT_QUERY = "query:"
"""Beginning of an entry in the list of feeds of newsboat (a feed reader) that is a saved search instead of a feed."""


def portals_(context: CommandContext, console: Console) -> int:
    """Run the task of `bpost portals` that the arguments name, and return the exit status."""
    tasks = {"list": _list, "add": _add, "remove": _remove, "move": _move, "rename": _rename, "import": _import, "export": _export}
    return tasks[context.options.task](context, console)


# ── list ────────────────────────────────────────────────────────────────────


def _list(context: CommandContext, console: Console) -> int:
    papers = context.settings.papers
    names = paper_names(papers, context.folder, context.language)
    now, language = clock(), context.language
    health, texts = _paper_health(context, now)
    if context.options.json:
        rows = ((paper, health.get(paper.key, PaperHealth()), texts.get(paper.key, TextCount(0, 0))) for paper in papers)
        console.write_result(to_json_text([_as_json(paper, names[paper.key], pace, count, now) for paper, pace, count in rows]))
        return 0
    for line in _lines(papers, names, health, texts, now, language, console.cells):
        console.write_result(line)
    for line in fault_advice({paper.address: health[paper.key] for paper in papers if paper.key in health}, now):
        console.write_note(language.reason(line))
    return 0


def _paper_health(context: CommandContext, now: datetime) -> tuple[Mapping[str, PaperHealth], Mapping[str, TextCount]]:
    """Return the health (faults, and stories per day) and the number of complete texts of each paper, by the papers' ids.

    Both mappings are empty if the library can't be read.
    """
    if (context.folder / "stories.db").exists():
        from bpost_tui.store.library import Library  # with SQLite

        with suppress(StoreError), Library(context.folder, read_only=True) as library:
            return library.paper_health(), library.text_counts(now)
    return {}, {}


def _as_json(paper: PortalSetting, called: str, health: PaperHealth, texts: TextCount, now: datetime) -> dict[str, object]:
    return {
        "key": paper.key,
        **paper._asdict(),
        "called": called,
        "per_day": round(health.per_day, 2),
        "newest": format_time(health.newest) if health.newest else None,
        "is_silent": health.is_silent(now),
        "failing_since": format_time(health.failing_since) if health.failing_since else None,
        "failures": health.failures,
        "moved_to": health.moved_to,
        "moved_since": format_time(health.moved_since) if health.moved_since else None,
        "redirects": health.redirects,
        "recent": texts.stories,
        "recent_whole": texts.whole,
    }


def _lines(
    papers: Sequence[PortalSetting],
    called: Mapping[str, str],
    health: Mapping[str, PaperHealth],
    texts: Mapping[str, TextCount],
    now: datetime,
    language: Language,
    cells: int | None,
) -> Sequence[str]:
    """Return a line for each paper, with its address.

    `called` has the papers' names, `health` their health, and `texts` their numbers of complete texts, all by the papers' keys. If
    a line is wider than `cells`, all addresses have lines of their own; None is no limit.
    """
    names = column([called[paper.key] for paper in papers])
    kinds = column([language.text(KINDS[paper.kind].label) for paper in papers])
    facts = []
    for paper in papers:
        more = [", ".join(paper.categories)] if paper.categories else []
        more += [", ".join(f"[{group}]" for group in paper.groups)] if paper.groups else []
        if paper.refresh_minutes is not None:
            more.append(language.text("{n} min", n=paper.refresh_minutes))
        if count := texts.get(paper.key):
            more.append(language.text("{n}% whole texts", n=round(100 * count.whole / count.stories)))
        more += _pace(health.get(paper.key, PaperHealth()), now, language)
        facts.append(more)
    rows = [*zip(names, kinds, (paper.address for paper in papers), facts, strict=True)]
    lines = ["  ".join((name, kind, address, *more)) for name, kind, address, more in rows]
    if cells is None or all(cell_width(line) <= cells for line in lines):
        return lines
    return [line for name, kind, address, more in rows for line in ("  ".join((name, kind, *more)).rstrip(), _INDENT + address)]


def _pace(health: PaperHealth, now: datetime, language: Language) -> Iterator[str]:
    """Yield texts about a paper's `health`: its number of stories a day or month, then its faults, such as failed requests."""
    if round(health.per_day):
        yield language.text("{n} a day", n=round(health.per_day))
    elif health.per_day:
        yield language.text("{n} a month", n=max(1, round(30 * health.per_day)))
    yield from paper_faults(health, now, language)


def name_of(paper: PortalSetting, language: Language) -> str:
    """Return the paper's name in the config.

    If the config gives it no name, return the name that bpost has for it (The Bengal Post), or else its host name.
    """
    return paper_name(paper.address, language, configured_name=paper.name)


# ── add, remove, move, rename ───────────────────────────────────────────────


def _add(context: CommandContext, console: Console) -> int:
    address, name = pasted_address(_argument(context, message("the address of a paper"))), _name_option(context)
    if "://" not in address and _is_file(address):
        hint = Reason("If it is a list of feeds: `bpost portals import {what}`.", what=quote(address))
        raise UsageError(Reason("{what} is a file, not the address of a paper", what=address), hint=hint)
    path, language = config_path(context.options.config), context.language
    found: DiscoveredPaper | None = None
    there = known_paper(configured_papers(path), address)
    if there is None:
        found = log.run_loop(_discover(address, context, console))
        paper = PortalSetting(found.address, name, kind=found.kind)
        if not add_papers(path, [paper]):
            there = known_papers(configured_papers(path)).get(paper_variants_key(paper.address), paper)
    if found is None or there is not None:
        known = {} if there is None else paper_names([there], context.folder, language)
        console.write_note(language.text("{name} is among the papers already", name=next(iter(known.values()), address)))
        return 0
    kind, called = language.text(KINDS[paper.kind].label), name or found.name or site_of(paper.address)
    console.write_result(language.text("{name} added ({kind}): {address}", name=called, kind=kind, address=paper.address))
    if found.failure:
        why = language.reason(found.failure)
        console.write_note(language.text("Couldn't tell whether it is a WordPress portal: {reason}", reason=why))
    for link in found.others:
        console.write_note(language.text("There is another feed: {address}", address=f"{link.address} {link.title}".strip()))
    for link in found.elsewhere:
        feed = f"{link.address} {link.title}".strip()
        console.write_note(language.text("Feed on another site (not contacted): {address}", address=feed))
    _note_next_start(context, console)
    return 0


def _note_next_start(context: CommandContext, console: Console) -> None:
    console.write_note(context.language.text(USED_FROM_NEXT_START))


def _is_file(path: str) -> bool:
    with suppress(OSError):  # as if the text is longer than a path may be
        return Path(path).is_file()
    return False


async def _discover(address: str, context: CommandContext, console: Console, old: Paper | None = None) -> DiscoveredPaper:
    """Return the paper found at `address`. `old` is the paper that is to be moved there, or None to add a paper.

    If the address is redirected to another site, raise PortalError; its hint has the command to run with that site's address.
    """
    from bpost_tui.refresh.portal_access import allow_private, find_paper

    with context.library(console) as library:
        try:
            found = await find_paper(address, library.first_paper, offline=context.offline, clock=clock)
        except PortalError as error:
            if error.redirects_to and old is not None:
                error.hint = move_advice(old.address, error.redirects_to)
            elif error.redirects_to:
                error.hint = Reason("If the paper is there now: `bpost portals add {new}`", new=quote(error.redirects_to))
            raise
        paper = library.for_paper(Paper(portal_key(found.address), found.address))
        allow_private(paper)
        if found.name:  # the paper's name, until the first refresh reads the feed
            paper.fetch_log.set_feed_title(found.name)
        return found


def _remove(context: CommandContext, console: Console) -> int:
    """Remove a paper from the config, and print how many of its stories are marked; with `--unmark`, remove these marks.

    Return the exit status, 0. Raises UsageError if the paper is the only one, and NotFoundError if it is unknown.
    """
    path, language, is_unmarking = config_path(context.options.config), context.language, context.options.unmark
    papers = configured_papers(path)
    try:
        paper, name = _paper_named(context, papers)
    except NotFoundError:
        if not is_unmarking or (removed := _unfollowed_paper(context, console)) is None:
            raise
        _unmark(context, console, removed)
        return 0
    if len(papers) == 1:
        hint = message("Add another one first: `bpost portals add URL`.")
        raise UsageError(message("the last paper can't be removed"), hint=hint)
    edit_file(path, lambda config: without_paper(config, paper.key))
    console.write_result(language.text("{name} removed; its stories stay in the library", name=name))
    if is_unmarking:
        _unmark(context, console, Paper(paper.key, paper.address))
    elif marked := _count_marked(context, paper.key):
        console.write_note(
            language.plural(
                "{n} of them stays in Starred, Read later or your lists. `{command}` takes it out.",
                "{n} of them stay in Starred, Read later or your lists. `{command}` takes them out.",
                marked,
                command=f"bpost portals remove --unmark {quote(paper.address)}",
            )
        )
    _note_next_start(context, console)
    return 0


def _move(context: CommandContext, console: Console) -> int:
    """Change a paper's address in the library and in the config. Its stories and marks stay with the paper.

    A paper that is no longer in the config is added to it again. Return the exit status, 0. Raises NotFoundError if the paper is
    unknown, and UsageError if no new address is given and the paper hasn't announced any.
    """
    path, language = config_path(context.options.config), context.language
    papers = configured_papers(path)
    try:
        configured, name = _paper_named(context, papers)
        old = Paper(configured.key, configured.address)
    except NotFoundError:
        configured, removed = None, _unfollowed_paper(context, console)
        if removed is None:
            raise
        old, name = removed, removed.name or site_of(removed.address)
    address = context.options.name or _paper_health(context, clock())[0].get(old.key, PaperHealth()).moved_to
    if not address:
        hint = message("`bpost portals` shows where papers have moved.")
        raise UsageError(Reason("{names} is missing", names=Reason(message("the paper's new address"))), hint=hint)
    found = log.run_loop(_discover(address, context, console, old))
    new = PortalSetting(found.address, kind=found.kind)
    if configured is not None and (configured.address, configured.kind) == (new.address, new.kind):
        console.write_note(language.text("{name} has this address already", name=name))
        return 0

    def edited(config: str) -> str:
        if configured is not None:
            return with_address(config, old.key, new)
        lacking = [*_lacking(path, config, [new])]
        return with_papers(config, lacking) if lacking else config

    with context.library(console) as library:
        with edited_afterwards(path, edited):  # the config comes last: after a kill, the same command finds the paper again
            library.move_paper(old, Paper(new.key, new.address), now=clock())
        sync_local_marks(context, library, console)
    console.write_result(
        language.text("{name} moved to {address}, with its stories, marks and lists", name=name, address=new.address)
    )
    _note_next_start(context, console)
    return 0


def _unfollowed_paper(context: CommandContext, console: Console) -> Paper | None:
    """Return the paper that the command's argument names (address, key or name) if the reader no longer follows it; else None."""
    argument = _argument(context, message("the paper's address or name"))
    with context.library(console) as library:
        papers = [count.paper for count in library.unsubscribed_papers()]
    names = {argument.casefold()}
    with suppress(UsageError):
        names.add(portal_key(feed_address(argument)))
    return next((paper for paper in papers if not names.isdisjoint((paper.key, paper.name.casefold()))), None)


def _unmark(context: CommandContext, console: Console, paper: Paper) -> None:
    """Take a paper's stories out of Starred, Read later and the reader's own lists, and print their number."""
    with context.library(console) as library:
        lists, now = [each.key for each in library.own_lists.all()], clock()
        changed = {
            *library.set_mark("starred", library.story_ids(ListFilter(starred=True, paper=paper.key)), False, now=now),
            *library.set_mark("later", library.story_ids(ListFilter(later=True, paper=paper.key)), False, now=now),
        }
        for key in lists:
            listed = library.story_ids(ListFilter(own_list=key, paper=paper.key))
            changed.update(library.own_lists.set_entries(key, listed, False, now=now))
        sync_local_marks(context, library, console)
    console.write_result(context.language.plural("{n} story changed", "{n} stories changed", len(changed)))


def _count_marked(context: CommandContext, key: str) -> int:
    """Return the number of a paper's stories in Starred, Read later and the reader's own lists; 0 if the library can't be read."""
    from bpost_tui.store.library import Library  # with SQLite

    marked = set[int]()
    with suppress(StoreError), Library(context.folder, read_only=True) as library:
        for each in (
            ListFilter(starred=True),
            ListFilter(later=True),
            *(ListFilter(own_list=own.key) for own in library.own_lists.all()),
        ):
            marked.update(library.story_ids(each._replace(paper=key)))
    return len(marked)


def _rename(context: CommandContext, console: Console) -> int:
    path, language = config_path(context.options.config), context.language
    (paper, old), name = _paper_named(context, configured_papers(path)), _name_option(context)
    if not name:
        raise _missing(message("the paper's new name"))
    names = paper_names(configured_papers(path), context.folder, language)
    if any(each.casefold() == name.casefold() for key, each in names.items() if key != paper.key):
        raise UsageError(Reason("another paper is called “{name}”", name=name), hint=PORTALS_LISTS_THEM)
    edit_file(path, lambda config: with_name(config, paper.key, name))
    console.write_result(language.text("{old} is called {name} now", old=old, name=name))
    _note_next_start(context, console)
    return 0


def _name_option(context: CommandContext) -> str:
    return clean_line(context.options.name or "", MAX_NAME_CHARS)


def _argument(context: CommandContext, what: str) -> str:
    """Return the task's argument; raises UsageError if it is missing. The error message uses `what`, the argument's description."""
    argument: str | None = context.options.what
    if not argument:
        raise _missing(what)
    return argument


def _missing(what: str) -> UsageError:
    return UsageError(
        Reason("{names} is missing", names=Reason(what)), hint=Reason("`bpost {verb} --help` lists its options.", verb="portals")
    )


def _paper_named(context: CommandContext, papers: Sequence[PortalSetting]) -> tuple[PortalSetting, str]:
    """Return the paper that the command's argument means by address, key or name, and the paper's name.

    Raises NotFoundError if the argument means none of `papers`.
    """
    argument = _argument(context, message("the paper's address or name"))
    names = paper_names(papers, context.folder, context.language)
    if (found := paper_named(argument, names, papers)) is None:
        hint = did_you_mean(argument, names.values()) or PORTALS_LISTS_THEM
        raise NotFoundError(Reason("there is no paper “{what}”", what=clean_line(argument, MAX_NAME_CHARS)), hint=hint)
    return found, names[found.key]


# ── import and export ───────────────────────────────────────────────────────


def _import(context: CommandContext, console: Console) -> int:
    """Add the papers of an OPML file, and return the exit status: 4 if some feeds can't be papers, else 0."""
    from bpost_tui.cli.shared.opml_files import read_opml

    name = _argument(context, message("the OPML file"))
    found = read_opml(name, clock())
    return add_feeds(context, console, found.feeds, found.unreadable, name)


def add_feeds(
    context: CommandContext,
    console: Console,
    feeds: Iterable[OutlineFeed],
    unreadable_feeds: Iterable[OutlineFeed],
    name: str,
    *,
    is_dry: bool = False,
) -> int:
    """Add feeds to the config as papers, and print the result. Return the exit status: 4 if any feed can't be a paper, else 0.

    Args:
        context: Context of the verb.
        console: Console to print to.
        feeds: Feeds to add.
        unreadable_feeds: Entries of the source without an address that can be requested. They are only named in the result.
        name: Name of the source of the feeds, for messages.
        is_dry: Whether the feeds are only printed, not added.
    """
    from bpost_tui.cli.shared.opml_files import paper_of

    language = context.language
    path = config_path(context.options.config)
    known, wanted, unreadable = known_papers(configured_papers(path)), dict[str, PortalSetting](), list(unreadable_feeds)
    private: list[OutlineFeed] = []
    old = set[str]()
    for feed in feeds:
        try:
            paper = paper_of(feed)
        except UsageError:
            unreadable.append(feed)
            continue
        key = paper_variants_key(feed.address)
        there = wanted.get(key, paper._replace(groups=()))  # a feed in two folders is in both groups
        if is_private(paper.address) and not context.options.private:
            private.append(feed)
        elif key in known or (key in wanted and set(paper.groups) <= set(there.groups)):
            old.add(paper.key)
        else:
            wanted[key] = there._replace(groups=tuple(dict.fromkeys((*there.groups, *paper.groups)))[:MAX_GROUPS])
    if wanted and not is_dry and not context.options.private:
        _expect_public(wanted.values(), context, console)
    added = tuple(wanted.values()) if is_dry else add_papers(path, wanted.values()) if wanted else ()
    refused = [(feed, _why_unreadable(feed)) for feed in sorted(unreadable, key=lambda feed: feed.line)]
    refused += [(feed, message("in your own network; `--private` adds it: {what}")) for feed in private]
    for feed, why in refused:
        console.write_note(f"{_place(name, feed)}: {language.text(why, what=feed.address)}")
    if is_dry:
        for paper in added:
            console.write_result("  ".join((paper.name, paper.address, *(f"[{group}]" for group in paper.groups))))
    else:
        parts = [language.plural("{n} paper added", "{n} papers added", len(added))]
        present = len(old) + len(wanted) - len(added)  # another process may have added some meanwhile
        parts += [language.text("{n} already present", n=present)] if present else []
        console.write_result(", ".join(parts))
        if added:
            _note_next_start(context, console)
    return ContentError.exit_code if refused else 0


def _expect_public(papers: Iterable[PortalSetting], context: CommandContext, console: Console) -> None:
    from bpost_tui.refresh.portal_access import require_public

    with context.library(console) as library:
        require_public(library, [Paper(paper.key, paper.address) for paper in papers], clock())


def _why_unreadable(feed: OutlineFeed) -> str:
    if feed.address.startswith(_NEWSBOAT_QUERY):
        return message("a saved search of newsboat; here `/` searches, and `w` saves the search: {what}")
    return message("not an address of a feed: {what}")


def _place(name: str, feed: OutlineFeed) -> str:
    return f"{name}:{feed.line}" if feed.line else name


def _export(context: CommandContext, console: Console) -> int:
    from bpost_tui.cli.export.export import write_data
    from bpost_tui.cli.shared.opml_files import to_opml

    name, language = context.options.what or "-", context.language
    papers = configured_papers(config_path(context.options.config))
    names = paper_names(papers, context.folder, language)
    data = to_opml(papers, [names[paper.key] for paper in papers], language.text("The papers of bpost")).encode()
    write_data(data, None if name == "-" else Path(name), console)
    return 0


# ── the config file ─────────────────────────────────────────────────────────


def configured_papers(path: Path, text: str | None = None) -> tuple[PortalSetting, ...]:
    """Return the papers that a config file names.

    If `text` isn't None, it is used instead of the file's content: the result has the papers that this text names.
    """
    values, _ = read(path) if text is None else read_text(path, text)
    return Settings(**values).of_portals().papers


def known_paper(papers: Iterable[PortalSetting], address: str) -> PortalSetting | None:
    """Return the paper in `papers` with this address, in any form that readers paste; None if there is no such paper.

    Raises:
        UsageError: The address isn't http or https.
    """
    return known_papers(papers).get(paper_variants_key(service_feed(feed_address(address))))


def known_papers(papers: Iterable[PortalSetting]) -> dict[str, PortalSetting]:
    """Return a dict that finds the papers in `papers` by a normalised address, which is the same for all variants of an address.

    A paper is found by its own address, and also by the addresses of its feed, which other feed readers use.
    """
    known: dict[str, PortalSetting] = {}
    for paper in papers:
        for key in paper_keys(paper.address, [KINDS[paper.kind]]):
            known.setdefault(key, paper)
    return known | {paper_variants_key(paper.address): paper for paper in papers}


def add_papers(path: Path, wanted: Iterable[PortalSetting]) -> tuple[PortalSetting, ...]:
    """Add the papers in `wanted` that a config file lacks, and return the added papers; other processes may add papers meanwhile.

    Raises:
        StoreError: The file can't be written.
        UsageError: The file can't be changed without touching other entries.
    """
    added: list[PortalSetting] = []

    def with_new(text: str) -> str:
        added.extend(_lacking(path, text, wanted))
        return with_papers(text, added) if added else text

    edit_file(path, with_new)
    return tuple(added)


def _lacking(path: Path, text: str, wanted: Iterable[PortalSetting]) -> Iterator[PortalSetting]:
    """Yield the papers in `wanted` that `text`, the text of the config file at `path`, lacks."""
    known = known_papers(configured_papers(path, text))
    for paper in wanted:
        if known.keys().isdisjoint(new := known_papers((paper,))):
            known |= new
            yield paper
