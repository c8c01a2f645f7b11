"""Runner of the tests that reach changed files: `make quick`.

Tests of the screen and of the command line reach all files, so the table `ROWS` selects them.

    python -m tools.affected_tests [--since COMMIT] [--list] [pytest's options]

Changed files are files of the working tree that differ from a commit, by default the last. Tests with the marker `waits` are left
out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from grimp import build_graph

from tools.code_structure import PACKAGE, ROOT

ROWS: Mapping[str, str] = {
    # the screen
    "tests/tui/test_status_messages.py": "status_bars status_messages bars",
    "tests/tui/test_backfill.py": (
        "refresh_controller refresh_process refresh_worker fetcher backfill_pass backfill_api backfill_feed edited_stories"
    ),
    "tests/tui/test_banner.py": "banner type_switcher display_settings display quantities picture_items bpost_app",
    "tests/tui/test_bengali_keys.py": "keyboard_layouts actions key_names commands",
    "tests/tui/test_story_diff.py": (
        "link_rows link_follower story_links text_diff field_changes revisions_page changes story_merge"
    ),
    "tests/tui/test_compact_list.py": "list_options post_list list_navigation",
    "tests/tui/test_avro_typing.py": "avro_composer line_input",
    "tests/tui/test_copying.py": "copy_and_open desktop desktop_bridge",
    "tests/tui/test_clipped_lines.py": "painter galley_cache row_heights story_view",
    "tests/tui/test_desktop.py": "desktop desktop_bridge browser new_story_notices",
    "tests/tui/test_errors.py": "bpost_app background_threads write_batcher write_queue errors look_ahead",
    "tests/tui/test_every_action.py": "actions commands features",
    "tests/tui/test_mark_sync.py": "periodic_mark_sync peer folder_peer configured_peers mark_changes change_store",
    "tests/tui/test_service_sync.py": "service_sync service mark_sync greader_peer greader_api after_refresh",
    "tests/tui/test_find.py": "find_state find_in_story highlight",
    "tests/tui/test_focus.py": "panes gauge row_list category_list",
    "tests/tui/test_more_like_this.py": (
        "related_stories similar_stories topics saved_search_list saved_search_store sample_library"
    ),
    "tests/tui/test_footer.py": "status_bars actions quantities picture_items",
    "tests/tui/test_help.py": "help text_page dialog_box",
    "tests/tui/test_keys_without_effect.py": "commands app_host",
    "tests/tui/test_leaving.py": "screen back_navigation write_batcher write_queue",
    "tests/tui/test_line_input.py": "line_input graphemes",
    "tests/tui/test_links.py": "link_rows link_follower story_links link_hints link_list browser",
    "tests/tui/test_read_aloud.py": "line_narration read_aloud speech voice verbalise",
    "tests/tui/test_long_lists.py": "list_controller list_navigation listings list_slice lists list_query row_window retained_rows",
    "tests/tui/test_long_stories.py": "story_view paragraph_setter banded_galley pane_layout layout_engine",
    "tests/tui/test_look_ahead.py": "look_ahead renderer",
    "tests/tui/test_marks.py": "mark_store marking undo write_batcher write_queue plain_session session",
    "tests/tui/test_masthead.py": "status_bars calendar type_line",
    "tests/tui/test_moving.py": "count_prefix pane_resizer row_list panes",
    "tests/tui/test_own_lists.py": "own_list_store list_changes own_lists_menu own_list_changes own_list_copy",
    "tests/tui/test_pacing.py": "paced_screen painter key_barrier type_app frame_fence driver",
    "tests/tui/test_palette.py": "palette help_and_palette category_chooser choice_list choice_menu nearest",
    "tests/tui/test_sitemap_paper.py": "sitemap_kind sitemap_parser refresh_controller",
    "tests/tui/test_papers.py": "papers paper_list paper_menu paper_commands paper_library subscriptions portal_pool fetcher",
    "tests/tui/test_passages.py": (
        "passage_store passages passage_keeper passage_anchoring passage_highlights passage_list passage_rows "
        "change_store selection"
    ),
    "tests/tui/test_sharing.py": "share_menu sharing share_targets card_picture qr_code qr_code_dialog",
    "tests/tui/test_pictures.py": (
        "story_pictures image_processing picture_cache picture_store picture_fetch picture_places stored_picture"
    ),
    "tests/tui/test_programs.py": "reader_programs external_programs mutes mute_store",
    "tests/tui/test_races.py": "list_controller refresh_controller write_batcher write_queue listings",
    "tests/tui/test_changed_since_read.py": "read_versions new_passages story_controller marking edit_weight",
    "tests/tui/test_category_pane_lists.py": "list_controller category_list list_options plain_session session",
    "tests/tui/test_end_to_end.py": (
        "composition type_app story_controller templates story_view screen_widgets library story_saver row_mapping"
    ),
    "tests/tui/test_restored_session.py": "session_start last_place reader_services",
    "tests/tui/test_row_heights.py": "row_heights row_list",
    "tests/tui/test_visible_rows.py": "row_window post_list row_list",
    "tests/tui/test_settings.py": "settings_menu edit_config choice_menu reader_services",
    "tests/tui/test_same_news.py": (
        "group_builder same_news_navigation grouping same_news_accounts news_age separations why_grouped score"
    ),
    "tests/tui/test_saved_searches.py": "search_line search saved_search_list saved_search_store sample_library",
    "tests/tui/test_search.py": "search_line search prompt query_parser query_compiler story_search ranking",
    "tests/tui/test_selecting.py": "selection_mode selection",
    "tests/tui/test_repaint_sequences.py": "features list_controller story_controller screen event",
    "tests/tui/test_themes.py": "theme_switcher themes theme_list colours",
    "tests/tui/test_tour.py": "tour",
    "tests/tui/test_triage.py": "plain_mark_all_read mark_all_read mark_all_read_menu flags marking",
    "tests/tui/test_typed_lines.py": "prompt input_history state_file",
    "tests/tui/test_unread_only.py": "list_options retained_rows listings",
    "tests/tui/test_random_walks.py": "painter surface output_boundary renderer row_list story_view frame_fence",
    "tests/tui/test_back_navigation.py": "back_navigation plain_session session",
    "tests/tui/test_widths_and_zen.py": "pane_resizer pane_layout layout_engine preferences",
    # the command line
    "tests/cli/test_backfill.py": "backfill_pass backfill_api backfill_feed fetch feed_refresh",
    "tests/cli/test_bad_responses.py": "transport client parser_process validation paper_refresh refresh",
    "tests/cli/test_completions.py": "completions options verbs argument_parser feed_parser",
    "tests/cli/test_config.py": "config load_config settings value_types edit_portals",
    "tests/cli/test_conventions.py": "__main__ main console command_context signals argument_parser feed_parser options bug_report",
    "tests/cli/test_damaged_library.py": "opening file_replacement rescue backups integrity_checks unsafe_location database",
    "tests/cli/test_digest.py": "digest edition",
    "tests/cli/test_doctor_voice.py": "doctor_voice",
    "tests/cli/test_documented_commands.py": "verbs",
    "tests/cli/test_export.py": "export json_api library_json markdown html_page html epub import_ import_validation import_export",
    "tests/cli/test_fetch.py": "fetch offline_pack article_fetch picture_store picture_fetch",
    "tests/cli/test_import_hostile.py": "import_validation import_ untrusted",
    "tests/cli/test_library.py": "library maintenance disk_space story_groups",
    "tests/cli/test_listen.py": "listen speech",
    "tests/cli/test_log.py": "log fetch_log",
    "tests/cli/test_long_tasks.py": "progress_bar",
    "tests/cli/test_mark.py": "mark mark_store marking",
    "tests/cli/test_muting_and_hooks.py": "mutes external_programs mute_rules refresh_controller",
    "tests/cli/test_old_files.py": "migrations schema_check paths",
    "tests/cli/test_own_lists.py": "mark own_list_store list_changes own_lists_menu",
    "tests/cli/test_passages.py": "passage_store passages passage_keeper passage_anchoring",
    "tests/cli/test_plain.py": "plain wording line_formatting",
    "tests/cli/test_portals.py": "portals edit_portals paper_discovery opml_files opml_parser kinds",
    "tests/cli/test_read.py": "read startup_snapshot probe driver doctor doctor_hints doctor_sandbox",
    "tests/cli/test_search.py": "list search_line search query_terms query_expansion phonetic stemmer",
    "tests/cli/test_removed_papers.py": "portals papers mark_store import_export subscriptions",
    "tests/cli/test_moved_papers.py": "portals edit_portals paper_move moved_papers mark_fields story_identity fetch_log",
    "tests/cli/test_sitemap_paper.py": "sitemap_kind sitemap_parser paper_discovery portal",
    "tests/cli/test_several_papers.py": "library_refresh papers paper_list paper_menu subscriptions",
    "tests/cli/test_service.py": "service mark_sync greader_peer greader_items greader_account greader_api wp_json merge_rule",
    "tests/cli/test_sync_folder.py": "peer folder_peer configured_peers mark_changes",
    "tests/cli/test_verbs.py": ("list show story_table typeset_output paper_refresh refresh library card story_card demo json_api"),
}
"""Maps each test file to the modules and packages that it tests, by the last part or parts of their names."""
TESTS_BY_PREFIX: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("bpost_tui/cli/type.py", "bpost_tui/cli/shared/pager.py"), ("tests/pty/test_type.py",)),
    "docs/": ("tests/unit/test_documents.py", "tests/unit/test_message_wording.py", "tests/unit/test_prose.py"),
    "themes/": ("tests/unit/core/test_themes.py", "tests/tui/test_themes.py"),
    "bpost_tui/locale/": ("tests/unit/test_i18n.py", "tests/unit/test_message_wording.py"),
    "bpost_tui/store/schema/": (
        "tests/unit/store/test_schema.py",
        "tests/unit/store/test_schema_check.py",
        "tests/unit/store/test_old_files.py",
    ),
    "bpost_tui/bengali/tables/": (
        "tests/unit/bengali",
        "tests/unit/store/test_search_pairs.py",
        "tests/unit/grouping",
        "tests/unit/edits",
    ),
    "bpost_tui/demo/": ("tests/unit/demo/test_sample_edition.py", "tests/unit/demo/test_sample_library.py"),
}
"""Maps prefixes of paths to the test files and folders that reach these paths.

The paths are no Python files, or only processes load them, so that imports don't show who reaches them.
"""
FOLDERS = (PACKAGE, "tests", "tools")


class Imports:
    """Import graph of the package, the tests and the tools. It has imports within functions, but none that only types need."""

    def __init__(self) -> None:
        self._graph = build_graph(*FOLDERS, exclude_type_checking_imports=True, cache_dir=None)
        files = (path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
        self.paths = {_module_of(path): str(path) for path in files}
        """Maps each module to its file, as a path from the root of the project."""

    def reaching(self, modules: Iterable[str]) -> list[str]:
        """Return `modules` and all modules that import one of them, directly or indirectly; those with the shortest path first."""
        order: list[str] = []
        ahead = list(modules)
        while ahead:
            order += ahead
            importers = {
                by for each in ahead if each in self._graph.modules for by in self._graph.find_modules_that_directly_import(each)
            }
            ahead = sorted(importers - set(order))
        return order


def affected_tests(changed: Iterable[str], imports: Imports) -> list[str]:
    """Return the test files and folders that reach the `changed` files, as paths from the root of the project.

    Tests that import a changed file with the fewest steps come first.
    """
    changed = list(changed)
    modules = [module for module, path in imports.paths.items() if path in changed]
    helpers = [module for module in modules if module.startswith("tests.")]
    importers = [*imports.reaching(helpers), *(each for each in imports.reaching(modules) if each.startswith("tests.unit."))]
    found = [path for path in map(imports.paths.__getitem__, importers) if Path(path).name.startswith("test_")]
    found += [path for path, words in ROWS.items() if any(has_module(modules, word) for word in words.split())]
    found += [test for path in changed for prefix, tests in TESTS_BY_PREFIX.items() if path.startswith(prefix) for test in tests]
    return list(dict.fromkeys(found))


def has_module(modules: Iterable[str], word: str) -> bool:
    """Whether `word`, a word of `ROWS`, names one of `modules` or a package that contains one."""
    return any(f".{word}." in f".{module}." for module in modules)


def changed_since(commit: str) -> list[str]:
    """Return the paths of the files that differ from `commit`, including untracked files."""
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
    parser = argparse.ArgumentParser(prog="tools.affected_tests")
    parser.add_argument("--since", default="HEAD", help="the commit that changes are counted from")
    parser.add_argument("--list", action="store_true", help="print the files, run nothing")
    options, pytest_options = parser.parse_known_args(arguments)
    changed = changed_since(options.since)
    files = affected_tests(changed, Imports())
    print(f"{len(changed)} changed files, {len(files)} test files", file=sys.stderr)
    if options.list or not files:
        print(*files, sep="\n")
        return 0
    ours = ["-q", "--dist", "worksteal", "-m", "not waits", "--hypothesis-profile", "quick"]
    command = [sys.executable, "-m", "pytest", *ours, *pytest_options, *files]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
