"""workbench show."""

import pytest

from workbench.workflow.named_tables import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_table(run, project, name):
    assert run("show", project, name).code == 0


def test_the_weak_cell_stands_first_and_rows_can_be_limited(run, project):
    rows = run("show", project, "cells", "--most", "3", "--json").json
    assert len(rows) == 3
    assert rows[0]["cell"] == "R01 · M1 · C005"


def test_an_unknown_table_or_window(run, project):
    assert run("show", project, "weather").code == 2
    assert run("show", project, "cells", "--window", "May").code == 4


def test_an_import_that_was_killed_is_said(run, project):
    (project / "derived" / ".abc.begun").write_text('["workbench", "import", "p", "a.csv"]')
    assert "To begin it again: workbench import p a.csv" in run("show", project, "windows").out
    assert "begin it again" not in run("show", project, "windows").out
