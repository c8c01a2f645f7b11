"""The features that only a key or a click asks for, made after the first frame: 8 ms that the reader needn't wait for."""

from __future__ import annotations

from functools import partial

from bpost_tui.tui.changes.mark_all_read_menu import MarkAllReadMenu
from bpost_tui.tui.changes.own_lists_menu import OwnListsMenu
from bpost_tui.tui.changes.paper_commands import PaperCommands
from bpost_tui.tui.changes.settings_menu import SettingsMenu
from bpost_tui.tui.features import Features
from bpost_tui.tui.help_and_palette import HelpAndPalette
from bpost_tui.tui.lists.paper_menu import PaperMenu
from bpost_tui.tui.lists.related_stories import RelatedStories
from bpost_tui.tui.lists.same_news_navigation import SameNewsNavigation
from bpost_tui.tui.story.link_follower import LinkFollower
from bpost_tui.tui.story.share_menu import ShareMenu


class KeyedFeatures:
    """What the reader can do by a key, with the features of the first frame, in the order in which they need each other."""

    def __init__(self, made: Features) -> None:
        desk = made.desk
        self.papers = PaperMenu(desk, made.choosing.go_to_source)
        self.same_news = SameNewsNavigation(desk, made.lists, made.story, made.undoing.do)
        self.own_lists = OwnListsMenu(desk, made.undoing.do, partial(made.choosing.go_to, 0))
        self.triage = MarkAllReadMenu(desk, done=partial(made.undoing.done, quietly=True), tell_done=made.undoing.tell_done)
        self.following = RelatedStories(desk, made.search.find, made.undoing.do)
        self.links = LinkFollower(
            desk, made.story, open_story=made.lists.open_story,
            go_to_category=made.choosing.go_to, copy=made.copying.copy_address, browse=made.copying.browse,
            on_new=made.programs.tell_hook, on_topic=self.following.with_topic,
        )  # fmt: skip
        self.paper_changes = PaperCommands(desk, made.programs.outcome)
        self.config_choices = SettingsMenu(desk)
        self.overlays = HelpAndPalette(
            desk, go_to_category=made.choosing.go_to_source, find=made.search.find, open_story=made.lists.open_story,
            rename_list=self.own_lists.ask_for_name, delete_list=self.own_lists.delete, paper_entries=self.paper_changes.entries,
            settings=self.config_choices.offer,
        )  # fmt: skip
        self.passing_on = ShareMenu(
            desk, passage=made.passages.current_words, copy_link=made.copying.copy_link, copy_story=made.copying.copy_story,
            browse=made.copying.browse,
        )  # fmt: skip
