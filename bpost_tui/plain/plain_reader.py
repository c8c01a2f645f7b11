"""Line reader: executes each typed line as a command, and prints the answer.

Nothing moves the cursor, and nothing is drawn; every change is a new line. A typed line is a number that chooses a story or
category, a key that names an action, or `/` and a search query; an empty line continues. Numbers may be Bengali, and keys may be
typed under a Bengali layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar, Final

from bpost_tui.core.changes.undo import MarkChange, SeenChange, UndoStack, is_marked
from bpost_tui.core.keys.line_keys import LineKeys
from bpost_tui.core.line_io import LineIO
from bpost_tui.core.lists.list_slice import FIRST, FirstRows, ListSlice, NextRows, RowRange
from bpost_tui.core.lists.list_source import ALL_NEWS, ListSource, PaneRow, paper_of, query_of, search_source
from bpost_tui.core.lists.listings import Listings, ListResult
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.same_news_accounts import news_group, next_account
from bpost_tui.core.speech.line_narration import LineNarration, story_paragraphs
from bpost_tui.core.templates.grouping_reasons import differing_lines, reason_lines
from bpost_tui.core.wording import MARK_LINES, change_line, fault_advice, paper_faults, shown_title
from bpost_tui.errors import BPostError, NotFoundError
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper_health import PaperHealth
from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.plain.line_formatting import (
    category_line,
    dateline,
    empty_list_line,
    other_account_lines,
    search_result_lines,
    story_line,
)
from bpost_tui.plain.plain_mark_all_read import PlainMarkAllRead


@dataclass(frozen=True, slots=True)
class PortalCalls:
    """Functions that need a paper's website or the browser; given to the line reader, so that it requests nothing itself."""

    refresh: Callable[[], bool]
    """Function that starts a refresh, unless a refresh is running, and returns False if network requests are forbidden."""
    result_message: Callable[[float], str]
    """Function that waits at most the given number of seconds for the end of the refresh. It returns a message about the results
    since its last call; empty if there are none."""
    open_in_browser: Callable[[Headline], str]
    """Function that opens a story in the browser, and returns a message about the outcome."""


PAGE = 10
"""Number of headlines printed at a time."""
_CATEGORY_PAGE = 20
"""Number of categories printed at a time."""
_ENDING: Final = ("leave", "quit")
_FIRST_S = 15.0
"""Maximum wait in seconds for the first stories if nothing is saved."""


@dataclass(slots=True)
class PlainReader:
    """Session of the line reader (`--plain`): its state, and the functions that execute the commands that the reader types."""

    listings: Listings
    outlook: Outlook
    """Papers, mutes and options that decide how lists are read."""
    io: LineIO
    portal: PortalCalls
    keys: LineKeys
    narration: LineNarration
    """Narration that reads stories aloud."""
    _loaded: ListSlice = field(default_factory=ListSlice)
    """Headlines of the current list that are loaded."""
    _printed_count: int = 0
    """Number of the list's headlines printed so far."""
    _row: Headline | None = None
    """Story opened last."""
    _other_accounts: tuple[Headline, ...] = ()
    """Other stories about the same news as the story opened last."""
    _remaining_paragraphs: Iterator[str] | None = None
    """Paragraphs of the open story that aren't printed yet; None if no story is open."""
    _last_paragraph: str = ""
    _pending_line: str = ""
    """Line that the reader typed while a story was read aloud; it is executed next."""
    _categories: tuple[PaneRow, ...] = ()
    """Categories that a typed number chooses from; empty if numbers choose stories."""
    _printed_categories: int = 0
    """Number of categories printed so far."""
    _source: ListSource = ALL_NEWS
    _undo_stack: UndoStack = field(init=False)
    _mark_all_read: PlainMarkAllRead = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an empty undo stack."""
        self._undo_stack = UndoStack(self.listings)
        self._mark_all_read = PlainMarkAllRead(self.listings, self.io, self.keys, lambda stories: self._mark("read", stories, True))

    def run(self, story: Headline | None = None) -> None:
        """Execute typed lines until the reader leaves; if `story` is given, open it first."""
        text = self._language.text
        self.io.write_line(self.outlook.papers.title())
        self.io.write_line(self._language.long_date(self.listings.clock()))
        self._list(ALL_NEWS)
        if story is not None:
            self._open(story)
        if self.portal.refresh() and not self._rows:
            self._wait_for_news()
        self.io.write_line(text("A number opens a story, Enter continues, ? lists the commands."))
        while (line := self._next_line()) is not None:
            if news := self.portal.result_message(0.0):
                self.io.write_line(news)
                if not self._rows and not self._categories:  # an empty list may have stories by now
                    self._list(self._source)
                    continue
            try:
                if not self._run_line(line.strip()):
                    return
            except BPostError as error:  # such as a full disk
                self._write_error(error)

    def _next_line(self) -> str | None:
        line, self._pending_line = self._pending_line, ""
        return line or self.io.read_line("> ")

    def _wait_for_news(self) -> None:
        """Wait until the first refresh has fetched stories, and print its result and the list of all news.

        If no story is saved after the wait, print the commands that help.
        """
        text = self._language.text
        self.io.write_line(text("Fetching new stories …"))
        if news := self.portal.result_message(_FIRST_S):
            self.io.write_line(news)
        if self._read(ALL_NEWS).stories:
            self._list(ALL_NEWS)
        else:
            self.io.write_line(
                text("Nothing is saved yet. `bpost refresh` fetches the news, `bpost demo` opens the sample edition.")
            )

    def _write_error(self, error: BPostError) -> None:
        for line in filter(None, (error.message, error.hint)):
            self.io.write_line(self._language.reason(line))

    @property
    def _language(self) -> Language:
        return self.listings.language

    @property
    def _rows(self) -> tuple[Headline, ...]:
        return self._loaded.stories

    def _run_line(self, line: str) -> bool:
        """Execute a typed line; return False if the line ends the session."""
        action = self.keys.action(line)
        if action in _ENDING:
            return False
        if self._mark_all_read.accept(line):
            return True
        if not line:
            self._next_page_or_paragraph()
        elif line.isdecimal():
            self._choose(int(line[:9]))
        elif line.startswith("/"):
            self._list(search_source(line[1:].strip(), ALL_NEWS))
        elif action:
            self._HANDLERS[action](self)
        else:
            self.io.write_line(self._language.text("There is no command “{what}”; ? lists them.", what=line[:40]))
        return True

    # ── moving on, into, back ───────────────────────────────────────────────

    def _next_page_or_paragraph(self) -> None:
        if self._remaining_paragraphs is not None:
            self._paragraph()
        elif self._categories:
            self._category_page()
        else:
            self._page()

    def _choose(self, number: int) -> None:
        chosen = self._categories or self._rows
        if not 1 <= number <= len(chosen):
            self.io.write_line(self._language.text("There is no number {n} here", n=number))
        elif self._categories:
            row = self._categories[number - 1]
            self._list(row.source)
            if row.has_fault and paper_of(row.source):
                self._print_faults(paper_of(row.source))
        else:
            self._open(self._rows[number - 1])

    def _print_faults(self, key: str) -> None:
        """Print the faults of the paper with the id `key`, such as failed requests or a new address, and advice."""
        address = next(count.paper.address for count in self.outlook.papers.all if count.paper.key == key)
        health, now = self.listings.library.paper_health().get(key, PaperHealth()), self.listings.clock()
        for line in (*paper_faults(health, now, self._language), *fault_advice({address: health}, now)):
            self.io.write_line(self._language.reason(line))

    def _back(self) -> None:
        if self._remaining_paragraphs is not None or self._categories:
            self._list(self._source)
        else:
            self._print_categories()

    def _list(self, source: ListSource) -> None:
        self._source, self._categories, self._remaining_paragraphs = source, (), None
        listing = self._read(source)
        self._loaded, self._printed_count = listing.slice, 0
        for line in (
            search_result_lines(listing, self._language) if query_of(source) else [self.listings.age_message(offline=False)]
        ):
            self.io.write_line(line)
        self._page()

    def _read(self, source: ListSource, part: RowRange = FIRST) -> ListResult:
        listing = self.listings.read(self.outlook.query(source), part)
        self.outlook = self.outlook.in_list(source).with_counts(listing.counts)
        return listing

    def _page(self) -> None:
        text = self._language.text
        if self._loaded.more_after and self._printed_count + PAGE > len(self._rows):
            longer = self._read(self._source, NextRows(self._loaded)).slice
            self._loaded = longer._replace(rows=(*self._rows, *longer.rows[len(self._rows) :]))  # printed rows keep their numbers
        if not self._rows:
            self.io.write_line(empty_list_line(self.listings, self._source))
        elif self._printed_count >= len(self._rows):
            self.io.write_line(text("End of the list."))
        names, now = self.outlook.papers.names_for_list(self._source), self.listings.clock()
        for at, row in enumerate(self._rows[self._printed_count : self._printed_count + PAGE], self._printed_count + 1):
            line = story_line(row, self._language, now, names)
            self.io.write_line(f"{self._language.number(at)}. {line}")
        self._printed_count = min(len(self._rows), self._printed_count + PAGE)

    def _print_categories(self) -> None:
        counts = self.listings.recount_searches(self.outlook) or self.listings.categories(self.outlook)
        self.outlook, self._categories, self._printed_categories = self.outlook.with_counts(counts), counts.rows, 0
        self._category_page()

    def _category_page(self) -> None:
        """Print the next 20 categories, or as many as are left. Thirty papers have 400 categories, too many to print at once."""
        text, total, done = self._language.text, len(self._categories), self._printed_categories
        page = self._categories[done : done + _CATEGORY_PAGE]
        self._printed_categories += len(page)
        if not page:
            self.io.write_line(text("End of the list."))
        for number, row in enumerate(page, done + 1):
            self.io.write_line(f"{self._language.number(number)}. {category_line(row, self.outlook.papers, self._language)}")
        if self._printed_categories < total:
            self.io.write_line(text("Enter: more of these {n} lists", n=total))

    # ── the story ───────────────────────────────────────────────────────────

    def _open(self, row: Headline) -> None:
        try:
            saved, _ = self.listings.story_and_item(row.key)
        except NotFoundError:  # deleted since the list was printed
            self.io.write_line(self._language.text("This story is no longer saved"))
            return
        self._row, self._other_accounts, self._categories = saved.headline, saved.same_news, ()
        if saved.headline.changed is not None:
            self._undo_stack.do(SeenChange(row.id))
        self.listings.note_opened(row.id)
        self.io.write_line(shown_title(saved.headline.title, self._language))
        papers = self.outlook.papers
        self.io.write_line(dateline(saved, self._language, papers.name_unless_only(saved.headline.paper), papers.names()))
        if line := change_line(saved.headline, self._language):
            self.io.write_line(line)
        self._remaining_paragraphs = iter(self._paragraphs(saved))
        self._paragraph()

    def _paragraphs(self, saved: SavedStory) -> tuple[str, ...]:
        """Return the paragraphs of a story. New paragraphs of a story that was read before begin with "New:"."""
        paragraphs = story_paragraphs(saved)
        if saved.version_read is None:
            return paragraphs
        from bpost_tui.core.story.new_passages import new_paragraphs, page_lines  # 2 ms, only for changed stories

        before = plain_text(saved.version_read.blocks).split("\n\n")
        new = new_paragraphs(tuple(filter(None, before)), paragraphs, page_lines(saved.blocks))
        text = self._language.text
        return tuple(text("New: {text}", text=each) if at in new else each for at, each in enumerate(paragraphs))

    def _paragraph(self) -> None:
        paragraph = next(self._remaining_paragraphs, None) if self._remaining_paragraphs is not None else None
        if paragraph is not None:
            self._print_paragraph(paragraph)
        else:
            self._end()

    def _print_paragraph(self, paragraph: str) -> None:
        self._last_paragraph = paragraph
        self.io.write_line(paragraph)

    def _print_remaining(self) -> None:
        if self._remaining_paragraphs is None:
            return
        for paragraph in self._remaining_paragraphs:
            self._print_paragraph(paragraph)
        self._end()

    def _listen(self) -> None:
        """Read the open story aloud from the paragraph printed last, then the next unread stories, until the reader stops it.

        If no story is open, print a message.
        """
        if self._remaining_paragraphs is None:
            self.io.write_line(self._language.text("No story is open: a number opens one"))
            return
        paragraphs, n_written = (self._last_paragraph, *self._remaining_paragraphs), 1
        while True:
            try:
                line = self.narration.read_paragraphs(paragraphs, n_written)
                self._pending_line, is_stopped = line or "", line is not None
            except BPostError as error:
                self._write_error(error)
                is_stopped = True
            except KeyboardInterrupt:
                self._pending_line, is_stopped = self.keys.key("listen"), True
            if is_stopped:
                self._resume_from(paragraphs[self.narration.paragraph :])
                return
            self._end()
            if not self._next_unread() or self._row is None:
                return
            paragraphs, n_written = (self._row.title, self._last_paragraph, *self._remaining_paragraphs), 2

    def _resume_from(self, paragraphs: Sequence[str]) -> None:
        """Prepare to print `paragraphs[1:]`, the rest of the story, after reading aloud has stopped in `paragraphs[0]`.

        If the reader has typed the key for reading aloud to stop it, print how to resume.
        """
        self._last_paragraph, self._remaining_paragraphs = paragraphs[0], iter(paragraphs[1:])
        if self.keys.action(self._pending_line.strip()) == "listen":
            self._pending_line = ""
            self.io.write_line(self._language.text("Stopped. {key}: resume from this paragraph.", key=self.keys.key("listen")))

    def _end(self) -> None:
        text = self._language.text
        self._remaining_paragraphs, self._last_paragraph = iter(()), ""
        for line in other_account_lines(
            self._other_accounts, self._language, self.outlook.papers.names(), self.keys.key("accounts")
        ):
            self.io.write_line(line)
        self.io.write_line(text("End of the story. {key}: next unread story.", key=self.keys.key("next_unread")))
        if self._row is not None and not self._row.read:
            self._mark("read", [self._row.id], True)

    def _next_unread(self) -> bool:
        """Open the next unread story; return False if there is none."""
        at = next((at for at, row in enumerate(self._rows) if self._row and row.id == self._row.id), -1)
        following = next((row for row in self._rows[at + 1 :] if not row.read), None)
        if following is None:
            self.io.write_line(self._language.text("No more unread stories here"))
        else:
            self._open(following)
        return following is not None

    def _current_story(self) -> Headline | None:
        """Return the story opened last; if none has been opened in this session, print a message and return None."""
        if self._row is None:
            self.io.write_line(self._language.text("No story is open: a number opens one"))
        return self._row

    def _more_like(self) -> None:
        """Print the list of stories similar to the story opened last, the oldest first."""
        if (row := self._current_story()) and (query := self.listings.query_like(row.id)):
            self._list(search_source(query, ALL_NEWS))
        elif row:
            self.io.write_line(self._language.text("Too few words here to find stories like it"))

    def _next_account(self) -> None:
        """Open the next paper's story about the same news as the story opened last, or print that no other paper has the news."""
        if (row := self._current_story()) and (other := next_account(self.listings, row)):
            self.io.write_line(self.outlook.papers.name(other.paper))
            self._open(other)
        elif row:
            self.io.write_line(self._language.text("No other paper has this news"))

    def _next_chapter(self) -> None:
        """Open the next report on the event that the open story reports, in the order of dates; after the newest, open the oldest.

        If this is the only report, print a message.
        """
        if (row := self._current_story()) is None:
            return
        thread = self.listings.library.group_builder.story_thread(row.id)
        if row.id not in thread or len(thread) < 2:
            self.io.write_line(self._language.text("This story has no follow-ups"))
            return
        at = (thread.index(row.id) + 1) % len(thread)
        self.io.write_line(self._language.text("{n} of {total}, the oldest first", n=at + 1, total=len(thread)))
        self._open(self.listings.library.headline(thread[at]))

    def _why_together(self) -> None:
        """Print the figures that differ between the stories about the same news as the story opened last.

        Then print each of these stories, with its paper and the reasons for grouping it. If no other paper has the news, say so.
        """
        if (row := self._current_story()) is None:
            return
        news, names = news_group(self.listings, row.id), self.outlook.papers.names()
        if len(news.accounts) < 2:
            self.io.write_line(self._language.text("No other paper has this news"))
            return
        for line in differing_lines(news, self._language, names):
            self.io.write_line(line)
        for account in news.accounts:
            self.io.write_line(f"{self.outlook.papers.name(account.row.paper)}: {account.row.title}")
            for line in reason_lines(account, self._language):
                self.io.write_line(line)

    # ── marks ───────────────────────────────────────────────────────────────

    def _toggle(self, mark: MarkName) -> None:
        if row := self._current_story():
            is_on = not is_marked(row, mark)
            self._mark(mark, [row.id], is_on)
            self.io.write_line(self._language.text(MARK_LINES[mark][is_on]))

    def _mark(self, mark: MarkName, ids: Sequence[int], is_on: bool) -> int:
        change = self._undo_stack.do(MarkChange(mark, is_on, tuple(ids), mark == "read" and self.outlook.marks_all_accounts_read))
        self._reload()
        return len(change.ids) if isinstance(change, MarkChange) else 0

    def _undo(self) -> None:
        change = self._undo_stack.undo()
        if change is None:
            self.io.write_line(self._language.text("Nothing to undo"))
            return
        self._reload()
        self.io.write_line(change.undone_message(self._language))

    def _reload(self) -> None:
        """Read the printed headlines from the library again to update their marks (read, starred); their numbers stay the same."""
        known = {row.id: row for row in self._read(self._source, FirstRows(len(self._rows))).slice.stories}
        self._loaded = self._loaded._replace(rows=tuple(known.get(row.id, row) for row in self._rows))
        if self._row is not None:
            with suppress(NotFoundError):  # deleted since it was opened
                self._row = self.listings.story(self._row.key).headline

    # ── the rest ────────────────────────────────────────────────────────────

    def _browse(self) -> None:
        if row := self._current_story():
            self.io.write_line(self.portal.open_in_browser(row))

    def _help(self) -> None:
        for line in self.keys.help(self._language):
            self.io.write_line(line)

    def _note_not_reading(self) -> None:
        self.io.write_line(self._language.text("Nothing is being read aloud; {key} begins", key=self.keys.key("listen")))

    _HANDLERS: ClassVar[Mapping[str, Callable[[PlainReader], object]]] = {
        "space": _next_page_or_paragraph,
        "accounts": _next_account,
        "saga": _next_chapter,
        "why_together": _why_together,
        "next_unread": _next_unread,
        "back": _back,
        "bottom": _print_remaining,
        "listen": _listen,
        **dict.fromkeys(("pause", "next_sentence", "previous_sentence", "faster", "settings"), _note_not_reading),
        "read": lambda reader: reader._toggle("read"),
        "star": lambda reader: reader._toggle("starred"),
        "later": lambda reader: reader._toggle("later"),
        "all_read": lambda reader: reader._mark_all_read.offer(reader.outlook.query(reader._source), reader._rows, reader._row),
        "alike": _more_like,
        "undo": _undo,
        "browser": _browse,
        "refresh": lambda reader: reader.portal.refresh(),
        "help": _help,
    }
    ACTIONS: ClassVar[tuple[str, ...]] = (*_HANDLERS, *_ENDING)
    """Ids of the actions (commands) that the line reader offers."""
