"""Ugly exports either arrive with every number right and the quirk listed, or are refused with one sentence. Nothing in between."""

import numpy as np
import pytest
from builders import nasty
from builders.exports import read, refused


def arrived(sink, table, rack="R01"):
    """Whether every voltage and every current of a rack is what the table says."""
    assert np.array_equal(sink.voltage(rack), table.voltage.T)
    assert np.allclose(sink.signal("rack_current_a", rack), table.current)


@pytest.mark.parametrize("name", nasty.EXPORTS)
def test_every_number_is_right_and_the_quirk_is_listed(tmp_path, name):
    text, rule, table = nasty.EXPORTS[name]
    (tmp_path / "a.csv").write_bytes(text.encode("utf-16" if "sixteen" in name else "utf-8"))
    facts, sink = read(tmp_path / "a.csv")
    arrived(sink, table)
    start = int(np.datetime64(table.times[0], "ns").astype(np.int64))
    assert (sink.time_ns() == start + np.arange(240) * round(facts.nominal_period_s) * 10**9).all()
    assert not rule or rule in {r.rule for r in facts.repairs}, [(r.rule, r.place) for r in facts.repairs]
    assert not rule or all(r.count > 0 and r.detail for r in facts.repairs)


@pytest.mark.parametrize("name", nasty.FOLDERS)
def test_many_files_become_one_rack_each(tmp_path, name):
    files, rule = nasty.FOLDERS[name]
    facts, sink = read(nasty.split(tmp_path / "owner", files))
    assert set(sink.racks) == ({"R01", "R02"} if "racks" in name else {"R01"})
    for rack in sink.racks:
        arrived(sink, nasty.TABLE, rack)
    assert rule in {r.rule for r in facts.repairs}


@pytest.mark.parametrize("part", ["Rack", "Module", "Cell"])
def test_sheets_of_racks_modules_and_cells(tmp_path, part):
    times, volts = nasty.TIMES, nasty.VOLTS
    width = {"Rack": 6, "Module": 3, "Cell": 1}[part]
    head = {"Rack": [f"{n}_mV" for n in nasty.NAMES], "Module": [f"Cell {k} [mV]" for k in (1, 2, 3)], "Cell": ["Value"]}[part]
    made = {}
    for k in range(2 if part == "Rack" else 6 // width):
        own = volts + 10 * k if part == "Rack" else volts[:, k * width : (k + 1) * width]
        made[f"{part} {k + 1}"] = [["Time", *head], *([at, *map(int, row)] for at, row in zip(times, own, strict=True))]
    _, sink = read(nasty.sheets(tmp_path / "a.xlsx", made))
    assert np.array_equal(sink.voltage("R01"), volts.T)
    if part == "Rack":
        assert np.array_equal(sink.voltage("R02"), volts.T + 10)


@pytest.mark.parametrize("name", nasty.REFUSED)
def test_what_cannot_be_read_rightly_is_refused_with_one_sentence(tmp_path, name):
    text, words = nasty.REFUSED[name]
    (tmp_path / "a.csv").write_text(text)
    assert words in refused(tmp_path / "a.csv")


@pytest.mark.parametrize("name", nasty.UNDECIDED)
def test_a_current_of_no_provable_scale_is_kept_and_not_computed_with(tmp_path, name):
    column, value = nasty.UNDECIDED[name]
    (tmp_path / "a.csv").write_text(nasty.with_columns([column], [value], amps=False))
    facts, sink = read(tmp_path / "a.csv")
    assert np.array_equal(sink.voltage(), nasty.TABLE.voltage.T)
    assert "rack_current_a" not in sink.racks["R01"][1]
    assert f"source_{column}" in sink.racks["R01"][1]
    assert "not computed with" in next(r.evidence for r in facts.repairs if r.rule == "scale-unproven")
