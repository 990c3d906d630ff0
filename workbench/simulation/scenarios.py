"""Which situations must a review get right? One frozen specification each: racks, display, habits of the logger, and what was planted.

Seeds draw the cells and the days; the fault stays where it was planted. Every scenario has healthy racks beside the faulty one, so that a
false finding has somewhere to appear. methods.md 5.4.
"""

from __future__ import annotations

import zlib
from typing import Any

from msgspec.structs import replace

from workbench.asset.plain import Fact
from workbench.simulation.bank_meters import MeterSpec
from workbench.simulation.bms import BmsSpec
from workbench.simulation.corruption import Spoil
from workbench.simulation.holding_back import HoldingBack
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.sensors import Sensors
from workbench.simulation.site import Fault

DST_START_NS = 1_774_566_000_000_000_000  # 27 March 2026, 00:00 in Berlin; the clocks change on the 29th


class Planted(Fact, frozen=True):
    """One thing a review has to find. names: candidate kinds or check ids that name it rightly; cells: where, empty for the rack as a whole.

    bank: where a check may also place it when the data cannot tell racks apart. cause: what a ranking of causes must not deny, in its own words
    (`analysis.causes`, `analysis.derating_causes`); empty where nothing ranks it.
    """

    what: str
    rack: str
    names: tuple[str, ...]
    cells: tuple[int, ...] = ()
    bank: str = ""
    cause: str = ""


class Scenario(Fact, frozen=True):
    """One situation. tolerated: check ids that may speak up besides what is planted, because they are about the same thing.

    display: BMS of a rack by its id, "" for all others. parallel: the racks share one bank current. through_files: the study must start from
    files with local stamps. gain_accuracy, offset_a: what the owner declares of the current sensors. drawn: what may be said because a seed drew
    a sensor beyond its declaration (`systematic`); it need not be found. cell_balancing: the BMS logs when each cell is bled, and the owner declares
    with what current. small: what a rack of this scenario needs otherwise than `SMALL`.
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
    drawn: tuple[Planted, ...] = ()
    cell_balancing: bool = False
    small: dict[str, int] = {}
    limits_v: tuple[float, float] | None = None  # what the data sheet states; those of the chemistry if None


def _racks(*faults: Fault, count: int = 3, **changes: Any) -> tuple[RackSpec, ...]:
    names = [f"R{k:02d}" for k in range(1, count + 1)]
    return tuple(replace(RackSpec(rack=name, faults=tuple(f for f in faults if f.rack == name)), **changes) for name in names)


def _changed(racks: tuple[RackSpec, ...], rack: str, **changes: Any) -> tuple[RackSpec, ...]:
    return tuple(replace(r, **changes) if r.rack == rack else r for r in racks)


UNDER_LOAD_H = 10.0  # of a day with a full cycle: every seed discharges then (`duty`)
CELL = 5  # where cell faults are planted, in rack R02
NMC: dict[str, Any] = {"curves": "nmc-graphite-1", "upper_v": 4.17, "lower_v": 2.87}
NMC_BMS = {"": BmsSpec(alarm_high_v=4.20, alarm_low_v=2.80)}  # alarms at the limits of its data sheet: those of LFP cells are none here
STRAYS = ("low-cell", "high-cell", "stray-cell")  # where no rule has a name of its own for what a cell does, the ranking gives it one
OFF_RESOLUTION = ("DQ07", "DQ13", "DQ20")

_ALL = (
    Scenario(name="healthy", about="three sound racks and an honest display", racks=_racks()),
    Scenario(name="nmc-healthy", about="three sound racks of NMC cells and an honest display", chemistry="NMC", display=NMC_BMS, racks=_racks(**NMC)),
    Scenario(name="partial-cycles", about="three sound racks that are never full and never empty: capacity is out of reach", racks=_racks(full_every=0)),
    Scenario(
        name="weak-cell", about="one cell has lost six points more lithium than its rack",
        racks=_racks(Fault("weak-cell", "R02", CELL, 0.06)), planted=(Planted("weak cell", "R02", ("weak-cell",), (CELL,), cause="low capacity"),),
    ),
    Scenario(
        name="imbalance", about="one cell of full capacity lacks four points of charge: balancing would return it",
        racks=_racks(Fault("low-cell", "R02", CELL, 0.04)), planted=(Planted("imbalance", "R02", ("low-cell", "imbalance"), (CELL,), cause="low state of charge (imbalance)"),),
    ),
    Scenario(
        name="leak", about="one cell loses 20 mA",
        racks=_racks(Fault("leaking-cell", "R02", CELL, 0.02)), planted=(Planted("leaking cell", "R02", ("leaking-cell",), (CELL,), cause="self-discharge"),), tolerated=("CX14",),
    ),
    Scenario(
        name="hot-joint", about="0.45 mOhm in one joint, warm under load",
        racks=_racks(Fault("hot-joint", "R02", CELL, 0.45e-3)), planted=(Planted("hot joint", "R02", ("hot-joint",), (CELL,), cause="joint or contact"),),
    ),
    Scenario(
        name="high-resistance", about="one cell resists 1.6 times as much as its rack",
        racks=_racks(Fault("high-resistance", "R02", CELL, 1.6)), planted=(Planted("high resistance", "R02", ("high-resistance", "hot-joint"), (CELL,), cause="high resistance of the cell"),),
    ),
    Scenario(
        name="sensor-gain", about="one of three sensors on a bus reads 5 % too much: the bank meter contradicts them, but not which", parallel=True,
        meters=MeterSpec(), gain_accuracy=None, racks=_changed(_racks(), "R02", sensors=Sensors(current_gain=0.05)),
        planted=(Planted("sensor gain", "R02", ("CX03",), bank="B01"),), tolerated=("CX04",),
    ),
    Scenario(
        name="located-gain", about="the same, with one of the others opened for a day and another for two: now it shows which", parallel=True,
        meters=MeterSpec(), gain_accuracy=None,
        racks=_changed(_changed(_changed(_racks(), "R02", sensors=Sensors(current_gain=0.05)), "R01", opened_h=(UNDER_LOAD_H + 96, 130.0)), "R03", opened_h=(UNDER_LOAD_H + 144, 202.0)),
        planted=(
            Planted("sensor gain", "R02", ("CX03",), cause="gain of the current sensor"), Planted("opened under load", "R01", ("unexplained-opening",)),
            Planted("opened under load", "R03", ("unexplained-opening",)),
        ), tolerated=("CX04",),
    ),
    Scenario(
        name="sensor-offset", about="one rack sensor reads 1.5 A too much",
        racks=_changed(_racks(), "R02", sensors=Sensors(current_offset_a=1.5)), planted=(Planted("sensor offset", "R02", ("CX05",), cause="offset of the current sensor"),), tolerated=("CX07", "CX12"),
    ),
    Scenario(
        name="frozen-channel", about="one voltage channel stands still for 40 h",
        racks=_racks(), spoils=(Spoil("frozen", "R02", CELL, start_h=50, end_h=90),),
        planted=(Planted("frozen channel", "R02", ("frozen-channel",), (CELL,), cause="frozen or copied channel"),), tolerated=("DQ06", "CX01", "CX06"),
    ),
    Scenario(
        name="clock-change", about="local stamps without a zone over the change of clocks in spring", through_files=True,
        racks=_racks(count=2, start_ns=DST_START_NS), tolerated=("DQ04", "DQ19"),
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
        planted=(Planted("frozen summary", "R02", ("CX06",)), Planted("weak cell", "R02", ("weak-cell",), (CELL,), cause="low capacity")), tolerated=("CX07", "CX08", "DQ06"),
    ),
    Scenario(
        name="soc-display", about="the display counts half an ampere that is not there and is put right at the top", racks=_racks(),
        display={"R02": BmsSpec(soc_drift_a=-0.6, soc_error=-0.05)}, planted=(Planted("displayed SoC", "R02", ("CX07", "CX08")),), tolerated=("CX07", "CX08"),
    ),
    Scenario(
        name="new-module", about="one module of an aged rack is fresh",
        racks=_racks(Fault("new-module", "R02", CELL, 0.0)), planted=(Planted("replaced module", "R02", ("new-module",), cause="more capacity than its rack"),),
    ),
    Scenario(
        name="nmc", about="a weak cell among NMC cells", chemistry="NMC", display=NMC_BMS,
        racks=_racks(Fault("weak-cell", "R02", CELL, 0.06), **NMC), planted=(Planted("weak cell", "R02", ("weak-cell",), (CELL,), cause="low capacity"),),
    ),
    Scenario(
        name="hidden-alarm", about="the BMS alarms 30 mV below its stated limit and ten minutes late", racks=_racks(lower_v=2.75),
        display={"": BmsSpec(alarm_low_v=2.85, alarm_delay_s=5.0), "R02": BmsSpec(alarm_low_v=2.85, alarm_delay_s=600.0)},
        planted=(Planted("late alarm", "R02", ("CX11",)),),
    ),
    Scenario(
        name="plateau-only", about="equal at mid charge, one cell weak: it reaches both ends first, and of the others nothing but a bound is known",
        racks=_changed(_racks(Fault("weak-cell", "R02", CELL, 0.06)), "R02", aligned="middle", soc_spread=0.004),
        planted=(Planted("weak cell", "R02", ("weak-cell",), (CELL,), cause="low capacity"),),
    ),
    Scenario(
        name="soh-counter", about="SoH follows the cycle counter exactly: it is no measurement", racks=_racks(),
        display={"R02": BmsSpec(soh=0.98, soh_per_cycle=0.004)}, planted=(Planted("SoH is a counter", "R02", ("CX10",)),), tolerated=("CX07", "CX08", "CX09"),
    ),
    Scenario(
        name="optimistic-soh", about="the display claims 98 % where the rack delivers 90 %", racks=_racks(),
        display={"R02": BmsSpec(soh=0.98)}, planted=(Planted("optimistic SoH", "R02", ("CX09",)),), tolerated=("CX07", "CX08"),
    ),
    Scenario(
        name="wrong-sum", about="the rack voltage of one rack reads 4 % too much", racks=_racks(),
        spoils=(Spoil("unit", "R02", signal="rack_voltage_v", size=1.04),), planted=(Planted("rack voltage", "R02", ("CX01",), cause="rack voltage or a cell missing"),), tolerated=("DQ11",),
    ),
    Scenario(
        name="wrong-module", about="a module reports 3 % more than its cells add up to", racks=_racks(),
        display={"": BmsSpec(module_voltages=True)}, spoils=(Spoil("unit", "R02", signal="module_voltage_v_3", size=1.03),),
        planted=(Planted("module voltage", "R02", ("CX02",)),), tolerated=("DQ11",),
    ),
    Scenario(
        name="all-sensors-gain", about="every current sensor of the bank reads 3 % too much; only converter and revenue meter know", parallel=True,
        meters=MeterSpec(bank_gain=0.03), racks=_racks(sensors=Sensors(current_gain=0.03)), planted=(Planted("common gain", "R02", ("CX04",), bank="B01"),), tolerated=("CX09",),
    ),
    Scenario(
        name="open-word", about="the contactor word says open while current flows", racks=_racks(),
        display={"R02": BmsSpec(open_word_h=(96.0, 110.0))}, planted=(Planted("contactor word", "R02", ("CX12",), cause="contactor word"),),
    ),
    Scenario(
        name="growing-apart", about="a cell leaks 50 mA and balancing does not keep up", racks=_racks(Fault("leaking-cell", "R02", CELL, 0.05), bleed_a=0.05),
        planted=(Planted("imbalance grows", "R02", ("CX14",)), Planted("leaking cell", "R02", ("leaking-cell",), (CELL,), cause="self-discharge")), tolerated=("CX08",),
    ),
    Scenario(
        name="limits-ignored", about="the plant exceeds the current limits that its BMS reports", racks=_racks(),
        display={"R02": BmsSpec(limits_ignored=True)}, planted=(Planted("limits ignored", "R02", ("CX15",)),),
    ),
    Scenario(
        name="stuck-probe", about="one probe stands still from the second day on", racks=_racks(),
        spoils=(Spoil("frozen-probe", "R02", 3, start_h=30),), planted=(Planted("stuck probe", "R02", ("CX16",)),), tolerated=("DQ06", "CX06"),
    ),
    Scenario(
        name="state-map", about="the words for charging and discharging are mixed up", racks=_racks(),
        display={"R02": BmsSpec(wrong_states=True)}, planted=(Planted("state map", "R02", ("CX17",)),),
    ),
    Scenario(
        name="uneven-share", about="one parallel rack sits behind a poor connection and carries less", parallel=True, meters=MeterSpec(),
        racks=_changed(_racks(), "R02", sensors=Sensors(busbar_ohm=0.03)), planted=(Planted("current share", "R02", ("CX18",), cause="poor connection of the rack"),), tolerated=("CX01", "CX09"),
    ),
    Scenario(
        name="cycle-definition", about="the counter counts half cycles", racks=_racks(),
        display={"R02": BmsSpec(cycles_per_efc=2.0)}, planted=(Planted("cycle counter", "R02", ("CX19",)),),
    ),
    Scenario(
        name="late-interlock", about="an interlock is reported four minutes after the rack had opened",
        racks=_changed(_racks(), "R02", opened_h=(98.0, 122.0)), display={"R02": BmsSpec(trip_h=98.0, trip_delay_s=240.0)},
        planted=(Planted("order of protection", "R02", ("CX20",)),),
    ),
    Scenario(
        name="late-alarm", about="the cut-off of the data sheet is passed and the BMS alarms ten minutes later", racks=_racks(lower_v=2.75), limits_v=(2.85, 3.65),
        display={"": BmsSpec(alarm_low_v=2.85, alarm_delay_s=5.0, sunspec_word=True), "R02": BmsSpec(alarm_low_v=2.85, alarm_delay_s=600.0, sunspec_word=True)},
        planted=(Planted("late alarm", "R02", ("late-alarm",)),), tolerated=("CX11",),
    ),
    Scenario(
        name="cut-off-unseen", about="a cell rests below its cut-off while extremes, alarm and SoH of the summary stand still", limits_v=(2.85, 3.65),
        racks=_changed(_racks(Fault("weak-cell", "R02", CELL, 0.06), lower_v=2.90), "R02", lower_v=2.75),
        display={"R02": BmsSpec(frozen_h=(20.0, 239.0), silent_alarms=True)},
        planted=(Planted("unseen excursion", "R02", ("unseen-excursion",), (CELL,)), Planted("weak cell", "R02", ("weak-cell",), (CELL,), cause="low capacity")),
        tolerated=("CX06", "CX07", "CX08", "CX11", "DQ06"),
    ),
    Scenario(
        name="derate-heat", about="a hot day takes current from one rack", racks=_changed(_racks(), "R02", spell=(96.0, 120.0, 16.0), holding_back=HoldingBack(hot_degc=(36.0, 46.0))),
        planted=(Planted("derating by heat", "R02", ("derating",), cause="temperature"),),
    ),
    Scenario(
        name="derate-resistance", about="a cell of fourteen times the resistance holds its rack back",
        racks=_changed(_racks(Fault("high-resistance", "R02", CELL, 14.0)), "R02", holding_back=HoldingBack(low_v=(3.05, 2.75))),
        planted=(Planted("derating by resistance", "R02", ("derating",), cause="resistance"), Planted("high resistance", "R02", ("high-resistance", "hot-joint"), (CELL,), cause="high resistance of the cell")),
        tolerated=("CX07", "CX08", "CX09", "CX18", "DQ10"),
    ),
    Scenario(
        name="derate-apart", about="a cell that lacks a third of its charge holds its rack back",
        racks=_changed(_racks(Fault("low-cell", "R02", CELL, 0.30)), "R02", holding_back=HoldingBack(low_v=(3.05, 2.75))),
        planted=(Planted("derating by divergence", "R02", ("derating",), cause="cells apart"), Planted("imbalance", "R02", ("low-cell", "imbalance"), (CELL,), cause="low state of charge (imbalance)")),
    ),
    Scenario(
        name="derate-guard", about="every BMS tapers at the ends of charge, as it should", racks=_racks(holding_back=HoldingBack(high_v=(3.50, 3.62), low_v=(3.00, 2.75))),
    ),
    Scenario(
        name="derate-command", about="somebody halves what a rack may do for a day", racks=_changed(_racks(), "R02", holding_back=HoldingBack(command=(96.0, 120.0, 0.4))),
        planted=(Planted("derating by command", "R02", ("derating",), cause="command"),),
    ),
    Scenario(
        name="cold-charge", about="one rack is charged at 3 °C for a day", racks=_changed(_racks(), "R02", spell=(96.0, 120.0, -20.0)),
        planted=(Planted("plating-prone charge", "R02", ("plating-exposure",)),),
    ),
    Scenario(
        name="soh-by-date", about="SoH falls by the calendar, whatever the battery does", racks=_racks(),
        display={"R02": BmsSpec(soh=0.98, soh_per_day=0.003)}, planted=(Planted("SoH is a date", "R02", ("CX10",)),), tolerated=("CX07", "CX08", "CX09"),
    ),
    Scenario(
        name="duty-shows-leak", about="a BMS that counts bleeds all cells but the one that leaks: they stand still, and the duty shows the leak", cell_balancing=True,
        racks=_racks(Fault("leaking-cell", "R02", CELL, 0.02), bleed_a=0.10, bleed_by_charge_ah=0.4),
        planted=(Planted("leaking cell", "R02", ("leaking-cell",), (CELL,), cause="self-discharge"),), tolerated=("CX14",),
    ),
    Scenario(
        name="over-bled", about="a BMS that counts wrongly bleeds a sound cell all the time", cell_balancing=True,
        racks=_racks(Fault("over-bled", "R02", CELL, 30.0), bleed_a=0.04, bleed_by_charge_ah=0.4),
        planted=(Planted("bled cell", "R02", ("bled-cell",), (CELL,), cause="bled by balancing"),), tolerated=("CX14",),
    ),
    Scenario(
        name="bleeding-read", about="the bleed current of a cell flows through its sense lead: it reads low while it is bled",
        racks=_racks(bleed_a=0.05), spoils=(Spoil("bled", "R02", CELL, size=25.0),),
        planted=(Planted("balancing artefact", "R02", STRAYS, (CELL,), cause="balancing artefact"),), tolerated=("CX01", "CX06"),
    ),
    Scenario(
        name="lost-parallel", about="one of three cells in parallel is gone: less capacity and more resistance at one channel",
        racks=_racks(Fault("lost-parallel", "R02", CELL, 3.0)),
        planted=(Planted("lost parallel cell", "R02", ("weak-cell", "low-cell", "hot-joint", "high-resistance"), (CELL,), cause="loss of a parallel cell"),),
        tolerated=("CX07", "CX08", "CX09"),
    ),
    Scenario(
        name="warm-module", about="one module sits 10 K warmer than its rack", small={"modules": 8}, racks=_racks(Fault("warm-module", "R02", CELL, 10.0)),
        planted=(Planted("warm module", "R02", STRAYS, tuple(range(1, 7)), cause="temperature of its place"),), tolerated=("CX16",),
    ),
    Scenario(
        name="high-cell", about="one cell holds three points more charge than its rack: it is full first",
        racks=_racks(Fault("low-cell", "R02", CELL, -0.03)),
        planted=(Planted("high in charge", "R02", STRAYS, (CELL,), cause="high state of charge (imbalance)"),), tolerated=("CX08",),
    ),
    Scenario(
        name="channel-offset", about="one channel reads 25 mV too little, everywhere",
        racks=_racks(), spoils=(Spoil("offset", "R02", CELL, size=-25.0),),
        planted=(Planted("channel offset", "R02", STRAYS, (CELL,), cause="channel offset"),), tolerated=("CX01", "CX06"),
    ),
    Scenario(
        name="weak-and-leaking", about="two faults in one cell: six points weaker, and it loses 10 mA",
        racks=_racks(Fault("weak-cell", "R02", CELL, 0.06), Fault("leaking-cell", "R02", CELL, 0.01)),
        planted=(
            Planted("weak cell", "R02", ("weak-cell",), (CELL,), cause="low capacity"), Planted("leaking cell", "R02", ("leaking-cell",), (CELL,), cause="self-discharge"),
        ), tolerated=("CX14",),
    ),
    Scenario(
        name="weak-and-resistive", about="two faults in one cell: six points weaker, and 1.8 times the resistance",
        racks=_racks(Fault("weak-cell", "R02", CELL, 0.06), Fault("high-resistance", "R02", CELL, 1.8)),
        planted=(
            Planted("weak cell", "R02", ("weak-cell",), (CELL,), cause="low capacity"),
            Planted("high resistance", "R02", ("high-resistance", "hot-joint"), (CELL,), cause="high resistance of the cell"),
        ),
    ),
)  # fmt: skip
SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
SMALL: dict[str, Any] = {"modules": 4, "cells_per_module": 6, "period_s": 30.0}
FULL: dict[str, Any] = {"modules": 8, "cells_per_module": 52, "period_s": 10.0}


def sized(scenario: Scenario, seed: int, *, full: bool = False, days: int | None = None) -> Scenario:
    """The scenario with its cells drawn by this seed, small or at full size."""
    drawn = 1000 * (zlib.crc32(scenario.name.encode()) % 100_000) + seed  # scenarios do not share their cells
    changes: dict[str, Any] = (FULL if full else SMALL | scenario.small) | {"seed": drawn} | ({"days": days} if days else {})
    return replace(scenario, racks=tuple(replace(rack, **changes) for rack in scenario.racks))
