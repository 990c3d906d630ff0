"""Rows that waited become a window in order of time, or one sentence says why not."""

import numpy as np
import pytest

from workbench.asset.provenance import SourceFile
from workbench.asset.topology import Cell, Rack
from workbench.errors import IngestError, Reason
from workbench.ingest.handing_over import Naming, handed_over
from workbench.ingest.mapping import MappingProfile
from workbench.ingest.repairs import Ledger
from workbench.ingest.spool import RackSpool
from workbench.jobs.progress import Progress

PROFILE = MappingProfile(
    name="p", fingerprint="f", shape="wide", delimiter=",", encoding="utf-8", decimal=".", time_format="epoch-s", time_zone="UTC",
    time_zone_known=True, columns=(), header=(),
)  # fmt: skip
SECOND = 1_000_000_000
START = 1_772_406_000 * SECOND


class Sink:
    def __init__(self):
        self.racks, self.blocks = [], []

    def begin_rack(self, rack, signal_names):
        self.racks.append(rack.id)

    def append(self, rack_id, block):
        self.blocks.append(block)


def spooled(path, times, millivolts):
    spool = RackSpool(path, Rack("R01", "R01", tuple(Cell(i, f"V_{i}") for i in (1, 2))), ())
    rows = spool.blank(len(times))
    rows["t"], rows["v"], rows["q"], rows["c"] = times, millivolts, 0, True
    spool.add(rows)
    return spool


def made(spool, sink):
    return handed_over({"R01": spool}, Ledger(), sink, Progress(), (), PROFILE, Naming("0123456789ab", "March", "North"))


def test_rows_come_in_order_of_time_with_their_facts(tmp_path):
    times = START + np.array([30, 10, 20]) * SECOND
    sink = Sink()
    facts = made(spooled(tmp_path / "a", times, [[3303, 3403], [3301, 3401], [3302, 3402]]), sink)
    assert sink.racks == ["R01"]
    assert np.concatenate([b.cell_voltage_mv for b in sink.blocks], axis=1).tolist() == [[3301, 3302, 3303], [3401, 3402, 3403]]
    assert (facts.start_ns, facts.end_ns) == (START + 10 * SECOND, START + 40 * SECOND)
    assert (facts.samples, facts.nominal_period_s, facts.name, facts.plant.site) == (6, 10.0, "March", "North")
    assert {r.rule for r in facts.repairs} == {"unsorted"}


def test_one_row_is_no_window(tmp_path):
    class File:
        name = "a.csv"

    with pytest.raises(IngestError) as caught:
        handed_over(
            {"R01": spooled(tmp_path / "a", [START], [[3300, 3400]])},
            Ledger(),
            Sink(),
            Progress(),
            (File(),),
            PROFILE,
            Naming("0", "n", "s"),
        )
    assert caught.value.reason is Reason.TOO_FEW_ROWS
    assert "a.csv" in caught.value.message


def test_rows_that_contradict_each_other_everywhere_are_refused(tmp_path):
    times = START + np.tile(np.arange(40), 2) * SECOND
    spool = spooled(tmp_path / "a", times, np.c_[np.r_[np.full(40, 3300), np.full(40, 3400)], np.full(80, 3301)])
    with pytest.raises(IngestError) as told:
        handed_over(
            {"R01": spool}, Ledger(), Sink(), Progress(), (SourceFile("a.csv", 1, ""),), PROFILE, Naming("0123456789ab", "March", "North")
        )
    assert told.value.reason is Reason.COLUMNS_UNMAPPED
    assert "40 rows of R01 contradict" in told.value.message


def test_a_few_contradictions_are_no_reason_to_refuse(tmp_path):
    times = START + np.r_[np.arange(40), np.arange(15)] * SECOND
    facts = made(spooled(tmp_path / "a", times, np.c_[np.arange(55) + 3300, np.full(55, 3301)]), Sink())
    assert next(r.count for r in facts.repairs if r.rule == "conflicting-time") == 15
    assert facts.sampling == "periodic"
