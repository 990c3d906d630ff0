"""First and last rows as a person checks them, and the steps that prove a sign."""

import numpy as np
import pytest
from builders.exports import Table
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.ingest.mapping import ColumnRule
from workbench.ingest.preview import MOST_POINTS, read_values, sign_proofs
from workbench.ingest.recognition import inspect
from workbench.jobs.progress import Progress


@pytest.fixture
def found(tmp_path):
    extra = {"SoC_pct": ["50"] * 240, "Phone": ["0170"] * 240, "Empty": [""] * 240}
    return inspect([Table().write(tmp_path / "a.csv", sign=-1, extra=extra)], Progress(), time_zone="Europe/Berlin")


def view(found, source):
    return next(v for v in found.columns if v.source == source)


def test_rows_are_shown_as_file_and_as_read(found):
    times = view(found, "Time").values
    assert [v.text for v in times] == ["2026-03-02 08:00:00", "2026-03-02 08:00:10", "2026-03-02 08:00:20", "2026-03-02 08:39:50"]
    assert times[0].read == "2026-03-02 07:00:00 UTC"
    cell = view(found, "CellV001_mV").values[0]
    assert cell.read == f"{int(cell.text) / 1000:.10g} V"
    current = view(found, "Current_A").values[0]
    assert (current.text, current.read) == ("40.0", "-40 A")
    assert view(found, "SoC_pct").values[0].read == "0.5"


def test_what_is_left_out_is_not_read_and_personal_data_are_not_shown(found):
    assert {v.read for v in view(found, "Empty").values} == {""}
    assert {v.text for v in view(found, "Phone").values} == {"…"}


def test_what_has_no_value_says_why(found):
    rule = ColumnRule(source="x", quantity="cell_voltage_v", rack=1, element=1, scale="0.001", flag_sign=True)
    values = read_values(rule, ["65535", "bad value", "-3300", "", "3301"], found.profile)
    assert [(v.read, v.why) for v in values] == [("", "sentinel"), ("", "text-in-numbers"), ("3.3 V", "sign-flag"), ("3.301 V", "")]
    time = read_values(ColumnRule(source="t", quantity="time"), ["soon"], found.profile)
    assert (time[0].read, time[0].why) == ("", "time-unreadable")


def test_elapsed_seconds_begin_where_a_person_said(found):
    profile = replace(found.profile, time_format="elapsed-s", start_ns=1_772_438_400_000_000_000)
    assert read_values(ColumnRule(source="t", quantity="time"), ["1.5"], profile)[0].read == "2026-03-02 08:00:01.500 UTC"


def test_steps_prove_the_sign(found):
    (proof,) = found.proofs
    assert proof.source == "Current_A"
    assert proof.rising == 0
    assert proof.of >= 10
    assert all(a * mv < 0 for a, mv in proof.points)


@given(st.booleans(), st.integers(90, 900))
def test_a_cloud_leans_the_way_the_current_is_counted(discharge, rows):
    table = Table(rows=rows)
    sign = -1 if discharge else 1
    texts = {"I": [f"{sign * a}" for a in table.current], **{f"V{i}": [str(v) for v in table.voltage[:, i]] for i in range(3)}}
    rules = (
        ColumnRule(source="I", quantity="rack_current_a"),
        *(ColumnRule(source=f"V{i}", quantity="cell_voltage_v", element=i + 1, scale="0.001") for i in range(3)),
    )
    (proof,) = sign_proofs(texts, profile_of(rules))
    assert proof.of >= 3
    assert proof.rising == (0 if discharge else proof.of)
    assert len(proof.points) <= MOST_POINTS


def profile_of(rules):
    from workbench.ingest.mapping import MappingProfile

    return MappingProfile(
        name="x", fingerprint="", shape="wide", delimiter=",", encoding="utf-8", decimal=".", time_format="iso", time_zone="UTC", time_zone_known=True, columns=tuple(rules), header=()
    )  # fmt: skip


def test_nothing_is_proved_without_steps_or_cells():
    flat = {"I": ["5"] * 50, "V": ["3300"] * 50}
    current, cell = (
        ColumnRule(source="I", quantity="rack_current_a"),
        ColumnRule(source="V", quantity="cell_voltage_v", element=1, scale="0.001"),
    )
    (proof,) = sign_proofs(flat, profile_of([current, cell]))
    assert (proof.of, proof.points) == (0, ())
    assert sign_proofs(flat, profile_of([current])) == ()
    holes = {"I": ["", "5", "1e999999999", "1e30"] * 9, "V": ["65535"] * 36}
    (proof,) = sign_proofs(holes, profile_of([current, cell]))
    assert proof.points == ()
    assert np.isfinite(proof.of)
