"""What does a view ask for? Frozen requests: the same request makes the same picture, so evidence can be replayed."""

from __future__ import annotations

from workbench.analysis.conditioned_spread import Condition
from workbench.asset.plain import Fact


class HeatmapRequest(Fact, frozen=True, tag="heatmap"):
    """Cells x time of one window. racks empty means all; first_cell..last_cell (one-based, 0 = all) only with one rack.

    quantity is deviation (minus rack median, mV), raw (V), baseline (deviation minus the cell's own past, mV), z (over the scatter of its rack)
    or temperature (of probes, degC), balancing (%), or a result of the study for each cell (a name of `heatmap_quantities.RESULTS`). reduction is worst, min, max, mean or count. order is physical, deviation (worst cells on top) or module.
    limit: half width of the scale of a signed quantity; limits: both ends of any scale; None takes the clip of what is in view.
    clip: percent of pixels that may lie beyond. folded: racks shown as one row, the median of their cells, while others stand beside them.
    """

    window_id: str
    start_ns: int
    end_ns: int
    quantity: str = "deviation"
    racks: tuple[str, ...] = ()
    first_cell: int = 0
    last_cell: int = 0
    max_rows: int = 600
    max_columns: int = 1200
    order: str = "physical"
    limit: float | None = None
    reduction: str = "worst"
    limits: tuple[float, float] | None = None
    clip: float = 0.5
    folded: tuple[str, ...] = ()


class TracesRequest(Fact, frozen=True, tag="traces"):
    """Voltage of chosen cells of one rack over an interval, with the band of its rack, and chosen rack signals below.

    event: instead, all that belongs to an event: extreme cells, current with its limits, temperatures, states.
    """

    window_id: str
    start_ns: int
    end_ns: int
    rack: str
    cells: tuple[int, ...] = ()
    channels: tuple[str, ...] = ("rack_current_a",)
    max_columns: int = 1200
    event: bool = False


class DivergenceRequest(Fact, frozen=True, tag="divergence"):
    """Spread of all racks of one window: under the condition of the stored study, or under one of the reviewer's own with its limit.

    baseline: what the spreads are read against, of `divergence_baseline.BASELINES`; empty is the spread itself.
    """

    window_id: str
    condition: Condition | None = None
    limit_mv: float | None = None
    baseline: str = ""


class CurvesRequest(Fact, frozen=True, tag="curves"):
    """Voltage over charge of chosen cells of one rack in one pass, with its slopes. start_ns: of the pass; 0 takes the one that moves most charge.

    panels: which of vq, dvdq and dqdv; empty means all. along: stretch of the bottom axis in view (Ah, or V for dqdv alone); None shows all.
    """

    window_id: str
    rack: str
    cells: tuple[int, ...]
    start_ns: int = 0
    panels: tuple[str, ...] = ()
    along: tuple[float, float] | None = None


Request = HeatmapRequest | TracesRequest | DivergenceRequest | CurvesRequest
