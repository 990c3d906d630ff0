"""What each check asks of the owner."""

import pytest
from builders.plants import facts, series
from msgspec.structs import replace

from workbench.analysis.results import Check, Outcome
from workbench.asset.events import Event
from workbench.viewmodels.asks import ASKS, DOCUMENTS, asks_for_signals, longest_gaps

WINDOW = facts([series()])


def check(name, outcome=Outcome.FAIL, **words):
    return Check(**{"id": name, "title": "Title", "outcome": outcome, "seen": "seen 5.", "limit": "", "consequence": "", **words})


@pytest.mark.parametrize("name", sorted(ASKS))
@pytest.mark.parametrize("outcome", [Outcome.DEGRADED, Outcome.FAIL, Outcome.NOT_ESTABLISHED])
def test_whatever_is_asked_names_what_was_found_and_what_would_settle_it(name, outcome):
    found = ASKS[name](check(name, outcome), WINDOW)
    if found is not None:
        assert found.check == name
        assert found.found.endswith(".")
        assert found.instead.startswith("Please")
        assert set(found.documents) <= set(DOCUMENTS)


def test_every_series_check_has_its_ask():
    assert {f"DQ{k:02d}" for k in range(1, 21)} - {"DQ20"} == set(ASKS)


@pytest.mark.parametrize(
    ("name", "words"),
    [("DQ02", {"outcome": Outcome.DEGRADED}), ("DQ18", {"outcome": Outcome.NOT_ESTABLISHED}), ("DQ13", {"reason": "event-logged"})],
)
def test_what_costs_nothing_or_is_asked_elsewhere_is_not_asked(name, words):
    assert ASKS[name](check(name, **words), WINDOW) is None


def test_places_are_named_once_and_files_by_their_channels():
    made = ASKS["DQ10"](
        check("DQ10", Outcome.DEGRADED, seen="one at R01.", elements=("R01", "R02 · C003", "export.zip/a.csv, T_1")), WINDOW
    )
    assert made.found == "Title: one at R01 (R02 · C003, T_1)."


def test_one_ask_per_missing_signal():
    figures = {
        "coverage_share": 1.0,
        "meters": 0.0,
        "without_rack_current_a": 1.0,
        "without_reported_soc": 0.5,
        "without_probe_temperature_degc": 1.0,
    }
    asks = asks_for_signals(check("DQ20", figures=figures, elements=("R02",)))
    assert [a.found for a in asks] == [
        "The files hold no rack current.",
        "State of charge as displayed is missing for 50 % of the racks (R02).",
        "The files hold no energy meter.",
    ]
    assert asks_for_signals(check("DQ20", figures={"coverage_share": 1.0, "meters": 1.0})) == ()


def test_the_longest_gaps_come_first():
    hour = 3_600_000_000_000
    gaps = tuple(
        Event(lane="gap", start_ns=k * 10 * hour, end_ns=k * 10 * hour + k * hour, element=f"R{k:02d}", code="gap") for k in range(1, 8)
    )
    text = longest_gaps(replace(WINDOW, events=gaps))
    assert text.startswith("R07 ")
    assert text.count(";") == 4
