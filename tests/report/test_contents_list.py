"""The list of contents names every section with its own page."""

from dataclasses import replace

import msgspec
import pytest
from reportlab.pdfbase import pdfmetrics

from workbench.jobs.progress import Progress
from workbench.report import tokens as t
from workbench.report.contents_list import MOST_FINDINGS, SECTIONS, fitting, rows_of
from workbench.report.pdf import render
from workbench.report.sheet import Section


@pytest.mark.parametrize("findings", [0, 2, MOST_FINDINGS, MOST_FINDINGS + 1, 30])
def test_both_passes_have_as_many_rows(findings):
    drawn = [Section(str(n), "title", "lead", n) for n in (1, 2, 3, 4, 5, 6, 8, 9, 10)]
    drawn += [Section(f"7.{k}", f"Finding F-{k:02d}", "lead", 20 + k) for k in range(1, findings + 1) for _ in (0, 1)]
    assert len(rows_of(drawn, findings)) == len(rows_of((), findings))
    assert len(drawn) - 2 * findings == SECTIONS


@pytest.mark.parametrize("many", [2, 11])
def test_the_pages_are_where_the_sections_begin(contents, paper, many):
    first = contents.document.findings[0]
    findings = tuple(msgspec.structs.replace(first, id=f"F-{k:02d}") for k in range(1, many + 1))
    document = msgspec.structs.replace(contents.document, findings=findings)
    pages = paper(render(replace(contents, document=document, evidence={}), Progress())).pages
    listed = next(page for page in pages if "In this report" in page)
    for title in ("Telemetry posture", "Population and divergence", "Risks and open points", "Methods, limits, words", "Sign-off"):
        begins = next(k for k, page in enumerate(pages, 1) if title in page and page is not listed)
        after = listed.split(title, 1)[1]
        numbers = [w for w in after.split() if w.isdigit()]
        assert str(begins) in numbers[:12], f"{title} begins on page {begins}"
    assert (f"{many} findings" in listed) == (many > MOST_FINDINGS)


@pytest.mark.parametrize("text", ["word " * 60, "w" * 300, "short", "two words"])
def test_what_does_not_fit_is_cut_and_says_so(text):
    t.register_fonts()
    made = fitting(text, t.TINY, 180.0)
    assert pdfmetrics.stringWidth(made, t.TINY.font, t.TINY.size) <= 180.0
    assert made == text or made.endswith(" …")
    assert made.removesuffix(" …") in text
    assert len(made) > 30 or made == text
