"""Words in times become figures; figures stay as they are."""

import pyarrow as pa
import pytest

from workbench.ingest import clock, time_words

NOON = 1_772_452_800  # 2026-03-02 12:00:00 UTC


@pytest.mark.parametrize(
    "text",
    [
        "02-Mar-2026 12:00:00", "2 March 2026 12:00:00", "2. März 2026 12:00:00", "02.Mrz.2026 12:00:00".replace("Mrz", "Mär"), "2 mars 2026 12:00:00",
        "2 marzo 2026 12:00:00", "2-mrt-2026 12:00:00", "Mon, 02 Mar 2026 12:00:00", "Mon Mar 02 12:00:00 2026", "Mar 2, 2026 12:00:00", "2026-Mar-02 12:00:00",
        "2026-03-02 12:00:00 UTC", "2026-03-02 13:00:00 CET", "2026-03-02 14:00:00 CEST", "2026-03-02 13:00:00 MEZ", "Mar 2, 2026 12:00:00 PM", "02-MAR-2026 12:00:00",
    ],
)  # fmt: skip
def test_one_instant_in_many_words(text):
    found = clock.recognise([text] * 5)
    assert found is not None
    assert clock.parsed(pa.array([text]), found[0]).tolist() == [NOON * 10**9]
    assert found[1] == (text[-3:] in ("UTC", "CET", "EST", "MEZ"))


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_by_its_usual_short_names(month):
    names = {
        "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "de": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
        "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.", "es": "ene feb mar abr may jun jul ago sep oct nov dic",
        "it": "gen feb mar apr mag giu lug ago set ott nov dic", "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    }  # fmt: skip
    for language, words in names.items():
        figures, _ = time_words.in_figures(pa.array([f"7 {words.split()[month - 1]} 2026 01:02:03"]))
        assert figures.to_pylist() == [f"2026-{month:02d}-7 01:02:03"], language


@pytest.mark.parametrize(("text", "same"), [("2026-03-02 24:00:00", "2026-03-03 00:00:00"), ("02.03.2026 24:00", "03.03.2026 00:00"), ("2026-03-02T24:00:00Z", "2026-03-03T00:00:00Z")])  # fmt: skip
def test_midnight_called_24_begins_the_next_day(text, same):
    form = clock.recognise([same] * 5)[0]
    assert clock.parsed(pa.array([text, same]), form).tolist() == clock.parsed(pa.array([same, same]), form).tolist()
    assert time_words.midnights(pa.array([text, same, "2026-03-02 08:24:00"])) == 1


@pytest.mark.parametrize("text", ["2026-03-02 08:24:00", "02.03.2026 24:30:00", "2026-03-02 12:00:00 CST"])
def test_what_is_no_word_we_know_stays(text):
    assert time_words.in_figures(pa.array([text]))[0].to_pylist() == [text]


def test_zones_that_mean_several_are_not_guessed():
    assert clock.recognise(["2026-03-02 12:00:00 CST"] * 5) is None
