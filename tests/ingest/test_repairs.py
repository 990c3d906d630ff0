"""Nothing silent, nothing twice."""

from builders.plants import rack

from workbench.ingest.mapping import ColumnRule
from workbench.ingest.repairs import Ledger
from workbench.ingest.spool import RackSpool


def cell(i, **changes):
    return ColumnRule(source=f"V{i}", quantity="cell_voltage_v", element=i, **changes)


def test_columns_treated_alike_share_a_line_that_names_them():
    ledger = Ledger()
    for i in (1, 2, 3, 4):
        ledger.value("sentinel", "a.csv", cell(i), 10, f"row {i}", ("65535",))
    (line,) = ledger.repairs()
    assert line.count == 40
    assert line.place == "a.csv, 4 columns (V1, V2, V3, ...)"
    assert line.first == "V1, row 1"
    assert "'65535'" in line.detail


def test_counts_add_up_and_notes_do_not():
    ledger = Ledger()
    ledger.count("time-unreadable", "a.csv", 2, "x")
    ledger.count("time-unreadable", "a.csv", 3, "x")
    ledger.note("personal-data", "a.csv, VIN", 1, "left out")
    ledger.note("personal-data", "a.csv, VIN", 1, "left out")
    assert {r.rule: r.count for r in ledger.repairs()} == {"time-unreadable": 5, "personal-data": 1}


def test_decisions_come_first():
    ledger = Ledger()
    ledger.value("sentinel", "a.csv", cell(1), 1000, "row 1", ("x",))
    ledger.decision(ColumnRule(source="I", quantity="rack_current_a", sign=-1, repair="sign", evidence="because"), "a.csv", 10)
    assert [r.rule for r in ledger.repairs()] == ["sign", "sentinel"]
    assert ledger.repairs()[0].evidence == "because"


def test_what_sorting_found_is_said_by_rack(tmp_path):
    spool = RackSpool(tmp_path / "R01.rows", rack(cells=1, probes=0), ())
    rows = spool.blank(5)
    rows["t"], rows["v"][:, 0], rows["c"] = [3, 1, 1, 2, 2], [5, 6, 6, 7, 8], True
    spool.add(rows)
    spool.close()
    spool.ordered()
    ledger = Ledger()
    ledger.order("R01", spool)
    assert {(r.rule, r.place): r.count for r in ledger.repairs()} == {
        ("unsorted", "R01"): 1,
        ("duplicate-time", "R01"): 1,
        ("conflicting-time", "R01"): 1,
    }


def test_racks_of_one_file_keep_each_its_own_evidence():
    ledger = Ledger()
    for number in (2, 3):
        for i in (1, 2):
            rule = ColumnRule(source=f"R{number}_T{i}", quantity="probe_temperature_degc", rack=number, offset="-40", repair="offset", evidence=f"R{number}_TempMax; {i}")  # fmt: skip
            ledger.decision(rule, "a.csv", 10)
    lines = {line.place: (line.count, line.evidence) for line in ledger.repairs()}
    assert lines == {"a.csv, 2 columns (R2_T1, R2_T2)": (20, "R2_TempMax; 1"), "a.csv, 2 columns (R3_T1, R3_T2)": (20, "R3_TempMax; 1")}


def test_what_turned_out_otherwise_is_withdrawn_for_its_columns_alone():
    ledger = Ledger()
    for source in ("R1_I", "R2_I"):
        ledger.decision(ColumnRule(source=source, quantity="rack_current_a", repair="sign-unproven"), "a.csv", 10)
    ledger.withdraw("sign-unproven", {"R1_I"})
    assert [line.place for line in ledger.repairs()] == ["a.csv, R2_I"]
