"""Which situations must a review get right? One frozen specification each: racks, display, habits of the logger, and what was planted.

Seeds draw the cells and the days; the fault stays where it was planted. Every scenario has healthy racks beside the faulty one, so that a
false finding has somewhere to appear. methods.md 5.4.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workbench.asset.plain import Fact
from workbench.simulation.bank_meters import MeterSpec
from workbench.simulation.bms import BmsSpec
from workbench.simulation.corruption import Spoil
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.sensors import Sensors
from workbench.simulation.site import Fault

DST_START_NS = 1_774_566_000_000_000_000  # 27 March 2026, 00:00 in Berlin; the clocks change on the 29th


class Planted(Fact, frozen=True):
    """One thing a review has to find. names: candidate kinds or check ids that name it rightly; cells: where, empty for the rack as a whole."""

    what: str
    rack: str
    names: tuple[str, ...]
    cells: tuple[int, ...] = ()


class Scenario(Fact, frozen=True):
    """One situation. tolerated: check ids that may speak up besides what is planted, because they are about the same thing.

    display: BMS of a rack by its id, "" for all others. parallel: the racks share one bank current. through_files: the study must start from
    files with local stamps. gain_accuracy, offset_a: what the owner declares of the current sensors.
    """

    name: str
    about: str
    racks: tuple[RackSpec, ...]
    planted: tuple[Planted, ...] = ()
    display: dict[str, BmsSpec] = {}
    spoils: tuple[Spoil, ...] = ()
    meters: MeterSpec | None = None
    parallel: bool = False
    through_files: bool = False
    tolerated: tuple[str, ...] = ()
    chemistry: str = "LFP"
    gain_accuracy: float | None = 0.005
    offset_a: float | None = 0.5
    zone: str = "Europe/Berlin"


def _racks(*faults: Fault, count: int = 3, **changes: Any) -> tuple[RackSpec, ...]:
    names = [f"R{k:02d}" for k in range(1, count + 1)]
    return tuple(replace(RackSpec(rack=name, faults=tuple(f for f in faults if f.rack == name)), **changes) for name in names)


def _changed(racks: tuple[RackSpec, ...], rack: str, **changes: Any) -> tuple[RackSpec, ...]:
    return tuple(replace(r, **changes) if r.rack == rack else r for r in racks)


CELL = 5  # where cell faults are planted, in rack R02
NMC: dict[str, Any] = {"curves": "nmc-graphite-1", "upper_v": 4.15, "lower_v": 3.0}
OFF_RESOLUTION = ("DQ07", "DQ13", "DQ20")

_ALL = (
    Scenario(name="healthy", about="three sound racks and an honest display", racks=_racks()),
    Scenario(
        name="weak-cell", about="one cell has lost six points more lithium than its rack",
        racks=_racks(Fault("weak-cell", "R02", CELL, 0.06)), planted=(Planted("weak cell", "R02", ("weak-cell",), (CELL,)),),
    ),
    Scenario(
        name="imbalance", about="one cell of full capacity lacks four points of charge: balancing would return it",
        racks=_racks(Fault("low-cell", "R02", CELL, 0.04)), planted=(Planted("imbalance", "R02", ("low-cell", "imbalance"), (CELL,)),),
    ),
    Scenario(
        name="leak", about="one cell loses 20 mA",
        racks=_racks(Fault("leaking-cell", "R02", CELL, 0.02)), planted=(Planted("leaking cell", "R02", ("leaking-cell",), (CELL,)),),
    ),
    Scenario(
        name="hot-joint", about="0.45 mOhm in one joint, warm under load",
        racks=_racks(Fault("hot-joint", "R02", CELL, 0.45e-3)), planted=(Planted("hot joint", "R02", ("hot-joint",), (CELL,)),),
    ),
    Scenario(
        name="high-resistance", about="one cell resists 1.6 times as much as its rack",
        racks=_racks(Fault("high-resistance", "R02", CELL, 1.6)), planted=(Planted("high resistance", "R02", ("high-resistance", "hot-joint"), (CELL,)),),
    ),
    Scenario(
        name="sensor-gain", about="one rack sensor reads 2 % too much; only the bank meter knows", parallel=True, meters=MeterSpec(), gain_accuracy=0.02,
        racks=_changed(_racks(), "R02", sensors=Sensors(current_gain=0.02)), planted=(Planted("sensor gain", "R02", ("CX03",)),), tolerated=("CX18",),
    ),
    Scenario(
        name="sensor-offset", about="one rack sensor reads 1.5 A too much",
        racks=_changed(_racks(), "R02", sensors=Sensors(current_offset_a=1.5)), planted=(Planted("sensor offset", "R02", ("CX05",)),), tolerated=("CX07", "CX12"),
    ),
    Scenario(
        name="frozen-channel", about="one voltage channel stands still for 40 h",
        racks=_racks(), spoils=(Spoil("frozen", "R02", CELL, start_h=50, end_h=90),),
        planted=(Planted("frozen channel", "R02", ("frozen-channel",), (CELL,)),), tolerated=("DQ06", "CX01", "CX06"),
    ),
    Scenario(
        name="clock-change", about="local stamps without a zone over the change of clocks in spring", through_files=True,
        racks=_racks(count=2, start_ns=DST_START_NS), tolerated=("DQ04",),
    ),
    Scenario(
        name="event-logged", about="rows only when something left its deadband",
        racks=_racks(), spoils=tuple(Spoil("deadband", f"R{k:02d}", size=1.0) for k in (1, 2, 3)), tolerated=("DQ01", "DQ14", "DQ15"),
    ),
    Scenario(
        name="thinned", about="a snapshot every 300 s: cell capacity and absolute resistance are out of reach",
        racks=_racks(), spoils=tuple(Spoil("thin", f"R{k:02d}", size=300.0) for k in (1, 2, 3)), tolerated=OFF_RESOLUTION,
    ),
    Scenario(
        name="rack-opens", about="one of three parallel racks is opened for two days; the display of the bank goes on counting it", parallel=True,
        meters=MeterSpec(soc_counts_open=True), racks=_changed(_racks(), "R02", opened_h=(98.0, 146.0)), planted=(Planted("opened rack", "R02", ("CX13",)),),
        tolerated=("CX18",),
    ),
    Scenario(
        name="summary-frozen", about="the summary of the BMS stands still for 30 h while a cell runs out",
        racks=_racks(Fault("weak-cell", "R02", CELL, 0.06)), display={"R02": BmsSpec(frozen_h=(48.0, 78.0))},
        planted=(Planted("frozen summary", "R02", ("CX06",)), Planted("weak cell", "R02", ("weak-cell",), (CELL,))), tolerated=("CX07", "CX08", "DQ06"),
    ),
    Scenario(
        name="soc-display", about="the display counts half an ampere that is not there and is put right at the top", racks=_racks(),
        display={"R02": BmsSpec(soc_drift_a=-0.6, soc_error=-0.05)}, planted=(Planted("displayed SoC", "R02", ("CX07", "CX08")),), tolerated=("CX07", "CX08"),
    ),
    Scenario(
        name="new-module", about="one module of an aged rack is fresh",
        racks=_racks(Fault("new-module", "R02", CELL, 0.0)), planted=(Planted("replaced module", "R02", ("new-module",)),),
    ),
    Scenario(
        name="nmc", about="a weak cell among NMC cells", chemistry="NMC",
        racks=_racks(Fault("weak-cell", "R02", CELL, 0.06), **NMC), planted=(Planted("weak cell", "R02", ("weak-cell",), (CELL,)),),
    ),
    Scenario(
        name="hidden-alarm", about="the BMS alarms 30 mV below its stated limit and ten minutes late", racks=_racks(lower_v=2.75),
        display={"": BmsSpec(alarm_low_v=2.85, alarm_delay_s=5.0), "R02": BmsSpec(alarm_low_v=2.85, alarm_delay_s=600.0)},
        planted=(Planted("late alarm", "R02", ("CX11",)),),
    ),
    Scenario(
        name="soh-counter", about="SoH follows the cycle counter exactly: it is no measurement", racks=_racks(),
        display={"R02": BmsSpec(soh=0.98, soh_per_cycle=0.004)}, planted=(Planted("SoH is a counter", "R02", ("CX10",)),), tolerated=("CX07", "CX08", "CX09"),
    ),
    Scenario(
        name="optimistic-soh", about="the display claims 98 % where the rack delivers 90 %", racks=_racks(),
        display={"R02": BmsSpec(soh=0.98)}, planted=(Planted("optimistic SoH", "R02", ("CX09",)),), tolerated=("CX07", "CX08"),
    ),
)  # fmt: skip
SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
SMALL: dict[str, Any] = {"modules": 4, "cells_per_module": 6, "period_s": 30.0}
FULL: dict[str, Any] = {"modules": 8, "cells_per_module": 52, "period_s": 10.0}


def sized(scenario: Scenario, seed: int, *, full: bool = False, days: int | None = None) -> Scenario:
    """The scenario with its cells drawn by this seed, small or at full size."""
    changes: dict[str, Any] = (FULL if full else SMALL) | {"seed": seed} | ({"days": days} if days else {})
    return replace(scenario, racks=tuple(replace(rack, **changes) for rack in scenario.racks))
