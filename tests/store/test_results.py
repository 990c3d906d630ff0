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


def test_a_result_that_cannot_be_read_is_made_again_for_good(fresh):
    """Left alone, it would be made again at every opening and never be kept."""
    path = fresh.path / "derived" / "k.json"
    path.write_bytes(b'{"value": null}')
    write_result(fresh, "k", VALUE)
    assert read_result(fresh, "k", Estimate) == VALUE
