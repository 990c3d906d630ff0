"""What a study says does not depend on the calendar, on the order of the cells or on the names of the racks."""

import json
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from builders.scenes import scene

from workbench.analysis.results import StudyParameters
from workbench.analysis.study import study
from workbench.asset.plain import canonical
from workbench.jobs.progress import Progress

DAYS_400 = 400 * 86_400 * 10**9
NAMES = ("cell", "name", "label", "module")  # what tells a cell from another, and no result


def studied(made, series, **facts):
    window = msgspec.structs.replace(made.facts, **facts)
    return json.loads(canonical(study(window, "root", series.__getitem__, made.design, StudyParameters(), Progress())))


def results_of(found, rack):
    """Per cell of this rack all that was found, without its name."""
    rows = [{k: v for k, v in cell.items() if k not in NAMES} for cell in found["cells"] if cell["rack"] == rack]
    (estimates,) = (r for r in found["estimates"]["racks"] if r["rack"] == rack)
    return [
        {**row, "estimates": {k: v for k, v in own.items() if k not in NAMES}} for row, own in zip(rows, estimates["cells"], strict=True)
    ]


def rounded(value):
    """Sums over cells in another order differ in the last digits."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def beside_their_probes(rack):
    """A random order that leaves every cell beside its own probe."""
    rng = np.random.default_rng(1)
    order = np.concatenate([rng.permutation(np.array(probe.cells) - 1) for probe in rack.probes])
    assert sorted(order) == list(range(len(rack.cells)))
    return order


@pytest.mark.parametrize("name", ["weak-cell", "leak"])
def test_cells_in_another_order_get_the_same_answers(name):
    made, rack = scene(name, 3), "R02"
    series = made.series[rack]
    order = beside_their_probes(series.rack)
    mixed = replace(series, cell_voltage_mv=series.cell_voltage_mv[order], cell_quality=series.cell_quality[order])
    before = results_of(studied(made, made.series), rack)
    after = results_of(studied(made, {**made.series, rack: mixed}), rack)
    assert rounded([before[k] for k in order]) == rounded(after)


def test_another_year_gives_the_same_answers():
    made = scene("weak-cell", 3)
    later = {rack: replace(series, time_ns=series.time_ns + DAYS_400) for rack, series in made.series.items()}
    shifted = studied(made, later, start_ns=made.facts.start_ns + DAYS_400, end_ns=made.facts.end_ns + DAYS_400)
    assert [c["kind"] for c in shifted["candidates"]] == ["weak-cell"]
    assert shifted["cells"] == studied(made, made.series)["cells"]
