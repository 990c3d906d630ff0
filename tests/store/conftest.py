"""A new project and a window in it."""

import pytest
from builders import windows

from workbench.store.project import Project


@pytest.fixture
def fresh(tmp_path):
    with Project.create(tmp_path / "new.bessreview") as made:
        yield made


@pytest.fixture
def written(fresh):
    """(facts, entry, series) of a window in `fresh`."""
    return windows.write(fresh)
