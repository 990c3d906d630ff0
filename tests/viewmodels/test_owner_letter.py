"""The letter says what the checks established, all of it and no more."""

from dataclasses import replace as changed

import pytest
from builders.plants import facts, series
from builders.reviews import SCOPE
from msgspec.structs import replace

from workbench.analysis.results import Check, Outcome, StudyParameters, StudyResult
from workbench.viewmodels.owner_letter import EU, GUIDELINE, HOOK, owner_letter, plain_text

WINDOW = facts([series()])
NOW = 1_795_500_000_000_000_000


def study(*checks):
    return StudyResult(
        window_id=WINDOW.id,
        window_root="ab" * 32,
        method="m",
        parameters=StudyParameters(),
        checks=checks,
        cells=(),
        racks=(),
        balances=(),
        candidates=(),
        false_flags_per_look=0.0,
    )


def check(name, outcome=Outcome.PASS, **figures):
    return Check(id=name, title=f"Title of {name}", outcome=outcome, seen=f"seen by {name}.", limit="", consequence="", figures=figures)


PERFECT = (*tuple(check(f"DQ{k:02d}") for k in range(1, 20)), check("DQ20", coverage_share=1.0, meters=1.0))
FLAWED = (
    *PERFECT[:4],
    check("DQ05", Outcome.FAIL),
    *PERFECT[5:14],
    check("DQ15", Outcome.FAIL),
    *PERFECT[15:19],
    check("DQ20", Outcome.DEGRADED, coverage_share=1.0, meters=0.0),
)


def letter(*checks, scope=SCOPE, window=WINDOW):
    return owner_letter(scope, window, "ab" * 32, study(*checks), reviewer="Rita Example", prepared_ns=NOW)


def test_a_perfect_export_gives_a_short_letter_that_says_nothing_is_missing():
    made = letter(*PERFECT)
    assert made.complete
    assert "nothing is missing" in made.subject
    assert (made.points, made.exports, made.documents, made.form, made.grounds) == ((), (), (), (), ())
    assert len(plain_text(made).splitlines()) < 30
    assert "Please export" not in plain_text(made)


def test_each_flaw_is_a_point_with_what_it_blocks_and_what_to_export():
    made = letter(*FLAWED)
    assert [p.checks for p in made.points] == ["DQ05", "DQ15", "DQ20"]
    assert "blocks resistance" in made.points[0].touches
    assert "seen by DQ15" in made.points[1].found
    assert made.points[2].touches == "It weakens round-trip efficiency."
    assert {"Energy meter", "Current, rack voltage and cell voltage as recorded"} <= {e.signal for e in made.exports}
    assert all(e.level and e.sampling and e.period and e.form for e in made.exports)
    assert "17 passed, 3 did not" in made.opening[1]


def test_checks_of_the_display_are_not_the_owner_s_export():
    made = letter(*PERFECT, check("CX07", Outcome.FAIL))
    assert made.complete
    assert "20 checks" in made.opening[1]


def test_a_check_that_could_not_be_made_is_said_to_be_open_not_failed():
    made = letter(*PERFECT[:11], check("DQ12", Outcome.NOT_ESTABLISHED), *PERFECT[12:])
    assert "19 passed, 1 could not be made" in made.opening[1]
    assert "did not" not in made.opening[1]


def test_a_zone_that_was_assumed_is_asked_for():
    made = letter(*PERFECT, window=replace(WINDOW, time_zone="Europe/Berlin", time_zone_known=False))
    assert [p.checks for p in made.points] == ["Time zone"]
    assert "leaves open every statement that names a time of day" in made.points[0].touches


@pytest.mark.parametrize(
    ("stationary", "country", "cited"),
    [
        (True, "DE", True),
        (True, "de", True),
        (True, "FR", True),
        (True, "US", False),
        (True, "GB", False),
        (True, "", False),
        (None, "DE", False),
        (False, "DE", False),
    ],
)
def test_the_law_is_cited_only_where_it_is_declared_to_hold(stationary, country, cited):
    made = letter(*FLAWED, scope=replace(SCOPE, stationary=stationary, country=country))
    assert (HOOK in made.grounds) == cited
    assert GUIDELINE in made.grounds
    assert ("2023/1542" in plain_text(made)) == cited
    assert "SAND2021-8492" in plain_text(made)


def test_the_union_has_its_members():
    assert len(EU) == 27


def test_plain_text_holds_every_word_of_the_letter():
    made = letter(*FLAWED, scope=replace(SCOPE, stationary=True, country="DE"))
    flat = " ".join(plain_text(made).split())
    said = [
        made.subject,
        *made.opening,
        *made.documents,
        *made.form,
        *made.grounds,
        *made.closing,
        *(w for p in made.points for w in (p.found, p.touches, p.instead)),
    ]
    said += [w for e in made.exports for w in (e.signal, e.level, e.sampling, e.period, e.form)]
    assert [words for words in said if " ".join(words.split()) not in flat] == []


def test_two_letters_of_the_same_day_and_posture_are_equal():
    assert letter(*FLAWED) == letter(*FLAWED)
    assert changed(letter(*FLAWED), date="x") != letter(*FLAWED)
