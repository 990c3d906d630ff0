"""The letter on paper: every word, escaped, over as many pages as it needs."""

from dataclasses import replace

import pikepdf
import pytest

from workbench.report.letter import letter_pdf
from workbench.viewmodels.owner_letter import ExportLine, OwnerLetter, Point, plain_text

NOW = 1_795_500_000_000_000_000


def letter(points=2, **changes):
    made = OwnerLetter(
        firm="Engineers", asset="Site A", facts=(("To", "the owner of Site A"), ("Date", "26 Nov 2026")), subject=f"Telemetry of Site A: {points} points to complete",
        opening=("Thank you for the telemetry.", "Twenty checks were made."),
        points=tuple(Point(k, f"DQ{k:02d}", f"found number {k}", f"It blocks thing {k}.", f"Please export number {k}.") for k in range(1, points + 1)),
        exports=(ExportLine("Rack current", "every rack", "every 10 s", "2 Mar – 12 Mar 2026", "A, raw"),), documents=("A map of the probes.",), form=("CSV or Parquet.",),
        grounds=("A guideline.",), closing=("Please keep the recordings.",), signed="Rita Example", window_root="ab" * 32, date="26 Nov 2026",
    )  # fmt: skip
    return replace(made, **changes)


def everything(made):
    words = [made.subject, made.asset, made.firm, made.signed, *made.opening, *made.documents, *made.form, *made.grounds, *made.closing]
    words += [w for p in made.points for w in (p.checks, p.found, p.touches, p.instead)]
    return words + [w for e in made.exports for w in (e.signal, e.level, e.sampling, e.period, e.form)] + [w for f in made.facts for w in f]


@pytest.mark.parametrize("points", [0, 2, 40])
def test_every_word_stands_on_paper(paper, points):
    made = letter(points)
    read = paper(letter_pdf(made, NOW, "0"))
    assert [w for w in everything(made) if w not in read.text] == []
    assert (len(read.pages) > 1) == (points == 40)
    assert f"{len(read.pages)} / {len(read.pages)}" in read.pages[-1]


def test_the_same_letter_gives_the_same_bytes_and_carries_its_plain_text():
    data = letter_pdf(letter(), NOW, "0")
    assert data == letter_pdf(letter(), NOW, "0")
    import io

    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.attachments["letter.txt"].get_file().read_bytes().decode() == plain_text(letter())
        assert "/AcroForm" not in pdf.Root
        assert str(pdf.docinfo["/Title"]) == letter().subject


def test_hostile_words_are_printed_as_they_are(paper):
    hostile = "<b>Site</b> & <img src='/etc/passwd'/> </para>"
    made = replace(letter(), asset=hostile, firm=hostile, facts=(("To", hostile),), opening=(hostile,), signed=hostile)
    made = replace(made, points=(Point(1, "DQ01", hostile, hostile, hostile),))
    assert paper(letter_pdf(made, NOW, "0")).text.count("<b>Site</b>") >= 8


def test_without_points_there_are_no_tables(paper):
    made = letter(0, exports=(), documents=(), form=(), grounds=(), subject="Telemetry of Site A: nothing is missing")
    read = paper(letter_pdf(made, NOW, "0"))
    assert "Please export" not in read.text
    assert "What is missing" not in read.text
    assert len(read.pages) == 1
