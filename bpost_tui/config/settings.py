"""Settings: the table of their names, types, defaults, descriptions and valid values in a config file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar, cast

from bpost_tui.config.value_types import (
    COMMAND,
    LISTEN,
    PROGRAM,
    TARGET,
    WORDS,
    Command,
    ShareTarget,
    ValueType,
    VoiceCommand,
    as_folder,
    as_names,
    as_paths,
    as_service,
    as_tuple,
    between,
    checked_age,
    one_of,
    string,
    strings,
)
from bpost_tui.i18n import message
from bpost_tui.mark_changes.field_changes import MUTE_FIELDS
from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.paper import WORDPRESS
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import feed_address, portal_address, portal_key

KeyBindings = Mapping[str, tuple[str, ...]]
"""Maps the id of an action, such as opening a story, to the names of the keys that run it."""
NO_KEYS: Final[KeyBindings] = MappingProxyType({})

LANGUAGES = ("auto", "bn", "en")
TEXTS = ("auto", "pixels", "mosaic", "cells")
OPENED = ("audio", "video", "image", "document", "post", "talk", "page")
"""Kinds of media that can have a program of their own in the config (`model.media_kind.MediaKind`)."""
KEYBOARDS = ("auto", "probhat", "inscript", "ben", "bd", "avro")

DEFAULT_PORTAL = "https://thebengalpost.net"
SAMPLE_NAME = message("The Bengal Post: sample edition")
SAMPLE_NAMES = SAMPLE_NAME, message("Sample Gazette")
"""Names of the sample edition's two papers in their feeds; also message ids.

The English names have Latin letters, so each takes only one terminal row even if Bengali is drawn in block characters (a mosaic).
"""


_ORDERS = one_of(*(order.value for order in ListOrder))


class PortalSetting(NamedTuple):
    """Paper in the config file."""

    address: str
    """Address of a WordPress portal's front page, or of a feed."""
    name: str = ""
    """Name that the reader has given the paper; empty for the paper's own name."""
    categories: tuple[str, ...] = ()
    """Slugs (names in addresses) of the only categories to fetch; empty to fetch the front page's feed or the whole feed."""
    refresh_minutes: int | None = None
    """Minutes between fetches of the paper's news; None if the setting for all papers applies."""
    kind: str = WORDPRESS
    """Kind of paper: a key of `portal.kinds.KINDS`."""
    groups: tuple[str, ...] = ()
    """Names of the groups that the paper belongs to."""
    text: str = ""
    """CSS selector of the elements that hold a story's text on the paper's pages; empty if bpost finds them."""

    @property
    def key(self) -> str:
        """Key of the paper in the library's database."""
        return portal_key(self.address)


@cache
def _kind_type() -> object:
    """Return the type for msgspec that allows only the names of kinds of papers, such as "feed"."""
    from bpost_tui.portal.kinds import KINDS  # 2 ms, only if the config names a kind

    return one_of(*KINDS)()


PORTAL_VALUES: Final[Mapping[str, ValueType]] = MappingProxyType(
    {
        "address": ValueType("an http or https address", string, feed_address),
        "name": ValueType("a text", string),
        "categories": ValueType("a text or a list of texts", strings, as_tuple),
        "refresh_minutes": ValueType("a whole number from 0 to 10080", between(int, 0, 10080)),
        "kind": ValueType('a kind of paper, such as "feed"', _kind_type),
        "groups": ValueType("a text or a list of texts", strings, as_names),
        "text": ValueType('a CSS selector, such as "div.story-body"', string),
        "feed": ValueType("true or false", lambda: bool),  # `kind = "feed"`, as earlier versions wrote it
    }
)
"""Types of the valid fields of a paper in `portals`. A paper with only an address may be written as that address alone."""


def portal_setting(values: Mapping[str, Any]) -> PortalSetting:
    """Return the paper with the valid fields `values`. Its address is converted to the normal form for its kind of paper.

    Raises UsageError if the kind can't have such an address.
    """
    fields = dict(values)
    kind = fields.setdefault("kind", "feed" if fields.pop("feed", False) else WORDPRESS)
    if kind == WORDPRESS:  # without loading the other kinds, 2 ms
        return PortalSetting(**{**fields, "address": portal_address(fields["address"])})
    from bpost_tui.portal.kinds import KINDS

    return PortalSetting(**{**fields, "address": KINDS[kind].address(fields["address"])})


T = TypeVar("T")


class Setting:
    """Entry in the table of settings.

    Args:
        default: Value if the config file doesn't have the setting.
        description: Description of the setting; a message id.
        value: Type of the setting's values in a config file; None if the setting is a table or a list of papers.
        table: Types of the values in the setting's table, by name; empty for settings that aren't tables, and for the table `keys`,
            which has a name for each action.
        each: Types of the fields of a paper, by name, if the setting is a list of papers; otherwise empty.
        named: Type of all values in the setting's table, if the reader chooses their names; otherwise None.
    """

    __slots__ = ("default", "description", "each", "named", "table", "value")

    def __init__(
        self,
        default: object,
        description: str,
        value: ValueType | None,
        table: Mapping[str, ValueType],
        each: Mapping[str, ValueType],
        named: ValueType | None,
    ) -> None:
        self.default, self.description, self.value = default, description, value
        self.table, self.each, self.named = table, each, named


def setting(
    default: T,
    description: str,
    value: ValueType | None = None,
    *,
    table: Mapping[str, ValueType] = MappingProxyType({}),
    each: Mapping[str, ValueType] = MappingProxyType({}),
    named: ValueType | None = None,
) -> T:
    """Return an entry for the table of settings. The type checker takes it for a value of the type of `default`.

    Args:
        default: Value if the config file doesn't have the setting.
        description: Description of the setting; a message id.
        value: Type of the setting's values in a config file; None if the setting is a table or a list of papers.
        table: Types of the values in the setting's table, by name; empty for settings that aren't tables, and for the table `keys`,
            which has a name for each action.
        each: Types of the fields of a paper, by name, if the setting is a list of papers; otherwise empty.
        named: Type of all values in the setting's table, if the reader chooses their names; otherwise None.
    """
    return cast(T, Setting(default, description, value, table, each, named))


_BANGLA_DATES: Final[Mapping[object, str]] = {True: "auto", False: "off"}
"""Maps each value that the setting `bangla_date` had in earlier versions, with only one Bangla calendar, to its present value."""


def _bangla_date() -> object:
    return Literal["auto", "west-bengal", "bangladesh", "off"] | bool


class Settings(NamedTuple):
    """Settings of the reader; each field is a key of the config file."""

    portal: str = setting(
        DEFAULT_PORTAL,
        "The address of the WordPress portal to read.",
        ValueType("an http or https address", string, portal_address),
    )
    portals: tuple[PortalSetting, ...] = setting(
        (),
        "The papers to read, in place of `portal`, the preferred one first: the address of a WordPress portal, or a table "
        "with `address`, `name`, `categories`, `refresh_minutes`, `groups`, `text`, "
        'and `kind = "feed"` or `"sitemap"` for another site.',
        each=PORTAL_VALUES,
    )
    language: str = setting(
        "auto",
        'The language of the interface: "bn", "en", or "auto" for the locale\'s.',
        ValueType('"auto", "bn" or "en"', one_of(*LANGUAGES)),
    )
    bangla_date: str = setting(
        "auto",
        'Bangla calendar of the second date: "west-bengal", "bangladesh", "off", or "auto" (by the country of the paper '
        "or the system).",
        ValueType('"auto", "west-bengal", "bangladesh" or "off"', _bangla_date, lambda value: _BANGLA_DATES.get(value, value)),
    )
    times: str = setting(
        "india",
        'Time zone of dates and times: "india", or your "own" (this machine\'s).',
        ValueType('"india" or "own"', one_of("india", "own")),
    )
    story_order: str = setting(
        "newest",
        'How lists are sorted at the start: "newest" or "oldest" first; `R` reverses it.',
        ValueType('"newest" or "oldest"', _ORDERS),
    )
    category_order: str = setting(
        "name",
        'The order of the categories: by "name", so that they keep their numbers, or by "unread", the most first.',
        ValueType('"name" or "unread"', one_of("name", "unread")),
    )
    text: str = setting(
        "auto",
        'How to draw type: "pixels", "mosaic", "cells", or "auto" for the best that this terminal can show.',
        ValueType('"auto", "pixels", "mosaic" or "cells"', one_of(*TEXTS)),
    )
    theme: str = setting(
        "auto",
        'The name of a theme, a bundled one or your own; "auto" is newsprint, or night on a dark terminal.',
        ValueType("a theme's name", string),
    )
    font: tuple[Path, ...] = setting(
        (), "Font files to try before the bundled ones.", ValueType("a font file or a list of font files", strings, as_paths)
    )
    zoom_px: int = setting(
        0, "Pixels to add to the size of the type.", ValueType("a whole number from -12 to 64", between(int, -12, 64))
    )
    text_width: int = setting(
        72, "The maximum width of a story's column, in cells.", ValueType("a whole number from 20 to 400", between(int, 20, 400))
    )
    line_pitch: float = setting(
        1.5,
        "The distance between lines, as a multiple of the type's size.",
        ValueType("a number from 1 to 3", between(float, 1, 3)),
    )
    pictures: str = setting(
        "ask",
        'When to fetch a story\'s pictures: "ask", "always" or "never".',
        ValueType('"ask", "always" or "never"', one_of("ask", "always", "never")),
    )
    pictures_mb: int = setting(
        200,
        "Maximum disk space for saved pictures, in MB.",
        ValueType("a whole number from 1 to 100000", between(int, 1, 100_000)),
    )
    library_mb: int = setting(
        4000,
        "Maximum disk space for stories and marks, in MB; when it is full, no more stories are saved, and bpost says so.",
        ValueType("a whole number from 10 to 1000000", between(int, 10, 1_000_000)),
    )
    refresh_minutes: int = setting(
        15,
        "How often to fetch new stories while the reader is open, in minutes; 0: only when you ask.",
        ValueType("a whole number from 0 to 10080", between(int, 0, 10080)),
    )
    notify: tuple[str, ...] = setting(
        (),
        'Which new stories to notify the desktop of: slugs of categories, and "search:" with a saved search\'s name.',
        ValueType('categories or searches, such as ["education", "search:name"]', strings, as_tuple),
    )
    keep: str = setting(
        "all",
        'How long to keep stories: "all", or an age like "90d", "6m" or "2y"; starred stories and those in a list are never '
        "removed.",
        ValueType('"all", or an age like "90d", "6m" or "2y"', string, checked_age),
    )
    sync_folder: str = setting(
        "",
        "A folder that another program syncs between your machines (Syncthing, Nextcloud, Dropbox): marks, positions, "
        "saved searches, passages, lists and what you mute are then the same on all of them. Empty: none.",
        ValueType('a folder\'s whole path, such as "~/Sync/bpost"', lambda: str, as_folder),
    )
    service: Mapping[str, Any] = setting(
        MappingProxyType({}),
        "A feed server that phones also read (Miniflux, FreshRSS, any with the Google Reader API): `address`, `user` and "
        "`password_command`, which writes the password. Read, starred and read-later marks are then the same there.",
        table={
            "address": ValueType("an https address, or one of this machine", lambda: str, as_service, ""),
            "user": ValueType("a text", lambda: str, None, ""),
            "password_command": COMMAND,
            "password": ValueType("a text", lambda: str, None, ""),
            "insecure_http": ValueType("true or false", lambda: bool, None, False),
        },
    )
    listen: VoiceCommand = setting(
        ("espeak-ng", "-v", "bn"),
        "The program that reads aloud; it gets one sentence at a time on stdin. A list of arguments, a line for the shell, "
        "or a table for a program that keeps running; [] for none.",
        LISTEN,
    )
    hooks: Mapping[str, Command] = setting(
        MappingProxyType({}),
        "Programs to run when something happens: `new_stories` runs after each refresh that brings new stories, "
        "and gets them as JSON on stdin.",
        table={"new_stories": COMMAND},
    )
    mute: Mapping[str, tuple[str, ...]] = setting(
        MappingProxyType({}),
        "Stories to hide: those with any of these `words`, `tags`, `categories` or `authors`; `M` shows them.",
        table=dict.fromkeys(MUTE_FIELDS, WORDS),
    )
    share: Mapping[str, ShareTarget] = setting(
        MappingProxyType({}),
        "More share targets for `e`: a program with its arguments, or an address; {link} and {title} are filled in.",
        named=TARGET,
    )
    open: Mapping[str, tuple[str, ...]] = setting(
        MappingProxyType({}),
        "Programs that open a story's links and media, by kind: `audio`, `video`, `image`, `document`, `post`, `talk`, "
        "`page`; {link} is the address. All other kinds open in the browser.",
        table=dict.fromkeys(OPENED, PROGRAM),
    )
    same_news_once: bool = setting(
        True,
        "Whether the list of all papers groups the same news of several papers; `%` switches that.",
        ValueType("true or false", lambda: bool),
    )
    same_news_read_all: bool = setting(
        True,
        "Whether reading a story also marks read the stories of its group that add nothing to it.",
        ValueType("true or false", lambda: bool),
    )
    changed_since_read: bool = setting(
        True,
        "Whether a sign and a list show stories that the paper has changed in a way that matters since you read them.",
        ValueType("true or false", lambda: bool),
    )
    paragraphs: str = setting(
        "space",
        'What separates the paragraphs of a story: "space" (a blank line), or "indent", as in newspapers, which shows more text.',
        ValueType('"space" or "indent"', one_of("space", "indent")),
    )
    keyboard: str = setting(
        "auto",
        'The Bengali keyboard layout whose letters work as keys: "probhat", "inscript", "ben", "bd", "avro", '
        'or "auto" for all of them, in that order.',
        ValueType('"auto", "probhat", "inscript", "ben", "bd" or "avro"', one_of(*KEYBOARDS)),
    )
    front_page: bool = setting(
        True,
        "Whether to save the first page when you quit, to show it at once at the next start.",
        ValueType("true or false", lambda: bool),
    )
    keys: KeyBindings = setting(NO_KEYS, "The keys of each action, by its id.")

    @property
    def papers(self) -> tuple[PortalSetting, ...]:
        """Papers to read, at least one; the preferred paper is the first."""
        return self.portals or (PortalSetting(self.portal),)

    def of_portals(self) -> Settings:
        """Return the settings with `portal` replaced by the address of the first paper in `portals`, unless that list is empty."""
        return self._replace(portal=self.portals[0].address) if self.portals else self

    def of_portal(self, address: str) -> Settings:
        """Return the settings with the paper at `address` as the only paper. Its entry in `portals` is kept if it has one."""
        named = tuple(each for each in self.portals if each.key == portal_key(address))
        return self._replace(portals=named, portal=named[0].address if named else address)


SETTINGS: Final[Mapping[str, Setting]] = Settings._field_defaults
"""Maps the name of each setting to its entry in the table."""
Settings.__new__.__defaults__ = tuple(each.default for each in SETTINGS.values())

_KEY_OR_KEYS: Final = {
    "anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}]
}


def json_schema(actions: Iterable[str]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a config file whose `[keys]` may name these actions."""
    properties = {}
    for name, row in SETTINGS.items():
        if row.value:
            default = list(row.default) if isinstance(row.default, tuple) else row.default
            schema = {**row.value.schema(), "default": default}
        elif row.each:
            entry = {**_object({each: value.schema() for each, value in row.each.items()}), "required": ["address"]}
            schema = {"type": "array", "items": {"anyOf": [row.each["address"].schema(), entry]}, "default": []}
        elif row.table:
            schema = _object({each: value.schema() for each, value in row.table.items()})
        elif row.named:
            schema = {"type": "object", "additionalProperties": row.named.schema()}
        else:
            schema = _object(dict.fromkeys(actions, _KEY_OR_KEYS))
        properties[name] = {**schema, "description": row.description}
    title = "bpost's config.toml"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **_object(properties)}


def _object(properties: Mapping[str, object]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}
