"""The fast way and the general way tell the same: every value, every flag, every repair."""

import numpy as np
import pytest
from builders.exports import Sink
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.ingest import csv_source, digit_fields, importing, line_blocks, recognition
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.values import Reader
from workbench.ingest.whole_numbers import Table, Tables, alike
from workbench.jobs.progress import Progress

VOLTAGE = st.one_of(
    st.integers(2500, 3650).map(lambda v: f"{v / 1000:.3f}"),
    st.integers(25, 36).map(lambda v: str(v / 10)),
    st.integers(2500, 3650).map(lambda v: f"{v / 1000:.4f}7"),
    st.sampled_from(["", "0", "65.535", "-3.301", "9.99", "I/O timeout", "3.3010", "5.0", "-", "12345.6789", "1e0"]),
)
TEMPERATURE = st.one_of(st.integers(-200, 600).map(lambda v: f"{v / 10:.1f}"), st.sampled_from(["", "-40", "3276.7", "25.55", "n/a"]))
ROWS = st.lists(st.tuples(VOLTAGE, VOLTAGE, TEMPERATURE, st.integers(-900, 900).map(lambda v: str(v / 10))), min_size=1, max_size=30)
GOOD = [("3.300", "3.301", "25.0", "-10.5"), ("3.310", "3.311", "25.1", "10.5")] * 4


def window(path, patched):
    """Import a file: (samples, quality, probes, current, repairs)."""
    found = recognition.inspect([path], Progress())
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in patched:
            patch.setattr(module, name, value)
        sink = Sink()
        facts = importing.import_window([path], found.profile, sink, Progress(), name="w", window_id="0123456789ab", site="s")
    parts = sink.blocks["R01"]
    arrays = [
        np.concatenate([getattr(part, name) for part in parts], axis=1)
        for name in ("cell_voltage_mv", "cell_quality", "probe_temperature_ddegc")
    ]
    return [array.tolist() for array in arrays], sink.signal("rack_current_a").tolist(), facts.repairs


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, decimal=st.sampled_from([".", ","]))
def test_the_fast_way_tells_what_the_general_way_tells(tmp_path, rows, decimal):
    lines = ["Time;Cell_V1_V;Cell_V2_V;Temp1_degC;Current_A"]
    for i, row in enumerate([*GOOD, *rows]):
        lines.append(f"2026-03-02 08:{i // 60:02d}:{i % 60:02d};" + ";".join(row).replace(".", decimal))
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n")
    fast = window(path, [])
    assert fast == window(path, [(digit_fields, "cut", lambda *_: None)])
    values, current, repairs = window(path, [(line_blocks, "BLOCK_BYTES", 200)])
    assert (values, current) == fast[:2]
    assert [(r.rule, r.place, r.count) for r in repairs] == [(r.rule, r.place, r.count) for r in fast[2]]


def rule(**changes):
    return ColumnRule(**{"source": "a", "quantity": "cell_voltage_v", **changes})


def test_what_is_read_alike_shares_a_table_and_signals_do_not():
    assert alike(rule()) == alike(rule(source="b", element=4))
    assert alike(rule()) != alike(rule(scale="0.001"))
    assert alike(rule(quantity="rack_current_a")) is None


def test_odd_values_are_counted_by_column_with_their_texts():
    block = digit_fields.cut(b"0,3.300,65.535\n1,0,3.3015\n2,9.9,3.301\n", ",", ("t", "a", "b"))
    rules = {name: rule(source=name) for name in "ab"}
    tables = Tables({name: Reader(rules[name], ".") for name in "ab"}, rules, [["a", "b"]], ".")
    tables.prepare(digit_fields.prepared(block, tables.groups, (), "."))
    ((names, found),) = tables.read(block, {"a", "b"})
    assert names == ("a", "b")
    assert found.values.tolist() == [[3300, -32768], [-32768, 3302], [-32768, 3301]]
    assert found.odd[0] == {"sentinel": (1, 1, ("0",)), "out-of-range": (1, 2, ("9.9",))}
    assert found.odd[1] == {"sentinel": (1, 0, ("65.535",)), "rounded": (1, 1, ("3.3015",))}


def test_numbers_that_spread_too_far_are_left_to_the_texts():
    block = digit_fields.cut(b"0,3.3\n1,99999999\n", ",", ("t", "a"))
    found = digit_fields.numbers(block, ["a"], ".")
    assert Table(Reader(rule(), "."), ".").columns(found, lambda row, column: "") is None


def test_the_blocks_of_a_plain_file_hold_numbers(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Time,V1\n" + "2026-03-02 08:00:00,3.3\n" * 3)
    member = csv_source.Member(path)
    (block,) = csv_source.blocks(member, csv_source.layout(member), csv_source.Rejected(), [("V1",)], ("Time",))
    assert block.numbers[("V1",)].units.tolist() == [[33]] * 3
    assert "Time" in block.texts
