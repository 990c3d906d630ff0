"""What a reviewer changes is checked, marked as theirs, and nothing else moves."""

import pytest
from builders.exports import Table, read
from msgspec.structs import replace

from workbench.errors import IngestError, Reason
from workbench.ingest.mapping_edit import BY_HAND, with_column, with_zone
from workbench.ingest.recognition import inspect
from workbench.jobs.progress import Progress


@pytest.fixture
def path(tmp_path):
    return Table().write(tmp_path / "a.csv")


@pytest.fixture
def profile(path):
    return inspect([path], Progress()).profile


def rule(profile, source):
    return next(r for r in profile.columns if r.source == source)


def test_one_column_changes_and_says_who_decided(profile, path):
    before = rule(profile, "Current_A")
    made = with_column(profile, replace(before, sign=-1))
    assert rule(made, "Current_A").evidence == f"{BY_HAND}; proposed: {before.evidence}"
    assert [r for r in made.columns if r.source != "Current_A"] == [r for r in profile.columns if r.source != "Current_A"]
    facts, sink = read(path, mapping=made)
    assert sink.signal("rack_current_a")[0] == 40.0
    assert next(r for r in facts.repairs if r.rule == "sign").evidence.startswith(BY_HAND)
    again = with_column(made, replace(rule(made, "Current_A"), sign=1))
    assert rule(again, "Current_A").evidence == f"{BY_HAND}; proposed: {before.evidence}", "the proposal is named once"


@pytest.mark.parametrize(
    ("change", "repair"),
    [
        ({"quantity": "drop", "element": 0}, "dropped-column"),
        ({"offset": "0.002"}, "offset"),
        ({"scale": "0.0001"}, "scale"),
        ({"module": 2}, ""),
    ],
)
def test_every_change_is_listed_as_the_repair_it_is(profile, change, repair):
    assert rule(with_column(profile, replace(rule(profile, "CellV002_mV"), **change)), "CellV002_mV").repair == repair


def test_nothing_changed_is_nothing_changed(profile):
    assert with_column(profile, rule(profile, "Current_A")) is profile


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"quantity": "speed"}, "no quantity speed"),
        ({"scale": "much"}, "scale and offset"),
        ({"sign": 2}, "sign"),
        ({"rack": -1}, "count from 1"),
        ({"element": 1}, "cannot both be number 1"),
    ],
)
def test_what_cannot_be_is_one_sentence(profile, change, what):
    with pytest.raises(IngestError, match=what) as caught:
        with_column(profile, replace(rule(profile, "CellV002_mV"), **change))
    assert caught.value.reason is Reason.MAPPING_UNUSABLE


def test_a_column_that_is_not_there(profile):
    with pytest.raises(IngestError, match="no column x"):
        with_column(profile, replace(rule(profile, "Current_A"), source="x"))


def test_another_zone_only_where_the_files_state_none(profile):
    assert with_zone(profile, "Asia/Shanghai").time_zone == "Asia/Shanghai"
    with pytest.raises(IngestError, match="no time zone Mars"):
        with_zone(profile, "Mars/Base")
    with pytest.raises(IngestError, match="state their zone"):
        with_zone(replace(profile, time_zone_known=True), "Asia/Shanghai")
