"""Registry of the kinds of papers."""

from __future__ import annotations

import pickle
import pkgutil
from importlib import import_module
from typing import NoReturn

from bpost_tui.model.paper import WORDPRESS
from bpost_tui.portal import kinds
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.wordpress.wp_json import ApiCallbacks


async def nothing(*_: object) -> NoReturn:
    raise AssertionError("asked")


def test_every_module_of_a_kind_is_registered() -> None:
    modules = {module.name for module in pkgutil.iter_modules(kinds.__path__)} - {"paper_kind"}
    assert {import_module(f"{kinds.__name__}.{name}").KIND for name in modules} == set(KINDS.values())


def test_a_feed_is_preferred_to_a_sitemap_and_a_wordpress_portal_to_both() -> None:
    assert list(KINDS) == [WORDPRESS, "feed", "sitemap"]


def test_kind_of_paper_has_a_stable_address_and_a_feed_on_its_site() -> None:
    for kind in KINDS.values():
        address = kind.address("https://paper.example/news/")
        assert kind.address(address) == address
        assert kind.feed(address).startswith(kind.front_page(address))
        assert kind.site(address, ApiCallbacks(nothing, nothing)).base.startswith("https://paper.example/news")
        assert pickle.loads(pickle.dumps(kind)) == kind
