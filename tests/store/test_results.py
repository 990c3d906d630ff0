"""Results are kept by key, and made again when they cannot be read."""

from workbench.asset.estimate import Estimate
from workbench.store.results import read_result, write_result

VALUE = Estimate(value=1, low=0, high=2, unit="A", method="m")


def test_round_trip(fresh):
    assert read_result(fresh, "k", Estimate) is None
    write_result(fresh, "k", VALUE)
    assert read_result(fresh, "k", Estimate) == VALUE


def test_a_damaged_result_counts_as_none(fresh):
    write_result(fresh, "k", VALUE)
    (fresh.path / "derived" / "k.json").write_bytes(b'{"type": "esti')
    assert read_result(fresh, "k", Estimate) is None
