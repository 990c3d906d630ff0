"""Estimates of racks made of chosen numbers, for rules that only compare them."""

from workbench.analysis.estimates import Estimates, OperatingRegime, RackEstimates, ReportedState
from workbench.analysis.results import Estimate, NotEstablished
from workbench.analysis.waterfall import waterfall
from workbench.asset.nameplate import DesignRecord

NOTHING = NotEstablished(reason="limits-not-reached", why="No limit was reached.", settles="One full cycle.")
DESIGN = DesignRecord(chemistry="LFP", rated_capacity_ah=280.0, rated_energy_kwh=500.0, current_gain_accuracy=0.005)


def estimate(value, half, unit="1"):
    return Estimate(value, value - half, value + half, unit, "m", "as operated", 4)


def rack(
    name="R01", ah=250.0, gain=0.01, *, declared=True, mean=1.03, weakest=1.01, volts=600.0, serving=True, efficiency=0.95, worst=0.03
):
    """A rack of so many usable ampere-hours. mean, weakest: over the string, None where not established."""
    string = estimate(ah, ah * gain, "Ah") if ah else NOTHING
    shares = [estimate(s, 0.001) if s else NOTHING for s in (mean, weakest)]
    state = ReportedState(
        name, NOTHING, estimate(worst, 0.01) if worst else NOTHING, 0, (), NOTHING, NOTHING, NOTHING, 0, 0, 0.98, 0.98, "constant", 0
    )
    regime = OperatingRegime(name, 240.0, 1.0, 1.0, NOTHING, 1, 1, 1.0, 1, 1.0, 1.0, 1.0, {}, {}, {}, None, None)
    return RackEstimates(
        rack=name, gain_half=gain, gain_declared=declared, counted_ah=ah or None, string_ah=string, partial_ah=NOTHING,
        usable_kwh=estimate(ah * volts / 1000, ah * volts / 1000 * gain, "kWh") if ah else NOTHING, mean_share=shares[0], weakest_share=shares[1],
        weakest_cell=1 if weakest else 0, imbalance_share=estimate(weakest - 1, 0.001) if weakest else NOTHING,
        round_trip=estimate(efficiency, 0.002) if efficiency else NOTHING, volts_per_discharge=volts if ah else None, reported=state, regime=regime,
        cells=(), leakage=NOTHING, resistance_condition="", in_service=serving,
    )  # fmt: skip


def estimates(*racks, design=DESIGN):
    return Estimates(racks, waterfall(racks, design, "site", "m"))
