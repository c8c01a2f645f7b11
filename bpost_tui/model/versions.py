"""Which version of a story wins, field by field: every rule that answers this. Pure.

There are three occasions. A field that one version leaves empty is taken from the other.

    field            complete(item, account)    update(known, sent)       reconcile(ours, theirs)
    guid             item                       known                     ours
    title, link      item                       the later one             the later one
    author, excerpt  item                       the later one             the later one
    published        item                       the later one             the later one
    image            item                       the later one             the later one
    modified         account                    the later one             the later one
    categories       account                    the later one             the later one
    tags             account, where it names    the later one             the later one
                     categories: a feed's item
                     can't tell the two
    blocks, full     account, where it has      a whole text before a     a whole text before a
                     the whole text             summary, else the later   summary, else the later

"The later one" has the later `modified`. Where the two are equal, or one is unknown, it is `sent`, or `ours`.
"""

from __future__ import annotations

from bpost_tui.model.story import Story


def complete(item: Story, account: Story | None) -> Story:
    """Return a feed's item with what another account of the story (wp-json's, or its page's) knows better."""
    if account is None:
        return item
    is_whole = account.full and bool(account.blocks)
    return item._replace(
        author=item.author or account.author,
        published=item.published or account.published,
        modified=account.modified or item.modified,
        categories=account.categories or item.categories,
        tags=account.tags if account.categories else item.tags,
        excerpt=item.excerpt or account.excerpt,
        blocks=account.blocks if is_whole else item.blocks,
        image=item.image or account.image,
        full=is_whole or item.full,
    )


def update(known: Story, sent: Story) -> Story:
    """Return what is known of a story after it was sent again: no summary replaces a whole text, nothing older what is newer."""
    is_outdated = sent.modified is not None and known.modified is not None and sent.modified < known.modified
    later, other = (known, sent) if is_outdated else (sent, known)
    text = max((later, other), key=lambda story: (bool(story.blocks), story.full))
    return Story(
        guid=known.guid,
        title=later.title or other.title,
        link=later.link or other.link,
        author=later.author or other.author,
        published=later.published or other.published,
        modified=later.modified or other.modified,
        categories=later.categories or other.categories,
        tags=later.tags or other.tags,
        excerpt=later.excerpt or other.excerpt,
        blocks=text.blocks,
        image=later.image or other.image,
        full=text.full,
    )


def reconcile(ours: Story, theirs: Story) -> Story:
    """Return this library's version of a story after another library's was imported."""
    return update(theirs, ours)._replace(guid=ours.guid)
