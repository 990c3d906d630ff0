"""A clock without a day gets the one that the file states, and counts midnights; without one the file is refused."""

from datetime import timedelta

import numpy as np
import pytest
from builders.exports import START, Table, read, refused

NIGHT = Table(rows=240, period_s=600)  # forty hours from eight in the morning: two midnights


def clock(path, table=NIGHT, above="", order=1):
    text = table.write(path, time="%H:%M:%S").read_text().splitlines()
    path.write_text("\n".join([*([above] if above else []), text[0], *text[1:][::order]]) + "\n")
    return path


def arrived(facts, sink, table=NIGHT):
    start = int(np.datetime64(START, "ns").astype(np.int64))
    assert np.array_equal(sink.time_ns(), start + np.arange(len(table.times)) * 600 * 10**9)
    assert np.array_equal(sink.voltage(), table.voltage.T)
    line = next(r for r in facts.repairs if r.rule == "day-from-title")
    assert "2026-03-02" in line.detail
    return line.detail


def test_the_day_in_the_name(tmp_path):
    assert "name of the file" in arrived(*read(clock(tmp_path / "R01_2026-03-02.csv")))


@pytest.mark.parametrize("title", ["Report of 02.03.2026", "Export 2026-03-02, logger 4"])
def test_the_day_in_a_title(tmp_path, title):
    assert "title" in arrived(*read(clock(tmp_path / "a.csv", above=title)))


def test_a_late_row_after_midnight_stays_in_its_day(tmp_path):
    path = clock(tmp_path / "a_20260302.csv")
    lines = path.read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("00:00:00"))
    lines[at - 1], lines[at] = lines[at], lines[at - 1]
    path.write_text("\n".join(lines) + "\n")
    arrived(*read(path))


@pytest.mark.parametrize(("name", "above"), [("a.csv", ""), ("a.csv", "from 02.03.2026 to 04.03.2026")])
def test_no_day_or_two_are_refused(tmp_path, name, above):
    assert "states the time of day only, and neither" in refused(clock(tmp_path / name, above=above))


def test_a_file_that_runs_backwards_is_refused(tmp_path):
    assert "do not run forward" in refused(clock(tmp_path / "a_20260302.csv", order=-1))


def test_a_day_beside_the_clock_is_not_touched(tmp_path):
    table = Table()
    extra = {"Clock": [f"{at + timedelta(hours=1):%H:%M:%S}" for at in table.times]}
    facts, sink = read(table.write(tmp_path / "a_20200101.csv", extra=extra))
    assert "day-from-title" not in {r.rule for r in facts.repairs}
    assert sink.time_ns()[0] == int(np.datetime64(START, "ns").astype(np.int64))
