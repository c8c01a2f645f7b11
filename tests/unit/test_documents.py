"""Names in the documents exist: files, folders, modules, functions, tests, make targets, links."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from bpost_tui.cli.verbs import VERBS
from bpost_tui.core.keys.actions import ACTIONS, key_label
from bpost_tui.grouping.score import ONE_PAPER, TWO_LATIN_PAPERS, TWO_PAPERS, TWO_SCRIPTS
from bpost_tui.model.story import Headline, Story
from bpost_tui.model.story_fields import FIELDS
from bpost_tui.portal.feed.opml_parser import parse_opml
from bpost_tui.store.search import query_parser
from tools.code_structure import PACKAGE, ROOT, Structure
from tools.release import CHANGES

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "packaging/*.md", "docs/*.md", "docs/bn/*.md", "docs/decisions/*.md")
    for path in ROOT.glob(pattern)
)

EXAMPLE = re.compile(r"^```(json|toml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
FILE = re.compile(r"[\w./-]+\.(?:md|py|sh|sql|tcss)")
FOLDER = re.compile(r"[\w.-]+(?:/[\w.-]+)*/")
OF_TESTS = re.compile(r"(?:tests|tools|docs|themes)/[\w./-]+")
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
TEST = re.compile(r"test_\w+")
TARGET = re.compile(r"make ([a-z-]+)\b.*")
NOT_NAMES = frozenset({"css", "db", "json", "lock", "md", "mo", "po", "py", "sh", "tcss", "toml", "ttf", "txt", "xml"})
"""File suffixes: a dotted name with such an end is a file's, not a module's."""
ELSEWHERE = frozenset({"backups/", "build/", "build/recipes/", "build/reports/", "dist/", "pages/", "pictures/"})
"""Folders that the documents name but the sources don't have: readers' folders and build results."""
NOT_OURS = frozenset(sys.stdlib_module_names | packages_distributions().keys())


@cache
def structure() -> Structure:
    return Structure()


@cache
def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))


@cache
def file_names() -> frozenset[str]:
    return frozenset(path.name for top in (PACKAGE, "tests", "tools", "docs") for path in (ROOT / top).rglob("*"))


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code_in(document: str) -> Iterator[str]:
    """Yield the code between backquotes in `document`, without fenced blocks."""
    yield from CODE.findall(FENCED.sub("", text_of(document)))


def is_there(code: str) -> bool:
    """Whether the file or folder `code` exists, relative to the root or the package; a bare file name may be in any folder."""
    return (ROOT / code).exists() or (ROOT / PACKAGE / code).exists() or code in file_names()


def is_known(name: str) -> bool:
    """Whether the dotted name `name` exists in our package (with or without its name) or belongs to a library."""
    first, *_, last = name.split(".")
    if first in NOT_OURS or last in NOT_NAMES:
        return True
    if first[0].isupper():
        return any(structure().exists(f"{each}{name[len(first) :]}") for each in structure().classes if each.endswith(f".{first}"))
    return structure().exists(name) or structure().exists(f"{PACKAGE}.{name}")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_and_folders_in_documents_exist(document: str) -> None:
    named = [code for code in code_in(document) if any(kind.fullmatch(code) for kind in (FILE, FOLDER, OF_TESTS))]
    assert [code for code in named if code not in ELSEWHERE and not is_there(code)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_modules_and_functions_in_documents_exist(document: str) -> None:
    named = [code for code in (each.removesuffix("()") for each in code_in(document)) if DOTTED.fullmatch(code)]
    assert [code for code in named if not is_known(code)] == []


def test_list_of_papers_and_its_opml_file_have_the_same_papers() -> None:
    rows = re.findall(r"^\| ([^|]+) \| <([^>]+)> \| (feed|sitemap) \|", text_of("docs/papers.md"), re.MULTILINE)
    listed = parse_opml((ROOT / "docs/papers.opml").read_bytes())
    types = {"rss": "feed", "sitemap": "sitemap"}
    assert [(feed.title, feed.address, types[feed.type]) for feed in listed.feeds] == rows
    assert not listed.unreadable and f"Addresses of {len(rows)} papers" in text_of("docs/papers.md")


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_classes_and_constants_in_documents_of_the_code_exist(document: str) -> None:
    product = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / PACKAGE).rglob("*.py"))
    named = {code for code in code_in(document) if re.fullmatch(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z]+(?:_[A-Z]+)+", code)}
    assert {code for code in named if not re.search(rf"\b{code}\b", product + sources())} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_tests_in_documents_exist(document: str) -> None:
    named = [code for code in code_in(document) if TEST.fullmatch(code)]
    assert [code for code in named if f"def {code}(" not in sources()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_in_documents_exist(document: str) -> None:
    targets = re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE)
    named = [found[1] for code in code_in(document) if (found := TARGET.fullmatch(code))]
    assert [target for target in named if target not in targets] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_exist(document: str) -> None:
    links = [link for link in LINK.findall(text_of(document)) if "://" not in link]
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


def test_links_in_changelog_entries_start_beside_the_changelog() -> None:
    entries = (ROOT / CHANGES).glob("*.md")
    links = [link for entry in entries for link in LINK.findall(entry.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not ROOT.joinpath(link).exists()] == []


def test_every_top_package_is_in_the_picture_and_has_a_row() -> None:
    text = text_of("docs/architecture.md")
    picture = set(re.findall(r"\w+", text.partition("## The picture\n")[2].partition("\nA package may import")[0]))
    rows = set(re.findall(r"`(\w+)/`", "".join(re.findall(r"^\| (`\w+/`.*?) \|", text, re.MULTILINE))))
    packages = {path.parent.name for path in (ROOT / PACKAGE).glob("*/__init__.py")}
    assert packages - rows == set()
    assert packages - picture == set()


def test_reference_names_every_verb() -> None:
    block = text_of("docs/command-line.md").partition("\n## ")[0]
    assert [verb for verb in VERBS if not re.search(rf"bpost \[?{verb}\b", block)] == []


def test_reference_names_every_option_of_each_verb() -> None:
    block, _, rest = text_of("docs/command-line.md").partition("\n## ")[0].partition("\nFILTER is ")
    filters, missing = rest.partition(";")[0], []
    for name, verb in VERBS.items():
        lines = "".join(re.findall(rf"^    bpost \[?{name}\b.*", block, re.MULTILINE)).replace("FILTER", filters)
        words = set(re.findall(r"[\w-]+", lines)) | {"--json"}  # `--json` has a sentence of its own
        missing += [(name, each.label) for each in verb.options if words.isdisjoint(each.flags)]
        missing += [(name, each.label) for each in verb.arguments if each.value == "STORY" and "STORY" not in words]
    assert missing == []


@pytest.mark.parametrize("text", [VERBS["search"].arguments[0].help, (ROOT / "docs/search.md").read_text(encoding="utf-8")])
def test_search_fields_are_in_help_and_documents(text: str) -> None:
    assert [name for name in query_parser._FIELDS if f"{name}:" not in text] == []
    assert all(map(str.isalpha, query_parser._FIELDS))  # required by the query grammar


@pytest.mark.parametrize("document", ["docs/json.md", "docs/schema/story.schema.json"])
def test_fields_of_a_story_are_in_the_documents_on_json(document: str) -> None:
    text = text_of(document)
    names = [field.name for field in FIELDS.values() if field.in_json and field.name in (*Headline._fields, *Story._fields)]
    assert [name for name in names if not re.search(rf"[`\"]{name}[`\"]", text)] == []


def test_weights_of_similarity_are_in_the_document_on_same_news() -> None:
    text = (ROOT / "docs/same-news.md").read_text(encoding="utf-8").replace("−", "-")
    _, _, after = text.partition("| part | two papers | in English | within one | Bengali and English |\n")
    rows = after.partition("\n\n")[0].splitlines()[1:]
    weights = [[float(cell.strip() or 0) for cell in row.split("|")[2:6]] for row in rows]
    assert [*zip(*weights, strict=True)] == [TWO_PAPERS, TWO_LATIN_PAPERS, ONE_PAPER, TWO_SCRIPTS]


def test_page_about_keys_names_every_action() -> None:
    groups = re.findall(r"`([^`]+)`", text_of("docs/keys.md").replace(r"\|", "|"))
    named = {"⏎" if key == "Enter" else key for group in groups for key in group.split()}
    assert [action.id for action in ACTIONS if named.isdisjoint(map(key_label, action.keys))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_examples_in_documents_parse_in_their_language(document: str) -> None:
    read = {"json": json.loads, "toml": tomllib.loads}
    for language, example in EXAMPLE.findall(text_of(document)):
        for each in [example] if language == "toml" else example.split("\n\n"):
            read[language](each)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_table_rows_of_a_document_are_unique(document: str) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", text_of(document), re.MULTILINE):
        subjects = [row.split("|")[1].strip() for row in table.splitlines()[2:]]
        assert [subject for subject in subjects if subject and subjects.count(subject) > 1] == []
