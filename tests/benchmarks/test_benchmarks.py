"""Do the benchmarks still run? At the smallest size; what they measure is for people to read."""

import subprocess
import sys

import pytest
from architecture.rules import ROOT


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("drawing", ["ImageItem int16", "cursor moved", "200 PlotCurveItem", "load"]),
        ("ingest", ["product ", "fields ", "bytes per sample", "stages of ours", "read+parse", "overview", "T11 150 MB", "load"]),
        ("report", ["words and tables alone", "plots as vectors", "plots as PNG", "T14", "load"]),
        ("store", ["smaller than int16", "one instant, all cells", "h5py gzip", "T1", "T2", "T4", "load"]),
        ("excursions", ["normal 1 mV", "T8", "by zoom", "load"]),
        ("split", ["bit-equal for every split and kind of worker", "T15", "load"]),
        (
            "study",
            [
                "GB/s of processor time",
                "peak memory",
                "2x the cells",
                "bit-equal over one worker",
                "pandas, ten plain questions",
                "statistics, numpy",
                "T12",
                "load",
            ],
        ),
        ("viewport", ["p50", "over 16 ms", "opened from memory in", "T3  one cell", "T6", "T7", "streamed in", "peak memory", "load"]),
    ],
)
def test_it_runs_at_small_size_and_says_what_it_measured(name, said):
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": "", "TMPDIR": ""}
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "benchmarks" / f"{name}.py", "small"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=paths,
    )
    assert done.returncode == 0, done.stderr
    assert [words for words in said if words not in done.stdout] == []
    assert "product  skipped" not in done.stdout
    assert " failed: " not in done.stdout
