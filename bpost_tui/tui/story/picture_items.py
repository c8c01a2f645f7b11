"""Items of a story's page for its pictures. A page consists of items such as paragraphs, headings and pictures."""

from __future__ import annotations

from functools import partial

from bpost_tui.core import templates
from bpost_tui.core.picture_cache import PictureCache, PicturePending, PictureReady, PictureUnavailable
from bpost_tui.model.blocks import Image
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.typesetting.typeset.items import Item


class PictureItems:
    """Makes the items of a page that show pictures: the picture if it is loaded, otherwise an empty frame or a text label.

    Args:
        cache: Cache of pictures.
    """

    def __init__(self, context: ScreenContext, cache: PictureCache) -> None:
        self._context = context
        self.cache = cache
        self.hidden: set[int] = set()
        """Ids of the stories whose pictures the reader has hidden."""

    @property
    def can_show(self) -> bool:
        """Whether the reader wants pictures, and the render mode (such as pixels or plain text) can draw them."""
        return self._context.settings.pictures != "never" and self._context.renderer.photo_colours is not None

    @property
    def is_showing(self) -> bool:
        """Whether a story is on the screen and the reader hasn't hidden its pictures."""
        saved = self._context.session.story
        return saved is not None and saved.headline.id not in self.hidden

    def picture_item(self, image: Image) -> Item:
        """Return the page's item for `image`: the picture, an empty frame while it is loading, or a text label with its state."""
        text, label = self._context.text, partial(templates.label, image, self._context.language)
        if not self.can_show:
            return label()
        match self.cache.state(image.src) if self.is_showing else None:
            case PictureReady(width_px, height_px):
                return templates.figure(image, (width_px, height_px), partial(self.cache.scaled_picture, image.src))
            case PicturePending() if image.width_px:
                return templates.figure(image, (image.width_px, image.height_px), templates.picture_placeholder)
            case PicturePending():
                return label(note=text("loading …"))
            case PictureUnavailable():
                return label(note=text("not available"))
            case None:
                return label(note=text("{key}: show it", key=self._context.keys.key_label("pictures")))
