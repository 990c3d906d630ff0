"""A signal that changes its unit is mended where a power of ten explains it, withheld where nothing tells the row, and always listed."""

import numpy as np
import pytest
from builders.exports import Table, read
from msgspec.structs import replace

from workbench.asset.quality import Quality
from workbench.ingest.recognition import inspect
from workbench.jobs.progress import Progress

TABLE = Table(rows=240, cells=12)
VOLTS = np.round(TABLE.voltage.sum(axis=1) / 1000, 1)
SHARE = np.round(0.4 + 0.0005 * np.arange(240), 4)
WARM = np.round(24 + np.sin(np.arange(240) / 20), 1)
CHANGE = 150


def line(facts, rule, place):
    return next(r for r in facts.repairs if r.rule == rule and place in r.place)


def written(path, amps=None, **columns):
    table = Table(rows=240, cells=12)
    table.current = table.current if amps is None else amps
    return table.write(path / "a.csv", extra={name: [f"{v:g}" for v in values] for name, values in columns.items()})


def after(values, factor, change=CHANGE):
    return np.where(np.arange(240) < change, values, values * factor)


@pytest.mark.parametrize("factor", [10, 0.1, 1000])
@pytest.mark.parametrize("change", [60, 150, 237])
def test_a_rack_voltage_in_another_unit_is_the_sum_of_its_cells_again(tmp_path, factor, change):
    facts, sink = read(written(tmp_path, PackVoltage=after(VOLTS, factor, change)))
    told = sink.signal("rack_voltage_v")
    known = np.isfinite(told)
    assert np.allclose(told[known], VOLTS[known], atol=0.06)
    assert known.all() or "out-of-range" in {r.rule for r in facts.repairs}, "what no rack can have was masked before"
    if known.all() and not any(r.rule == "scale" for r in facts.repairs):
        assert line(facts, "unit-change", "rack_voltage_v").count == 240 - change
        marks = np.concatenate([b.channel_marks() for b in sink.blocks["R01"]], axis=1)
        place = sink.racks["R01"][1].index("rack_voltage_v")
        assert ((marks[place] & int(Quality.REPAIRED)) > 0).tolist() == (np.arange(240) >= change).tolist()


@pytest.mark.parametrize(("begins", "factor"), [(100, 0.01), (1, 100), (10_000, 1e-4), (1e6, 1e-6)])
@pytest.mark.parametrize("change", [60, 200])
def test_a_state_of_charge_in_another_unit(tmp_path, begins, factor, change):
    facts, sink = read(written(tmp_path, SoC=after(SHARE * begins, factor, change)))
    told = sink.signal("reported_soc")
    known = np.isfinite(told)
    assert np.allclose(told[known], SHARE[known], atol=1e-5)
    assert known.all() or "out-of-range" in {r.rule for r in facts.repairs}


def test_a_battery_that_is_emptied_keeps_its_state_of_charge(tmp_path):
    empty = np.r_[np.linspace(0.6, 0.0006, 200), np.linspace(0.0006, 0.6, 40)]
    facts, sink = read(written(tmp_path, SoC=empty))
    assert np.allclose(sink.signal("reported_soc"), empty, atol=1e-6)
    assert "unit-change" not in {r.rule for r in facts.repairs}


@pytest.mark.parametrize("change", [60, 150])
@pytest.mark.parametrize("factor", [10, 0.1])
def test_probes_in_tenths_from_some_row_on(tmp_path, factor, change):
    begins = WARM if factor == 10 else WARM * 10
    facts, sink = read(written(tmp_path, T1=after(begins, factor, change), T2=after(begins + (1 if factor == 10 else 10), factor, change)))
    told = np.concatenate([b.probe_temperature_ddegc for b in sink.blocks["R01"]], axis=1)[0]
    known = told != -32768
    assert np.abs(told[known] - WARM[known] * 10).max() <= 6
    assert known.all() or "out-of-range" in {r.rule for r in facts.repairs}


@pytest.mark.parametrize("factor", [10, 0.1, -1])
def test_a_current_whose_resistance_or_sign_changes_is_withheld(tmp_path, factor):
    facts, sink = read(written(tmp_path, after(TABLE.current, factor)))
    assert "rack_current_a" not in sink.racks["R01"][1]
    assert "source_current" in sink.racks["R01"][1]
    assert "not computed with" in line(facts, "unit-unproven", "rack_current_a").detail


def test_a_rack_that_counts_against_the_others_is_said(tmp_path):
    Table(seed=1).write(tmp_path / "R01.csv")
    profile = inspect([tmp_path], Progress()).profile  # made when there was no other rack
    Table(seed=2).write(tmp_path / "R02.csv", sign=-1)
    facts, _ = read(tmp_path, mapping=profile)
    assert line(facts, "sign-contradicted", "R02")
    assert not [r for r in facts.repairs if r.rule == "sign-contradicted" and "R01" in r.place]


def test_a_sound_rack_has_no_line(tmp_path):
    facts, sink = read(written(tmp_path, PackVoltage=VOLTS, SoC=SHARE, T1=WARM, T2=WARM + 1))
    assert not {r.rule for r in facts.repairs} & {"unit-change", "unit-unproven", "sign-contradicted", "scale-unproven"}
    assert np.array_equal(sink.signal("rack_current_a"), TABLE.current)


@pytest.mark.parametrize("change", [30, 41, 205])
def test_a_current_that_changes_after_two_steps_is_withheld(tmp_path, change):
    table = Table(rows=240, cells=12)
    amps = np.where(np.arange(240) < change, table.current, 10 * table.current)
    facts, sink = read(written(tmp_path, amps))
    assert "rack_current_a" not in sink.racks["R01"][1]
    assert "its unit changes on the way" in line(facts, "unit-unproven", "rack_current_a").detail


def plant(path, **racks):
    """All racks in one file. racks: the current that its cells follow, and the one that its column says."""
    tables = {name: Table(rows=240, cells=12, seed=number) for number, name in enumerate(racks)}
    columns = {}
    for name, (current, told) in racks.items():
        volts = tables[name].voltage + np.rint(0.4 * (current - tables[name].current))[:, None].astype(int)
        columns |= {f"{name}_CellV{cell + 1:03d}_mV": volts[:, cell] for cell in range(12)} | {f"{name}_Current_A": told}
    lines = [",".join(["Time", *columns])]
    lines += [",".join([f"{at:%Y-%m-%d %H:%M:%S}", *(f"{v[i]:g}" for v in columns.values())]) for i, at in enumerate(tables["R01"].times)]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_where_the_current_of_one_rack_changes_its_unit_that_of_another_must_show_that_it_does_not(tmp_path):
    """A rack with a single step before the change, or with none after it, shows nothing: its current had been ten times too large from there on."""
    rows = np.arange(240)
    once = np.where(rows < 12, -40.0, 40.0)
    late = np.where((rows > 200) & ((rows // 12) % 2 == 0), -40.0, 40.0)
    racks = {
        "R01": (TABLE.current, after(TABLE.current, 10)),
        "R02": (once, after(once, 10)),
        "R03": (TABLE.current, TABLE.current),
        "R04": (np.zeros(240), np.zeros(240)),
        "R05": (begun := np.where(rows < CHANGE, 0.0, TABLE.current), begun),
        "R06": (late, after(late, 10)),
    }
    facts, sink = read(plant(tmp_path / "a.csv", **racks))
    kept = {name for name, (_, signals) in sink.racks.items() if "rack_current_a" in signals}
    assert kept == {"R03", "R04", "R05"}
    assert "the resistance that its steps show" in line(facts, "unit-unproven", "R01, rack_current_a").detail
    for name in ("R02", "R06"):
        words = line(facts, "unit-unproven", f"{name}, rack_current_a").detail
        assert words.startswith("that of R01 in the same file changes its unit, at the latest at 20")
    assert np.array_equal(sink.signal("rack_current_a", "R03"), TABLE.current)


def test_a_current_that_its_first_rows_left_open_is_turned_by_all_of_them(tmp_path):
    Table(seed=1).write(tmp_path / "a.csv", sign=-1)
    found = inspect([tmp_path / "a.csv"], Progress()).profile
    open_ = [replace(r, sign=1, repair="sign-unproven") if r.quantity == "rack_current_a" else r for r in found.columns]
    facts, sink = read(tmp_path / "a.csv", mapping=replace(found, columns=tuple(open_)))
    assert np.array_equal(sink.signal("rack_current_a"), TABLE.current)
    assert line(facts, "sign", "R01, rack_current_a").count == 240
    assert not [r for r in facts.repairs if r.rule in ("sign-unproven", "sign-contradicted")]
