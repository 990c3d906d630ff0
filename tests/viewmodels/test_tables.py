"""Tables say the same in window, report and terminal."""

import pytest
from builders.reviews import SCOPE, VERDICT, finding, signed
from msgspec.structs import replace

from workbench.asset.estimate import Estimate, NotEstablished
from workbench.asset.provenance import Repair, SourceFile
from workbench.asset.scope import Claim
from workbench.review.document import ReviewDocument
from workbench.review.finding import Bearing, Confidence, Selection, Severity
from workbench.review.stages import Stage
from workbench.viewmodels import numbers, tables


def texts(table):
    return [[cell.text for cell in row] for row in table.rows]


def test_findings_are_ordered_by_severity_then_number():
    document = ReviewDocument(scope=SCOPE, verdict=VERDICT, findings=(finding(1, severity=Severity.MINOR), finding(2), finding(3)))
    table = tables.findings_table(document, [])
    assert table.keys == ("F-02", "F-03", "F-01")
    assert [row[7] for row in texts(table)] == ["draft"] * 3


def test_the_list_says_how_sure_a_finding_is_and_what_it_bears_on():
    judged = finding(1, confidence=Confidence.LOW, bears_on=(Bearing.WARRANTY, Bearing.OPERATION))
    rows = texts(tables.findings_table(ReviewDocument(findings=(judged, finding(2, confidence=None))), []))
    assert [(row[2], row[4]) for row in rows] == [("low", "warranty, operation"), ("not stated", "not stated")]


def test_findings_of_a_signed_review_are_signed():
    document = ReviewDocument(findings=(finding(),), stage=Stage.ISSUED, issued=signed())
    assert texts(tables.findings_table(document, []))[0][7] == "signed"


def test_repairs_and_sources_keep_every_entry(window):
    full = replace(
        window,
        repairs=(Repair(rule="sign", place="a", count=1000, detail="reversed"),) * 3,
        sources=(SourceFile(name="a.csv", size_bytes=12, sha256="ab"),),
    )
    assert len(tables.repairs_table(full).rows) == 3
    assert texts(tables.sources_table(full)) == [["a.csv", "12", "ab"]]


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        ({}, "site"),
        ({"rack": "R01"}, "R01"),
        ({"rack": "R01", "cells": (3,)}, "R01 · C003"),
        ({"rack": "R01", "cells": (3, 4)}, "R01, 2 cells"),
    ],
)
def test_places_in_words(window, selection, text):
    assert tables.where(Selection(window_id=window.id, start_ns=0, end_ns=1, **selection), window) == text


def test_answers_carry_their_interval_or_their_reason():
    assert tables.answer_text(NotEstablished(reason="gain-undeclared", why="w")) == "not established (gain undeclared)"
    assert tables.answer_cell(NotEstablished(reason="x", why="w")).status == "none"
    assert "[" in tables.answer_text(Estimate(value=1, low=0, high=2, unit="A", method="m"))


def test_claims_without_a_verdict_say_so():
    table = tables.claims_table(replace(SCOPE, claims=(Claim(id="C1", text="SoH 98 %", value=0.98),)))
    assert texts(table)[0] == ["C1", "SoH 98 %", numbers.number(98, 0, "%"), "–", "see verdicts"]
    stated = Claim(id="C2", text="520 kWh", value=520.0, unit="kWh", materiality=2.5)
    row = tables.claims_table(replace(SCOPE, claims=(stated,))).rows[0]
    assert [cell.text for cell in row[2:4]] == [numbers.number(520, 0, "kWh"), numbers.number(2.5, 1, "kWh")]
    assert tables.claims_table(None).rows == ()


def test_tables_of_a_study_cover_every_rack_and_cell(session):
    study = session.study(session.window_id())
    assert len(tables.cells_table(study).rows) == 48
    assert [row[0] for row in texts(tables.racks_table(study))] == ["R01", "R02", "R03"]
    assert len(tables.banks_table(study).rows) == 3
    assert {key[:2] for key in tables.posture_table(study).keys} == {"DQ", "CX"}
    assert texts(tables.cells_table(study))[0][0] == "R01 · M1 · C005", "the weak cell stands on top"
    candidates = tables.candidates_table(study, session.document)
    assert [row[5] for row in texts(candidates)] == ["open"] * len(study.candidates)


def test_windows_and_channels(session):
    facts = session.windows()[0]
    assert texts(tables.windows_table([(facts, "ab")]))[0][0] == "March"
    channels = tables.channels_table(facts, [("R01", ("rack_current_a", "source_x"))])
    assert ["R01", "source_x", "unknown", "1", "x"] in texts(channels)
