"""What is pinned can be made again and proved equal."""

import csv
import dataclasses
import io

import pytest
from msgspec.structs import replace

from workbench.analysis.conditioned_spread import Condition
from workbench.errors import ReportError
from workbench.jobs.progress import Progress
from workbench.viewmodels.requests import CurvesRequest, DivergenceRequest, HeatmapRequest, TracesRequest
from workbench.workflow.pinning import extract_csv, recipe_of


@pytest.fixture
def requests(session):
    facts = session.windows()[0]
    span = {"window_id": facts.id, "start_ns": facts.start_ns, "end_ns": facts.end_ns}
    return (
        HeatmapRequest(**span, max_rows=5000, max_columns=5000),
        TracesRequest(**span, rack="R01", cells=(5,)),
        DivergenceRequest(window_id=facts.id),
        DivergenceRequest(window_id=facts.id, condition=Condition(direction="charge"), limit_mv=12.0),
        CurvesRequest(window_id=facts.id, rack="R01", cells=(5,)),
        CurvesRequest(window_id=facts.id, rack="R01", cells=(5, 6), panels=("dqdv",), along=(3.2, 3.4)),
    )


def test_pinned_and_made_again(session, requests):
    for evidence, request in zip(session.pin(requests, Progress()), requests, strict=True):
        assert evidence.window_root == session.window_root(request.window_id)
        assert type(recipe_of(evidence)) is type(request)
        picture = session.evidence_picture(evidence, Progress())
        kept = session.project.read_evidence(evidence.extract_sha256, ".csv")
        assert kept == extract_csv(picture)


def test_a_stale_picture_is_refused(session, requests):
    evidence = session.pin(requests[:1], Progress())[0]
    with pytest.raises(ReportError, match="stale"):
        session.evidence_picture(replace(evidence, picture_sha256="0" * 64), Progress())


def test_an_extract_reads_back_as_numbers_with_units_and_iso_times(session, requests):
    heat, traces, *_ = (session.render(r, Progress()) for r in requests)
    rows = list(csv.reader(io.StringIO(extract_csv(heat).decode())))
    assert rows[0][:2] == ["rack", "first_cell"]
    assert rows[0][2].endswith("Z [mV]")
    assert len(rows) == 1 + len(heat.value)
    assert float(rows[1][-1]) == pytest.approx(heat.value[0, -1])
    lines = list(csv.DictReader(io.StringIO(extract_csv(traces).decode())))
    assert {"V", "A"} == {line["unit"] for line in lines}
    assert all(float(line["low"]) <= float(line["high"]) for line in lines)


def test_names_of_the_owner_are_no_formulas_in_an_extract(session, requests):
    divergence = session.render(requests[2], Progress())
    lines = tuple(dataclasses.replace(line, name=f"={line.name}") for line in divergence.lines)
    rows = list(csv.DictReader(io.StringIO(extract_csv(dataclasses.replace(divergence, lines=lines)).decode())))
    assert {row["line"] for row in rows} >= {f"'={line.name}" for line in divergence.lines}
    assert all(float(row["low"]) <= float(row["high"]) for row in rows), "numbers are not shielded"


def test_a_curve_remembers_its_own_pass_and_breaks_where_it_was_not_known(session, requests):
    (evidence,) = session.pin(requests[4:5], Progress())
    kept = recipe_of(evidence)
    picture = session.evidence_picture(evidence, Progress())
    assert kept.start_ns == picture.start_ns > 0, "which pass is the fullest may change, this one does not"
    assert evidence.view == "curves"
    rows = list(csv.DictReader(io.StringIO(extract_csv(picture).decode())))
    assert {row["panel"] for row in rows} == {"vq", "dvdq", "dqdv"}
    assert {(row["x_unit"], row["unit"]) for row in rows} == {("Ah", "V"), ("Ah", "mV/Ah"), ("V", "Ah/V")}
    gaps = [row for row in rows if row["panel"] == "dqdv" and row["mid"] == ""]
    assert gaps, "a flat stretch has no charge per volt: its places are empty, not left out"
    told = [row for row in rows if row["mid"]]
    assert all(float(row["low"]) <= float(row["mid"]) <= float(row["high"]) for row in told)


def test_a_view_of_charge_per_volt_holds_only_that_panel_and_its_stretch(session, requests):
    picture = session.evidence_picture(session.pin(requests[5:], Progress())[0], Progress())
    assert [panel.key for panel in picture.panels] == ["dqdv"]
    assert (picture.along, picture.caption.quantity, picture.caption.unit) == ((3.2, 3.4), "charge per volt", "Ah/V")
