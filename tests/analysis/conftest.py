"""A simulated site with one fault of each kind, a healthy rack at both ends, and its study: built once."""

from dataclasses import dataclass

import pytest
from builders.plants import facts

from workbench.analysis.results import StudyParameters, StudyResult
from workbench.analysis.study import study
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import RackSeries, WindowFacts
from workbench.jobs.progress import Progress
from workbench.simulation.site import Fault, RackTruth, SiteSpec, simulate

SPEC = SiteSpec(
    racks=6,
    modules=4,
    cells_per_module=6,
    days=7,
    period_s=30.0,
    faults=(
        Fault(kind="weak-cell", rack="R02", cell=5, size=0.07),
        Fault(kind="frozen-channel", rack="R03", cell=9, size=30.0),
        Fault(kind="leaking-cell", rack="R04", cell=14, size=0.03),
        Fault(kind="hot-joint", rack="R05", cell=20, size=0.45e-3),
    ),
)
DESIGN = DesignRecord(chemistry="LFP", rated_capacity_ah=280.0, current_gain_accuracy=0.005, current_offset_a=0.2)


@dataclass(frozen=True)
class Site:
    """The racks with their truth, and what a study with declared sensors found."""

    facts: WindowFacts
    series: dict[str, RackSeries]
    truth: dict[str, RackTruth]
    result: StudyResult


@pytest.fixture(scope="session")
def site():
    made = list(simulate(SPEC, Progress()))
    window = facts([series for series, _ in made], period_s=SPEC.period_s)
    series = {one.rack.id: one for one, _ in made}
    result = study(window, "root", series.__getitem__, DESIGN, StudyParameters(), Progress())
    return Site(window, series, {one.rack: one for _, one in made}, result)
