"""Profiles are saved, edited and used again."""

import pytest

from workbench.errors import IngestError, Reason
from workbench.ingest import mapping
from workbench.ingest.mapping import ColumnRule, MappingProfile

PROFILE = MappingProfile(
    name="a.csv", fingerprint="ab", shape="wide", delimiter=",", encoding="utf-8", decimal=".", time_format="epoch-s", time_zone="UTC", time_zone_known=True,
    columns=(ColumnRule(source="t", quantity="time"), ColumnRule(source="V1", quantity="cell_voltage_v", rack=1, element=1, scale="0.001")), header=("t", "V1"),
)  # fmt: skip


def test_round_trip(tmp_path):
    mapping.save(PROFILE, tmp_path / "m.json")
    assert mapping.load(tmp_path / "m.json") == PROFILE


def test_the_fingerprint_is_that_of_the_header():
    assert mapping.fingerprint(("a", "b")) != mapping.fingerprint(("b", "a"))


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"name": 3}'])
def test_a_broken_mapping_is_one_sentence(tmp_path, text):
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(IngestError) as caught:
        mapping.load(tmp_path / "m.json")
    assert caught.value.reason is Reason.MAPPING_UNUSABLE
    assert "m.json" in caught.value.message


def test_a_scale_that_is_no_number_is_found_on_loading(tmp_path):
    mapping.save(PROFILE, tmp_path / "m.json")
    (tmp_path / "m.json").write_text((tmp_path / "m.json").read_text().replace('"0.001"', '"a milli"'))
    with pytest.raises(IngestError):
        mapping.load(tmp_path / "m.json")


def test_a_missing_mapping_is_said(tmp_path):
    with pytest.raises(IngestError, match="cannot be read"):
        mapping.load(tmp_path / "none.json")
