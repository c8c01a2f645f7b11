"""Verb `service`: syncs marks with the reader's feed service, checks it, prints its sync state, imports and exports its feeds."""

from __future__ import annotations

from collections.abc import Callable

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
from bpost_tui.mark_sync.greader_api import GreaderSubscription
from bpost_tui.mark_sync.greader_peer import GreaderPeer, paper_keys, paper_of
from bpost_tui.mark_sync.peer import sync_all
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.kinds.paper_kind import RSS
from bpost_tui.portal.parse_results import OutlineFeed
from bpost_tui.urls import is_private, portal_key


def service_(context: CommandContext, console: Console) -> int:
    """Run the task of `bpost service` that the arguments name."""
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
        with peer.open_api() as api:
            if task == "check":
                api.login()
            feeds = api.subscriptions()
            if task == "export":
                return _export(context, console, feeds, api.subscribe)
    if task == "import":
        new = (feed for feed in feeds if not paper_of(feed, peer.papers))
        found = [OutlineFeed(feed.address, feed.title, feed.site, 0, feed.labels) for feed in new]
        return add_feeds(context, console, found, (), account.host, is_dry=context.options.dry_run)
    here = [key for feed in feeds if (key := paper_of(feed, peer.papers))]
    text = context.language.text
    console.write_result(text("{host} answers: {n} feeds, {m} of them papers here", host=account.host, n=len(feeds), m=len(here)))
    for paper in configured_papers(config_path(context.options.config)):
        if portal_key(paper.address) not in here:
            console.write_result(
                text("not on the service: {name}; `bpost service export` adds it", name=name_of(paper, context.language))
            )
    return 0


def _sync(peer: GreaderPeer, context: CommandContext, console: Console) -> int:
    """Sync marks with the other machines and the service. Return 4 if one of them couldn't be synced."""
    failures = sync_all((*local_peers(peer.library, peer_settings(context.settings)), peer))
    for failure in failures:
        console.write_note(context.language.reason(failure))
    return ContentError.exit_code if failures else 0


def _print_status(peer: GreaderPeer, server: str, context: CommandContext, console: Console) -> None:
    language, state, (waiting, missing) = context.language, peer.state, peer.pending_counts()
    text, last, tried = language.text, optional_time(state.at_us), optional_time(state.tried_us)
    if context.options.json:
        status = {"service": server, "exchanged": format_time(last) if last else None, "waiting": waiting, "missing": missing}
        failed = {"tried": format_time(tried) if tried else None, "failure": state.failure or None}
        console.write_result(to_json_text({**status, **failed, "starred_elsewhere": state.starred_elsewhere}))
        return
    console.write_result(f"{text('Service')}: {server}")
    console.write_result(f"{text('Last sync')}: {language.age(last, clock()) if last else text('never')}")
    if state.failure and tried:
        console.write_result(f"{text('Last try')}: {language.age(tried, clock())}: {language.reason(state.failure)}")
    console.write_result(f"{text('Stories with marks not yet synced')}: {language.number(waiting)}")
    console.write_result(f"{text('Stories with marks that the server lacks')}: {language.number(missing)}")
    if state.starred_elsewhere:
        console.write_result(f"{text('Stars there without a story here')}: {language.number(state.starred_elsewhere)}")
    if state.has_labels is False:
        console.write_result(text("Read later stays on this machine: the server has no labels"))


def _export(
    context: CommandContext, console: Console, feeds: tuple[GreaderSubscription, ...], subscribe: Callable[[str, str, str], None]
) -> int:
    """Subscribe the feed service to papers that it lacks. Return 4 if it refuses a paper, or if papers are left out.

    `feeds` are the service's present feeds. `subscribe` adds a feed, given by address, title and label.
    """
    language = context.language
    left_out = 0
    for paper in configured_papers(config_path(context.options.config)):
        kind, name = KINDS[paper.kind], name_of(paper, language)
        address = kind.feed(paper.address)
        keys = dict.fromkeys(paper_keys(paper.address), paper.address)
        if any(paper_of(feed, keys) for feed in feeds):
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
