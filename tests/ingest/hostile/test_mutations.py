"""Whatever becomes of a real file: no crash, no hang, and a window in order or one sentence. WORKBENCH_MUTANTS=500 for the long loop."""

import os
import time

import numpy as np
import pytest
from builders.archives import zipped
from builders.exports import Table, read
from ingest.hostile.mutations import mutant

from workbench.errors import IngestError, Reason
from workbench.jobs.progress import Progress
from workbench.workflow import intake, reading

MUTANTS = int(os.environ.get("WORKBENCH_MUTANTS", "25"))
PATIENCE_S = 60.0  # on a busy machine; a mutant of these sizes takes a tenth of a second
WIDE, LONG, ARCHIVE = "wide.csv", "long.csv", "archive.zip"
REAL = ("bdf/*.csv", "bus-counters/*.csv", "ev-pack-88s/*.zip")


def original(name, folder):
    if name == WIDE:
        return Table(rows=120).write(folder / "o", extra={"Note": ['"a, b"'] * 120}).read_bytes()
    if name == LONG:
        return Table(rows=40).write_long(folder / "o").read_bytes()
    return zipped(("R01.csv", original(WIDE, folder)), ("R02.csv", original(WIDE, folder)))


def outcome(act):
    """What an act makes, or its refusal; anything else fails the test that asks."""
    try:
        return act()
    except IngestError as error:
        return error


def judge(path):
    begun = time.monotonic()
    made = outcome(lambda: read(path))
    if isinstance(made, IngestError):
        assert made.message.endswith(".")
        assert made.message.count("\n") == 0
        assert made.remedy
    else:
        facts, sink = made
        assert facts.samples > 0
        assert all((np.diff(sink.time_ns(rack)) > 0).all() for rack in sink.blocks)
    assert time.monotonic() - begun < PATIENCE_S


@pytest.mark.parametrize("name", [WIDE, LONG, ARCHIVE])
def test_mutants_of_our_own_shapes(tmp_path, name):
    data = original(name, tmp_path)
    for seed in range(MUTANTS):
        (tmp_path / name).write_bytes(mutant(data, seed))
        judge(tmp_path / name)


@pytest.mark.parametrize("pattern", REAL)
def test_mutants_of_real_batteries(tmp_path, shared_data, pattern):
    found = sorted(shared_data.glob(pattern), key=lambda path: path.stat().st_size)
    if not found:
        pytest.skip(f"no {pattern} beside this repository")
    data = found[0].read_bytes()[:200_000] if found[0].suffix == ".csv" else found[0].read_bytes()
    for seed in range(MUTANTS // 3):
        (tmp_path / found[0].name).write_bytes(mutant(data, seed))
        judge(tmp_path / found[0].name)


def test_mutants_in_the_other_process(tmp_path, monkeypatch):
    """The same through the real child: its border adds no failure of its own."""
    monkeypatch.setattr(intake, "ask", reading.apart)
    data = original(WIDE, tmp_path)
    for seed in range(max(MUTANTS // 10, 2)):
        (tmp_path / WIDE).write_bytes(mutant(data, seed))
        made = outcome(lambda: intake.preview([tmp_path / WIDE], Progress()))
        if isinstance(made, IngestError):
            assert WIDE in made.message
            assert made.reason is not Reason.READER_ENDED
        else:
            assert made.profile.columns
