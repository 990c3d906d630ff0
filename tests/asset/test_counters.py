"""Counters of one pack at two visits: what was replaced and what was reset."""

from workbench.asset.counters import CounterField, CounterRow, CounterSheet, CounterTable, changes
from workbench.asset.provenance import SourceFile


def sheet(serials, clocks):
    return CounterSheet(
        source=SourceFile(name="a", size_bytes=1, sha256="0"), member="a", retrieved="2020-01-01", serial="P",
        fields=tuple(CounterField(part=part, name="serial number", value=value, row=1) for part, value in serials.items()),
        tables=tuple(
            CounterTable(part=part, title="V", unit="V", bins=("x",), rows=(CounterRow(label="", counts=(n,), total=n, row=2),)) for part, n in clocks.items()
        ),
    )  # fmt: skip


def test_a_new_serial_number_is_a_replaced_module():
    said = changes(sheet({"module 1": "A", "module 2": "B"}, {}), sheet({"module 1": "A", "module 2": "C"}, {}))
    assert said == ("Module 2 was replaced: serial number B before, C after.",)


def test_a_clock_that_ran_back_was_reset():
    said = changes(sheet({"module 1": "A"}, {"module 1": 500}), sheet({"module 1": "A"}, {"module 1": 20}))
    assert len(said) == 1
    assert "reset" in said[0]


def test_clocks_that_run_on_and_serials_that_stay_say_nothing():
    assert changes(sheet({"module 1": "A"}, {"module 1": 500}), sheet({"module 1": "A"}, {"module 1": 900})) == ()
