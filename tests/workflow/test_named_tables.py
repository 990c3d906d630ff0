"""Every table by its name."""

import pytest
from builders.exports import Table

from workbench.errors import UsageError
from workbench.jobs.progress import Progress
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


def test_events_of_a_log_show_code_canonical_code_and_latch(session, tmp_path):
    owner = tmp_path / "owner"
    owner.mkdir()
    Table(rows=60).write(owner / "R01.csv")
    (owner / "alarms.csv").write_text(
        "start,end,code,text,level,latched\n2026-03-02 08:01:00,2026-03-02 08:02:00,A12,Cell over-voltage,warning,yes\n"
    )
    entry = session.import_window([owner], Progress())
    (row,) = [r for r in rows_json(session.table("events", entry.id)) if r["lane"] == "alarm"]
    assert (row["code"], row["canonical"], row["latched"], row["severity"], row["text"]) == (
        "A12",
        "OVER_VOLT_WARNING",
        "yes",
        "warning",
        "Cell over-voltage",
    )
