"""Each check has an occasion to speak in a scenario of sound racks, and passes there: silence that was never asked for proves nothing."""

from functools import lru_cache

import numpy as np
import pytest
from builders.scenes import changed, checks_of

from workbench.analysis.results import Outcome
from workbench.asset.window import DAY_NS
from workbench.simulation.bank_meters import MeterSpec
from workbench.simulation.bms import BmsSpec
from workbench.simulation.scenarios import Scenario, _changed, _racks, sized
from workbench.simulation.scene import made

OPENED = (98.0, 122.0)
SOUND = {
    "display": (
        Scenario(name="sound-display", about="modules, prompt alarms at the declared limits, balancing that works", racks=_racks(lower_v=2.75, bleed_a=0.10), display={"": BmsSpec(module_voltages=True, alarm_low_v=2.85)}, limits_v=(2.85, 3.65)),
        ("CX01", "CX02", "CX05", "CX06", "CX07", "CX08", "CX09", "CX11", "CX14", "CX15", "CX16", "CX17", "CX19"),
    ),
    "counter": (
        Scenario(name="sound-soh", about="a SoH that is measured now and then moves by no formula", racks=_racks()),
        ("CX10",),
    ),
    "bank": (
        Scenario(name="sound-bank", about="racks in parallel with honest meters; one is opened at rest and the bank's SoC leaves it out", parallel=True, meters=MeterSpec(), racks=_changed(_racks(), "R02", opened_h=OPENED)),
        ("CX03", "CX04", "CX12", "CX13", "CX18"),
    ),
    "trip": (
        Scenario(name="sound-trip", about="an interlock opens its contactor at once", racks=_changed(_racks(), "R02", opened_h=OPENED), display={"R02": BmsSpec(trip_h=OPENED[0], trip_delay_s=0.0)}),
        ("CX20",),
    ),
}  # fmt: skip


@lru_cache(maxsize=8)
def seen(name, seed):
    scene = made(sized(SOUND[name][0], seed, days=8))
    series = [changed(one, reported_soh=measured_soh(one, seed)) if name == "counter" else one for one in scene.series.values()]
    return checks_of(series, scene.design, scene.facts.nominal_period_s)


def measured_soh(series, seed):
    """(T,) a SoH that is measured anew every day, each time a little otherwise."""
    day = (series.time_ns - series.time_ns[0]) // DAY_NS
    return np.round(0.93 + 0.002 * np.random.default_rng(seed).normal(size=int(day.max()) + 1), 4)[day]


def test_every_check_has_its_occasion():
    assert {check for _, checks in SOUND.values() for check in checks} == {f"CX{k:02d}" for k in range(1, 21)}


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize(("name", "check"), [(name, check) for name, (_, checks) in SOUND.items() for check in checks])
def test_a_check_that_has_an_occasion_passes_on_sound_racks(name, check, seed):
    found = seen(name, seed)[check]
    assert found.outcome is Outcome.PASS, (found.outcome, found.seen)
