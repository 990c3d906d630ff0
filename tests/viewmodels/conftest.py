"""Two racks of known samples."""

import pytest
from builders.plants import facts, rack, series


@pytest.fixture
def racks():
    return [series(rack("R01"), seed=1), series(rack("R02"), seed=2)]


@pytest.fixture
def window(racks):
    return facts(racks)
