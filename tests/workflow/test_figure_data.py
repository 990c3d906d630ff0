"""Every figure of the report has its table inside the report."""

import csv
import io

import numpy as np
import pytest
from builders.site import record

from workbench.jobs.progress import Progress
from workbench.workflow import report_contents
from workbench.workflow.figure_data import coverage_csv, figure_data


@pytest.fixture
def contents(session):
    record(session)
    return report_contents.gather(
        session.project, session.views, session.studies, session.document, session.render, Progress(),
        prepared_ns=10**18, reviewer="R", principal="P", journal=session.project.journal.head(), draft=False,
    )  # fmt: skip


def rows_of(data):
    return list(csv.reader(io.StringIO(data.decode())))


def test_the_tables_hold_what_the_figures_show_and_are_under_the_signature(contents):
    named = {a.name: a.data for a in contents.attachments}
    heat = rows_of(named["figure-2.csv"])
    assert len(heat) == 1 + sum(len(rack.cells) for rack in contents.heatmap.racks)
    shown = np.array([[float(v) if v else np.nan for v in row[2:]] for row in heat[1:]])
    assert np.allclose(shown, contents.heatmap.value, rtol=1e-5, atol=1e-9, equal_nan=True)
    assert {row[0] for row in rows_of(named["figure-3.csv"])[1:]} >= {"R01", "R02", "R03"}
    statement = named["manifest.json"].decode()
    assert all(f"extracts/figure-{k}.csv" in statement for k in (1, 2, 3))


def test_coverage_says_share_by_signal_and_day_and_nothing_where_nothing_is(contents):
    picture = contents.coverage
    rows = rows_of(coverage_csv(picture))
    assert rows[0][:3] == ["signal", "interval", "share_of_window"]
    assert len(rows[0]) == 3 + len(picture.day_start_ns)
    by_name = {row[0]: row[3:] for row in rows[1:]}
    first = picture.signals.index("Cell voltage")
    assert [float(v) for v in by_name["Cell voltage"]] == pytest.approx(list(picture.share[first]), rel=1e-5)
    absent = next(name for k, name in enumerate(picture.signals) if not np.isfinite(picture.share[k]).any())
    assert set(by_name[absent]) == {""}


def test_without_comparable_racks_there_is_no_third_table(contents):
    assert [a.name for a in figure_data(contents.coverage, contents.heatmap, None)] == ["figure-1.csv", "figure-2.csv"]
