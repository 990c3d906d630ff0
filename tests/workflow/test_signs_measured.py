"""Signs are counted under the cause that was drawn, written as the module that a ranking reads, and read back the same."""

import runpy

from workbench.analysis.signature import Shown, counts_in
from workbench.jobs.progress import Progress
from workbench.simulation.stray_draws import CELL, DRAWS, _fault, _spoil
from workbench.workflow import signs_measured
from workbench.workflow.signs_measured import Measured, as_module, measured


def test_a_small_table_counts_what_was_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr(
        signs_measured,
        "DRAWS",
        {"low capacity": DRAWS["low capacity"], "channel offset": (_spoil("offset", 20, 21), _spoil("offset", -21, -20))},
    )
    found = measured([2, 3], Progress())
    assert found.cells.keys() == found.counts.keys()
    offset = next(by_sign for key, by_sign in found.counts.items() if key[1:] == ("channel offset", 1))
    assert offset["rest"] == {Shown.LOW: 1}
    assert found.held_out >= 3
    assert 0.2 <= found.temper <= 1.2
    path = tmp_path / "table.py"
    path.write_text(as_module(found, 2), encoding="utf-8")
    read = runpy.run_path(str(path))
    assert counts_in(read["ROWS"]) == found.counts
    assert {row[:3]: row[3] for row in read["ROWS"]} == found.cells
    assert (read["SEEDS"], read["TEMPER"]) == (2, found.temper)


def test_only_the_cell_at_fault_counts_for_its_cause():
    seen = signs_measured._seen(("self-discharge", 0, 2))
    assert {(cause, one.cell) for cause, _, one in seen if cause == "self-discharge"} <= {("self-discharge", CELL)}
    assert all(cause in ("self-discharge", "an ordinary cell") for cause, _, _ in seen)


def test_a_table_of_nothing_is_still_a_module():
    text = as_module(Measured({}, {}, 1.0, 0), 0)
    compile(text, "table", "exec")
    assert _fault("weak-cell", 0.1, 0.1)  # the makers are what the module of draws says
