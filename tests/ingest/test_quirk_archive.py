"""One archive with every quirk a text file can have imports in one go; each quirk is listed and its values are right. One row per quirk."""

import zipfile

import numpy as np
import pytest
from builders.exports import read, refused
from builders.quirks import ROWS, START, all_quirks

from workbench.asset.quality import Quality

QUIRKS = {f"R{k:02d}": quirk for k, quirk in enumerate(all_quirks(), 1)}


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    path = tmp_path_factory.mktemp("owner") / "site.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for rack, quirk in QUIRKS.items():
            archive.writestr(f"{rack}.csv", quirk.text)
            for name, text in quirk.files:
                archive.writestr(f"{rack}_{name}.csv", text)
    return read(path)


@pytest.mark.parametrize("rack", QUIRKS, ids=[quirk.name for quirk in QUIRKS.values()])
def test_every_quirk_is_read_and_listed(imported, rack):
    facts, sink = imported
    quirk = QUIRKS[rack]
    mine = [r for r in facts.repairs if rack in r.place]
    assert len(sink.racks[rack][0].cells) == quirk.cells
    assert sink.voltage(rack)[0].tolist() == list(quirk.truth)
    if not quirk.rule:
        return
    found = [r for r in mine if r.rule == quirk.rule]
    assert found, f"{quirk.name}: {[(r.rule, r.place) for r in mine]}"
    assert quirk.count is None or sum(r.count for r in found) == quirk.count
    assert any(quirk.detail in f"{r.detail} {r.evidence}" for r in found)


def rack_of(name):
    return next(rack for rack, quirk in QUIRKS.items() if quirk.name == name)


def test_every_clock_tells_the_same_first_instant(imported):
    _, sink = imported
    start = int(START.replace(tzinfo=__import__("datetime").UTC).timestamp()) * 10**9
    odd = {rack for rack in QUIRKS if abs(int(sink.time_ns(rack)[0]) - start) > 10**6}
    assert odd == {rack_of("a random sample")}
    assert all(len(sink.time_ns(rack)) in (ROWS, ROWS - 1) for rack in QUIRKS)


def test_a_flag_in_the_sign_is_an_interval_of_balancing(imported):
    facts, sink = imported
    rack = rack_of("a minus as a flag")
    (event,) = [e for e in facts.events if e.lane == "balancing" and e.element.startswith(rack)]
    assert (event.end_ns - event.start_ns) / 1e9 == 100
    assert (sink.voltage(rack) > 0).all()


def test_the_state_of_a_cell_is_one_as_well(imported):
    facts, _ = imported
    rack = rack_of("states of single cells")
    (event,) = [e for e in facts.events if e.lane == "balancing" and e.element.startswith(rack)]
    assert (event.element.split()[-1], event.canonical, (event.end_ns - event.start_ns) / 1e9) == ("C002", "CELL_IS_BALANCING", 100)


def test_gaps_of_hours_are_events(imported):
    facts, _ = imported
    gaps = [e for e in facts.events if e.lane == "gap" and e.element == rack_of("gaps of hours")]
    assert [round((e.end_ns - e.start_ns) / 3.6e12) for e in gaps] == [5, 5]


def quality(imported, name):
    _, sink = imported
    return np.concatenate([b.cell_quality for b in sink.blocks[rack_of(name)]], axis=1)


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("placeholders", Quality.SENTINEL), ("garbage", Quality.SUSPECT), ("garbage", Quality.OUT_OF_RANGE), ("drawn by a historian", Quality.INTERPOLATED),
        ("conflicting rows", Quality.DUPLICATE), ("a minus as a flag", Quality.REPAIRED), ("cells with clocks of their own", Quality.HELD),
        ("empty fields", Quality.MISSING),
    ],
)  # fmt: skip
def test_the_mask_says_what_is_known_of_a_sample(imported, name, flag):
    assert (quality(imported, name) & int(flag)).any()
    assert not (quality(imported, "unsorted") & int(flag)).any(), "a sound rack carries no mark"


def marks(imported, name, channel):
    """(T,) marks of a signal, or of the first probe."""
    _, sink = imported
    rack, signals = sink.racks[rack_of(name)]
    place = 0 if channel == "probe" else len(rack.probes) + signals.index(channel)
    return np.concatenate([b.channel_marks() for b in sink.blocks[rack_of(name)]], axis=1)[place]


MARKED = [  # quirk, channel, mark, samples
    ("a signal with a clock of its own", "rack_current_a", Quality.HELD, ROWS), ("placeholders of signals", "rack_current_a", Quality.SENTINEL, 3),
    ("placeholders of signals", "reported_soc", Quality.SENTINEL, 2), ("placeholders of signals", "rack_voltage_v", Quality.OUT_OF_RANGE, 2), ("placeholders of signals", "probe", Quality.SENTINEL, 4),
    ("placeholders of signals", "rack_current_a", Quality.MISSING, 1), ("garbage", "rack_current_a", Quality.SUSPECT, 1), ("signals that a historian drew", "rack_current_a", Quality.INTERPOLATED, None),
    ("signals that a historian drew", "probe", Quality.INTERPOLATED, None), ("conflicting signals", "reported_soc", Quality.DUPLICATE, 1), ("conflicting signals", "probe", Quality.DUPLICATE, 1),
    ("a rack voltage in another unit", "rack_voltage_v", Quality.REPAIRED, 40),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "channel", "flag", "count"), MARKED, ids=[f"{name}, {channel}, {flag.name}" for name, channel, flag, _ in MARKED]
)
def test_the_mask_of_probes_and_signals_says_what_is_known_of_a_sample(imported, name, channel, flag, count):
    hits = int(((marks(imported, name, channel) & int(flag)) > 0).sum())
    assert hits == count if count is not None else hits > ROWS / 2
    rest = marks(imported, "a sound rack", channel)
    assert not rest.any(), "what is sound carries no mark"


def test_probes_lose_their_offset_and_personal_data_is_gone(imported):
    _, sink = imported
    block = sink.blocks[rack_of("probes with an offset")][0]
    assert sorted(set(block.probe_temperature_ddegc.ravel().tolist())) == [240, 250]
    assert not sink.blocks[rack_of("personal data")][0].signals
    assert set(sink.blocks[rack_of("a second state of charge")][0].signals) == {"reported_soc", "source_SOC real [%]"}


MALFORMED = {
    "list": ('Time,Cells\n2026-03-16 08:00:00,"[a, b, c]"\n2026-03-16 08:00:10,"[a, b, c]"\n', "cell"),
    "no header at all": ("2026-03-16 08:00:00,3300,3301\n2026-03-16 08:00:10,3300,3301\n", "header is expected"),
    "two rounds without time": ("x>bat 1\nBattery  Volt  Curr\n0  3300  10\n1  3301  10\n\nx>bat 1\nBattery  Volt  Curr\n0  3300  10\n1  3301  10\n\n", "states no time"),
    "only a count of seconds": ("test_time_second,V1\n0,3.3\n10,3.3\n20,3.3\n", "unknown start"),
    "long without numbers": ("time;tag;value\n2026-03-16 08:00:00;V1;x\n2026-03-16 08:00:10;V1;y\n", "cell"),
    "counters cut short": ("<A>,,\n,< 0,,TOTAL\n ,1,,1\n<B>,,\n,< 0,,TOTAL\n", "lifetime counters"),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_twin_gets_one_clear_sentence(tmp_path, name):
    text, words = MALFORMED[name]
    (tmp_path / "odd.csv").write_text(text)
    assert words in refused(tmp_path / "odd.csv")


def test_the_cyclers_file_with_its_defect_of_time(shared_data):
    facts, sink = read(next((shared_data / "bdf").glob("*.csv")))
    lines = {r.rule: r for r in facts.repairs}
    assert (lines["clock-stray"].count, lines["clock-stray"].first) == (19, "row 723")
    assert {"single-cell", "start-from-name", "rounded"} <= set(lines)
    rack, signals = sink.racks["R01"]
    assert (len(rack.cells), len(rack.probes)) == (1, 3)
    assert "rack_current_a" in signals
    assert (np.diff(sink.time_ns()) > 0).all()
    assert len(sink.time_ns()) == 13_086 - 19
