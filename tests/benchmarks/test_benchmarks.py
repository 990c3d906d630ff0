"""Do the benchmarks still run? At the smallest size; what they measure is for people to read."""

import subprocess
import sys

import pytest
from architecture.rules import ROOT


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("drawing", ["ImageItem int16", "cursor moved", "200 PlotCurveItem", "load"]),
        ("ingest", ["product ", "bytes per sample", "stages of ours", "load"]),
        ("store", ["smaller than int16", "one instant, all cells", "h5py gzip", "load"]),
        ("viewport", ["p50", "over 16 ms", "opened in", "peak memory", "load"]),
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
