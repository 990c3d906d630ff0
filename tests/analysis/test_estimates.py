"""Estimates are facts: they go into JSON and come back equal."""

from builders.estimates import estimates, rack
from builders.known_racks import known

from workbench.analysis.estimates import Estimates, RackEstimates
from workbench.asset.plain import canonical, revive


def test_estimates_survive_storage():
    found = known(seed=1).estimates
    assert revive(canonical(found), RackEstimates) == found
    site = estimates(rack(), rack("R02", ah=0))
    assert revive(canonical(site), Estimates) == site
