"""What do the meters of a bank read: the DC bus, the converter, the revenue meter? The only witnesses against a rack's own current sensor.

Shapes: S racks on one time axis, T samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from workbench.asset.plain import Fact
from workbench.asset.window import FloatArray, RackSeries
from workbench.simulation.rack import Lived


class MeterSpec(Fact, frozen=True):
    """Accuracy and losses. Gains are relative; loss_w stands, loss_share follows the power. soc_counts_open: the bank's SoC counts opened racks too."""

    bank_gain: float = 0.0
    converter_gain: float = 0.0
    meter_gain: float = 0.0
    loss_w: float = 400.0
    loss_share: float = 0.015
    noise_share: float = 0.001
    soc_counts_open: bool = False


def metered(series: Sequence[RackSeries], lived: Sequence[Lived], spec: MeterSpec, rng: np.random.Generator) -> tuple[RackSeries, ...]:
    """The series with the signals of their bank added, the same for every rack. All racks share one time axis."""
    total = np.sum([one.true_current_a for one in lived], axis=0)
    samples = len(total)
    volts = np.median([one.signals["rack_voltage_v"] for one in series], axis=0)
    largest = float(np.abs(total * volts).max(initial=1.0))

    def read(values: FloatArray, gain: float, scale: float, decimals: int) -> FloatArray:
        result: FloatArray = np.round(values * (1 + gain) + spec.noise_share * scale * rng.normal(size=samples), decimals)
        return result

    dc = total * volts
    ac = dc + spec.loss_w * (np.abs(dc) > 0.01 * largest) + spec.loss_share * np.abs(dc)
    signals: dict[str, FloatArray] = {
        "bank_current_a": read(total, spec.bank_gain, float(np.abs(total).max(initial=1.0)), 1),
        "bank_voltage_v": np.round(volts + 0.05 * rng.normal(size=samples), 1),
        "converter_power_w": read(dc, spec.converter_gain, largest, 0),
        "meter_power_w": read(ac, spec.meter_gain, largest, 0),
    }
    if all("reported_soc" in one.signals for one in series):
        soc = np.array([one.signals["reported_soc"] for one in series])
        closed = np.array([one.signals["contactor_closed"] for one in series])
        counted = np.ones_like(closed) if spec.soc_counts_open else closed
        signals["bank_reported_soc"] = np.round((soc * counted).sum(axis=0) / len(series), 3)
    return tuple(replace(one, signals={**one.signals, **signals}) for one in series)
