from __future__ import annotations

import pytest

from tests.cli.bpost_process import Bpost
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal


@pytest.fixture(scope="package")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Bpost:
    """Return a `Bpost` whose library has the whole sample edition; a test that changes it must make a copy."""
    with SamplePortal(NOW) as portal:
        bpost = Bpost(tmp_path_factory.mktemp("saved"), portal.address)
        bpost.run("refresh", "--pages", "all")
        return bpost
