"""Which systematic errors does a seed draw, so that an interval which carries a declared accuracy is tried against that accuracy?

A sensor that reads true in every seed makes every interval look too wide, and a curve that is always the same makes any assumption about
curves look right. Gains and offsets of currents are drawn as the owner of the scenario declared them (standard uncertainties); references of
voltages, probes and meters, curves and ageing from the figures below. A sensor
whose error is planted keeps it as planted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace

from workbench.simulation.bank_meters import MeterSpec
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.scenarios import Planted, Scenario

UNDECLARED_GAIN, UNDECLARED_OFFSET_A = 0.0025, 0.2  # of a sensor that is good although nobody said so
METER_GAIN = 0.0025  # class 0.5: twice this is its limit
CELL_REFERENCE = 0.0003  # one reference serves all cells of a rack: 1 mV at 3.3 V
RACK_REFERENCE = 0.0010  # of the sensor of the rack voltage
PROBE_K = 0.5  # a probe is within 1 K
AGEING, RESISTANCE = 0.10, 0.10  # of the mean over the cells of a site: how far it has aged, and how much it resists
VOLTAGE_LIMIT = 0.003  # by so much the sensor of a rack is taken to differ from its cells at most
LEAK_A = 0.001  # half-normal over sites: twice this is taken as the most that cells lose by themselves
NEARLY = 0.9  # of a tolerance: beyond this share of it a check may speak up


def with_systematic_errors(scenario: Scenario) -> Scenario:
    """The scenario with errors of its sensors, meters, curves and site drawn by the seeds of its racks.

    Where a draw lies beyond what was declared, a check that says so is right: such checks are listed in `drawn`.
    """
    first = scenario.racks[0]
    site = np.random.default_rng([first.seed, 83])
    ageing = 1 + AGEING * site.normal(size=3)
    ohm = 1 + RESISTANCE * site.normal()
    leak_a = LEAK_A * abs(float(np.random.default_rng([first.seed, 86]).normal()))
    meters = scenario.meters and _meters(scenario.meters, site)
    racks = tuple(_rack(rack, scenario, ageing, ohm, leak_a) for rack in scenario.racks)
    return replace(scenario, racks=racks, meters=meters, drawn=_drawn(scenario, racks, meters))


def _meters(meters: MeterSpec, rng: np.random.Generator) -> MeterSpec:
    bank, converter, meter = METER_GAIN * rng.normal(size=3)
    return replace(
        meters,
        bank_gain=meters.bank_gain + float(bank),
        converter_gain=meters.converter_gain + float(converter),
        meter_gain=meters.meter_gain + float(meter),
    )


def _rack(rack: RackSpec, scenario: Scenario, ageing: np.ndarray[Any, np.dtype[np.float64]], ohm: float, leak_a: float) -> RackSpec:
    rng = np.random.default_rng([rack.seed, 85, *rack.rack.encode()])
    gain = (UNDECLARED_GAIN if scenario.gain_accuracy is None else scenario.gain_accuracy) * float(rng.normal())
    offset = (UNDECLARED_OFFSET_A if scenario.offset_a is None else scenario.offset_a) * float(rng.normal())
    sensors = replace(
        rack.sensors,
        current_gain=rack.sensors.current_gain or gain,
        current_offset_a=rack.sensors.current_offset_a or offset,
        cell_gain=CELL_REFERENCE * float(rng.normal()),
        rack_gain=RACK_REFERENCE * float(rng.normal()),
        probe_offset_k=tuple((PROBE_K * rng.normal(size=2 * rack.modules)).tolist()),
    )
    losses = {name: (getattr(rack, name)[0] * float(by), getattr(rack, name)[1]) for name, by in zip(LOSSES, ageing, strict=True)}
    ohms = {name: ohm * getattr(rack, name) for name in ("r0_ohm", "r1_ohm", "r2_ohm")}
    return replace(rack, sensors=sensors, curve_seed=scenario.racks[0].seed, leak_a=(leak_a, rack.leak_a[1]), **losses, **ohms)


LOSSES = ("lli", "lam_ne", "lam_pe")


def _drawn(scenario: Scenario, racks: tuple[RackSpec, ...], meters: MeterSpec | None) -> tuple[Planted, ...]:
    """Checks that may speak up because a draw lies at or beyond what was declared."""
    declared = scenario.gain_accuracy or 0.0
    found = []
    for rack in racks:
        if scenario.offset_a is not None and abs(rack.sensors.current_offset_a) > NEARLY * 1.96 * scenario.offset_a:
            found.append(Planted("offset beyond its declaration", rack.rack, ("CX05", "CX12")))
        if abs(rack.sensors.rack_gain - rack.sensors.cell_gain) > NEARLY * VOLTAGE_LIMIT:
            found.append(Planted("voltages beyond what sensors are taken for", rack.rack, ("CX01",)))
        if meters is not None:
            conflict = abs(rack.sensors.current_gain - meters.bank_gain)
            if conflict > NEARLY * max(0.01, 1.96 * float(np.hypot(declared, 0.005))):
                found.append(Planted("gain beyond its declaration", rack.rack, ("CX03",), bank="B01"))
    return tuple(found)
