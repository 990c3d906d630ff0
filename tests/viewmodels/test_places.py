"""Where typed words lead."""

import pytest
from msgspec.structs import replace

from workbench.asset.events import Event
from workbench.jobs.progress import Progress
from workbench.viewmodels import numbers
from workbench.viewmodels.places import Known, nothing_here, spots
from workbench.workflow.findings import accept

STAGES = ("Scope", "Population", "Findings")


@pytest.fixture
def known(session):
    facts, study = session.windows()[0], session.study(session.window_id())
    event = Event(
        lane="alarm",
        start_ns=facts.start_ns + 60_000_000_000,
        end_ns=facts.start_ns + 90_000_000_000,
        element="R02",
        code="UV1",
        text="cell under-voltage 1",
    )
    return Known(replace(facts, events=(*facts.events, event)), STAGES, (), study.candidates, facts.start_ns)


def first(text, known):
    return spots(text, known)[0]


@pytest.mark.parametrize("text", ["R02 C009", "r2 c9", "R02/9", "r02.9", "rack 2 cell 9", "R02 · M2 · C009", "r2 m2 c9", "  R02   C009 "])
def test_a_cell_in_every_spelling(text, known):
    found = first(text, known)
    assert (found.rack, found.cells) == ("R02", (9, 9))


def test_the_owners_label_is_a_cell_too(known):
    cell = known.facts.plant.racks[1].cells[8]
    found = first(cell.label, known)
    assert (found.rack, found.cells) == ("R02", (9, 9))
    assert len(spots(cell.label, known)) == 1, "exactly this one"


def test_racks_modules_and_a_cell_of_every_rack(known):
    assert first("r03", known).cells == (1, 16)
    assert first("rack 3", known).rack == "R03"
    assert first("R01 M2", known).cells == (9, 16)
    assert [s.rack for s in spots("C005", known)[:3]] == ["R01", "R02", "R03"]
    assert spots("R01 C099", known) == ()


def test_a_cell_with_a_time_behind(known):
    start = known.facts.start_ns
    text = f"R01 C005 {numbers.moment(start + 7_200_000_000_000, known.facts.time_zone):%Y-%m-%d %H:%M}"
    found = first(text, known)
    assert (found.rack, found.cells) == ("R01", (5, 5))
    assert abs(found.start_ns - start - 7_200_000_000_000) < 60_000_000_000


def test_alarms_candidates_and_stages_by_their_words(known):
    alarm = first("under-volt", known)
    assert (alarm.rack, alarm.start_ns) == ("R02", known.facts.start_ns + 60_000_000_000)
    assert first("UV1", known) == alarm
    candidate = known.candidates[0]
    assert candidate.id in {s.key for s in spots(candidate.title[:12], known)}
    assert first("find", known).stage == "Findings"


def test_findings_by_number(session, known):
    finding = accept(session, session.window_id(), known.candidates[0], Progress())
    known = Known(known.facts, STAGES, (finding,), known.candidates, known.near_ns)
    number = int("".join(c for c in finding.id if c.isdigit()))
    for text in (finding.id, finding.id.lower(), f"f{number}", str(number), f"finding {number}"):
        assert first(text, known).key == finding.id, text


def test_nothing_is_said_in_one_sentence(known):
    for text in ("xyzzy", "R99 C001", "2031-01-01"):
        assert spots(text, known) == ()
        said = nothing_here(text, known)
        assert said.endswith(".")
        assert said.count("\n") == 0
    assert "outside of the window" in nothing_here("2031-01-01", known)
    assert "xyzzy" in nothing_here("xyzzy", known)
    assert spots("", known) == ()
    assert spots("R01", Known(None, STAGES)) == ()


def test_an_alarm_of_a_cell_leads_to_the_cell_and_many_alarms_fill_one_list(known):
    cell = Event(
        lane="protection",
        start_ns=known.facts.start_ns,
        end_ns=known.facts.start_ns,
        element="R02 · M2 · C009",
        code="X9",
        text="trip of a cell",
    )
    many = [replace(cell, element="R01", start_ns=known.facts.start_ns + i, text=f"trip {i}") for i in range(500)]
    known = Known(replace(known.facts, events=(cell, *many)), STAGES, (), (), known.near_ns)
    assert (first("trip of a cell", known).rack, first("trip of a cell", known).cells) == ("R02", (9, 9))
    assert len(spots("trip", known)) == 40
