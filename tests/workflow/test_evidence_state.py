"""Stale or not, and by how much."""

from builders.site import record
from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.workflow.evidence_state import compared, evidence_state
from workbench.workflow.pinned_picture import pinned_picture


def test_what_was_pinned_is_fresh(session):
    record(session)
    for evidence in session.document.findings[0].evidence:
        state = evidence_state(session, evidence, Progress())
        assert state.fresh
        assert state.words == ()


def test_a_difference_is_counted_and_drawn_beside(session):
    record(session)
    heat = session.document.findings[0].evidence[1]
    text = session.project.read_evidence(heat.extract_sha256, ".csv").decode()
    lines = text.splitlines()
    cells = lines[3].split(",")
    was = float(cells[5])
    cells[5] = f"{was + 7:g}"
    lines[3] = ",".join(cells)
    altered = session.project.write_evidence(("\n".join(lines) + "\n").encode(), ".csv")
    state = evidence_state(session, replace(heat, extract_sha256=altered, picture_sha256="0" * 64), Progress())
    assert not state.fresh
    assert dict(state.words)["Figures that differ"].startswith("1 of")
    assert dict(state.words)["Largest difference"] == "7.000"
    assert state.pinned.value[2, 3] == was + 7


def test_another_shape_and_a_lost_window_are_said(session):
    record(session)
    heat = session.document.findings[0].evidence[1]
    assert compared(b"a,b\n1,2\n", b"a,b\n1,2\n3,4\n")[0][0] == "Shape"
    assert compared(b"a\n1\n", b"a\n1\n")[0][1].startswith("all the same")
    state = evidence_state(session, heat, Progress())
    assert pinned_picture(state.picture, b"rack,first_cell\nR01,1\n") is None
    gone = evidence_state(session, replace(heat, picture_sha256="0" * 64, extract_sha256="1" * 64), Progress())
    assert "missing" in dict(gone.words)["Pinned extract"]
