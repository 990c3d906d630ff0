"""Where the energy below the rating goes, on page 1, and why there is no such table where there is none."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from workbench.jobs.progress import Progress
from workbench.report import loss_table
from workbench.report.pdf import render
from workbench.viewmodels.claim_pictures import WaterfallBar, WaterfallPicture
from workbench.viewmodels.pictures import Caption

CAPTION = Caption("Usable energy", "energy", "kWh", "none", "March", "0" * 64, "Europe/Berlin", "as operated")
NAN = float("nan")


def picture(*, reserve_known=False, usable=True):
    reserve = (
        WaterfallBar("Reserve", "held", 474.0, 464.0, "−10", interval="set value")
        if reserve_known
        else WaterfallBar("Reserve", "unknown", 474.0, 474.0, "not established", why="Nobody declared it.", settles="Ask the operator.")
    )
    bars = (
        WaterfallBar("Rated", "total", 522.0, 0.0, "522"),
        WaterfallBar("Ageing (mean cell)", "lost", 522.0, 483.0, "−39", interval="[−64, −14]"),
        WaterfallBar("Imbalance", "recoverable", 483.0, 474.0, "−9", interval="[−10, −8]"),
        reserve,
        WaterfallBar("Out of service", "lost", 474.0, 474.0, "0"),
        WaterfallBar("Usable", "total", 474.0, 0.0, "474", 450.0, 498.0)
        if usable
        else WaterfallBar(
            "Usable", "unknown", NAN, NAN, "not established", why="No rating is declared.", settles="The data sheet of the site."
        ),
    )
    return WaterfallPicture(CAPTION, bars, 0.0, 550.0, "474 [450, 498] kWh", "")


def page_one(contents, paper, waterfall):
    claims = replace(contents.claims, waterfall=waterfall)
    return paper(render(replace(contents, claims=claims), Progress())).pages[0]


def test_every_step_stands_with_its_interval_and_what_it_needs_and_nothing_is_lost_where_nothing_is():
    rows = loss_table.rows_of(picture())
    assert rows == (
        ("Ageing (mean cell)", "−39", "[−64, −14]", "permanent"),
        ("Imbalance", "−9", "[−10, −8]", "balancing: recoverable"),
        ("Reserve", "", "", "not established"),
    )
    assert loss_table.rows_of(picture(reserve_known=True))[-1] == ("Reserve", "−10", "set value", "operator's decision")


def test_the_steps_and_the_heading_add_up():
    assert loss_table.title_of(picture()) == "Where the 48 kWh below rating go"
    assert loss_table.established(claims_with(picture()))
    assert not loss_table.established(claims_with(picture(usable=False)))
    assert not loss_table.established(None)


def claims_with(waterfall):
    return SimpleNamespace(waterfall=waterfall)


def test_page_one_prints_the_table_beside_the_conditions(contents, paper):
    page = page_one(contents, paper, picture())
    for words in (
        "below rating go",
        "Ageing (mean cell)",
        "[−64, −14]",
        "balancing: recoverable",
        "Measurement doubt",
        "±24",
        "it is no loss",
    ):
        assert words in page, words
    assert page.index("below rating go") < page.index("Next tests")


def test_without_a_total_page_one_says_why_and_what_would_settle_it(contents, paper):
    page = page_one(contents, paper, picture(usable=False))
    assert "where energy below the rating goes: not established" in page
    assert "No rating is declared." in page
    assert "The data sheet of the site." in page
    assert "Measurement doubt" not in page


@pytest.mark.parametrize("name", sorted(loss_table.NEEDS))
def test_every_step_that_says_what_it_needs_is_one_the_waterfall_makes(name):
    from pathlib import Path

    from workbench.analysis import waterfall

    source = Path(waterfall.__file__).read_text(encoding="utf-8")
    assert f'"{name[0].lower()}{name[1:]}"' in source
