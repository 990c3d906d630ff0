"""A design record from a file or a form: whole or not at all, with the place of the fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.nameplate import DesignRecord, ProbePlace, SiteMeter
from workbench.errors import ProjectError, Reason
from workbench.viewmodels.design_table import ENTRIES, value_text
from workbench.workflow.design_record import EXAMPLE, from_form, meters_text, probes_text, read_design

WORDS = st.text(st.characters(categories=["Lu", "Ll", "Nd"], include_characters=" .-/"), max_size=12).map(str.strip)
SHARES = st.none() | st.floats(0, 1, allow_subnormal=False)
POSITIVE = st.none() | st.floats(1e-3, 1e6, allow_subnormal=False)
DESIGNS = st.builds(
    DesignRecord, chemistry=WORDS, rated_capacity_ah=POSITIVE, current_gain_accuracy=SHARES, n_series=st.none() | st.integers(1, 999), soc_reserve_min=SHARES,
    current_offset_a=st.none() | st.floats(-5, 5, allow_subnormal=False), source=WORDS, current_calibrated_on=st.sampled_from(["", "2026-02-28"]),
    sources=st.dictionaries(st.sampled_from(["rated_capacity_ah", "n_series"]), WORDS.filter(bool)),
    site_meters=st.lists(st.builds(SiteMeter, id=WORDS.filter(bool), boundary=st.sampled_from(["AC", "bank DC"]), accuracy=st.none() | st.sampled_from([0.001, 0.002, 0.005]), source=WORDS), max_size=3).map(tuple),
    probe_map=st.lists(st.builds(ProbePlace, probe=st.integers(1, 9), cells=st.lists(st.integers(1, 400), min_size=1, max_size=4).map(tuple), rack=st.sampled_from(["", "R01"])), max_size=3, unique_by=lambda p: (p.rack, p.probe)).map(tuple),
)  # fmt: skip


def form_of(design, **changes):
    values = {e.field: value_text(design, e) for e in ENTRIES} | {k: v for k, v in changes.items() if k in {e.field for e in ENTRIES}}
    sources = {e.field: design.sources.get(e.field, "") for e in ENTRIES} | changes.get("sources", {})
    return (
        values,
        sources,
        changes.get("meters", meters_text(design)),
        changes.get("probes", probes_text(design)),
        changes.get("source", design.source),
    )


@given(DESIGNS)
def test_a_form_that_nobody_touched_changes_nothing(design):
    assert from_form(design, *form_of(design)) == design


def test_what_is_typed_is_what_is_kept():
    before = DesignRecord(rated_capacity_ah=280, current_gain_accuracy=1 / 300)
    typed = form_of(
        before,
        soc_reserve_min="5",
        n_series="416",
        cell_voltage_max_v="3,65",
        sources={"n_series": "drawing 7"},
        meters="M1; AC; 0.2",
        probes="; 3; 1, 2",
    )
    after = from_form(before, *typed)
    assert (after.soc_reserve_min, after.n_series, after.cell_voltage_max_v) == (0.05, 416, 3.65)
    assert after.current_gain_accuracy == 1 / 300, "what was not touched keeps every digit"
    assert after.sources == {"n_series": "drawing 7"}
    assert after.site_meters == (SiteMeter(id="M1", boundary="AC", accuracy=0.002),)
    assert after.probe_map == (ProbePlace(probe=3, cells=(1, 2)),)
    assert from_form(after, *form_of(after, rated_capacity_ah="")).rated_capacity_ah is None


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"rated_capacity_ah": "many"}, "Rated capacity of a rack is 'many'"),
        ({"rated_capacity_ah": "nan"}, "rated_capacity_ah"),
        ({"rated_capacity_ah": "-1"}, "rated_capacity_ah"),
        ({"n_series": "1.5"}, "Cells in series in a rack is '1.5'"),
        ({"n_series": "inf"}, "n_series|Cells in series"),
        ({"meters": "M1"}, "meter line"),
        ({"probes": "R01; 3; a"}, "sensor line"),
        ({"cell_voltage_min_v": "3.7", "cell_voltage_max_v": "3.6"}, "is not below"),
        ({"current_calibrated_on": "yesterday"}, "not a day"),
    ],
)
def test_what_cannot_be_kept_is_one_sentence(changes, what):
    with pytest.raises(ProjectError, match=what) as caught:
        from_form(DesignRecord(), *form_of(DesignRecord(), **changes))
    assert caught.value.reason is Reason.SCOPE_UNUSABLE


def test_the_example_is_a_record_alone_and_inside_a_scope_file(tmp_path):
    (tmp_path / "d.toml").write_text(EXAMPLE)
    (tmp_path / "s.toml").write_text('client = "A"\n[design]\nn_series = 3\n')
    design = read_design(tmp_path / "d.toml")
    assert (design.n_series, design.site_meters[0].id, design.probe_map[0].cells) == (416, "M1", (1, 2, 3, 4))
    assert read_design(tmp_path / "s.toml").n_series == 3


@pytest.mark.parametrize("text", ["n_series = 0", "series = 5", "a = ", "[[site_meters]]\nid = 5", "sources = {x = 'y'}", "design = 5"])
def test_other_files_are_refused_by_name(tmp_path, text):
    (tmp_path / "d.toml").write_text(text)
    with pytest.raises(ProjectError, match=r"d\.toml is no design record") as caught:
        read_design(tmp_path / "d.toml")
    assert caught.value.message.endswith(".")


def test_a_missing_file(tmp_path):
    with pytest.raises(ProjectError) as caught:
        read_design(tmp_path / "d.toml")
    assert caught.value.reason is Reason.FILE_MISSING
