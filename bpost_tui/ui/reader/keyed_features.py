"""The features that only a key or a click asks for, made after the first frame: 8 ms that the reader needn't wait for."""

from __future__ import annotations

from functools import partial

from bpost_tui.ui.reader.changes.own_lists import OwnLists
from bpost_tui.ui.reader.changes.triage import Triage
from bpost_tui.ui.reader.features import Features
from bpost_tui.ui.reader.lists.following import Following
from bpost_tui.ui.reader.lists.papers import PaperChoices
from bpost_tui.ui.reader.lists.same_news import SameNews
from bpost_tui.ui.reader.overlays.config_choices import ConfigChoices
from bpost_tui.ui.reader.overlays.overlays import Overlays
from bpost_tui.ui.reader.overlays.paper_changes import PaperChanges
from bpost_tui.ui.reader.overlays.passing_on import PassingOn
from bpost_tui.ui.reader.story.links import Links


class KeyedFeatures:
    """What the reader can do by a key, with the features of the first frame, in the order in which they need each other."""

    def __init__(self, made: Features) -> None:
        desk = made.desk
        self.papers = PaperChoices(desk, made.choosing.go_to_source)
        self.same_news = SameNews(desk, made.lists, made.story, made.undoing.do)
        self.own_lists = OwnLists(desk, made.undoing.do, partial(made.choosing.go_to, 0))
        self.triage = Triage(desk, done=partial(made.undoing.done, quietly=True), tell_done=made.undoing.tell_done)
        self.following = Following(desk, made.search.find, made.undoing.do)
        self.links = Links(
            desk, made.story, open_story=made.lists.open_story,
            go_to_category=made.choosing.go_to, copy=made.copying.copy_address, browse=made.copying.browse,
            on_new=made.programs.tell_hook, on_topic=self.following.with_topic,
        )  # fmt: skip
        self.paper_changes = PaperChanges(desk, made.programs.outcome)
        self.config_choices = ConfigChoices(desk)
        self.overlays = Overlays(
            desk, go_to_category=made.choosing.go_to_source, find=made.search.find, open_story=made.lists.open_story,
            rename_list=self.own_lists.ask_for_name, delete_list=self.own_lists.delete, paper_entries=self.paper_changes.entries,
            settings=self.config_choices.offer,
        )  # fmt: skip
        self.passing_on = PassingOn(
            desk, passage=made.passages.current_words, copy_link=made.copying.copy_link, copy_story=made.copying.copy_story,
            browse=made.copying.browse,
        )  # fmt: skip
