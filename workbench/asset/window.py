"""One imported span of telemetry: its facts, and the arrays of one rack as kernels see them.

Shapes: T samples, C cells, P probes. Times are UTC nanoseconds, ascending and unique within a rack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.asset.channels import CELL_VOLTAGE_PER_V, MISSING_INT16, PROBE_TEMPERATURE_PER_DEGC
from workbench.asset.events import Event
from workbench.asset.plain import Fact
from workbench.asset.provenance import Repair, SourceFile
from workbench.asset.quality import Quality
from workbench.asset.topology import Plant, Rack

FloatArray = NDArray[np.float64]
Int16Array = NDArray[np.int16]
Int64Array = NDArray[np.int64]
ByteArray = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]
DAY_NS = 86_400_000_000_000


class WindowFacts(Fact, frozen=True):
    """Everything about a window except its samples. Immutable once imported."""

    id: str  # random, 12 hex digits
    name: str
    plant: Plant
    start_ns: int
    end_ns: int
    nominal_period_s: float
    time_zone: str  # zone the source was read in; times themselves are UTC
    time_zone_known: bool  # False where the zone was assumed, not found
    sources: tuple[SourceFile, ...]
    mapping: str  # canonical JSON of the mapping profile that was used
    repairs: tuple[Repair, ...]
    events: tuple[Event, ...] = ()
    samples: int = 0  # cell voltage samples, received ones only
    sampling: str = "periodic"  # or event-driven, random, irregular: then nominal_period_s is a median step and no period
    sampling_evidence: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class RackSeries:
    """The samples of one rack over a span, all on the rack's own time axis.

    time_ns: (T,) int64 UTC. cell_voltage_mv: (C, T) int16, MISSING_INT16 where nothing usable was received.
    cell_quality: (C, T) uint8 flags of `Quality`. probe_temperature_ddegc: (P, T) int16 tenths of degC.
    signals: name -> (T,) float64, NaN where nothing was received; names as in `channels.QUANTITIES` or ``source_...``.
    channel_quality: (P + S, T) flags of the probes, then of the signals in their order; None where nobody kept any (see `channel_marks`).
    """

    rack: Rack
    time_ns: Int64Array
    cell_voltage_mv: Int16Array
    cell_quality: ByteArray
    probe_temperature_ddegc: Int16Array
    signals: Mapping[str, FloatArray]
    channel_quality: ByteArray | None = None

    def channel_marks(self) -> ByteArray:
        """(P + S, T) what is known of every sample of probes and signals; without flags of their own, whether there is a value."""
        if self.channel_quality is not None:
            return self.channel_quality
        result = np.zeros((len(self.probe_temperature_ddegc) + len(self.signals), len(self.time_ns)), np.uint8)
        probes = len(self.probe_temperature_ddegc)
        result[:probes][self.probe_temperature_ddegc == MISSING_INT16] = int(Quality.MISSING)
        for row, values in enumerate(self.signals.values(), probes):
            result[row][np.isnan(values)] = int(Quality.MISSING)
        return result

    def cell_voltage_v(self) -> FloatArray:
        """(C, T) [V], NaN where missing."""
        return decoded(self.cell_voltage_mv, CELL_VOLTAGE_PER_V)

    def probe_temperature_degc(self) -> FloatArray:
        """(P, T) [degC], NaN where missing."""
        return decoded(self.probe_temperature_ddegc, PROBE_TEMPERATURE_PER_DEGC)

    def signal(self, name: str) -> FloatArray | None:
        """(T,) or None where the source had no such channel."""
        return self.signals.get(name)

    def span(self, first: int, last: int) -> RackSeries:
        """The samples first..last-1 as views."""
        cut = slice(first, last)
        return replace(
            self,
            time_ns=self.time_ns[cut],
            cell_voltage_mv=self.cell_voltage_mv[:, cut],
            cell_quality=self.cell_quality[:, cut],
            probe_temperature_ddegc=self.probe_temperature_ddegc[:, cut],
            signals={name: values[cut] for name, values in self.signals.items()},
            channel_quality=None if self.channel_quality is None else self.channel_quality[:, cut],
        )


def decoded(stored: Int16Array, per_unit: int) -> FloatArray:
    """Physical values of stored integers, NaN where the stored value means missing."""
    values = stored / float(per_unit)
    values[stored == MISSING_INT16] = np.nan
    return values
