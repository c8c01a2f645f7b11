"""Maps action ids to handlers, the functions that carry out the actions.

A test checks that the ids are the same as in `core.keys.actions`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

from bpost_tui.core.keys.actions import action_of
from bpost_tui.tui.features import Features

if TYPE_CHECKING:
    from bpost_tui.tui.keyed_features import KeyedFeatures
    from bpost_tui.tui.story.link_follower import LinkFollower

ActionHandler = Callable[..., object]
"""Function that carries out an action.

For an action that takes a number, the function's argument is the number typed before the key, or None. Other actions' functions
have no argument.
"""


class Commands:
    """Runs actions by their ids, for example when a key is pressed."""

    def __init__(self, features: Features) -> None:
        self._features = features

    @cached_property
    def keyed(self) -> KeyedFeatures:
        """Features that aren't used before the first key or click. They are made when an action is first run."""
        from bpost_tui.tui.keyed_features import KeyedFeatures  # 8 ms

        return KeyedFeatures(self._features)

    @cached_property
    def handlers(self) -> Mapping[str, ActionHandler]:
        """Functions that run the actions, by action id."""
        return _commands(self._features, self.keyed, self.do)

    def do(self, action_id: str, count: int | None = None) -> None:
        """Run action `action_id`. If the action takes a number, `count` is the number typed before the key, None for none.

        If the action works on a story, and there is none, only show a message. Also do so while the category pane has the focus,
        because the list of stories may be hidden.
        """
        context = self._features.context
        if action_of(action_id).on_story and context.panes.shown == "categories":
            context.show_no_story_here()
            return
        if action_of(action_id).on_story and context.target_row is None:
            context.show_no_story()
            return
        action = self.handlers[action_id]
        action(count) if action_of(action_id).takes_count else action()


def _commands(features: Features, keyed: KeyedFeatures, do: Callable[[str], None]) -> Mapping[str, ActionHandler]:
    f, k, apps = features, keyed, features.context.host.action_handlers()
    return {
        "down": lambda n: _move(f, n or 1),
        "up": lambda n: _move(f, -(n or 1)),
        "page_down": lambda n: f.context.panes.page(n or 1),
        "page_up": lambda n: f.context.panes.page(-(n or 1)),
        "half_page_down": lambda n: f.context.panes.half_page(n or 1),
        "half_page_up": lambda n: f.context.panes.half_page(-(n or 1)),
        "top": lambda n: f.navigation.go_to_row(n or 1),
        "bottom": f.navigation.go_to_row,
        "open": partial(_open, f, k.links),
        "next_category": f.category_chooser.go_to_unread,
        "forward": f.context.panes.forward,
        "back": partial(_back, f),
        "retrace": f.back.go_back,
        "next_pane": partial(f.context.panes.turn, 1),
        "previous_pane": partial(f.context.panes.turn, -1),
        "space": partial(_space, f),
        "next_unread": lambda n: _go_to_match(f, n or 1) if f.find.has_matches() else f.navigation.go_to_unread(n or 1),
        "previous_unread": lambda n: f.navigation.go_to_unread(-(n or 1)),
        "next_story": lambda n: f.navigation.go_to_story(n or 1),
        "previous_story": lambda n: f.navigation.go_to_story(-(n or 1)),
        "next_section": lambda n: f.context.view.go_to_section(n or 1),
        "previous_section": lambda n: f.context.view.go_to_section(-(n or 1)),
        "hints": k.links.show_hints,
        "links": k.links.show_list,
        "pictures": f.pictures.toggle,
        "browser": f.copy_and_open.open_browser,
        "read": partial(f.marks.toggle, "read"),
        "star": partial(f.marks.toggle, "starred"),
        "later": partial(f.marks.toggle, "later"),
        "lists": k.own_lists.offer,
        "flag": f.flags.toggle,
        "flag_range": f.flags.flag_range,
        "all_read": k.mark_all_read.offer,
        "undo": f.change_runner.undo,
        "copy_link": f.copy_and_open.copy_link,
        "copy_story": f.copy_and_open.copy_story,
        "copy_selection": f.copy_and_open.copy_selection,
        "share": k.share_menu.offer,
        "compose": f.search.compose,
        "select": partial(_from_passage, f, f.selection_mode.start),
        "passage": f.passages.keep_or_go,
        "note": f.passages.edit_note,
        "delete_passage": f.passages.delete,
        "search": partial(_from_passage, f, f.find.open_line),
        "keep_search": f.search.save,
        "alike": k.related_stories.more_like,
        "changes": k.help_and_palette.changes,
        "papers": k.papers.choose,
        "fold": k.papers.fold,
        "move_paper": k.paper_commands.move_here,
        "accounts": k.same_news.next_account,
        "saga": k.same_news.next_development,
        "why_together": k.same_news.show_reasons,
        "apart": k.same_news.ungroup,
        "same_news_once": k.same_news.toggle_grouping,
        "older": f.refresh.load_older,
        "previous_mark": lambda n: _go_to_match(f, -(n or 1)),
        "refresh": partial(_refresh, f),
        "unread_only": f.list_options.toggle_unread_only,
        "compact": f.list_options.toggle_compact,
        "turn": f.list_options.next_order,
        "muted": f.list_options.toggle_muted,
        "pipe": f.programs.pipe,
        "listen": partial(_from_passage, f, f.read_aloud.toggle),
        "pause": f.read_aloud.pause,
        "next_sentence": lambda n: f.read_aloud.step(n or 1),
        "previous_sentence": lambda n: f.read_aloud.step(-(n or 1)),
        "faster": partial(f.read_aloud.change_speed, 1),
        "settings": partial(_settings, f, k.settings_menu.open),
        "wider": partial(f.pane_resizer.widen_column, 1),
        "narrower": partial(f.pane_resizer.widen_column, -1),
        "edge_right": partial(f.pane_resizer.move_edge, 1),
        "edge_left": partial(f.pane_resizer.move_edge, -1),
        "zen": f.context.panes.zen,
        "palette": partial(k.help_and_palette.palette, do),
        "tour": f.tour.show,
        "help": k.help_and_palette.help,
        **apps,
        "leave": partial(_leave, f, apps["quit"]),
        "natural": partial(_natural, f, apps["natural"]),
    }


def _move(features: Features, step: int) -> None:
    """Move `step` rows or lines down in the current pane, or up if `step` is negative.

    Exception: if an input line with a history (lines typed before) has the focus, show the history's previous line there, or its
    next line if `step` is positive.
    """
    if not features.context.prompt.recall(1 if step > 0 else -1):
        features.context.panes.move(step)


def _from_passage(features: Features, do: Callable[[], object]) -> None:
    """Leave the passage (saved words of the story) that the reader has gone to, if any. Then call `do`, such as to search."""
    features.passages.leave()
    do()


def _go_to_match(features: Features, step: int) -> None:
    _from_passage(features, partial(features.find.go_to_match, step))


def _space(features: Features) -> None:
    """If a story is being read aloud in the story's pane, pause or resume reading.

    Otherwise, scroll the story by a page, or go one pane to the right if another pane is current.
    """
    if features.read_aloud.is_active and features.context.panes.current == "story":
        features.read_aloud.pause()
    else:
        features.navigation.space()


def _settings(features: Features, show: Callable[[], object]) -> None:
    """If a story is being read aloud, slow the voice down. Otherwise, call `show`, which opens the settings."""
    if features.read_aloud.is_active:
        features.read_aloud.change_speed(-1)
    else:
        show()


def _open(features: Features, links: LinkFollower, count: int | None) -> None:
    """Go one pane to the right; if `count` is a number instead of None, show the list of the category with this number (from 1).

    Exceptions, without a number: in the tour (the introduction to bpost), go to the list. In a story with visible links to other
    papers' stories about the same news, let `links` open the linked story, or label the links if there are several.
    """
    panes = features.context.panes
    if count is not None:
        features.category_chooser.go_to(count - 1)
    elif not features.tour.open_list() and not (panes.current == "story" and links.open_account()):
        panes.forward()


def _back(features: Features, count: int | None) -> None:
    """Leave the first of these that is active: tour, search matches, passage, flags, search, prompt, zen mode, pane.

    A passage is saved words of a story; in zen mode, only the story is shown. If a number was typed before the key (`count`), only
    discard the number.
    """
    f = features
    ways = (
        f.tour.leave,
        f.find.leave,
        f.passages.escape,
        f.flags.clear,
        f.search.leave,
        f.context.prompt.leave,
        f.context.panes.leave_zen,
        f.context.panes.left,
    )
    if count is None:
        any(leave() for leave in ways)


def _natural(features: Features, usual_size: Callable[[], object]) -> None:
    features.pane_resizer.reset()
    usual_size()


def _leave(features: Features, quit: Callable[[], object]) -> None:
    """Go from the tour or the story to the list. In a list of search results, go back to the list before the search.

    If there is nothing to leave, call `quit`, which ends bpost.
    """
    f = features
    ways = (f.tour.leave, f.context.panes.left) if f.context.panes.current == "story" else (f.search.leave,)
    if not any(leave() for leave in ways):
        quit()


def _refresh(features: Features) -> None:
    features.list_options.drop_read()
    features.refresh.refresh_on_key()
