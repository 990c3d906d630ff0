"""The mapping of a window, as a person reads it."""

from builders.exports import Table, read

from workbench.viewmodels.mapping_table import mapping_table, profile_of


def test_every_column_with_what_was_decided(tmp_path):
    table = Table()
    table.write(tmp_path / "a.csv", sign=-1, extra={"SoC [%]": [50] * 240, "Latitude": [63.4] * 240, "Remark": ["7"] * 240})
    facts, _ = read(tmp_path / "a.csv")
    shown = mapping_table(facts)
    rows = {row[0].text: [cell.text for cell in row] for row in shown.rows}
    assert list(rows) == [rule.source for rule in profile_of(facts).columns]
    assert rows["Current_A"][1:4] == ["rack_current_a", "sign reversed", "sign"]
    assert rows["CellV003_mV"][1] == "cell_voltage_v #3"
    assert rows["CellV003_mV"][2].startswith("× 0.001")
    assert rows["SoC [%]"][2] == "× 0.01"
    assert rows["Latitude"][1] == "left out"
    assert rows["Remark"][1] == "kept, not computed with"
    assert "assumed" in shown.note
    assert profile_of(facts).fingerprint in shown.note
