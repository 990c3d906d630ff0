"""Tables with their own time bases: the last value at or before each instant, within a stated tolerance, never by row number."""

from datetime import timedelta

import numpy as np
import pytest
from builders.exports import START, Table, read, rules
from builders.workbooks import workbook


def messages(table, shift_s=0.25, every=3, gap=()):
    """Cells on the table's own instants; the current under another message, later by a shift, at every third instant, with a gap."""
    cells = [
        ["Time", *(f"{n}_mV" for n in table.names)],
        *([at, *map(int, row)] for at, row in zip(table.times, table.voltage, strict=True)),
    ]
    kept = [i for i in range(0, len(table.times), every) if i not in gap]
    amps = [["Time", "Current_A"], *([table.times[i] + timedelta(seconds=shift_s), float(i)] for i in kept)]
    return {"0x18FF50E5": cells, "0x18FF51E5": amps}, kept


def last_before(table, kept, shift_s, tolerance_s):
    """What the rule says, worked out row by row."""
    truth = []
    for at in table.times:
        now = (at - START).total_seconds()
        before = [i for i in kept if 10 * i + shift_s <= now]
        truth.append(float(before[-1]) if before and now - (10 * before[-1] + shift_s) <= tolerance_s else np.nan)
    return truth


@pytest.mark.parametrize("gap", [(), tuple(range(60, 120))])
@pytest.mark.parametrize("shift_s", [0.0, 0.25])
@pytest.mark.parametrize("small", [False, True])
def test_each_message_keeps_its_own_time(tmp_path, monkeypatch, shift_s, gap, small):
    if small:
        monkeypatch.setattr("workbench.ingest.table_source.FIELDS_PER_BLOCK", 1)
    table = Table()
    sheets, kept = messages(table, shift_s, gap=gap)
    facts, sink = read(workbook(tmp_path / "can.xlsx", sheets))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    truth = np.array(last_before(table, kept, shift_s, 60.0))
    assert np.array_equal(np.abs(sink.signal("rack_current_a")), truth, equal_nan=True)
    joined = next(r for r in facts.repairs if r.rule == "joined-as-of")
    assert "no older than 60 s" in joined.detail
    assert joined.count == len(kept)
    missing = {r.rule: r.count for r in facts.repairs}.get("as-of-missing", 0)
    assert missing == int(np.isnan(truth).sum())


def test_cells_spread_over_messages(tmp_path):
    table = Table()
    head = [["Time", *(f"{n}_mV" for n in part)] for part in (table.names[:4], table.names[4:])]
    one = [[at, *map(int, row[:4])] for at, row in zip(table.times, table.voltage, strict=True)]
    two = [[at - timedelta(seconds=0.02), *map(int, row[4:])] for at, row in zip(table.times, table.voltage, strict=True)]
    facts, sink = read(workbook(tmp_path / "can.xlsx", {"A": [head[0], *one], "B": [head[1], *two]}))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert "joined-as-of" in rules(facts)


def test_equal_time_bases_racks_and_parts_are_not_joined(tmp_path):
    table = Table()
    sheets, _ = messages(table, 0.0, every=1)
    facts, _ = read(workbook(tmp_path / "equal.xlsx", sheets))
    assert "joined-as-of" not in rules(facts)
    cells = sheets["0x18FF50E5"]
    facts, sink = read(workbook(tmp_path / "parts.xlsx", {"Monday": [cells[0], *cells[121:]], "Tuesday": cells[:121]}))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert "joined-as-of" not in rules(facts)


def test_a_table_that_runs_backwards_is_not_joined(tmp_path):
    sheets, _ = messages(Table())
    amps = sheets["0x18FF51E5"]
    amps[5], amps[9] = amps[9], amps[5]
    facts, sink = read(workbook(tmp_path / "a.xlsx", sheets))
    assert "joined-as-of" not in rules(facts)
    assert sink.voltage().shape == (6, 240)
