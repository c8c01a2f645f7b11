"""Faults to plant in the code on purpose: state machines, trials and walks must find them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class PlantedFault(NamedTuple):
    """Fault to plant: a piece of a module, and its replacement."""

    name: str
    module: str
    """Path of the module in `bpost_tui`."""
    before: str
    """Piece of the module. It occurs once."""
    after: str
    trials: str
    """Name of the trials that run first, a key of `TRIALS`."""


TRIALS = {
    "folder": ("tests/state_machines/test_folder_sync_states.py", "tests/state_machines/test_replayed_failures.py"),
    "library": ("tests/state_machines/test_library_states.py",),
    "service": ("tests/state_machines/test_service_sync_states.py",),
    "crash": ("tests/crash", "tests/processes/test_killed_refresh.py"),
    "torture": ("tests/torture",),
    "killed sync": ("tests/service/test_killed_sync.py",),
    "hostile parser": ("tests/pty/test_hostile_parser.py",),
    "faults": ("tests/faults/test_faults.py", "-m", "not terminal"),
    "year": ("tests/year",),
    "walks": ("tests/tui/test_random_walks.py", "--table-bytes", "1", "--walk-steps", "200"),
}
"""Arguments of pytest for each group of trials, with fixed seeds."""

FAULTS = (
    PlantedFault(
        "of two changes at the same time, the one read last wins",
        "mark_changes/merge_rule.py",
        "return than is None or _order(change) > _order(than)",
        "return than is None or _order(change)[:2] >= _order(than)[:2]",
        "folder",
    ),
    PlantedFault(
        "a change made by a slow clock is dated before the one it follows",
        "store/lists/mark_store.py",
        'coalesce({mark}_us, un{mark}_us, 0) + 1)"',
        'coalesce({mark}_us, un{mark}_us, 0) * 0)"',
        "folder",
    ),
    PlantedFault(
        "changes made while others were being sent count as sent",
        "store/change_store.py",
        '"DELETE FROM reader.unsent_changes WHERE status > 0 AND (kind, paper, name) IN "',
        '"DELETE FROM reader.unsent_changes WHERE status >= 0 OR (kind, paper, name) IN "',
        "folder",
    ),
    PlantedFault(
        "a mark counts as sent to the service before the request",
        "mark_sync/greader_peer.py",
        "            self._api.edit_tag(batch, TAGS[mark], on=on)\n            seen_us",
        "            self._items.set_last_synced(mark, [(number, on) for number in batch])\n"
        "            self._api.edit_tag(batch, TAGS[mark], on=on)\n            seen_us",
        "service",
    ),
    PlantedFault(
        "a service that was put back to an earlier day isn't noticed",
        "mark_sync/greader_peer.py",
        "        return server_items, was_restored\n\n    def _fetch_and_save",
        "        return server_items, False\n\n    def _fetch_and_save",
        "service",
    ),
    PlantedFault(
        "the service's state is saved as if nothing had been sent",
        "mark_sync/greader_peer.py",
        'sets[mark] = sets[mark] | set(batch) if on is not (mark == "read") else sets[mark] - set(batch)',
        "pass",
        "service",
    ),
    PlantedFault(
        "lines with changes of the future count as read",
        "mark_changes/marks_file.py",
        "if valid_lines == number - 1 and not waits and not isinstance(fields, Rejection):",
        "if valid_lines == number - 1 and not isinstance(fields, Rejection):",
        "folder",
    ),
    PlantedFault(
        "a machine appends to its file though somebody else has changed it",
        "mark_sync/sync_folder.py",
        "if not is_unchanged or os.fstat(descriptor).st_nlink != 1:",
        "if os.fstat(descriptor).st_nlink != 1:",
        "folder",
    ),
    PlantedFault(
        "a file counts as continued though its earlier part has changed",
        "mark_sync/sync_folder.py",
        "return known.valid_bytes <= self.size and known.digest == self._digest(known.valid_bytes)",
        "return known.valid_bytes <= self.size",
        "folder",
    ),
    PlantedFault(
        "half a line stays in the file when a write fails",
        "mark_sync/sync_folder.py",
        "        os.ftruncate(descriptor, before)\n",
        "",
        "torture",
    ),
    PlantedFault(
        "a new story isn't put on the reader's own lists that name it",
        "store/story_saver.py",
        "        own_list_copy.copy_entries_of(self._db, story_id)\n",
        "",
        "library",
    ),
    PlantedFault(
        "an edited story loses its categories",
        "store/story_saver.py",
        "            self._write_category_entries(story_id, after.categories)\n        return True",
        "        return True",
        "library",
    ),
    PlantedFault(
        "the words of a story's former version stay in the index",
        "store/story_saver.py",
        "                self.outdated_entries.append(entry)\n",
        "                pass\n",
        "library",
    ),
    PlantedFault(
        "an edited story isn't indexed again",
        "store/story_saver.py",
        "            self.to_index[story_id] = after\n",
        "",
        "library",
    ),
    PlantedFault(
        "the copy of the marks counts as current after a crash between two files",
        "store/lists/mark_store.py",
        "    renew_stamps(db)\n    return changed\n",
        "    return changed\n",
        "library",
    ),
    PlantedFault(
        "undo removes marks that were there before",
        "core/changes/undo.py",
        "return self._replace(ids=changed) if changed else None",
        "return self if changed else None",
        "library",
    ),
    PlantedFault(
        "a writer begins to wait for others only after its first read",
        "store/writer_queue.py",
        'execute_in_turn(db, "BEGIN IMMEDIATE")',
        'execute_in_turn(db, "BEGIN")',
        "crash",
    ),
    PlantedFault(
        "a file is written in place, not replaced",
        "atomic.py",
        "        part.replace(path)\n    finally:",
        "        path.write_bytes(part.read_bytes())\n    finally:",
        "crash",
    ),
    PlantedFault(
        "a request has no deadline",
        "portal/http/client.py",
        "async with asyncio.timeout(self._deadline_s):",
        "async with asyncio.timeout(None):",
        "faults",
    ),
    PlantedFault(
        "a compressed body may have any size",
        "portal/http/transport.py",
        "        _check_size(self._size_bytes, self._max_bytes)\n",
        "",
        "faults",
    ),
    PlantedFault(
        "private-use characters aren't removed from foreign text",
        "model/sanitize.py",
        '    + "\\U000e0000-\\U000e007f\\U000f0000-\\U0010ffff]"',
        '    + "\\U000e0000-\\U000e007f]"',
        "faults",
    ),
    PlantedFault(
        "a picture is freed while it is on the screen",
        "typesetting/typeset/surface.py",
        "return {surface for spans in self._rows.values() for _, _, surfaces in spans for surface in surfaces}",
        "return set()",
        "walks",
    ),
    PlantedFault(
        "a story keeps the letters of an earlier size",
        "tui/widgets/galley_cache.py",
        "key = items, cols, self._renderer.version\n        return self._store(",
        "key = items, cols\n        return self._store(",
        "walks",
    ),
    PlantedFault(
        "a heading in a list keeps the width of an earlier window",
        "tui/widgets/row_list.py",
        "key = (items, width, self._renderer.version)",
        "key = (items, self._renderer.version)",
        "walks",
    ),
    PlantedFault(
        "an earlier answer may replace a later one in the list",
        "tui/lists/list_controller.py",
        'partial(self._run_request, load), group="list", exclusive=True)',
        'partial(self._run_request, load), group="list", exclusive=False)',
        "walks",
    ),
    # the following twelve were written without a look at the trials, to see how well these do by themselves
    PlantedFault(
        "the passages of a paper that moves keep its former address",
        "store/paper_move.py",
        'for table in ("passages", "greader_items"):',
        'for table in ("greader_items",):',
        "year",
    ),
    PlantedFault(
        "marks of a story that is known at two addresses aren't joined",
        "store/paper_move.py",
        "    join_marks(db, names)\n",
        "",
        "year",
    ),
    PlantedFault(
        "a redirect to an address with a scheme isn't checked",
        "portal/http/client.py",
        "here = self.policy.redirect(here, location, kind)",
        'here = location if "://" in location else self.policy.redirect(here, location, kind)',
        "faults",
    ),
    PlantedFault(
        "authors aren't sanitized",
        "model/story_fields.py",
        "    cleaned = _cleaned(story)\n",
        "    cleaned = _cleaned(story)._replace(author=story.author)\n",
        "hostile parser",
    ),
    PlantedFault(
        "stories to read later are pruned",
        "store/maintenance.py",
        "published_us < ? AND starred = 0 AND later = 0",
        "published_us < ? AND starred = 0",
        "library",
    ),
    PlantedFault(
        "of one story in a batch the headline isn't indexed",
        "store/search/search_index.py",
        "        columns = entry_columns(each.story, categories)\n",
        "        story = each.story._replace(title='') if len(entries) == 2 else each.story\n"
        "        columns = entry_columns(story, categories)\n",
        "library",
    ),
    PlantedFault(
        "a parser process that takes too long isn't ended",
        "portal/worker/parser_process.py",
        "                if not answered:\n                    await self._stop()\n",
        "                pass\n",
        "faults",
    ),
    PlantedFault(
        "an entry of a list that is taken off and put on at once keeps the first change",
        "store/lists/own_list_store.py",
        "DO UPDATE SET at_us = max(excluded.at_us, at_us + 1), is_in = excluded.is_in",
        "DO UPDATE SET at_us = max(excluded.at_us, at_us + 1), is_in = excluded.is_in WHERE excluded.at_us > at_us",
        "folder",
    ),
    PlantedFault(
        "a list that another machine has deleted isn't kept by a new entry",
        "store/lists/own_list_store.py",
        "    if on:  # keeps the list",
        "    if False:  # keeps the list",
        "folder",
    ),
    PlantedFault(
        "all changes of a first exchange are sent except of the stories",
        "store/change_store.py",
        "return {**_with_changes(story_changes(db)), **_non_story_changes(db)}",
        "return dict(_non_story_changes(db))",
        "folder",
    ),
    PlantedFault(
        "starred items are asked for before the unread ones",
        "mark_sync/greader_peer.py",
        "        self._fetched_us = self._server_now_us()\n",
        "        self._fetched_us = 0\n",
        "service",
    ),
    PlantedFault(
        "a file isn't forced to the disk before it replaces another",
        "atomic.py",
        "        os.fsync(descriptor)\n",
        "        pass\n",
        "torture",
    ),
)
