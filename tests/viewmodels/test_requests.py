"""Requests are recipes: they round-trip and are told apart by their tag."""

import msgspec
import pytest

from workbench.asset.plain import canonical
from workbench.viewmodels.requests import DivergenceRequest, HeatmapRequest, Request, TracesRequest


@pytest.mark.parametrize(
    "request_",
    [
        HeatmapRequest(window_id="w", start_ns=1, end_ns=2, racks=("R01",), limit=60.0), TracesRequest(window_id="w", start_ns=1, end_ns=2, rack="R01", cells=(3,)),
        DivergenceRequest(window_id="w"),
    ],
)  # fmt: skip
def test_round_trip(request_):
    assert msgspec.json.decode(canonical(request_), type=Request) == request_
