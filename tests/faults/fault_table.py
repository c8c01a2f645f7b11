"""Table of all faults."""

from __future__ import annotations

from tests.faults import (
    table_connection,
    table_documents,
    table_html,
    table_http,
    table_images,
    table_json,
    table_other_hosts,
    table_page,
    table_redirects,
    table_sitemap,
    table_stories,
    table_text,
    table_xml,
)
from tests.faults.fault import Fault

_TABLES = (
    *(table_http, table_connection, table_redirects, table_other_hosts, table_documents, table_xml, table_stories, table_text),
    *(table_html, table_images, table_json, table_page, table_sitemap),
)
FAULTS: tuple[Fault, ...] = tuple(fault for table in _TABLES for fault in table.FAULTS)
