"""A single sample that strays by 10 mV is contained in, and marked on, every picture of it; noise alone marks next to nothing (T8).

The limit of a mark comes from the theory of noise (asset/spike_noise.py); seeds and kinds of noise here took no part in it.
"""

import numpy as np
import pytest
from builders import windows
from builders.excursions import CELLS, MISSING, RACKS, marks, picture, site
from builders.plants import rack, series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.asset.rack_median import deviation_half_mv, rack_median_half_mv
from workbench.jobs.progress import Progress
from workbench.store.overviews import build_overview
from workbench.store.project import Project
from workbench.store.viewport import EXACT, FIRST, Viewport, fetch
from workbench.viewmodels.heatmap import FALSE_MARKS

SAMPLES, EVENTS = 30_000, 60
BORDER_SAMPLES, BORDER_CELLS = 3000, 45


@pytest.fixture(scope="module")
def struck(tmp_path_factory):
    """A window with events: reader, overview, the events, the series."""
    made, events = site("normal 1 mV", 8, SAMPLES, EVENTS)
    with Project.create(tmp_path_factory.mktemp("excursions") / "struck.bessreview") as project:
        windows.write(project, made, block=9000)
        with project.window(windows.ID) as reader:
            yield reader, build_overview(project, reader, Progress()), events, made


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


def pixel_of(got, name, cell, time_ns):
    """Row and column of a zero-based cell at an instant."""
    row = next(i for i in reversed(range(len(got.rows))) if got.rows[i][0] == name and got.rows[i][1] <= cell + 1)
    return row, int(np.searchsorted(got.edges_ns, time_ns, side="right")) - 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(zooms())
def test_contained_at_every_zoom(struck, zoom):
    reader, overview, events, made = struck
    event, before, after, both, pixels, quantity, most = zoom
    place, cell, sample = events[event]
    time_ns = made[place].time_ns
    view = Viewport(
        int(time_ns[max(sample - before, 0)]),
        int(time_ns[min(sample + after, SAMPLES - 1)]) + 1,
        tuple((name, 1, CELLS) for name in (RACKS if both else RACKS[place : place + 1])),
        *pixels,
        quantity,
    )
    got = fetch(reader, overview, view, most)
    row, column = pixel_of(got, RACKS[place], cell, time_ns[sample])
    voltage = made[place].cell_voltage_mv
    if quantity == "raw":
        assert got.low[row, column] <= voltage[cell, sample] / 1000 <= got.high[row, column]
    else:
        one = voltage[:, sample : sample + 1]
        deviation = deviation_half_mv(one, rack_median_half_mv(one))[cell, 0] / 2
        assert got.low[row, column] <= deviation <= got.high[row, column]
    assert got.spike[row, column] >= 4


BORDERS = [
    0,
    1,
    63,
    64,
    127,
    128,
    255,
    511,
    512,
    513,
    1023,
    1024,
    1535,
    1536,
    BORDER_SAMPLES - 2,
    BORDER_SAMPLES - 1,
]  # of chunks and buckets


PLACES = st.tuples(
    st.one_of(st.sampled_from(BORDERS), st.integers(0, BORDER_SAMPLES - 1)),
    st.one_of(st.sampled_from([0, 3, 4, 19, 20, BORDER_CELLS - 1]), st.integers(0, BORDER_CELLS - 1)),
    st.sampled_from(["none", "before", "after", "both", "all others"]),
    st.sampled_from([-500, 500]),
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(places=st.lists(PLACES, min_size=8, max_size=20), shift=st.integers(0, 5000))
def test_contained_at_borders_and_beside_what_is_missing(tmp_path_factory, places, shift):
    """First and last sample and cell, ends of chunks, buckets and groups, neighbours missing: at every level and group, and in pictures."""
    one = series(rack("R01", BORDER_CELLS), samples=BORDER_SAMPLES)
    voltage = one.cell_voltage_mv
    for sample, cell, gaps, size in places:
        if gaps == "all others":  # then nothing is left to compare with, but the voltage itself stays
            voltage[np.arange(BORDER_CELLS) != cell, sample] = MISSING
        if gaps in ("before", "both"):
            voltage[:, max(sample - 7, 0) : sample] = MISSING
        if gaps in ("after", "both"):
            voltage[cell, sample + 1 : sample + 8] = MISSING
        voltage[cell, sample] = 3300 + size
    events = [(sample, cell, int(voltage[cell, sample])) for sample, cell, *_ in places if voltage[cell, sample] != MISSING]
    with Project.create(tmp_path_factory.mktemp("borders") / "b.bessreview") as project:
        windows.write(project, [one], block=700)
        with project.window(windows.ID) as reader:
            overview = build_overview(project, reader, Progress())
            for group, levels in overview.grouped.items():
                for level, planes in enumerate(levels):
                    for sample, cell, value in events:
                        row = overview.rows("R01", cell // group * group + 1, cell + 1, group).start
                        bucket = int((one.time_ns[sample] - overview.start_ns) // overview.bucket_ns_at(level))
                        assert planes["raw_min"][row, bucket] <= value <= planes["raw_max"][row, bucket], (group, level)
            for pixels in ((45, 3000), (7, 31)):
                for sample, cell, value in events:
                    start = int(one.time_ns[max(sample - shift, 0)])
                    view = Viewport(start, int(one.time_ns[-1]) + 1, (("R01", 1, BORDER_CELLS),), *pixels, "raw")
                    for most in (0, EXACT):
                        got = fetch(reader, overview, view, most)
                        row, column = pixel_of(got, "R01", cell, one.time_ns[sample])
                        assert got.low[row, column] <= value / 1000 <= got.high[row, column]


def test_contained_at_every_level_and_group(struck):
    _, overview, events, made = struck
    for place, cell, sample in events:
        for group, levels in overview.grouped.items():
            for level, planes in enumerate(levels):
                row = overview.rows(RACKS[place], cell // group * group + 1, cell + 1, group).start
                bucket = int((made[place].time_ns[sample] - overview.start_ns) // overview.bucket_ns_at(level))
                value = made[place].cell_voltage_mv[cell, sample]
                assert planes["raw_min"][row, bucket] <= value <= planes["raw_max"][row, bucket]
                assert planes["spike"][row, bucket] >= 8


ZOOMS = [
    (rows, columns, share) for rows, columns in ((120, 2000), (60, 300), (6, 200), (2, 40)) for share in (1, 16)
]  # up to 18,000 samples a pixel
HONEST = {  # kind of noise -> least share of events that is marked, most of other pixels; None: not promised
    "normal 1 mV": (0.95, FALSE_MARKS),
    "normal 0.3 mV": (0.99, FALSE_MARKS),
    "missing blocks": (0.95, FALSE_MARKS),
    "drifting": (0.95, FALSE_MARKS),
    "held until polled": (0.99, None),  # a held reading that jumps back and forth is a one-sample excursion of the record
    "normal 2 mV": (None, FALSE_MARKS),  # 10 mV are five times such noise: what can be marked is marked, noise is not
}


@pytest.mark.parametrize("kind", HONEST)
def test_marked_at_every_zoom_and_noise_is_not(kind, tmp_path):
    made, events = site(kind, 201, 12_000, 40)
    rng = np.random.default_rng(202)
    found = dict.fromkeys(ZOOMS, (0, 0))
    false = pixels = 0
    with Project.create(tmp_path / "s.bessreview") as project:
        windows.write(project, made, block=9000)
        with project.window(windows.ID) as reader:
            overview = build_overview(project, reader, Progress())
            for rows, columns, share in ZOOMS:
                span = 12_000 // share
                for number in rng.permutation(len(events))[: 1 if share == 1 else 15]:
                    time_ns, middle = made[0].time_ns, events[number][2]
                    first = min(max(middle - span // 2, 0), 12_000 - span)
                    everything = tuple((name, 1, CELLS) for name in RACKS)
                    view = Viewport(int(time_ns[first]), int(time_ns[first + span - 1]) + 1, everything, rows, columns, "deviation")
                    got = fetch(reader, overview, view, 0)
                    visible, seen, marked, free = marks(got, picture(reader.facts, reader.root, got, view), made, events)
                    before = found[rows, columns, share]
                    found[rows, columns, share] = before[0] + visible, before[1] + seen
                    false, pixels = false + marked, pixels + free
    least, most = HONEST[kind]
    if least is not None:
        assert sum(v for v, _ in found.values()) / sum(n for _, n in found.values()) >= least, found
        assert min(v / n for v, n in found.values()) >= least - 0.1, found  # of forty events four more or less are chance
    if most is not None:
        assert false <= most * pixels + 3 * np.sqrt(most * pixels), (false, pixels)
