"""Every table by its name."""

import pytest

from workbench.errors import UsageError
from workbench.workflow.named_tables import NAMES, rows_json
from workbench.workflow.session import Session


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_a_table_whose_rows_have_keys(session, name):
    table = session.table(name)
    assert len(table.keys) == len(table.rows)
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len(rows_json(table)) == len(table.rows)


def test_an_unknown_name_is_refused_with_the_known_ones(session):
    with pytest.raises(UsageError, match="posture"):
        session.table("weather")


def test_before_the_study_a_table_says_how_to_get_one(project):
    for kept in (project / "derived").glob("study-*.json"):
        kept.unlink()
    with Session.open(project, author="x") as session:
        assert "run it first" in session.table("cells").rows[0][0].text
