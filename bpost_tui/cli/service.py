"""Verb `service`: syncs marks with the reader's server of feeds, checks it, fetches starred stories, imports and exports feeds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import cast

from bpost_tui.cli.portals import add_feeds, configured_papers, name_of
from bpost_tui.cli.shared.command_context import CommandContext, clock, config_path
from bpost_tui.clock import optional_time
from bpost_tui.console import Console
from bpost_tui.core.json_api import format_time, to_json_text
from bpost_tui.core.session_config import peer_settings
from bpost_tui.errors import ContentError, PortalError, UsageError
from bpost_tui.i18n import Reason, message
from bpost_tui.mark_sync.configured_peers import local_peers
from bpost_tui.mark_sync.greader_account import account_from_config
from bpost_tui.mark_sync.greader_peer import GreaderPeer
from bpost_tui.mark_sync.peer import sync_all
from bpost_tui.mark_sync.starred_stories import fetch_starred
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.kinds.feed_kind import KIND as FEED
from bpost_tui.portal.kinds.paper_kind import RSS
from bpost_tui.portal.parse_results import OutlineFeed, ParsedFeed
from bpost_tui.urls import is_private, portal_key


def service_(context: CommandContext, console: Console) -> int:
    """Run the task of `bpost service` that the arguments name, and return the exit status.

    Raises UsageError if the config names no server of feeds, or if the task needs the network and bpost is offline.
    """
    account = account_from_config(context.settings.service)
    if account is None:
        hint = message("Name its `address` and `user` under `[service]` in the config.")
        raise UsageError(message("the config names no service"), hint=hint)
    task = context.options.task
    if context.offline and task != "status":
        raise UsageError(Reason("offline: nothing is fetched"))
    with context.library(console) as library:
        peer = GreaderPeer(library, account, clock)
        if task == "status":
            _print_status(peer, f"{account.address} ({account.user})", context, console)
            return 0
        if task == "sync":
            return _sync(peer, context, console)
        if task == "fetch-starred":
            return _fetch_starred(peer, context, console)
        with peer.open_api() as api:
            if task == "check":
                api.login()
            matched = peer.match_feeds(api)
            papers = {paper for _, paper in matched if paper}
            if task == "export":
                return _export(context, console, papers, api.subscribe)
    if task == "import":
        found = [OutlineFeed(feed.address, feed.title, feed.site, 0, feed.labels) for feed, paper in matched if not paper]
        return add_feeds(context, console, found, (), account.host, is_dry=context.options.dry_run)
    text, here = context.language.text, sum(bool(paper) for _, paper in matched)
    console.write_result(text("{host} answers: {n} feeds, {m} of them papers here", host=account.host, n=len(matched), m=here))
    for paper in configured_papers(config_path(context.options.config)):
        if portal_key(paper.address) not in papers:
            console.write_result(
                text("not on the service: {name}; `bpost service export` adds it", name=name_of(paper, context.language))
            )
    return 0


def _fetch_starred(peer: GreaderPeer, context: CommandContext, console: Console) -> int:
    """Save the starred stories of a server of feeds (`peer`) that the library lacks; if there are any, sync marks.

    Return the exit status: 4 if the sync fails, else 0.
    """
    from bpost_tui.cli.shared.parsed_file import parse_file

    def read_feed(address: str, body: bytes) -> ParsedFeed:
        return cast("ParsedFeed", parse_file("feed", address, body, clock(), FEED.name))

    with peer.open_api() as api:
        fetched = fetch_starred(peer, api, read_feed, clock())
    language = context.language
    console.write_result(language.plural("{n} new story", "{n} new stories", fetched.saved))
    if fetched.of_other_feeds:
        text = language.text(
            "{n} stars of feeds that you don't read here; `bpost service import` adds these feeds", n=fetched.of_other_feeds
        )
        console.write_note(text)
    return _sync(peer, context, console) if fetched.saved else 0


def _sync(peer: GreaderPeer, context: CommandContext, console: Console) -> int:
    """Sync marks with the reader's other machines and with the server of feeds (`peer`).

    Return the exit status: 4 if any of these syncs fails, else 0.
    """
    failures = sync_all((*local_peers(peer.library, peer_settings(context.settings)), peer))
    for failure in failures:
        console.write_note(context.language.reason(failure))
    return ContentError.exit_code if failures else 0


def _print_status(peer: GreaderPeer, server: str, context: CommandContext, console: Console) -> None:
    language, state, failure, (waiting, missing) = context.language, peer.state, peer.failure, peer.pending_counts()
    text, last, tried = language.text, optional_time(state.at_us), optional_time(state.tried_us)
    if context.options.json:
        status = {"service": server, "exchanged": format_time(last) if last else None, "waiting": waiting, "missing": missing}
        failed = {"tried": format_time(tried) if tried else None, "failure": failure or None}
        console.write_result(to_json_text({**status, **failed, "starred_elsewhere": state.starred_elsewhere}))
        return
    console.write_result(f"{text('Service')}: {server}")
    console.write_result(f"{text('Last sync')}: {language.age(last, clock()) if last else text('never')}")
    if failure and tried:
        console.write_result(f"{text('Last try')}: {language.age(tried, clock())}: {language.reason(failure)}")
    console.write_result(f"{text('Stories with marks not yet synced')}: {language.number(waiting)}")
    console.write_result(f"{text('Stories with marks that the server lacks')}: {language.number(missing)}")
    if state.starred_elsewhere:
        stars = text("Starred only on the server, for `bpost service fetch-starred`")
        console.write_result(f"{stars}: {language.number(state.starred_elsewhere)}")
    if state.has_labels is False:
        console.write_result(text("Read later stays on this machine: the server has no labels"))


def _export(context: CommandContext, console: Console, present: Collection[str], subscribe: Callable[[str, str, str], None]) -> int:
    """Subscribe the server of feeds to papers that it lacks. Return 4 if it refuses a paper, or if papers are left out, else 0.

    `present` has the keys of the papers that the server has already. `subscribe` adds a feed, given by address, title and label.
    """
    language = context.language
    left_out = 0
    for paper in configured_papers(config_path(context.options.config)):
        kind, name = KINDS[paper.kind], name_of(paper, language)
        address = kind.feed(paper.address)
        if portal_key(paper.address) in present:
            continue
        if kind.outline_type != RSS:
            console.write_note(language.text("{name}: has no feed for another program to read", name=name))
            left_out += 1
            continue
        if is_private(address) and not context.options.private:
            console.write_note(language.text("in your own network; `--private` adds it: {what}", what=address))
            left_out += 1
            continue
        if len(paper.groups) > 1:
            groups = ", ".join(paper.groups)
            console.write_note(language.text("{name}: a feed is in one folder there, here in {groups}", name=name, groups=groups))
        try:
            if not context.options.dry_run:
                subscribe(address, paper.name, next(iter(paper.groups), ""))
            console.write_result("  ".join((name, address, *(f"[{group}]" for group in paper.groups[:1]))))
        except PortalError as error:
            console.write_note(f"{address}: {language.reason(error.message)}")
            left_out += 1
    return ContentError.exit_code if left_out else 0
