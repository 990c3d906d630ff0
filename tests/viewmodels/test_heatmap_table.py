"""A heatmap as a table."""

import numpy as np
from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.viewmodels.heatmap_table import rows_table


def test_every_row_says_its_extremes(session):
    request = session.views.full_request(session.window_id(), max_rows=500)
    picture = session.heatmap(request, Progress())
    table = rows_table(picture)
    assert len(table.rows) == len(picture.value)
    low = np.nanmin(picture.low_value[4])
    assert table.rows[4][1].text.startswith("−" if low < 0 else str(int(low)))
    assert table.rows[4][0].text == "R01 · C005"
    several = rows_table(session.heatmap(replace(request, max_rows=6), Progress()))
    assert several.rows[0][0].text == "R01 · C001–C008"
    assert table.keys == tuple(row[0].text for row in table.rows)


def test_a_row_without_data_says_so(session):
    picture = session.heatmap(session.views.full_request(session.window_id(), quantity="balancing"), Progress())
    assert "not recorded" in picture.caption.title
    assert {row[1].text for row in rows_table(picture).rows} == {"no data"}
    assert {row[3].text for row in rows_table(picture).rows} == {"0.0\u202f%"}
