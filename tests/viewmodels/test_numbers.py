"""Figures as people read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.estimate import Estimate, NotEstablished
from workbench.viewmodels import numbers
from workbench.viewmodels.numbers import MINUS, NARROW

MARCH = 1_773_431_400_000_000_000  # Fri 13 Mar 2026 19:50:00 UTC


@pytest.mark.parametrize(
    ("value", "digits", "unit", "sign", "text"),
    [
        (-34.2, 1, "mV", False, f"{MINUS}34.2{NARROW}mV"), (5760, 0, "", False, f"5{NARROW}760"), (3.2, 0, "mV", True, f"+3{NARROW}mV"),
        (-0.2, 0, "", True, "0"), (0.0, 1, "", True, "0.0"), (math.nan, 2, "V", False, "–"), (math.inf, 2, "V", False, "–"), (21.5, 1, "degC", False, f"21.5{NARROW}°C"),
        (0.98, 2, "1", False, "0.98"),
    ],
)  # fmt: skip
def test_number(value, digits, unit, sign, text):
    assert numbers.number(value, digits, unit, sign=sign) == text


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 4))
def test_a_printed_number_reads_back_within_its_digits(value, digits):
    text = numbers.number(value, digits).replace(NARROW, "").replace(MINUS, "-")
    assert float(text) == pytest.approx(value, abs=0.5000001 * 10**-digits)


def test_counts_agree_with_their_nouns():
    assert numbers.count(1, "finding") == "1 finding"
    assert numbers.count(0, "finding") == "0 findings"
    assert numbers.count(2, "entry", "entries") == "2 entries"
    assert numbers.count(1234567) == f"1{NARROW}234{NARROW}567"


def test_an_interval_has_no_more_digits_than_it_deserves():
    assert numbers.interval(Estimate(value=91.432, low=90.11, high=92.61, unit="MWh", method="m")) == f"91.4 [90.1, 92.6]{NARROW}MWh"
    assert (
        numbers.interval(Estimate(value=1234.4, low=900, high=1500, unit="Ah", method="m")) == f"1{NARROW}234 [900, 1{NARROW}500]{NARROW}Ah"
    )
    assert numbers.interval(NotEstablished(reason="r", why="w")) == "not established"


def test_clocks_of_the_site():
    assert numbers.timestamp(MARCH, "Europe/Berlin") == "Fri 13 Mar 2026 20:50:00 +01:00"
    assert numbers.timestamp(MARCH) == "Fri 13 Mar 2026 19:50:00 UTC"
    assert numbers.timestamp(MARCH, "America/New_York").endswith(f"15:50:00 {MINUS}04:00")
    assert numbers.timestamp(MARCH, "No/Where").endswith("UTC")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(20, "20 s"), (90, "90 s"), (1620, "27 min"), (13.4 * 3600, "13.4 h"), (14 * 86400, "14 d"), (26.9 * 86400, "26.9 d")],
)
def test_durations(seconds, text):
    assert numbers.duration(seconds) == text.replace(" ", NARROW)


def test_spans():
    day = 86_400_000_000_000
    assert numbers.span(MARCH, MARCH + 14 * day) == "13 Mar – 27 Mar 2026"
    midnight = MARCH - (19 * 60 + 50) * 60_000_000_000
    assert numbers.span(midnight, midnight + 10 * day) == "13 Mar – 22 Mar 2026", "ten days, not eleven"
    assert numbers.span(MARCH, MARCH + day // 24) == "13 Mar 2026 19:50 – 20:50"
    assert numbers.span(MARCH, MARCH + day) == "13 Mar 2026 19:50 – 14 Mar 2026 19:50"


def test_digests_are_grouped_for_the_eye():
    assert numbers.digest_groups("7846532c00f1521f99", 4) == "7846 532C 00F1 521F"


def test_a_figure_stays_with_its_unit_and_a_cell_name_in_one_piece():
    assert numbers.unbroken("moved 744 mV at R03 · M5 · C070") == "moved 744\u00a0mV at R03\u00a0·\u00a0M5\u00a0·\u00a0C070"
    assert numbers.unbroken("100.84 [100.80, 100.87] % of 3 mornings") == "100.84 [100.80,\u00a0100.87]\u00a0% of 3 mornings"
    assert numbers.unbroken("is -0.89 over 2026-03-07, a-1") == "is \u22120.89 over 2026-03-07, a-1"


def test_a_name_from_right_to_left_leaves_the_figures_beside_it_in_their_order():
    assert numbers.own_way("אתר") == "\u2068אתר\u2069"
    assert numbers.own_way("موقع 2") == "\u2068موقع 2\u2069"
    assert numbers.own_way("Nordholz 🔋") == "Nordholz 🔋"


def test_little_is_not_nothing():
    assert numbers.small_percent(0.0) == numbers.percent(0.0)
    assert numbers.small_percent(0.0002) == f"under {numbers.percent(0.001)}"
    assert numbers.small_percent(0.02) == numbers.percent(0.02)
