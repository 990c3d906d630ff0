"""Probes that change unit and offset on the way are brought back by the BMS's own maximum, or withheld: never read as another temperature."""

import numpy as np
import pytest
from builders.exports import Table, read

from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality

ROWS = np.arange(240)
WARM = np.rint(24 + 3 * np.sin(ROWS / 20))
UNITS = {
    "plain": lambda c: c,
    "tenths": lambda c: 10 * c,
    "with 40": lambda c: c + 40,
    "fahrenheit": lambda c: 1.8 * c + 32,
    "kelvin": lambda c: c + 273.15,
}


def written(path, before, after, change, *, reported=True, above=1.0):
    def told(celsius):
        return [f"{(UNITS[before] if i < change else UNITS[after])(c):g}" for i, c in enumerate(celsius)]

    extra = {"Temp1": told(WARM), "Temp2": told(WARM - above)}
    return Table().write(path / "a.csv", extra=extra | ({"TempMax": [f"{c:g}" for c in WARM]} if reported else {}))


def probes(sink):
    return np.concatenate([b.probe_temperature_ddegc for b in sink.blocks["R01"]], axis=1)


def line(facts, rule):
    return next(r for r in facts.repairs if r.rule == rule and "probes" in r.place)


@pytest.mark.parametrize("change", [60, 120, 200])
@pytest.mark.parametrize("pair", [(a, b) for a in UNITS for b in UNITS if a != b], ids=" then ".join)
def test_the_maximum_beside_them_tells_unit_and_offset_of_each_stretch(tmp_path, pair, change):
    facts, sink = read(written(tmp_path, *pair, change))
    told = probes(sink)[0] if sink.racks["R01"][0].probes else np.full(240, MISSING_INT16)
    known = told != MISSING_INT16
    assert np.abs(told[known] - 10 * WARM[known]).max(initial=0) <= 5, "no other temperature is ever said"
    rules = {r.rule for r in facts.repairs}
    assert known.all() or rules & {"out-of-range", "unit-unproven"}
    if known.all():
        assert "unit-change" in rules


def test_a_change_of_unit_and_offset_at_once_is_listed_with_its_place(tmp_path):
    facts, sink = read(written(tmp_path, "with 40", "tenths", 60))
    assert np.array_equal(probes(sink)[0], 10 * WARM)
    told = line(facts, "unit-change")
    assert (told.count, told.detail) == (60, "counted in another unit than the rest; times 10, -40 °C")
    marks = np.concatenate([b.channel_marks() for b in sink.blocks["R01"]], axis=1)
    assert (marks[0, :60] & int(Quality.REPAIRED)).all()
    assert not (marks[0, 60:] & int(Quality.REPAIRED)).any()


@pytest.mark.parametrize("pair", [("plain", "with 40"), ("with 40", "tenths"), ("tenths", "with 40")], ids=" then ".join)
def test_without_it_what_no_power_of_ten_explains_is_withheld(tmp_path, pair):
    facts, sink = read(written(tmp_path, *pair, 120, reported=False))
    rack, signals = sink.racks["R01"]
    assert not rack.probes
    assert signals[:2] == ("source_Temp1", "source_Temp2")
    assert facts.plant.racks[0].probes == ()
    assert np.isfinite(sink.signal("source_Temp1")).all()
    assert "not computed with" in line(facts, "unit-unproven").detail
    assert all(len(b.channel_marks()) == len(signals) for b in sink.blocks["R01"])


def test_a_few_strange_rows_are_masked_alone(tmp_path):
    odd = np.where((ROWS >= 100) & (ROWS < 104), WARM + 40, WARM)
    facts, sink = read(Table().write(tmp_path / "a.csv", extra={"Temp1": [f"{c:g}" for c in odd], "Temp2": [f"{c - 1:g}" for c in odd]}))
    told = probes(sink)[0]
    assert (told[100:104] == MISSING_INT16).all()
    assert np.array_equal(np.delete(told, range(100, 104)), np.delete(10 * WARM, range(100, 104)))
    assert "masked there" in line(facts, "unit-unproven").detail


def test_a_fire_stays(tmp_path):
    rising = np.where(ROWS < 100, WARM, np.minimum(WARM + 18.0 * (ROWS - 99), 90))
    _, sink = read(Table().write(tmp_path / "a.csv", extra={"Temp1": [f"{c:g}" for c in rising], "Temp2": [f"{c - 1:g}" for c in rising]}))
    assert np.array_equal(probes(sink)[0], 10 * rising)


def test_a_season_is_no_change(tmp_path):
    slow = np.round(10 + 20 * ROWS / 240, 1)
    facts, sink = read(Table(period_s=7200).write(tmp_path / "a.csv", extra={"Temp1": [f"{c:g}" for c in slow]}))
    assert np.array_equal(probes(sink)[0], np.rint(10 * slow))
    assert not {r.rule for r in facts.repairs} & {"unit-change", "unit-unproven"}
