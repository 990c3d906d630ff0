"""The mapping of a window, as a person reads it: cells read alike share a row, what was decided is marked."""

from builders.exports import Table, read

from workbench.viewmodels.mapping_table import mapping_table, profile_of


def test_every_column_with_what_was_decided(tmp_path):
    table = Table()
    table.write(tmp_path / "a.csv", sign=-1, extra={"SoC [%]": [50] * 240, "Latitude": [63.4] * 240, "Remark": ["7"] * 240})
    facts, _ = read(tmp_path / "a.csv")
    shown = mapping_table(facts)
    rows = {key: [cell.text for cell in row] for key, row in zip(shown.keys, shown.rows, strict=True)}
    assert rows["Current_A"][1:4] == ["rack_current_a", "sign reversed", "sign"]
    assert rows["CellV001_mV"][:2] == ["CellV001_mV … CellV006_mV", "cell_voltage_v R01 [6]"]
    assert rows["CellV001_mV"][2].startswith("× 0.001")
    assert rows["SoC [%]"][2].startswith("× 0.01, no value at ")
    assert rows["Latitude"][1] == "left out"
    assert rows["Remark"][1] == "kept, not computed with"
    assert len(shown.rows) == len(profile_of(facts).columns) - 5
    assert "assumed" in shown.note
    assert profile_of(facts).fingerprint in shown.note


def test_what_goes_for_the_files_of_one_rack_has_a_row_of_its_own(tmp_path):
    Table().write(tmp_path / "R01.csv")
    Table().write(tmp_path / "R03.csv", sign=-1)
    facts, _ = read(tmp_path)
    rows = {key: [cell.text for cell in row] for key, row in zip(mapping_table(facts).keys, mapping_table(facts).rows, strict=True)}
    assert rows["Current_A"][2] == "as it is"
    assert rows["Current_A of R03"][1:4] == ["rack_current_a R03", "sign reversed", "sign"]
