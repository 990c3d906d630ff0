"""Long and wide tell the same."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from builders.exports import Table, read, rules

from workbench.errors import IngestError
from workbench.ingest import even_long, line_blocks, recognition
from workbench.jobs.progress import Progress


def test_a_long_table_gives_the_same_window_as_a_wide_one(tmp_path):
    table = Table(rows=120)
    _, wide = read(table.write(tmp_path / "wide.csv"))
    _, long = read(table.write_long(tmp_path / "long.csv"))
    assert np.array_equal(wide.voltage(), long.voltage())
    assert np.array_equal(wide.time_ns(), long.time_ns())
    assert np.array_equal(wide.signal("rack_current_a"), long.signal("rack_current_a"))


def test_rows_in_any_order(tmp_path):
    table = Table(rows=60)
    path = table.write_long(tmp_path / "long.csv")
    lines = path.read_text().splitlines()
    body = lines[1:]
    np.random.default_rng(1).shuffle(body)
    path.write_text("\n".join([lines[0], *body]) + "\n")
    _, sink = read(path)
    names = [c.label for c in sink.racks["R01"][0].cells]
    assert names == [f"{n}_mV" for n in table.names]
    assert np.array_equal(sink.voltage(), table.voltage.T)


def test_a_value_that_was_not_logged_stays_missing(tmp_path):
    table = Table(rows=60)
    path = table.write_long(tmp_path / "long.csv")
    lines = [line for line in path.read_text().splitlines() if not ("08:05:00" in line and "CellV003" in line)]
    path.write_text("\n".join(lines) + "\n")
    facts, sink = read(path)
    assert (sink.voltage() == -32768).sum() == 1
    assert sink.voltage()[2, 30] == -32768
    assert "row-rejected" not in rules(facts)


def test_times_that_cannot_be_read_are_counted_as_such(tmp_path):
    table = Table(rows=240)
    path = table.write_long(tmp_path / "long.csv")
    path.write_text(path.read_text().replace("2026-03-02 08:09:50;CellV002", "soon;CellV002"))
    facts, sink = read(path)
    assert {r.rule: r.count for r in facts.repairs} == {"time-unreadable": 1}
    assert (sink.voltage() == -32768).sum() == 1


@pytest.mark.parametrize("fewer", ["day1.csv", "day2.csv"])
def test_a_day_with_fewer_tags_leaves_every_cell_in_its_place(tmp_path, fewer):
    first, second = Table(rows=60, cells=4), Table(rows=60, cells=4, seed=2)
    second.times = [at + timedelta(days=1) for at in second.times]
    for name, table in (("day1.csv", first), ("day2.csv", second)):
        path = table.write_long(tmp_path / name)
        if name == fewer:
            path.write_text("\n".join(line for line in path.read_text().splitlines() if "CellV002" not in line) + "\n")
    facts, sink = read(tmp_path / "day1.csv", tmp_path / "day2.csv")
    assert [c.label for c in facts.plant.racks[0].cells] == [f"{n}_mV" for n in first.names]
    truth = np.concatenate([first.voltage, second.voltage]).T
    truth[1, slice(60) if fewer == "day1.csv" else slice(60, None)] = -32768
    assert np.array_equal(sink.voltage(), truth)


def test_a_sign_proved_on_one_day_holds_on_the_other(tmp_path):
    first, second = Table(rows=600), Table(rows=60, seed=2)
    first.current = -first.current
    second.times = [at + timedelta(days=1) for at in second.times]
    second.current[:] = -30.0
    _, sink = read(first.write_long(tmp_path / "day1.csv"), second.write_long(tmp_path / "day2.csv"))
    assert np.array_equal(sink.signal("rack_current_a"), np.r_[-first.current, [30.0] * 60])


@pytest.mark.parametrize("tag", ["time", "", "GPS_lat", "Note/x"])
def test_tags_of_any_name(tmp_path, tag):
    table = Table(rows=60)
    path = table.write_long(tmp_path / "long.csv")
    path.write_text(path.read_text() + "".join(f"{at:%Y-%m-%d %H:%M:%S};{tag};5\n" for at in table.times))
    _, sink = read(path)
    assert np.array_equal(sink.voltage(), table.voltage.T)


def test_a_long_table_without_cells_is_refused(tmp_path):
    lines = [f"{at:%Y-%m-%d %H:%M:%S};Temp_{i};25" for at in Table(rows=60).times for i in (1, 2)]
    (tmp_path / "long.csv").write_text("\n".join(["time;tag;value", *lines]) + "\n")
    with pytest.raises(IngestError, match=r"long\.csv: none of its 2 .* is a cell voltage"):
        read(tmp_path / "long.csv")


@pytest.mark.parametrize("spoilt", ["", "a tag left out", "a time that is none", "a wide value", "a row twice"])
def test_blocks_that_go_on_as_the_first_are_read_as_any_other(tmp_path, monkeypatch, spoilt):
    tags, volts = [f"CELL{i:03d}_V" for i in range(1, 9)], np.random.default_rng(5).integers(3150, 3450, (300, 8))
    rows = [
        [f"2026-03-01 {i // 60:02d}:{i % 60:02d}:00", tag, f"{volts[i, k] / 1000:.3f}"] for i in range(300) for k, tag in enumerate(tags)
    ]
    if spoilt == "a tag left out":
        del rows[1003]
    elif spoilt == "a time that is none":
        rows[1003][0] = "2026-03-01 00:00:xx"
    elif spoilt == "a wide value":
        rows[1003][2] = "3.3001"
    elif spoilt == "a row twice":
        rows.insert(1003, rows[1003])
    path = tmp_path / "long.csv"
    path.write_text("timestamp,tag,value\n" + "".join(",".join(row) + "\n" for row in rows))
    told: list[bool] = []
    followed = even_long.Cycle.followed

    def watched(self, block, name):
        found = followed(self, block, name)
        told.append(found is not None)
        return found

    monkeypatch.setattr(even_long.Cycle, "followed", watched)
    whole, one = read(path)
    assert not told  # one block only: nothing it could go on from
    monkeypatch.setattr(line_blocks, "BLOCK_BYTES", 4096)
    parts, many = read(path)
    assert sum(told) >= 10
    assert np.array_equal(many.voltage(), one.voltage())
    assert np.array_equal(many.time_ns(), one.time_ns())
    assert parts.repairs == whole.repairs


@pytest.mark.parametrize("shape", ["days of Excel", "hexadecimal"])
def test_clocks_that_are_counts(tmp_path, shape):
    table = Table(rows=240)
    start = int(np.datetime64(table.times[0], "s").astype(np.int64))
    text = table.write_long(tmp_path / "long.csv").read_text()
    for i, at in enumerate(table.times):
        now = start + 10 * i
        text = text.replace(f"{at:%Y-%m-%d %H:%M:%S};", f"{25569 + now / 86400:.9f};" if shape == "days of Excel" else f"{now:#x};")
    (tmp_path / "long.csv").write_text(text)
    _, sink = read(tmp_path / "long.csv")
    assert np.array_equal(sink.time_ns(), (start + 10 * np.arange(240)) * 10**9)
    assert np.array_equal(sink.voltage(), table.voltage.T)


@pytest.mark.parametrize("by", ["instant", "tag"])
def test_an_hour_of_autumn_that_is_there_twice_keeps_all_its_rows(tmp_path, by):
    begin = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    times = [begin + timedelta(minutes=i) for i in range(240)]
    stamps = [f"{t.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M:%S}" for t in times]
    volts = 3300 + np.random.default_rng(1).integers(-20, 20, (240, 4))
    cells = [(i, k) for i in range(240) for k in range(4)] if by == "instant" else [(i, k) for k in range(4) for i in range(240)]
    (tmp_path / "a.csv").write_text("\n".join(["Time;tag;value", *(f"{stamps[i]};Cell {k + 1}_mV;{volts[i, k]}" for i, k in cells)]) + "\n")
    found = recognition.recognised([tmp_path / "a.csv"], Progress(), time_zone="Europe/Berlin")
    facts, sink = read(tmp_path / "a.csv", mapping=found.profile)
    assert np.array_equal(sink.time_ns(), [int(t.timestamp()) * 10**9 for t in times])
    assert np.array_equal(sink.voltage(), volts.T)
    assert next(r for r in facts.repairs if r.rule == "dst-overlap").count == 120
