"""Features that aren't used before the first key or click."""

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
    """All features (parts of the screen's behaviour) that aren't used before the first key or click.

    They are made in the order of their dependencies, and use `features`, which were made before them.
    """

    def __init__(self, features: Features) -> None:
        context = features.context
        self.papers = PaperMenu(context, features.category_chooser.go_to_source, features.lists.recount)
        self.same_news = SameNewsNavigation(context, features.lists, features.story, features.change_runner.apply)
        self.own_lists = OwnListsMenu(context, features.change_runner.apply, partial(features.category_chooser.go_to, 0))
        self.mark_all_read = MarkAllReadMenu(
            context,
            on_done=partial(features.change_runner.report_applied, quietly=True),
            show_done=features.change_runner.show_done_message,
        )
        self.related_stories = RelatedStories(context, features.search.find, features.change_runner.apply)
        self.links = LinkFollower(
            context,
            features.story,
            open_story=features.lists.open_story,
            go_to_category=features.category_chooser.go_to,
            copy=features.copy_and_open.copy_address,
            browse=features.copy_and_open.browse,
            on_new=features.programs.run_new_stories_hook,
            on_topic=self.related_stories.with_topic,
        )
        self.paper_commands = PaperCommands(context, features.programs.run_program)
        self.settings_menu = SettingsMenu(context)
        self.help_and_palette = HelpAndPalette(
            context,
            go_to_category=features.category_chooser.go_to_source,
            find=features.search.find,
            open_story=features.lists.open_story,
            rename_list=self.own_lists.ask_for_name,
            delete_list=self.own_lists.delete,
            paper_entries=self.paper_commands.entries,
            settings=self.settings_menu.open,
        )
        self.share_menu = ShareMenu(
            context,
            passage=features.passages.current_words,
            copy_link=features.copy_and_open.copy_link,
            copy_story=features.copy_and_open.copy_story,
            browse=features.copy_and_open.browse,
        )
