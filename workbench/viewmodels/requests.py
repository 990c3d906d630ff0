"""What does a view ask for? Frozen requests: the same request makes the same picture, so evidence can be replayed."""

from __future__ import annotations

from workbench.asset.plain import Fact


class HeatmapRequest(Fact, frozen=True, tag="heatmap"):
    """Cells x time of one window. racks empty means all; first_cell..last_cell (one-based, 0 = all) only with one rack.

    quantity is deviation (minus rack median, mV) or raw (V). order is physical or deviation (worst cells on top).
    limit: half width of the scale for deviation [mV]; None takes the percentile clip of what is in view.
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


class TracesRequest(Fact, frozen=True, tag="traces"):
    """Voltage of chosen cells of one rack over an interval, with the band of its rack, and chosen rack signals below."""

    window_id: str
    start_ns: int
    end_ns: int
    rack: str
    cells: tuple[int, ...] = ()
    channels: tuple[str, ...] = ("rack_current_a",)
    max_columns: int = 1200


class DivergenceRequest(Fact, frozen=True, tag="divergence"):
    """Spread of all racks of one window under the condition of the stored study."""

    window_id: str


Request = HeatmapRequest | TracesRequest | DivergenceRequest
