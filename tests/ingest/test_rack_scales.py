"""Scales of rack voltage, current and SoC: proved by physics, corrected with evidence, or said to be unproven. Never a guess."""

import numpy as np
import pytest
from builders.exports import START, Table, read, rules

from workbench.asset.quality import Quality
from workbench.ingest import recognition
from workbench.jobs.progress import Progress

ROWS, CELLS = 300, 20


@pytest.fixture(scope="module")
def table():
    return Table(rows=ROWS, cells=CELLS)


def written(path, table, **extra):
    """A table with more columns: {name: (T,) numbers}, each as text of its own shortest form."""
    return table.write(
        path / "a.csv", extra={name: [f"{v:g}" if abs(v) < 1e6 else f"{v:.0f}" for v in values] for name, values in extra.items()}
    )


def told(facts, source, rule="scale"):
    return next(r for r in facts.repairs if r.rule == rule and source in r.place)


def pack_v(table):
    return table.voltage.sum(axis=1) / 1000


@pytest.mark.parametrize("scale", [0.1, 0.01, 0.001])
def test_the_sum_of_cells_tells_the_scale_of_the_rack_voltage(tmp_path, table, scale):
    facts, sink = read(written(tmp_path, table, PackVoltage=np.rint(pack_v(table) / scale)))
    assert np.abs(sink.signal("rack_voltage_v") - pack_v(table)).max() <= scale
    line = told(facts, "PackVoltage")
    assert (line.count, "sum of 20 cells" in line.evidence) == (ROWS, True)


def test_a_rack_voltage_in_volts_is_confirmed_not_changed(tmp_path, table):
    facts, sink = read(written(tmp_path, table, PackVoltage=np.round(pack_v(table), 1)))
    assert np.allclose(sink.signal("rack_voltage_v"), pack_v(table), atol=0.06)
    assert "scale" not in rules(facts)


@pytest.mark.parametrize("name", ["PackVoltage_V", "PackVoltage [V]"])
def test_a_stated_unit_against_a_factor_of_ten_is_asked_not_decided(tmp_path, table, name):
    facts, sink = read(written(tmp_path, table, **{name: 10 * np.round(pack_v(table), 1)}))
    assert np.allclose(sink.signal("rack_voltage_v"), 10 * pack_v(table), atol=0.6), "perhaps only a tenth of the cells is in the export"
    assert "not all cells" in told(facts, name, "scale-unproven").evidence


def test_a_voltage_that_no_power_of_ten_explains_is_left_alone(tmp_path, table):
    facts, sink = read(written(tmp_path, table, PackVoltage=np.round(3.7 * pack_v(table), 1)))
    assert not {"scale", "scale-unproven"} & rules(facts)
    assert np.allclose(sink.signal("rack_voltage_v"), 3.7 * pack_v(table), atol=0.06)


@pytest.mark.parametrize(("name", "of"), [("CellVmax", np.max), ("CellVmin", np.min), ("CellVmean", np.mean)])
@pytest.mark.parametrize("scale", [1e-3, 1e-4])
def test_reported_extremes_follow_the_cells(tmp_path, table, name, of, scale):
    own = of(table.voltage, axis=1) / 1000
    _, sink = read(written(tmp_path, table, **{name: np.rint(own / scale)}))
    quantity = {"CellVmax": "max", "CellVmin": "min", "CellVmean": "mean"}[name]
    assert np.allclose(sink.signal(f"reported_cell_voltage_{quantity}_v"), own, atol=scale)


@pytest.mark.parametrize("name", ["SoC", "SoC [%]", "SoH", "Bank_SoC"])
@pytest.mark.parametrize("full", [1, 100, 1000, 10_000, 1_000_000])
def test_the_top_of_its_range_tells_the_scale_of_a_state(tmp_path, table, name, full):
    share = np.round(np.linspace(0.31, 0.97, ROWS), 4)
    facts, sink = read(written(tmp_path, table, **{name: share * full if full == 1 else np.rint(share * full)}))
    quantity = {"SoC": "reported_soc", "SoC [%]": "reported_soc", "SoH": "reported_soh", "Bank_SoC": "bank_reported_soc"}[name]
    assert np.allclose(sink.signal(quantity), share, atol=max(0.5 / full, 1e-6) if full > 1 else 1e-6)
    assert ("scale" in rules(facts)) == (full > 100 or (full == 1 and "%" in name)), "percent and fractions need no repair"


def test_between_two_scales_nothing_is_computed_with_a_state(tmp_path, table):
    facts, sink = read(written(tmp_path, table, SoC=np.rint(np.linspace(60, 240, ROWS))))
    assert "reported_soc" not in sink.racks["R01"][1]
    assert np.array_equal(sink.signal("source_SoC"), np.rint(np.linspace(60, 240, ROWS)))
    assert "not computed with" in told(facts, "SoC", "scale-unproven").evidence


def test_placeholders_do_not_hide_a_scale(tmp_path, table):
    share = np.rint(1000 * np.linspace(0.31, 0.97, ROWS))
    share[::20] = 65535
    _, sink = read(written(tmp_path, table, SoC=share))
    assert np.nanmax(sink.signal("reported_soc")) == pytest.approx(0.97)
    assert np.isnan(sink.signal("reported_soc")[::20]).all()


def bare(path, table, name, values, **extra):
    """As `written`, with the current under a name of ours and at a scale of ours."""
    lines = [",".join(["Time", *(f"{n}_mV" for n in table.names), name, *extra])]
    for i, at in enumerate(table.times):
        lines.append(
            ",".join([f"{at:%Y-%m-%d %H:%M:%S}", *map(str, table.voltage[i]), f"{values[i]:g}", *(f"{v[i]:g}" for v in extra.values())])
        )
    (path / "a.csv").write_text("\n".join(lines) + "\n")
    return path / "a.csv"


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("scale", [0.1, 0.01, 0.001])
@pytest.mark.parametrize("name", ["Current", "Current_A"])
def test_power_beside_it_tells_the_scale_of_a_current(tmp_path, table, scale, sign, name):
    power = pack_v(table) * np.abs(table.current) / 1000
    path = bare(tmp_path, table, name, sign * table.current / scale, PackVoltage=np.rint(pack_v(table) * 10), **{"Power [kW]": power})
    facts, sink = read(path)
    assert np.allclose(sink.signal("rack_current_a"), table.current)
    assert told(facts, name).count == ROWS
    assert ("sign" in rules(facts)) == (sign < 0), "both repairs of one column are listed"


def test_whole_numbers_without_a_unit_are_taken_as_amperes_and_said_to_be_unproven(tmp_path, table):
    facts, sink = read(bare(tmp_path, table, "Current", table.current))
    assert np.array_equal(sink.signal("rack_current_a"), table.current)
    assert "taken as A" in told(facts, "Current", "scale-unproven").evidence
    found = recognition.inspect([tmp_path / "a.csv"], Progress())
    assert next(c.verdict for c in found.columns if c.source == "Current") == "guess"


def test_a_current_no_rack_can_carry_is_not_computed_with(tmp_path, table):
    facts, sink = read(bare(tmp_path, table, "Current", 1000 * table.current))
    assert "rack_current_a" not in sink.racks["R01"][1]
    assert np.array_equal(sink.signal("source_Current"), 1000 * table.current)
    assert "scale-unproven" in rules(facts)


def test_a_stated_unit_needs_no_proof(tmp_path, table):
    facts, _ = read(bare(tmp_path, table, "Current_A", table.current))
    assert not {"scale", "scale-unproven"} & rules(facts)


def test_a_hidden_cell_is_found_behind_a_scaled_rack_voltage(tmp_path, table):
    small = Table(rows=ROWS, cells=4)
    first = small.voltage[:, 0] + np.random.default_rng(4).integers(-9, 9, ROWS)
    total = np.rint((small.voltage.sum(axis=1) + first) / 10)
    facts, sink = read(small.write(tmp_path / "a.csv", extra={"BMSCellMean": first.tolist(), "PackVoltage": [f"{v:g}" for v in total]}))
    assert {"scale", "hidden-cell"} <= rules(facts)
    assert np.array_equal(sink.voltage()[0], first)
    assert START.year == 2026
    assert not (np.concatenate([b.cell_quality for b in sink.blocks["R01"]], axis=1) & int(Quality.HELD)).any()


def test_a_rack_voltage_that_changes_its_unit_proves_nothing_of_a_current(tmp_path, table):
    power = pack_v(table) * np.abs(table.current) / 1000
    volts = np.where(np.arange(ROWS) < 96, pack_v(table), 10 * pack_v(table)).round(1)
    facts, sink = read(bare(tmp_path, table, "Pack Current [A]", table.current, PackVoltage=volts, **{"Power [kW]": power}))
    assert np.allclose(sink.signal("rack_current_a"), table.current)
    assert np.allclose(sink.signal("rack_voltage_v"), pack_v(table), atol=0.06)
    assert "unit-change" in rules(facts)
