"""Claims, energy and identifiability as pictures."""

import numpy as np
import pytest
from builders.claims import CAPTION

from workbench.analysis.estimates import Waterfall, WaterfallStep
from workbench.asset.estimate import Estimate, NotEstablished
from workbench.viewmodels.claim_pictures import waterfall_picture

NONE = NotEstablished(reason="reserve-undeclared", why="Nobody has declared a reserve.", settles="The operator's settings.")


def mwh(value, half=0.1):
    return Estimate(value, value - half, value + half, "MWh", "m")


def made(steps, usable):
    return waterfall_picture(Waterfall("DC side", mwh(5.0, 0.0), steps, usable, mwh(0.2), "C/4"), CAPTION)


def test_steps_go_down_from_one_total_to_the_next():
    picture = made(
        (WaterfallStep("ageing", mwh(0.3), recoverable=False), WaterfallStep("imbalance", mwh(0.2), recoverable=True), WaterfallStep("reserve", mwh(0.1), recoverable=False)),
        mwh(4.4),
    )  # fmt: skip
    assert [(b.name, b.kind) for b in picture.bars] == [
        ("Rated", "total"), ("Ageing", "lost"), ("Imbalance", "recoverable"), ("Reserve", "held"), ("Usable", "total")
    ]  # fmt: skip
    tops = [b.top for b in picture.bars]
    assert tops == pytest.approx([5.0, 5.0, 4.7, 4.5, 4.4])
    assert picture.bars[1].text.startswith("−0.3")
    assert 0 < picture.axis_from < 4.4 < 5.0 < picture.axis_to
    assert picture.recoverable.startswith("recoverable 0.2")


def test_what_is_not_established_has_no_height_and_no_total():
    picture = made((WaterfallStep("ageing", NONE, recoverable=False), WaterfallStep("imbalance", mwh(0.2), recoverable=True)), NONE)
    unknown = picture.bars[1]
    assert (unknown.kind, unknown.top - unknown.bottom, unknown.text) == ("unknown", 0.0, "not established")
    assert unknown.settles != "", "a refusal says what would settle it"
    assert unknown.why == NONE.why
    assert picture.bars[-1].kind == "unknown"
    assert picture.headline == "not established"


def test_small_totals_are_shown_from_zero():
    picture = made((WaterfallStep("ageing", mwh(4.0), recoverable=False),), mwh(1.0))
    assert picture.axis_from == 0.0
    assert np.isfinite(picture.axis_to)


def test_an_interval_whose_ends_would_read_alike_is_printed_finer():
    kwh = Estimate(0.00078, 0.00054, 0.00102, "MWh", "m")
    rated = Estimate(0.27, 0.27, 0.27, "MWh", "m")
    found = Waterfall("DC side", rated, (WaterfallStep("joints", kwh, recoverable=False),), mwh(0.22, 0.005), NONE, "C/4")
    bar = waterfall_picture(found, CAPTION).bars[1]
    assert bar.interval == "[−1.0, −0.5]"
    assert bar.text == "−0.8"
