"""A bank with all its racks and with one open: capacity before and after, against the truth of parallel racks."""

from functools import lru_cache

import numpy as np
import pytest
from msgspec import structs

from workbench.analysis.bank_capacity import ChargePath, bank_states
from workbench.analysis.estimates import Swing
from workbench.analysis.results import Estimate, NotEstablished, StudyParameters
from workbench.analysis.study import study
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made


@lru_cache(maxsize=2)
def studied(name, seed):
    scene = made(sized(SCENARIOS[name], seed))
    return scene, study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress())


@pytest.mark.parametrize("seed", [1, 2])
def test_capacity_before_and_after_a_rack_opens(seed):
    scene, result = studied("rack-opens", seed)
    whole, without = result.estimates.banks
    true = {rack: table.string_load_ah for rack, table in scene.truth.items()}
    assert (whole.missing, without.missing) == ((), ("R02",))
    assert whole.charge_ah.low <= sum(true.values()) <= whole.charge_ah.high
    assert without.charge_ah.low <= true["R01"] + true["R03"] <= without.charge_ah.high
    share = (true["R01"] + true["R03"]) / sum(true.values())
    assert without.over_whole.low <= share <= without.over_whole.high
    assert without.over_whole.high - without.over_whole.low < 0.02, "what all sensors read too much cancels"
    assert min(without.most_a[r] for r in ("R01", "R03")) > 1.2 * max(whole.most_a.values()), "the others bear its share"


def rack(name, *swings, gain=0.01):
    _scene, result = studied("rack-opens", 1)
    return structs.replace(result.estimates.racks[0], rack=name, swings=swings, gain_half=gain)


def swing(day, ah=100.0, *, full=True, empty=True, shift_s=0.0, beyond_h=0.0):
    start = day * 86_400_000_000_000 + round(shift_s * 1e9)
    return Swing(start, start + 3_600_000_000_000, start + 15_000_000_000_000, ah, 0.1, full, empty, 25.0, beyond_h)


def states(*racks):
    scene, _ = studied("rack-opens", 1)
    return bank_states(racks, scene.facts, "m")


def test_one_rack_at_a_limit_is_enough_and_none_is_not():
    found = states(rack("R01", swing(1)), rack("R02", swing(1, full=False, empty=False)), rack("R03", swing(1, full=False, empty=False)))
    assert [s.racks for s in found] == [("R01", "R02", "R03")]
    assert found[0].charge_ah.value == pytest.approx(300)
    none = [rack(name, swing(1, full=name == "R01", empty=False)) for name in ("R01", "R02", "R03")]
    assert states(*none) == ()


def test_the_offset_of_a_sensor_that_the_passes_show_is_no_charge_of_the_bank():
    """Sensors that read 1 A too much, 1 A too much and 1 A too little: what they count in a swing of five hours is 5 Ah beside the truth."""
    plain = sized(SCENARIOS["rack-opens"], 1)
    offsets = {"R01": 1.0, "R02": 1.0, "R03": 1.0}
    racks = tuple(structs.replace(r, sensors=structs.replace(r.sensors, current_offset_a=offsets[r.rack])) for r in plain.racks)
    scene = made(structs.replace(plain, racks=racks, offset_a=None))
    off = study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress()).estimates
    _, sound = studied("rack-opens", 1)
    assert all(one.offset_a == pytest.approx(1.0, abs=0.1) for one in off.racks)
    assert off.banks[0].charge_ah.value == pytest.approx(sound.estimates.banks[0].charge_ah.value, abs=2.0), "15 Ah less without"


def test_an_offset_that_nothing_shows_stands_in_the_interval_of_the_bank():
    sure, unsure = (
        states(*(structs.replace(rack(name, swing(1), gain=0.0), offset_half_a=half) for name in ("R01", "R02", "R03")))[0].charge_ah
        for half in (0.0, 1.0)
    )
    hours = 15_000 / 3600
    assert ((unsure.high - unsure.low) ** 2 - (sure.high - sure.low) ** 2) ** 0.5 / 2 == pytest.approx(3**0.5 * hours, rel=0.02)


def test_a_rack_that_discharged_from_an_end_of_its_own_is_not_missing():
    found = states(rack("R01", swing(1)), rack("R02", swing(1)), rack("R03", swing(1, shift_s=7200)))
    assert found == ()


def test_without_a_whole_swing_there_is_no_ratio():
    found = states(rack("R01", swing(1)), rack("R02", swing(1)), rack("R03"))
    assert found[0].missing == ("R03",)
    assert isinstance(found[0].charge_ah, Estimate)
    assert isinstance(found[0].over_whole, NotEstablished)
    assert found[0].over_whole.reason == "no-whole-swing"


def test_hours_beyond_the_reported_limit_are_counted_per_state():
    usual = [swing(d) for d in (1, 2, 3)]
    found = states(rack("R01", *usual, swing(4, beyond_h=0.5)), rack("R02", *usual, swing(4, beyond_h=0.25)), rack("R03", *usual))
    assert [s.missing for s in found] == [(), ("R03",)]
    assert found[0].beyond_h == {"R01": 0.0, "R02": 0.0, "R03": 0.0}
    assert found[1].beyond_h == {"R01": 0.5, "R02": 0.25}


def test_gain_widens_the_sum_and_not_the_ratio():
    def banks(gain):
        usual = [swing(d) for d in (1, 2, 3)]
        return states(*(rack(name, *usual, *([swing(4)] if name != "R03" else []), gain=gain) for name in ("R01", "R02", "R03")))

    fine, coarse = banks(0.001), banks(0.05)
    width = [(s[1].charge_ah.high - s[1].charge_ah.low) / s[1].charge_ah.value for s in (fine, coarse)]
    assert width[1] > 10 * width[0]
    ratio = coarse[1].over_whole
    assert (ratio.high - ratio.low) / ratio.value < 0.5 * width[1]


@pytest.mark.parametrize("seed", [3, 4])
def test_a_bank_with_a_poor_connection_has_a_state_with_all_its_racks(seed):
    scene, result = studied("uneven-share", seed)
    (whole,) = result.estimates.banks
    assert whole.missing == ()
    swings = dict(scene.truth["R01"].bank_swings)
    given = [ah for ns, ah in swings.items() if any(abs(ns - seen) < 900e9 for seen in whole.ends_ns)]
    assert len(given) == whole.swings
    assert whole.charge_ah.low <= np.mean(given) <= whole.charge_ah.high
    assert whole.most_a["R02"] > 0


def path(*knots):
    hours, ah = zip(*knots, strict=True)
    day = 86_400_000_000_000
    return ChargePath(day + (np.array(hours) * 3.6e12).astype(np.int64), np.array(ah), 0.1)


def test_a_rack_that_is_there_for_a_part_of_the_discharge_makes_no_state():
    scene, _ = studied("rack-opens", 1)
    racks = [rack("R01", swing(1)), rack("R02", swing(1)), rack("R03")]
    own = path((0, 0), (1, 0), (15 / 3.6, -100))
    paths = {"R01": own, "R02": own, "R03": path((0, 0), (1, 0), (2.5, -50), (15 / 3.6, -50))}
    assert bank_states(racks, scene.facts, "m", paths) == ()
    (with_all,) = bank_states(racks, scene.facts, "m", paths | {"R03": own})
    assert (with_all.missing, with_all.charge_ah.value) == ((), pytest.approx(300, abs=1))
    (without,) = bank_states(racks, scene.facts, "m", paths | {"R03": path((0, 0), (15 / 3.6, 0))})
    assert without.missing == ("R03",)
