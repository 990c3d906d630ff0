"""However a window is split, and whoever computes the parts, the answer is the same to the last bit (T15); and work stops when told to."""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from builders import windows
from builders.exports import Table
from builders.plants import rack, series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import Cancelled
from workbench.jobs.ordered import over
from workbench.jobs.progress import Progress
from workbench.store.overviews import LEVEL_STEP, LEVELS, Part, reduce_part
from workbench.store.project import Project
from workbench.store.reader import WindowReader
from workbench.workflow import intake

SAMPLES, BUCKET = 20_000, 4
COARSEST = LEVEL_STEP ** (LEVELS - 1)
RACKS = ("R01", "R02")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A window of two racks with gaps and missing values."""
    with Project.create(tmp_path_factory.mktemp("out") / "s.bessreview") as project:
        made = [series(rack(name), samples=SAMPLES, seed=number) for number, name in enumerate(RACKS)]
        rng = np.random.default_rng(5)
        for one in made:
            one.cell_voltage_mv[rng.integers(12, size=900), rng.integers(SAMPLES, size=900)] = -32768
            one.time_ns[7000:] += 3 * 10**12
        windows.write(project, made, block=9000)
        with project.window(windows.ID) as reader:
            reader.series("R01")  # starts the threads that decode
            yield reader


def parts(reader, step):
    """Every rack in parts of so many coarsest buckets."""
    bucket_ns = BUCKET * 10**10
    width = -(-((reader.facts.end_ns - reader.facts.start_ns) // bucket_ns + 1) // COARSEST) * COARSEST
    size = step * COARSEST
    return [
        Part(name, first, min(first + size, width), reader.facts.start_ns, bucket_ns, LEVELS)
        for name in RACKS
        for first in range(0, width, size)
    ]


def reduced_at(path, part):
    """A part, by somebody who has nothing but the file."""
    with WindowReader(path) as reader:
        return reduce_part(reader, part)


def joined(levels_of_parts, step, reader):
    """Planes of whole racks from the planes of parts: rack, level, name -> plane."""
    result = {}
    for part, levels in zip(parts(reader, step), levels_of_parts, strict=True):
        for level, planes in enumerate(levels):
            for name, plane in planes.items():
                result.setdefault((part.rack_id, level, name), []).append(plane)
    return {key: np.concatenate(planes, axis=1) for key, planes in result.items()}


def same(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) and one[key].dtype == other[key].dtype for key in one)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(step=st.integers(1, 30))
def test_planes_are_the_same_for_any_split(site, step):
    whole = joined([reduce_part(site, part) for part in parts(site, 10**6)], 10**6, site)
    with ThreadPoolExecutor(2) as pool:
        split = joined(list(over(pool, parts(site, step), partial(reduce_part, site), 3)), step, site)
    assert same(whole, split)


def test_planes_are_the_same_from_processes(site):
    whole = joined([reduce_part(site, part) for part in parts(site, 10**6)], 10**6, site)
    with ProcessPoolExecutor(2) as pool:
        split = joined(list(over(pool, parts(site, 7), partial(reduced_at, site.path), 3)), 7, site)
    assert same(whole, split)


STOPS = ("recognising", "hashing the sources", "reading", "writing the window", "sealing the window", "building overviews")


@pytest.mark.parametrize("shape", ["wide", "long"])
@pytest.mark.parametrize("stage", STOPS)
def test_an_import_stops_at_every_stage_at_once_and_leaves_nothing(tmp_path, stage, shape):
    table = Table(rows=4000, cells=20)
    path = table.write(tmp_path / "a.csv") if shape == "wide" else table.write_long(tmp_path / "a.csv")
    asked = []

    def listen(report):
        if report.stage == stage and not asked:
            asked.append(time.monotonic())
            progress.cancel()

    progress = Progress(listen)
    with Project.create(tmp_path / "p.bessreview") as project:
        with pytest.raises(Cancelled):
            intake.bring_in(project, [path], progress, mapping=None, name=None, time_zone="UTC", start_ns=None, site="s")
        assert asked
        assert time.monotonic() - asked[0] < 0.5
        assert list((project.path / "windows").iterdir()) == []
        assert list((project.path / "derived").iterdir()) == []
