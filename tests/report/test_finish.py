"""The parts a PDF/A-3a and PDF/UA-1 file needs are there (a real validator is run at release time)."""

import io

import pikepdf
import pytest

from workbench.jobs.progress import Progress
from workbench.report.pdf import render


@pytest.fixture(scope="module")
def pdf(contents):
    with pikepdf.open(io.BytesIO(render(contents, Progress()))) as opened:
        yield opened


def nodes(tree):
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node
        kids = node.get("/K", []) if isinstance(node, pikepdf.Dictionary) else []
        waiting += [k for k in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(k, pikepdf.Dictionary)]


def test_structure_language_and_titles(pdf):
    assert str(pdf.Root.Lang) == "en-GB"
    assert pdf.Root.MarkInfo.Marked
    kinds = [str(n.S) for n in nodes(pdf.Root.StructTreeRoot)]
    assert {"/Document", "/H1", "/P", "/Figure", "/Table", "/TR", "/TH", "/TD", "/Form"} <= set(kinds)


def test_every_figure_has_an_alternative_text(pdf):
    figures = [n for n in nodes(pdf.Root.StructTreeRoot) if n.S == pikepdf.Name.Figure]
    assert len(figures) >= 4
    assert all(len(str(n.Alt)) > 20 for n in figures)


def test_every_page_is_tagged_and_ordered(pdf):
    for page in pdf.pages:
        assert page.obj.Tabs == pikepdf.Name.S
        assert "/StructParents" in page.obj


def test_every_font_is_embedded(pdf):
    seen = 0
    for page in pdf.pages:
        for font in page.obj.Resources.get("/Font", {}).values():
            seen += 1
            assert "/FontFile2" in font.FontDescriptor, font.BaseFont
    assert seen


def test_colours_have_an_output_intent_and_words_a_schema(pdf):
    assert pdf.Root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
    words = bytes(pdf.Root.Metadata.read_bytes())
    assert b"<pdfaid:part>3</pdfaid:part>" in words
    assert b"<pdfuaid:part>1</pdfuaid:part>" in words


def test_attachments_are_associated_and_named(pdf, contents):
    assert sorted(pdf.attachments) == sorted(a.name for a in contents.attachments)
    assert len(pdf.Root.AF) == len(contents.attachments)


def test_two_empty_signature_fields_with_names(pdf):
    fields = {str(f.T): f for f in pdf.Root.AcroForm.Fields}
    assert set(fields) == {"ReviewerSig", "PrincipalSig"}
    assert all("/V" not in f and len(str(f.TU)) > 10 for f in fields.values())


def test_nothing_reaches_out(pdf):
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary):
            assert not {"/URI", "/Launch", "/GoToR", "/SubmitForm", "/JS"} & set(item.keys())
    assert "/OpenAction" not in pdf.Root
    assert "/JavaScript" not in pdf.Root.get("/Names", {})
