"""Captures of a service console: blocks become rows, with a time or not at all."""

import pytest

from workbench.errors import IngestError, Reason
from workbench.ingest import console_source
from workbench.ingest.csv_source import Member, Rejected


def capture(times, modules=(1, 2)):
    lines = ["login as: root", "Welcome"]
    for time in times:
        lines += [f"box>time\nClock {time}"] if time else []
        for m in modules:
            cells = [f"{k}        {3300 + 10 * m + k}     -2290    2{k}000    Dischg       88%" for k in range(3)]
            lines += [f"box>bat {m}", "@", "Battery  Volt     Curr     Tempr    Base State   SOC", *cells, "Command completed", "$$"]
    return "\n".join(lines) + "\n"


def member(tmp_path, text, name="a.log"):
    (tmp_path / name).write_text(text)
    return Member(tmp_path / name)


def test_a_round_of_blocks_is_one_row(tmp_path):
    found = member(tmp_path, capture(["2026-03-16 08:00:00", "2026-03-16 08:00:30"]))
    form = console_source.layout(found)
    (block,) = console_source.blocks(found, form, Rejected())
    assert block["Time"].to_pylist() == ["2026-03-16 08:00:00", "2026-03-16 08:00:30"]
    assert block["M02_CellV00_mV"].to_pylist() == ["3320", "3320"]
    assert block["M01_Temp02"].to_pylist() == ["22000", "22000"]
    assert block["Current_mA"].to_pylist() == ["-2290", "-2290"]
    notes = dict(form.notes)
    assert "2 rounds" in notes["console-capture"] or "rounds of blocks: 2" in notes["console-capture"]
    assert "lines of prompts" in notes["console-litter"]
    assert notes["dropped-column"].endswith("Base State, SOC")


def test_one_round_may_take_its_time_from_the_name(tmp_path):
    form = console_source.layout(member(tmp_path, capture([""]), "box_20260316_0800.log"))
    assert form.sample[0][0] == "2026-03-16 08:00:00"
    assert "time-from-name" in dict(form.notes)


def test_rounds_without_time_are_refused(tmp_path):
    with pytest.raises(IngestError) as told:
        console_source.layout(member(tmp_path, capture(["", ""]), "box_20260316_0800.log"))
    assert told.value.reason is Reason.CLOCK_UNUSABLE
    assert "no time for one of its 2 rounds" in told.value.message


def test_an_ordinary_table_is_no_capture(tmp_path):
    assert console_source.layout(member(tmp_path, "Index,Volt\n0,3300\n1,3301\n")) is None
