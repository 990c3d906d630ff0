"""Round values and round instants."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.ticks import step_digits, time_ticks, value_ticks

START = 1_772_406_000_000_000_000  # 2 Mar 2026, midnight in Berlin
HOUR = 3_600_000_000_000


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4), st.integers(3, 10))
def test_values_stand_inside_and_are_not_too_many(low, size, most):
    ticks, digits = value_ticks(low, low + size, most)
    assert len(ticks) <= most + 1
    assert all(low - 1e-6 * size - 1e-9 <= t <= low + size * 1.001 + 1e-9 for t in ticks)
    assert len({f"{t:.{digits}f}" for t in ticks}) == len(ticks), "two ticks never print the same figure"


@given(st.integers(0, 400 * 24), st.integers(1, 24 * 300), st.integers(2, 12))
def test_instants_stand_inside_in_order(start_h, hours, most):
    start, end = START + start_h * HOUR, START + (start_h + hours) * HOUR
    times = [t for t, _ in time_ticks(start, end, "Europe/Berlin", most)]
    assert times == sorted(set(times))
    assert all(start <= t < end for t in times)
    assert len(times) <= most + 2


def test_days_begin_at_the_midnight_of_the_site():
    ticks = time_ticks(START, START + 5 * 24 * HOUR, "Europe/Berlin", 6)
    assert ticks[0] == (START, "2 Mar")
    assert ticks[1] == (START + 24 * HOUR, "Tue 3")


def test_the_first_day_and_every_new_month_name_the_month():
    start = START + 25 * 24 * HOUR
    assert [text for _, text in time_ticks(start, start + 8 * 24 * HOUR, "Europe/Berlin", 8)] == [
        "27 Mar", "Sat 28", "Sun 29", "Mon 30", "Tue 31", "1 Apr", "Thu 2", "Fri 3",
    ]  # fmt: skip
    assert [text for _, text in time_ticks(START, START + 3 * 24 * HOUR, "Europe/Berlin", 6)][:3] == ["2 Mar", "12:00", "Tue 3"]


def test_a_single_day_shows_clocks():
    assert [text for _, text in time_ticks(START, START + 20 * HOUR, "Europe/Berlin", 5)] == ["00:00", "06:00", "12:00", "18:00"]


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4), st.integers(3, 10))
def test_a_figure_says_the_very_place_at_which_it_stands(low, size, most):
    ticks, digits = value_ticks(low, low + size, most)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    assert all(abs(float(f"{t:.{digits}f}") - t) < 1e-6 * step for t in ticks)


def test_digits_of_steps():
    assert [step_digits(s) for s in (0.25, 0.1, 0.5, 2.5, 5.0, 25.0, 1000.0, 0.0, 0.005)] == [2, 1, 1, 1, 0, 0, 0, 0, 3]
