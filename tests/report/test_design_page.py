"""What methods were told stands on paper with its source."""

import io

from workbench.asset.nameplate import DesignRecord
from workbench.jobs.progress import Progress
from workbench.report import tokens as t
from workbench.report.design_page import design_record
from workbench.report.flow import Flow
from workbench.report.pdf import render
from workbench.report.sheet import Sheet


def drawn(design, paper):
    t.register_fonts()
    buffer = io.BytesIO()
    sheet = Sheet(buffer, t.A4, {"left": "l", "right": "r", "foot": "f", "verify": "v", "code": "c", "pages": "1"})
    design_record(Flow(sheet, "1", "Test", "lead"), design)
    sheet.canvas.showPage()
    sheet.canvas.save()
    return paper(buffer.getvalue()).text


def test_values_sources_and_what_is_missing(paper):
    text = drawn(DesignRecord(rated_capacity_ah=280, n_series=416, sources={"n_series": "drawing <7>"}), paper)
    assert "280 Ah not stated" in text
    assert "416 drawing <7>" in text
    assert "Not declared: Chemistry, " in text
    assert "Current gain accuracy" in text


def test_an_empty_record_prints_no_table(paper):
    assert "Source" not in drawn(DesignRecord(), paper)


def test_it_stands_in_the_report(contents, paper):
    text = paper(render(contents, Progress())).text
    assert "Design record" in text
    assert f"{contents.scope.design.rated_capacity_ah:g} Ah {contents.scope.design.source}" in text
