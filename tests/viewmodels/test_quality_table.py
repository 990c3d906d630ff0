"""Marks of the samples, with what each means; rows of a window that has no period say so."""

from builders.exports import Table, read

from workbench.asset.quality import Quality
from workbench.store.quality_counts import Marked
from workbench.viewmodels.quality_table import MEANINGS, quality_table


def test_a_row_per_rack_and_mark(tmp_path):
    facts, _ = read(Table().write(tmp_path / "a.csv"))
    table = quality_table(facts, [Marked("R01", Quality.RECEIVED, 900, 6, 0.9, facts.start_ns), Marked("R01", Quality.HELD, 100, 2, 0.1, facts.start_ns)])  # fmt: skip
    texts = [[cell.text for cell in row] for row in table.rows]
    assert [row[:3] for row in texts] == [["R01", "cell voltages", "received"], ["R01", "cell voltages", "held"]]
    assert texts[1][4].startswith("10.00")
    assert "not a measurement" in texts[1][-1]
    assert table.note.startswith("Rows every 10")


def test_almost_all_is_not_all_and_almost_nothing_is_something(tmp_path):
    facts, _ = read(Table().write(tmp_path / "a.csv"))
    shares = (1.0, 0.999999, 0.5, 0.000001)
    table = quality_table(facts, [Marked("R01", Quality.RECEIVED, 1, 1, share, facts.start_ns) for share in shares])
    assert [row[4].text.replace("\u202f", " ") for row in table.rows] == ["100.00 %", "> 99.99 %", "50.00 %", "< 0.01 %"]


def test_probes_and_signals_have_rows_of_their_own(tmp_path):
    facts, _ = read(Table().write(tmp_path / "a.csv"))
    table = quality_table(
        facts, [Marked("R01", Quality.HELD, 1, 1, 0.1, facts.start_ns, of) for of in ("cells", "probes", "rack_current_a")]
    )
    assert [row[1].text for row in table.rows] == ["cell voltages", "probe temperatures", "rack_current_a"]
    assert len(set(table.keys)) == 3


def test_every_mark_has_its_words():
    assert set(MEANINGS) == {Quality.RECEIVED, *Quality}
