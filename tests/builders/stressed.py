"""Racks that went through something known: scenarios of the truth suite, and short hand-made stretches around an event."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from builders.plants import rack
from msgspec import structs

from workbench.analysis.anchored_soc import anchored_soc
from workbench.analysis.charge_balance import gap_share, limit_ends, string_capacity
from workbench.analysis.charge_count import charge_count
from workbench.analysis.derating import DeratingInput, deratings
from workbench.analysis.fault_replay import fault_replay
from workbench.analysis.pulse_resistance import PulseResistance, pulse_resistance
from workbench.analysis.regimes import cell_extremes, find_regimes
from workbench.asset.estimate import NotEstablished
from workbench.asset.nameplate import DesignRecord
from workbench.asset.scope import Mandate, Scope
from workbench.asset.window import RackSeries
from workbench.jobs.progress import Progress
from workbench.simulation.bms import BmsSpec
from workbench.simulation.holding_back import HoldingBack
from workbench.simulation.logged_rows import logged_rows, write_rows
from workbench.simulation.scenarios import Scenario, _racks, sized
from workbench.simulation.scene import made
from workbench.simulation.site import Fault
from workbench.workflow.session import Session

START_NS = 1_772_406_000_000_000_000
DESIGN = DesignRecord(
    chemistry="LFP",
    rated_capacity_ah=100.0,
    cell_voltage_max_v=3.65,
    cell_voltage_min_v=2.80,
    cell_voltage_accuracy_mv=1.0,
    current_offset_a=0.2,
)
HELD = {
    "guard": {"holding_back": HoldingBack(high_v=(3.50, 3.62), low_v=(3.00, 2.75))},
    "heat": {"holding_back": HoldingBack(hot_degc=(36.0, 46.0)), "spell": (96.0, 120.0, 16.0)},
    "cold": {"holding_back": HoldingBack(cold_degc=(12.0, 2.0)), "spell": (96.0, 120.0, -16.0)},
    "resistance": {"holding_back": HoldingBack(low_v=(3.05, 2.75)), "faults": (Fault("high-resistance", "R01", 5, 14.0),)},
    "apart": {"holding_back": HoldingBack(low_v=(3.05, 2.75)), "faults": (Fault("low-cell", "R01", 5, 0.30),)},
    "command": {"holding_back": HoldingBack(command=(96.0, 120.0, 0.4))},
    "silent": {"holding_back": HoldingBack(silent_command=(96.0, 120.0, 0.4))},
    "healthy": {},
}


@lru_cache(maxsize=16)
def held_back(name, seed=1, days=6):
    """One rack that was held back for a known reason, its design record and the power that was asked of it."""
    scene = made(sized(Scenario(name=f"held-{name}", about=name, racks=_racks(count=1, **HELD[name])), seed, days=days))
    return scene.series["R01"], scene.design


def derated(series, design, period_s=30.0):
    """The deratings of a rack, as the study would ask for them."""
    regimes = find_regimes(series, period_s, 3.0)
    current = series.signal("rack_current_a")
    count = charge_count(series, current, period_s, 3.0) if current is not None else None
    ends = limit_ends(series, regimes.passes, design)
    anchored, ratios = None, ()
    if count is not None:
        string = string_capacity(ends, regimes.passes, count, gap_share(series, period_s, 3.0))
        found = anchored_soc(ends, count, string, design.rated_capacity_ah)
        anchored = None if isinstance(found, NotEstablished) else found
        pulses = pulse_resistance(
            series, 280.0, tuple(p.last - 1 for p in ends or ()), 1 / 12**0.5, "test", anchored.soc if anchored else None
        )
        ratios = pulses.ratio if isinstance(pulses, PulseResistance) else ()
    low, high = cell_extremes(series)
    return deratings(DeratingInput(series, count, anchored, low, high, regimes.rest_current_a, period_s, 3.0, design, "test", ratios))


def stretch(samples=400, period_s=10.0, *, cells=10, volts=3.30, ampere=-50.0, degc=25.0, **signals):
    """A rack under steady load: cells alike, one probe, a closed contactor, no alarm. signals replace or add; None takes one away."""
    made_rack = rack("R01", cells, 1)
    time_ns = START_NS + np.arange(samples) * round(period_s * 1e9)
    base = {
        "rack_current_a": np.full(samples, ampere),
        "rack_voltage_v": np.full(samples, cells * volts),
        "reported_soc": np.full(samples, 0.5),
        "contactor_closed": np.ones(samples),
        "interlock_open": np.zeros(samples),
        "sunspec_event_word": np.zeros(samples),
        "reported_charge_limit_a": np.full(samples, 100.0),
        "reported_discharge_limit_a": np.full(samples, 100.0),
        "insulation_resistance_ohm": np.full(samples, 2e6),
    }
    base |= dict(signals.items())
    kept = {name: values for name, values in base.items() if values is not None}
    stored = np.full((cells, samples), round(1000 * volts), np.int16)
    return RackSeries(made_rack, time_ns, stored, np.zeros(stored.shape, np.uint8), np.full((1, samples), round(10 * degc), np.int16), kept)


def with_cell(series, cell, first, last, volts):
    """One cell (one-based) at this voltage in samples first..last-1."""
    stored = series.cell_voltage_mv.copy()
    stored[cell - 1, first:last] = round(1000 * volts)
    return replace(series, cell_voltage_mv=stored)


def replayed(series, events=(), design=DESIGN, period_s=10.0, rest_a=1.0):
    """The replays of a rack."""
    return fault_replay(series, events, design, period_s, rest_a, 3.0, "test")[0]


def switched(samples, first, last=None, value=1.0, rest=0.0):
    """(T,) a signal that changes at a sample and back at another."""
    values = np.full(samples, rest)
    values[first:last] = value
    return values


def project(folder):
    """R01 trips and reports it late, R02 is held back by heat, R03 charged cold, R04 alarms ten minutes late. Returns the project folder."""
    racks = _racks(count=4, lower_v=2.75)
    changes = {
        "R01": {"opened_h": (50.0, 60.0)},
        "R02": {"spell": (48.0, 72.0, 16.0), "holding_back": HoldingBack(hot_degc=(36.0, 46.0))},
        "R03": {"spell": (48.0, 72.0, -20.0)},
    }
    racks = tuple(structs.replace(one, **changes.get(one.rack, {})) for one in racks)
    usual = BmsSpec(alarm_low_v=2.85)
    display = {
        "": usual,
        "R01": structs.replace(usual, trip_h=50.0, trip_delay_s=240.0),
        "R04": structs.replace(usual, alarm_delay_s=600.0),
    }
    scenario = Scenario(name="stressed", about="racks under stress", racks=racks, limits_v=(2.85, 3.65), display=display)
    scene = made(sized(scenario, 1, days=4))
    rng = np.random.default_rng(1)
    export = write_rows(folder / "export.zip", [(s, logged_rows(s, (), rng)) for s in scene.series.values()], scenario.zone)
    scope = Scope(
        client="Example Lender",
        mandate=Mandate.VALUATION,
        question="Did the racks live as promised?",
        time_zone=scenario.zone,
        design=scene.design,
    )
    with Session.create(folder / "stressed.bessreview", scope, author="Rita Example") as session:
        entry = session.import_window([export], Progress(), name="March")
        session.run_study(entry.id, Progress())
    return folder / "stressed.bessreview"
