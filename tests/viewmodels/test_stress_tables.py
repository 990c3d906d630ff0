"""Tables of stress say what the study holds, with clocks of the site and reasons where there is nothing."""

import pytest

from workbench.viewmodels import stress_tables


@pytest.fixture
def study(stressed):
    return stressed.study(stressed.window_id())


def column(table, key):
    place = [c.key for c in table.columns].index(key)
    return [row[place] for row in table.rows]


def test_every_replay_has_a_row_and_every_moment_one_more(study):
    replays = [r for rack in study.stress.racks for r in rack.replays]
    assert list(stress_tables.replays_table(study, "Europe/Berlin").keys) == [r.id for r in replays]
    assert len(stress_tables.timelines_table(study).rows) == sum(len(r.moments) for r in replays)
    assert "current flowed" not in " ".join(cell.text for cell in column(stress_tables.replays_table(study), "opening"))


def test_a_timeline_gives_both_ends_and_what_is_surely_before(study):
    trip = next(r for r in study.stress.racks[0].replays if r.opening)
    table = stress_tables.timeline_table(trip, "Europe/Berlin")
    assert [cell.text for cell in column(table, "after")][:2] == ["–", "–"]
    alarm = next(i for i, cell in enumerate(column(table, "kind")) if cell.text == "alarm")
    assert column(table, "after")[alarm].text.startswith("1")
    assert column(table, "from_trip")[0].text == "−32 to +0 s" or column(table, "from_trip")[0].text.startswith("−32")
    assert column(table, "not_later")[0].text == "02:00:00"


def test_margins_and_missing_limits(study):
    late = next(r for r in study.stress.racks[3].replays)
    table = stress_tables.margins_table(late)
    by_name = {row[0].text: row for row in table.rows}
    assert "beyond" in by_name["lowest cell"][4].text
    assert by_name["lowest cell"][4].status == "bad"
    assert by_name["hottest probe"][4].text == "not established"
    assert "lowest cell" in stress_tables.nearest(late)
    assert any("not recorded" in cell.text for cell in column(stress_tables.unseen_table(late), "what"))
    assert column(stress_tables.judged_table(late, "UTC"), "verdict")[0].text == "borne out"
    assert {row[0].text for row in stress_tables.around_table(late).rows} >= {"highest cell", "lowest cell", "rack current a"}


def test_deratings_list_their_causes_ranked(study):
    table = stress_tables.derating_table(study, "Europe/Berlin")
    refused = [row for row in table.rows if row[1].text == "–"]
    episodes = [row for row in table.rows if row not in refused]
    assert {row[0].text for row in episodes} == {"R02"}
    assert "temperature" in {row[-2].text for row in episodes}
    assert all("against:" in row[-1].text for row in episodes)
    assert "R01" in {row[0].text for row in refused}
    assert all("Export" in row[-1].text for row in refused), "a rack that cannot be judged says what would settle it"
    assert "R01" in table.note
    assert "working value of this workbench" in table.note


def test_exposure_prints_its_thresholds_and_never_claims_damage(study):
    table = stress_tables.plating_table(study)
    first = {row[0].text: row for row in reversed(table.rows) if row[1].text == "beyond the thresholds"}
    assert first["R03"][4].status == "warning"
    assert first["R01"][4].status == "good"
    assert "Exposure, never proof" in table.note
    assert "stated default" in table.note


def test_excursions_say_what_the_summary_did(study):
    table = stress_tables.excursions_table(study, "Europe/Berlin")
    assert table.rows
    assert all("reported lowest cell" in cell.text for cell in column(table, "said"))
    assert {cell.text for cell in column(table, "summary")} == {"seen or not recorded"}


def test_a_study_without_stress_has_empty_tables(study):
    from msgspec.structs import replace

    bare = replace(study, stress=None)
    for make in (
        stress_tables.replays_table,
        stress_tables.timelines_table,
        stress_tables.derating_table,
        stress_tables.plating_table,
        stress_tables.excursions_table,
    ):
        assert make(bare).rows == ()
