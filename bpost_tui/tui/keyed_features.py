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
        context = made.context
        self.papers = PaperMenu(context, made.category_chooser.go_to_source)
        self.same_news = SameNewsNavigation(context, made.lists, made.story, made.change_runner.apply)
        self.own_lists = OwnListsMenu(context, made.change_runner.apply, partial(made.category_chooser.go_to, 0))
        self.mark_all_read = MarkAllReadMenu(
            context, done=partial(made.change_runner.report_applied, quietly=True), tell_done=made.change_runner.show_done_message
        )
        self.related_stories = RelatedStories(context, made.search.find, made.change_runner.apply)
        self.links = LinkFollower(
            context, made.story, open_story=made.lists.open_story,
            go_to_category=made.category_chooser.go_to, copy=made.copy_and_open.copy_address, browse=made.copy_and_open.browse,
            on_new=made.programs.run_new_stories_hook, on_topic=self.related_stories.with_topic,
        )  # fmt: skip
        self.paper_commands = PaperCommands(context, made.programs.run_program)
        self.settings_menu = SettingsMenu(context)
        self.help_and_palette = HelpAndPalette(
            context, go_to_category=made.category_chooser.go_to_source, find=made.search.find, open_story=made.lists.open_story,
            rename_list=self.own_lists.ask_for_name, delete_list=self.own_lists.delete, paper_entries=self.paper_commands.entries,
            settings=self.settings_menu.open,
        )  # fmt: skip
        self.share_menu = ShareMenu(
            context, passage=made.passages.current_words, copy_link=made.copy_and_open.copy_link,
            copy_story=made.copy_and_open.copy_story, browse=made.copy_and_open.browse,
        )  # fmt: skip
