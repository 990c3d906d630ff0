"""Series with their own time bases: the last value at or before each instant, marked as held, within a stated tolerance, never by row number."""

from datetime import timedelta

import numpy as np
import pytest
from builders.exports import START, Table, read, rules
from builders.workbooks import workbook

from workbench.asset.quality import Quality


def messages(table, shift_s=0.25, every=3, gap=()):
    """Cells on the table's own instants; the current under another message, later by a shift, at every third instant, with a gap."""
    cells = [
        ["Time", *(f"{n}_mV" for n in table.names)],
        *([at, *map(int, row)] for at, row in zip(table.times, table.voltage, strict=True)),
    ]
    kept = [i for i in range(0, len(table.times), every) if i not in gap]
    amps = [["Time", "Current_A"], *([table.times[i] + timedelta(seconds=shift_s), float(i)] for i in kept)]
    return {"0x18FF50E5": cells, "0x18FF51E5": amps}, kept


def last_before(table, kept, shift_s, tolerance_s):
    """What the rule says, worked out row by row."""
    truth = []
    for at in table.times:
        now = (at - START).total_seconds()
        before = [i for i in kept if 10 * i + shift_s <= now]
        truth.append(float(before[-1]) if before and now - (10 * before[-1] + shift_s) <= tolerance_s else np.nan)
    return truth


def stamp(at):
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"[:-3]


def text(head, rows):
    return "\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n"


def folder(path, files):
    path.mkdir()
    for name, body in files.items():
        (path / name).write_text(body)
    return path


def cells_file(table, shift_s=0.0, names=slice(None), rows=slice(None)):
    head = ",".join(["Time", *(f"{n}_mV" for n in table.names[names])])
    return text(head, [(stamp(at + timedelta(seconds=shift_s)), *row[names]) for at, row in zip(table.times[rows], table.voltage[rows], strict=True)])  # fmt: skip


def marks(sink, flag):
    return (np.concatenate([b.cell_quality for b in sink.blocks["R01"]], axis=1) & int(flag)) > 0


@pytest.mark.parametrize("gap", [(), tuple(range(60, 120))])
@pytest.mark.parametrize("shift_s", [0.0, 0.25])
@pytest.mark.parametrize("small", [False, True])
def test_each_message_keeps_its_own_time(tmp_path, monkeypatch, shift_s, gap, small):
    if small:
        monkeypatch.setattr("workbench.ingest.table_source.FIELDS_PER_BLOCK", 1)
        monkeypatch.setattr("workbench.ingest.spool.OUT_ROWS", 7)
    table = Table()
    sheets, kept = messages(table, shift_s, gap=gap)
    facts, sink = read(workbook(tmp_path / "can.xlsx", sheets))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    truth = np.array(last_before(table, kept, shift_s, 60.0))
    assert np.array_equal(np.abs(sink.signal("rack_current_a")), truth, equal_nan=True)
    joined = next(r for r in facts.repairs if r.rule == "joined-as-of")
    assert "no older than 60 s" in joined.detail
    assert joined.count == len(kept)
    missing = {r.rule: r.count for r in facts.repairs}.get("as-of-missing", 0)
    assert missing == int(np.isnan(truth).sum())
    held = next(r for r in facts.repairs if r.rule == "held")
    own = {i for i in kept if not shift_s}
    assert held.count == sum(np.isfinite(v) and i not in own for i, v in enumerate(truth))
    assert not marks(sink, Quality.HELD).any(), "the cells are measured at their own instants"


@pytest.mark.parametrize("small", [False, True])
def test_cells_spread_over_messages_are_marked_where_they_are_held(tmp_path, monkeypatch, small):
    if small:
        monkeypatch.setattr("workbench.ingest.spool.OUT_ROWS", 5)
    table = Table()
    head = [["Time", *(f"{n}_mV" for n in part)] for part in (table.names[:4], table.names[4:])]
    one = [[at, *map(int, row[:4])] for at, row in zip(table.times, table.voltage, strict=True)]
    two = [[at - timedelta(seconds=0.02), *map(int, row[4:])] for at, row in zip(table.times, table.voltage, strict=True)]
    facts, sink = read(workbook(tmp_path / "can.xlsx", {"A": [head[0], *one], "B": [head[1], *two]}))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert "joined-as-of" in rules(facts)
    held = marks(sink, Quality.HELD)
    assert held[4:].all()
    assert not held[:4].any()
    assert next(r for r in facts.repairs if r.rule == "held").count == held.sum()


def test_equal_time_bases_racks_and_parts_are_not_joined(tmp_path):
    table = Table()
    sheets, _ = messages(table, 0.0, every=1)
    facts, _ = read(workbook(tmp_path / "equal.xlsx", sheets))
    assert "joined-as-of" not in rules(facts)
    cells = sheets["0x18FF50E5"]
    facts, sink = read(workbook(tmp_path / "parts.xlsx", {"Monday": [cells[0], *cells[121:]], "Tuesday": cells[:121]}))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert not {"joined-as-of", "held"} & rules(facts)


def test_a_table_that_runs_backwards_is_sorted_first(tmp_path):
    table = Table()
    sheets, kept = messages(table)
    amps = sheets["0x18FF51E5"]
    amps[5], amps[9] = amps[9], amps[5]
    facts, sink = read(workbook(tmp_path / "a.xlsx", sheets))
    assert {"unsorted", "joined-as-of"} <= rules(facts)
    assert np.array_equal(np.abs(sink.signal("rack_current_a")), last_before(table, kept, 0.25, 60.0), equal_nan=True)


@pytest.mark.parametrize("sign", [1, -1])
def test_one_file_per_signal_and_day_lets_physics_see_them_together(tmp_path, sign):
    table = Table(rows=800)
    late = timedelta(seconds=-3.7)
    amps = [(stamp(at + late), sign * a) for at, a in zip(table.times, table.current, strict=True)]
    files = {f"cells_{d}.csv": cells_file(table, rows=part) for d, part in ((1, slice(0, 400)), (2, slice(400, 800)))}
    files |= {"current_1.csv": text("Time,Current_A", amps[:400]), "current_2.csv": text("Time,Current_A", amps[400:])}
    facts, sink = read(folder(tmp_path / "owner", files))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert np.array_equal(sink.signal("rack_current_a"), table.current), "charge is positive inside, whichever file holds the current"
    assert ("sign" in rules(facts)) == (sign < 0)
    assert not marks(sink, Quality.HELD).any()
    assert "unsorted" not in rules(facts), "each file is in order"


@pytest.mark.parametrize("named", ["by header", "by file"])
def test_one_file_per_cell(tmp_path, named):
    table = Table(rows=200)
    files = {}
    for k in range(6):
        rows = [(stamp(at + timedelta(seconds=0.3 * k)), v) for at, v in zip(table.times, table.voltage[:, k], strict=True)]
        files[f"V_{k + 1:02d}.csv"] = text(f"Time,V_{k + 1:02d}_mV" if named == "by header" else "timestamp,value", rows)
    facts, sink = read(folder(tmp_path / "owner", files))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    held = marks(sink, Quality.HELD)
    assert held[:5].all()
    assert not held[5].any(), "the last of a round gives the instants"
    assert facts.nominal_period_s == 10
    assert ("column-named" in rules(facts)) == (named == "by file")


def test_where_the_base_is_silent_another_series_gives_the_instants(tmp_path):
    table = Table(rows=300)
    one, two = cells_file(table, names=slice(0, 4), rows=slice(0, 150)), cells_file(table, 0.5, names=slice(4, 6))
    _, sink = read(folder(tmp_path / "owner", {"a.csv": one, "b.csv": two}))
    assert sink.voltage().shape[1] in (298, 299, 300)
    late = sink.voltage()[:, 160:]
    assert (late[:4] == -32768).all()
    assert (late[4:] != -32768).all()
    assert not marks(sink, Quality.HELD)[:, 160:].any()


def test_a_logger_that_grew_is_not_carried_forward(tmp_path):
    table = Table(rows=300)
    old, new = cells_file(table, rows=slice(0, 150)), cells_file(table, names=slice(0, 5), rows=slice(150, 300))
    facts, sink = read(folder(tmp_path / "owner", {"1.csv": old, "2.csv": new}))
    assert not {"held", "joined-as-of", "as-of-missing"} & rules(facts)
    assert (sink.voltage()[5, 150:] == -32768).all()


def on_change(seconds=20_000, cells=6, deadband=5, silence=None):
    """What a historian with a deadband keeps of cells: (second, name, millivolts), and what holds at each second."""
    rng = np.random.default_rng(3)
    true = np.rint(3300 + 30 * np.sin(np.arange(seconds) / 900)[:, None] + np.arange(cells) + rng.normal(0, 0.4, (seconds, cells))).astype(int)  # fmt: skip
    kept, last, holds = [], [None] * cells, np.zeros_like(true)
    for i in range(seconds):
        for k in range(cells):
            logged = not (silence and silence[0] <= i < silence[1])
            if logged and (last[k] is None or abs(true[i, k] - last[k]) >= deadband):
                kept.append((i, f"V_{k + 1:02d}_mV", true[i, k]))
                last[k] = true[i, k]
            holds[i, k] = last[k] if last[k] is not None else 0
    return kept, holds


@pytest.mark.parametrize("small", [False, True])
def test_a_long_table_of_changes_is_held_until_the_next_record(tmp_path, monkeypatch, small):
    if small:
        monkeypatch.setattr("workbench.ingest.spool.OUT_ROWS", 11)
    kept, holds = on_change()
    rows = [(f"{START + timedelta(seconds=i):%Y-%m-%d %H:%M:%S}", name, v) for i, name, v in kept]
    (tmp_path / "hist.csv").write_text(text("timestamp,tag,value", rows))
    facts, sink = read(tmp_path / "hist.csv")
    seconds = (sink.time_ns() - sink.time_ns()[0]) // 10**9
    assert np.array_equal(sink.voltage(), holds[seconds].T), "steps, never lines"
    held = marks(sink, Quality.HELD)
    assert held.size - held.sum() == len(kept), "every record is received, everything else is held"
    assert facts.sampling == "event-driven"
    assert {"held", "joined-as-of", "recorded-on-change"} <= rules(facts)
    assert not [e for e in facts.events if e.lane == "gap"], "silence is no loss where only changes are written"
    assert "until its next record" in next(r.detail for r in facts.repairs if r.rule == "joined-as-of")


def test_nothing_holds_across_a_silence_of_the_whole_log(tmp_path):
    kept, _ = on_change(seconds=40_000, silence=(15_000, 31_000))
    rows = [(f"{START + timedelta(seconds=i):%Y-%m-%d %H:%M:%S}", name, v) for i, name, v in kept]
    (tmp_path / "hist.csv").write_text(text("timestamp,tag,value", rows))
    facts, sink = read(tmp_path / "hist.csv")
    seconds = (sink.time_ns() - sink.time_ns()[0]) // 10**9
    first = int(np.argmax(seconds >= 31_000))
    received = {name for i, name, _ in kept if i == seconds[first]}
    assert int((sink.voltage()[:, first] != -32768).sum()) == len(received), (
        "what was true before the silence is not known to hold after it"
    )
    assert next(r for r in facts.repairs if r.rule == "as-of-missing").count >= 6 - len(received)


def test_a_long_table_that_is_polled_in_rounds_keeps_one_instant_per_round(tmp_path):
    table = Table(rows=400)
    rows = [(at + timedelta(seconds=0.5 * k), f"{n}_mV", table.voltage[i, k]) for i, at in enumerate(table.times) for k, n in enumerate(table.names)]  # fmt: skip
    rows += [(at + timedelta(seconds=2.2), "Current_A", -table.current[i]) for i, at in enumerate(table.times)]
    (tmp_path / "polled.csv").write_text(text("timestamp,tag,value", [(stamp(at), n, v) for at, n, v in sorted(rows)]))
    facts, sink = read(tmp_path / "polled.csv")
    assert facts.nominal_period_s == 10
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert np.array_equal(sink.signal("rack_current_a"), table.current), "the sign is proved although no row holds both"


def test_a_dropout_in_a_common_frame_stays_missing(tmp_path):
    table = Table(rows=200)
    lost = np.random.default_rng(1).random(table.voltage.shape) < 0.3
    rows = [(stamp(at), *("" if gone else v for v, gone in zip(row, out, strict=True))) for at, row, out in zip(table.times, table.voltage, lost, strict=True)]  # fmt: skip
    (tmp_path / "a.csv").write_text(text(",".join(["Time", *(f"{n}_mV" for n in table.names)]), rows))
    facts, sink = read(tmp_path / "a.csv")
    assert np.array_equal(sink.voltage() == -32768, lost.T)
    assert "held" not in rules(facts)
