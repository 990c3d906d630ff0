"""States of single cells become intervals of balancing; what is a state of something else does not."""

import numpy as np
import pytest
from builders.exports import Table, read

from workbench.ingest import tags


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("CellSt_3", (0, 3)), ("module_2.cell[3].CellSt", (2, 3)), ("M2_Cell3_Balancing", (2, 3)), ("Cell_Balancing_12", (0, 12)), ("CellBal12", (0, 12)),
        ("Balancing_Cell_3", (0, 3)), ("Cell3_BalSt", (0, 3)), ("Balancing", None), ("NCellBal", None), ("Cell 5 State", None), ("CellV012", None), ("V_17", None),
    ],
)  # fmt: skip
def test_names(name, cell):
    assert tags.state_of_a_cell(name) == cell
    assert cell is None or tags.parse(name).kind == "unknown", "it is no voltage and no count of cells"


@pytest.mark.parametrize(("name", "on", "off"), [("CellSt_{k}", 3, 2), ("CellBal{k}", 1, 0)])
def test_the_state_of_a_cell_is_an_interval_of_balancing(tmp_path, name, on, off):
    table = Table(cells=3)
    states = {name.format(k=k): [on if k == 2 and 40 <= i < 100 else off for i in range(240)] for k in (1, 2, 3)}
    facts, sink = read(table.write(tmp_path / "a.csv", extra=states))
    (event,) = [e for e in facts.events if e.lane == "balancing"]
    assert (event.element, event.canonical, (event.end_ns - event.start_ns) / 1e9) == ("R01 · C002", "CELL_IS_BALANCING", 600)
    assert event.start_ns == sink.time_ns()[40]
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert (sink.signal(f"source_{name.format(k=2)}")[40:100] == on).all()


def test_a_state_in_a_long_table(tmp_path):
    path = Table(cells=3).write_long(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    rows = [f"{line.split(';')[0]};CellSt_2;{int(n >= 60)}" for n, line in enumerate(line for line in lines if "CellV002" in line)]
    path.write_text("\n".join([*lines, *rows]) + "\n")
    facts, _ = read(path)
    (event,) = [e for e in facts.events if e.lane == "balancing"]
    assert (event.end_ns - event.start_ns) / 1e9 == 1800
