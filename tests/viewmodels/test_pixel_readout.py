"""What a pixel holds, beside what its colour shows."""

from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.viewmodels.pixel_readout import pixel_lines


def picture(session, **changes):
    whole = session.views.full_request(session.window_id(), max_rows=24, max_columns=50)
    return session.heatmap(replace(whole, **changes), Progress())


def at(made, column):
    return int(made.edges_ns[column]) + 1


def test_a_pixel_of_several_cells_says_its_samples_and_how_far_they_reach(session):
    made = picture(session)
    lines = dict(pixel_lines(made, "R01", 5, at(made, 20)))
    row = next(i for i, cell in enumerate(made.racks[0].cells) if cell <= 5 < cell + made.cells_per_row)
    assert lines["Pixel"].replace("\u202f", "").startswith(f"{made.count[row, 20]} samples of {int(made.cells_per_row)} cell")
    low, _, high = lines["Lowest … highest"].partition(" … ")
    assert float(low.replace("−", "-")) == round(made.low_value[row, 20], 1)
    assert float(high.split("\u202f")[0].replace("−", "-")) == round(made.high_value[row, 20], 1)


def test_a_folded_rack_says_its_median_too(session):
    made = picture(session, folded=("R01",))
    lines = dict(pixel_lines(made, "R01", 0, at(made, 20)))
    assert list(lines) == ["Pixel", "Median in it", "Lowest … highest"]


def test_counts_have_no_reach_and_a_result_is_one_value(session):
    made = picture(session, reduction="count")
    assert list(dict(pixel_lines(made, "R02", 3, at(made, 4)))) == ["Pixel"]
    made = picture(session, quantity="result:maximum", max_rows=400)
    assert pixel_lines(made, "R02", 3, at(made, 0)) == ()


def test_out_of_view_nothing_is_said(session):
    made = picture(session, racks=("R01",))
    assert pixel_lines(made, "R02", 3, at(made, 4)) == ()
    assert pixel_lines(made, "R01", 3, int(made.edges_ns[0]) - 1) == ()
    assert pixel_lines(None, "R01", 3, 0) == ()
