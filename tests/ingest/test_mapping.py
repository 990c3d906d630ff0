"""Profiles are saved, edited and used again."""

import pytest
from msgspec.structs import replace

from workbench.errors import IngestError, Reason
from workbench.ingest import mapping
from workbench.ingest.mapping import ColumnRule, MappingProfile

VOLTAGE = ColumnRule(source="V1", quantity="cell_voltage_v", rack=1, element=1, scale="0.001")
PROFILE = MappingProfile(
    name="a.csv", fingerprint="ab", shape="wide", delimiter=",", encoding="utf-8", decimal=".", time_format="epoch-s", time_zone="UTC", time_zone_known=True,
    columns=(ColumnRule(source="t", quantity="time"), VOLTAGE, ColumnRule(source="Fan", quantity="source_Fan")), header=("t", "V1", "Fan"),
)  # fmt: skip


def loaded(folder, profile):
    mapping.save(profile, folder / "m.json")
    return mapping.load(folder / "m.json")


def test_round_trip(tmp_path):
    assert loaded(tmp_path, PROFILE) == PROFILE


def test_the_fingerprint_is_that_of_the_header():
    assert mapping.fingerprint(("a", "b")) != mapping.fingerprint(("b", "a"))


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"name": 3}', "\0", "{" * 5000])
def test_a_broken_mapping_is_one_sentence(tmp_path, text):
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(IngestError) as caught:
        mapping.load(tmp_path / "m.json")
    assert caught.value.reason is Reason.MAPPING_UNUSABLE
    assert "m.json" in caught.value.message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scale": "a milli"}, "V1"), ({"scale": "NaN"}, "V1"), ({"offset": "Infinity"}, "V1"), ({"sign": 2}, "sign is 1 or -1"), ({"quantity": "cel_voltage_v"}, "cel_voltage_v"),
        ({"quantity": "source_a/b"}, "slash"), ({"element": -1}, "count from 1"),
    ],
)  # fmt: skip
def test_a_slip_of_an_editor_is_found_on_loading_with_its_column(tmp_path, change, said):
    with pytest.raises(IngestError, match=said) as caught:
        loaded(tmp_path, replace(PROFILE, columns=(replace(VOLTAGE, **change),)))
    assert "V1" in caught.value.message


@pytest.mark.parametrize(("change", "said"), [({"shape": "tall"}, "wide or long"), ({"time_zone": "Europe/Nowhere"}, "Europe/Nowhere")])
def test_a_slip_in_the_profile_itself(tmp_path, change, said):
    with pytest.raises(IngestError, match=said):
        loaded(tmp_path, replace(PROFILE, **change))


def test_a_missing_mapping_is_said(tmp_path):
    with pytest.raises(IngestError, match="cannot be read"):
        mapping.load(tmp_path / "none.json")
