"""The tests that reach what was changed: `make quick`. Tests of the screen and the command line reach everything, and go by `ROWS`.

    python -m tools.quick [--since COMMIT] [--list] [pytest's options]

What was changed is what differs from a commit, by default the last, in the working tree too. Tests that wait (marker `waits`) are
left out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from grimp import build_graph

from tools.structure import PACKAGE, ROOT

ROWS: Mapping[str, str] = {
    # the screen
    "tests/ui/test_answers.py": "status said bars",
    "tests/ui/test_backfill.py": "refreshing refresh_process refresh_worker fetcher backfill backfill_api backfill_feed edits",
    "tests/ui/test_banner.py": "banner type_switcher display figures bpost_app",
    "tests/ui/test_bengali_keys.py": "keyboards actions key_names commands",
    "tests/ui/test_changes.py": "links diff changes versions",
    "tests/ui/test_compact_list.py": "list_choices post_list list_rows",
    "tests/ui/test_composing.py": "composing line_input",
    "tests/ui/test_copying.py": "copying desktop",
    "tests/ui/test_cut_signs.py": "painter galley_cache row_heights story_view",
    "tests/ui/test_desktop.py": "desktop browser new_stories",
    "tests/ui/test_errors.py": "bpost_app background_threads writes errors look_ahead",
    "tests/ui/test_every_action.py": "actions commands features",
    "tests/ui/test_exchanging.py": "exchanging machine_exchange exchange other_machines",
    "tests/ui/test_find.py": "find highlight",
    "tests/ui/test_focus.py": "panes gauge worded_rule category_list",
    "tests/ui/test_following.py": "following alike topics saved_searches saved",
    "tests/ui/test_footer.py": "status actions figures",
    "tests/ui/test_help.py": "help page box",
    "tests/ui/test_keys_without_effect.py": "commands host",
    "tests/ui/test_leaving.py": "screen way_back writes",
    "tests/ui/test_line_input.py": "line_input graphemes",
    "tests/ui/test_links.py": "links link_hints link_list browser",
    "tests/ui/test_listening.py": "aloud voices voice spoken",
    "tests/ui/test_long_lists.py": "list_reader list_rows listing slices reader.lists by_date row_window retained",
    "tests/ui/test_long_stories.py": "story_view paragraph galley layout",
    "tests/ui/test_look_ahead.py": "look_ahead renderer",
    "tests/ui/test_marks.py": "marks undo writes session",
    "tests/ui/test_masthead.py": "status calendar line",
    "tests/ui/test_moving.py": "counting edges row_list panes",
    "tests/ui/test_own_lists.py": "own_lists list_changes list_copies",
    "tests/ui/test_pacing.py": "pacing painter key_barrier",
    "tests/ui/test_palette.py": "palette overlays choosing choices choice nearest",
    "tests/ui/test_papers.py": "papers paper_library stand paper_portals fetcher",
    "tests/ui/test_passages.py": "passages placed_passages passage_shelf passage_rows other_machines selection",
    "tests/ui/test_passing_on.py": "passing_on sharing card_picture qr_code",
    "tests/ui/test_pictures.py": "images image_cache pictures picture_places picture",
    "tests/ui/test_programs.py": "programs external_commands muting muted",
    "tests/ui/test_races.py": "list_reader refreshing writes listing",
    "tests/ui/test_readers_lists.py": "list_reader category_list list_choices session",
    "tests/ui/test_reading.py": "app story_reader templates story_view screen_widgets library saving rows",
    "tests/ui/test_reopening.py": "beginning last_place start",
    "tests/ui/test_row_heights.py": "row_heights row_list",
    "tests/ui/test_rows_in_sight.py": "row_window post_list row_list",
    "tests/ui/test_settings.py": "config_choices edit choice start",
    "tests/ui/test_same_news.py": "same_news together news_age apart_changes why_together score",
    "tests/ui/test_saved_searches.py": "search saved_searches saved",
    "tests/ui/test_search.py": "search prompt query compile execute ranking",
    "tests/ui/test_selecting.py": "selecting select_words selection",
    "tests/ui/test_standing.py": "features list_reader story_reader screen event",
    "tests/ui/test_themes.py": "theme_switcher themes theme_list colours",
    "tests/ui/test_tour.py": "tour",
    "tests/ui/test_triage.py": "triage flags changes.marks",
    "tests/ui/test_typed_lines.py": "prompt typed_lines state_file",
    "tests/ui/test_unread_only.py": "list_choices retained listing",
    "tests/ui/test_walks.py": "painter surface output renderer row_list story_view",
    "tests/ui/test_way_back.py": "way_back session",
    "tests/ui/test_widths_and_zen.py": "edges layout preferences",
    # the command line
    "tests/cli/test_backfill.py": "backfill backfill_api backfill_feed fetch feeds",
    "tests/cli/test_bad_answers.py": "transport client parser_process answers refresh",
    "tests/cli/test_completions.py": "completions options verbs parser",
    "tests/cli/test_config.py": "config load settings values portals_edit",
    "tests/cli/test_conventions.py": "__main__ main console context signals parser options bug_report",
    "tests/cli/test_damage.py": "recovery rescue backups checks location connection",
    "tests/cli/test_digest.py": "digest edition",
    "tests/cli/test_doctor_voice.py": "doctor_voice",
    "tests/cli/test_documented_commands.py": "verbs",
    "tests/cli/test_export.py": "export json_output library_json markdown html epub import_ import_validation transfer",
    "tests/cli/test_fetch.py": "fetch offline_pack articles pictures",
    "tests/cli/test_import_hostile.py": "import_validation import_ foreign",
    "tests/cli/test_library.py": "library maintenance disk_space accounts",
    "tests/cli/test_listen.py": "listen voices",
    "tests/cli/test_log.py": "log fetch_log",
    "tests/cli/test_long_tasks.py": "progress",
    "tests/cli/test_mark.py": "mark marks",
    "tests/cli/test_muting_and_hooks.py": "muting external_commands mute refreshing",
    "tests/cli/test_old_files.py": "schema file_state paths",
    "tests/cli/test_own_lists.py": "mark own_lists",
    "tests/cli/test_passages.py": "passages",
    "tests/cli/test_plain.py": "plain wording speech",
    "tests/cli/test_portals.py": "portals portals_edit discovery opml kinds",
    "tests/cli/test_read.py": "read front probe driver doctor doctor_hints doctor_sandbox",
    "tests/cli/test_search.py": "list search query_terms expansion phonetic stemmer",
    "tests/cli/test_several_papers.py": "papers_refresh papers stand",
    "tests/cli/test_service.py": "service service_marks served account api merging",
    "tests/cli/test_sync_folder.py": "machine_exchange exchange",
    "tests/cli/test_verbs.py": "list show story_lists show_in_type refresh library card demo json_output keep_again",
}
"""A test file → the modules, or packages, whose change it should see, by the last part or parts of their names."""
OF_OTHER_FILES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("bpost_tui/cli/type.py", "bpost_tui/cli/shared/pager.py"), ("tests/pty/test_type.py",)),
    "docs/": ("tests/unit/test_documents.py", "tests/unit/test_plain_words.py"),
    "themes/": ("tests/unit/reading/test_themes.py", "tests/ui/test_themes.py"),
    "bpost_tui/locale/": ("tests/unit/test_i18n.py", "tests/unit/test_plain_words.py"),
    "bpost_tui/store/files/": (
        "tests/unit/store/test_schema.py",
        "tests/unit/store/test_file_state.py",
        "tests/unit/store/test_old_files.py",
    ),
    "bpost_tui/bengali/tables/": ("tests/unit/bengali", "tests/unit/store/test_search_pairs.py", "tests/unit/same_news"),
    "bpost_tui/demo/": ("tests/unit/demo/test_sample_edition.py", "tests/unit/demo/test_saved.py"),
}
"""The beginning of a path that is no Python, or that only processes load → the tests that reach it."""
FOLDERS = (PACKAGE, "tests", "tools")


class Imports:
    """Who imports whom, of all our sources: imports within functions count, those for types alone don't."""

    def __init__(self) -> None:
        self._graph = build_graph(*FOLDERS, exclude_type_checking_imports=True, cache_dir=None)
        files = (path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
        self.paths = {_module_of(path): str(path) for path in files}
        """A module → its file, from the root of the project."""

    def reaching(self, modules: Iterable[str]) -> list[str]:
        """Return the modules that import one of some, directly or through others, with these; the nearest first."""
        order: list[str] = []
        ahead = list(modules)
        while ahead:
            order += ahead
            importers = {
                by for each in ahead if each in self._graph.modules for by in self._graph.find_modules_that_directly_import(each)
            }
            ahead = sorted(importers - set(order))
        return order


def wanted(changed: Iterable[str], imports: Imports) -> list[str]:
    """Return the test files to run for changed files, the nearest first: paths from the root of the project."""
    changed = list(changed)
    modules = [module for module, path in imports.paths.items() if path in changed]
    helpers = [module for module in modules if module.startswith("tests.")]
    found = [imports.paths[each] for each in imports.reaching(helpers)]
    found += [imports.paths[each] for each in imports.reaching(modules) if each.startswith("tests.unit.")]
    found += [path for path, words in ROWS.items() if any(are_of(modules, word) for word in words.split())]
    found += [test for path in changed for begins, tests in OF_OTHER_FILES.items() if path.startswith(begins) for test in tests]
    return [path for path in dict.fromkeys(found) if Path(path).name.startswith("test_")]


def are_of(modules: Iterable[str], word: str) -> bool:
    """Whether any of some modules, or the package of one, is named by a word of `ROWS`."""
    return any(f".{word}." in f".{module}." for module in modules)


def changed_since(commit: str) -> list[str]:
    """Return the files that differ from a commit, those that git doesn't know yet among them."""
    commands = (["git", "diff", "--name-only", commit], ["git", "ls-files", "--others", "--exclude-standard"])
    return [
        line
        for each in commands
        for line in subprocess.run(each, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    ]


def _module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def main(arguments: list[str]) -> int:
    """Run the tests, or list them; return pytest's exit status."""
    parser = argparse.ArgumentParser(prog="tools.quick")
    parser.add_argument("--since", default="HEAD", help="the commit that changes are counted from")
    parser.add_argument("--list", action="store_true", help="print the files, run nothing")
    given, others = parser.parse_known_args(arguments)
    changed = changed_since(given.since)
    files = wanted(changed, Imports())
    print(f"{len(changed)} changed files, {len(files)} test files", file=sys.stderr)
    if given.list or not files:
        print(*files, sep="\n")
        return 0
    options = ["-q", "--dist", "worksteal", "-m", "not waits", "--hypothesis-profile", "quick"]
    command = [sys.executable, "-m", "pytest", *options, *others, *files]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
