"""Counters in a project: written once, journalled, shown, and replaced modules said."""

from builders.readouts import READOUT

from workbench.jobs.progress import Progress
from workbench.workflow import counter_sheets


def test_two_visits_are_kept_and_a_replaced_module_is_said(session, tmp_path):
    for year, serial in ((2018, "M-1"), (2019, "M-9")):
        (tmp_path / f"{year}.csv").write_text(READOUT.format(year=year, serial=serial))
    table, alone = counter_sheets.looked_at([tmp_path / "2018.csv"], Progress())
    assert alone
    assert table.rows
    before = len(session.document.counters)
    session.import_counters([tmp_path / "2018.csv", tmp_path / "2019.csv"], Progress())
    session.import_counters([tmp_path / "2018.csv"], Progress())
    assert len(session.document.counters) == before + 2, "the same read-out is kept once"
    table = session.table("counters")
    texts = [[cell.text for cell in row] for row in table.rows]
    assert ["2019.csv", "", "noticed", "Module 1 was replaced: serial number M-1 before, M-9 after.", ""] in texts
    assert any(row[1] == "module 1" and row[2] == "Cell Voltages (V) CELL 1" and row[3] == ">= 2.0: 9" for row in texts)
    assert counter_sheets.sheets_json(counter_sheets.stored(session.project, session.document))[0]["serial"] == "PACK-7"
