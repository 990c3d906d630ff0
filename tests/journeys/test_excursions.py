"""A single sample that strays by 10 mV is contained in, and marked on, every picture of it; noise alone marks next to nothing (T8)."""

import numpy as np
import pytest
from builders import windows
from builders.plants import rack, series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.asset.rack_median import deviation_half_mv, rack_median_half_mv
from workbench.jobs.progress import Progress
from workbench.store.overviews import build_overview
from workbench.store.project import Project
from workbench.store.viewport import EXACT, FIRST, Viewport, fetch
from workbench.viewmodels.heatmap import FALSE_MARKS, Extremes, heatmap_picture
from workbench.viewmodels.requests import HeatmapRequest

CELLS, SAMPLES, EVENTS, EXCURSION_MV = 60, 30_000, 60, 10
RACKS = ("R01", "R02")


def site():
    """Two racks with the imbalance of full and empty cells, 1 mV of noise, and nothing else."""
    made = []
    for number, name in enumerate(RACKS):
        one = series(rack(name, CELLS), samples=SAMPLES, seed=number)
        rng = np.random.default_rng(number)
        knee = np.maximum(np.sin(np.arange(SAMPLES) / 2000), 0) ** 8  # at the knees healthy cells stray by tens of millivolts
        level = 3300 + 50 * np.sin(np.arange(SAMPLES) / 300) + rng.normal(0, 30, (CELLS, 1)) * knee + rng.normal(0, 2, (CELLS, 1))
        one.cell_voltage_mv[:] = np.rint(level + rng.normal(0, 1, (CELLS, SAMPLES)))
        made.append(one)
    return made


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """The same window without and with the events: reader, overview; and where they are: (rack, cell, sample, sign)."""
    rng = np.random.default_rng(8)
    events = [
        (int(rng.integers(2)), int(rng.integers(CELLS)), int(rng.integers(1, SAMPLES - 1)), int(rng.choice([-1, 1]))) for _ in range(EVENTS)
    ]
    calm, struck = site(), site()
    for place, cell, sample, sign in events:
        struck[place].cell_voltage_mv[cell, sample] += sign * EXCURSION_MV
    folder = tmp_path_factory.mktemp("excursions")
    with (
        Project.create(folder / "calm.bessreview") as one,
        Project.create(folder / "struck.bessreview") as two,
    ):
        windows.write(one, calm, block=9000)
        windows.write(two, struck, block=9000)
        with one.window(windows.ID) as quiet, two.window(windows.ID) as loud:
            made = (quiet, build_overview(one, quiet, Progress())), (loud, build_overview(two, loud, Progress()))
            loud.series("R01")  # starts the threads that decode
            quiet.series("R01")
            yield *made, events, struck


def picture(reader, overview, view, most):
    """What the store hands over, and the heatmap made of it."""
    got = fetch(reader, overview, view, most)
    extremes = Extremes(
        got.rows, got.low, got.high, got.spike, got.count, got.edges_ns, got.cells_per_row, got.bucket_s, got.exact,
        spike_noise_mv=got.spike_noise_mv,
    )  # fmt: skip
    request = HeatmapRequest(window_id=windows.ID, start_ns=view.start_ns, end_ns=view.end_ns, quantity=view.quantity)
    return got, heatmap_picture(request, reader.facts, reader.root, extremes, {})


@st.composite
def zooms(draw):
    """An event and a viewport around it: any extent in time, one rack or both, any number of pixels."""
    event = draw(st.integers(0, EVENTS - 1))
    before, after = (draw(st.integers(2, SAMPLES)) for _ in range(2))
    pixels = draw(st.sampled_from([(10, 40), (60, 300), (120, 2000), (1, 1)]))
    return (
        event,
        before,
        after,
        draw(st.booleans()),
        pixels,
        draw(st.sampled_from(["deviation", "raw"])),
        draw(st.sampled_from([0, FIRST, EXACT])),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(zooms())
def test_contained_at_every_zoom(worlds, zoom):
    _, (reader, overview), events, struck = worlds
    event, before, after, both, pixels, quantity, most = zoom
    place, cell, sample, _ = events[event]
    time_ns = struck[place].time_ns
    view = Viewport(
        int(time_ns[max(sample - before, 0)]),
        int(time_ns[min(sample + after, SAMPLES - 1)]) + 1,
        tuple((name, 1, CELLS) for name in (RACKS if both else RACKS[place : place + 1])),
        *pixels,
        quantity,
    )
    got, _ = picture(reader, overview, view, most)
    row = next(i for i in reversed(range(len(got.rows))) if got.rows[i][0] == RACKS[place] and got.rows[i][1] <= cell + 1)
    column = int(np.searchsorted(got.edges_ns, time_ns[sample], side="right")) - 1
    voltage = struck[place].cell_voltage_mv
    if quantity == "raw":
        assert got.low[row, column] <= voltage[cell, sample] / 1000 <= got.high[row, column]
    else:
        one = voltage[:, sample : sample + 1]
        deviation = deviation_half_mv(one, rack_median_half_mv(one))[cell, 0] / 2
        assert got.low[row, column] <= deviation <= got.high[row, column]
    assert got.spike[row, column] >= 4


def test_contained_at_every_level_and_group(worlds):
    _, (_, overview), events, struck = worlds
    for place, cell, sample, _ in events:
        for group, levels in overview.grouped.items():
            for level, planes in enumerate(levels):
                row = overview.rows(RACKS[place], cell // group * group + 1, cell + 1, group).start
                bucket = int((struck[place].time_ns[sample] - overview.start_ns) // overview.bucket_ns_at(level))
                value = struck[place].cell_voltage_mv[cell, sample]
                assert planes["raw_min"][row, bucket] <= value <= planes["raw_max"][row, bucket]
                assert planes["spike"][row, bucket] >= 8


ZOOMS = [(rows, columns, share) for rows in (120, 6) for columns in (2000, 200) for share in (1, 16)]


def test_visible_at_every_zoom_and_noise_is_not(worlds):
    """At least 95 % of the events carry a mark; without events at most 0.1 % of the pixels of all these zooms do."""
    (quiet, plain), (loud, overview), events, struck = worlds
    marked, pixels = 0, 0
    for rows, columns, share in ZOOMS:
        seen = []
        for place, cell, sample, _ in events:
            time_ns = struck[place].time_ns
            span = SAMPLES // share
            first = min(max(sample - span // 2, 0), SAMPLES - span)
            view = Viewport(
                int(time_ns[first]),
                int(time_ns[first + span - 1]) + 1,
                tuple((name, 1, CELLS) for name in RACKS),
                rows,
                columns,
                "deviation",
            )
            got, shown = picture(loud, overview, view, FIRST)
            row = next(i for i in reversed(range(len(got.rows))) if got.rows[i][0] == RACKS[place] and got.rows[i][1] <= cell + 1)
            seen.append(bool(shown.spike[row, int(np.searchsorted(got.edges_ns, time_ns[sample], side="right")) - 1]))
            if share == 1 or len(seen) % 20 == 0:
                _, calm = picture(quiet, plain, view, FIRST)
                marked, pixels = marked + int(calm.spike.sum()), pixels + calm.spike.size
            if share == 1 and len(seen) >= 20:
                break
        assert np.mean(seen) >= 0.95, (rows, columns, share, shown.spike_limit_mv)
    assert marked / pixels <= FALSE_MARKS
