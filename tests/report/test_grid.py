"""On no page does a word leave the grid or lie over another one."""

import io
import itertools
from dataclasses import replace

import msgspec
import pypdfium2

from workbench.jobs.progress import Progress
from workbench.report import tokens as t
from workbench.report.pdf import render
from workbench.report.sheet import Sheet
from workbench.review.document import Replaced

SLACK = 1.0  # [pt] of a glyph's box beyond its advance
LEFT, RIGHT = (t.A4[0] - t.CONTENT) / 2, (t.A4[0] + t.CONTENT) / 2


def words(pdf):
    """(page, word, (left, bottom, right, top)) of everything printed."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    for number, page in enumerate(document, 1):
        text = page.get_textpage()
        found, box = "", None
        for k in range(text.count_chars() + 1):
            letter = text.get_text_range(k, 1) if k < text.count_chars() else " "
            if letter.strip() and letter != "\xa0":
                here = text.get_charbox(k)
                far = box is not None and (here[0] - box[2] > 3 or here[0] < box[2] - 3 or abs(here[1] - box[1]) > 6)
                if far:
                    yield number, found, tuple(box)
                    found, box = "", None
                box = (
                    list(here) if box is None else [min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[2]), max(box[3], here[3])]
                )
                found += letter
            elif found:
                yield number, found, tuple(box)
                found, box = "", None
    document.close()


def covered(one, two):
    """Area in which two boxes lie over each other [pt2], without the slack of their edges."""
    wide = min(one[2], two[2]) - max(one[0], two[0]) - SLACK
    high = min(one[3], two[3]) - max(one[1], two[1]) - SLACK
    return wide * high if wide > 0 and high > 0 else 0.0


def strays(pdf):
    """Words outside of the content's width, and pairs of words over each other."""
    every = list(words(pdf))
    outside = [(page, word) for page, word, box in every if box[0] < LEFT - SLACK or box[2] > RIGHT + SLACK]
    over = []
    for page, group in itertools.groupby(every, key=lambda item: item[0]):
        rows = sorted(group, key=lambda item: -item[2][3])
        for k, (_, word, box) in enumerate(rows):
            for _, other, beside in rows[k + 1 :]:
                if beside[3] < box[1]:
                    break
                if covered(box, beside) > 2.0:
                    over.append((page, word, other))
    return outside, over


def test_every_page_of_a_report_keeps_to_its_grid(printed):
    outside, over = strays(printed.pdf)
    assert outside == []
    assert over == []


def test_a_word_that_leaves_or_covers_is_noticed():
    t.register_fonts()
    sheet = Sheet(io.BytesIO(), t.A4, {"left": "", "right": "", "foot": "", "verify": "", "code": "", "pages": "1"})
    sheet.new_page()
    sheet.text(RIGHT - 10, 200, "leaves", t.BODY)
    sheet.text(200, 300, "first", t.BODY)
    sheet.text(206, 302, "second", t.BODY)
    sheet.canvas.showPage()
    sheet.canvas.save()
    outside, over = strays(sheet.canvas._filename.getvalue())
    assert [word for _, word in outside] == ["leaves"]
    assert over


def test_page_one_keeps_its_grid_with_the_longest_words_a_person_may_write(contents):
    long = "Every one of these words was written by a person who had much to say about this asset and its cells. " * 9
    verdict = msgspec.structs.replace(
        contents.document.verdict, reason=long, conditions=(long,) * 7, next_tests=(long,) * 7, not_examined=(long,) * 7
    )
    scope = msgspec.structs.replace(
        contents.scope,
        question=long,
        client=long,
        asset=long,
        boundary=long,
        materiality=long,
        firm="Independent Engineers",
        excluded=(long,),
    )
    before = Replaced(revision=1, issued_ns=1, report_sha256="ab" * 32, window_root="cd" * 32, journal_entries=1, reason=long)
    document = msgspec.structs.replace(contents.document, verdict=verdict, scope=scope, replaced=(before,), revision=2)
    made = render(replace(contents, document=document, scope=scope), Progress())
    outside, over = strays(made)
    assert [word for page, word in outside if page == 1] == []
    assert [pair for pair in over if pair[0] == 1] == []
    lowest = min(box[1] for page, word, box in words(made) if page == 1 and word == "findings")
    highest = max(box[3] for page, word, box in words(made) if page == 1 and word == "Reviewed")
    assert lowest > highest, "nothing slides under the names"


def test_a_single_word_longer_than_its_line_is_broken_not_run_off_the_page(contents):
    word = "w" * 200
    scope = msgspec.structs.replace(
        contents.scope, question=word, client=word, asset=word, boundary=word, materiality=word, excluded=(word,)
    )
    findings = tuple(msgspec.structs.replace(f, title=word, observation=word, settles=word) for f in contents.document.findings)
    document = msgspec.structs.replace(contents.document, scope=scope, findings=findings)
    outside, _ = strays(render(replace(contents, document=document, scope=scope), Progress()))
    assert outside == []
