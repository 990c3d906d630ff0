"""How fast do exports come in, against what else could be used? usage: ingest.py small|full [PYTHON OF THE PEERS]"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import measuring, synthetic

SIZES = {"small": ((60, 3000), (1, 60, 800)), "full": ((400, 120_000), (2, 400, 8640))}
RUNS = {"small": 1, "full": 3}
ORDER = ("lines", "parse", "product", "naive", "pyarrow")
PEERS = Path(__file__).with_name("peers.py")


def main(size, peers, folder):
    """Make the files, run every method in a process of its own, in turns."""
    wide, long = SIZES[size]
    measuring.title(f"ingest {size}")
    files = {"wide": folder / "wide.csv", "long": folder / "long.csv"}
    synthetic.write_wide(files["wide"], *wide)
    synthetic.write_long(files["long"], *long)
    for kind, path in files.items():
        megabytes = path.stat().st_size / measuring.MB
        print(f"\n{kind}: {megabytes:.0f} MB")
        runs = {name: [] for name in ORDER}
        for _ in range(RUNS[size]):
            for name in ORDER:  # in turns, so that a busy minute of the machine meets all
                runs[name].append(measuring.alone(peers if name in ("naive", "pyarrow", "parse") else sys.executable, PEERS, name, path))
        told = {name: middle(found) for name, found in runs.items()}
        for name, one in told.items():
            print(line(name, one, megabytes))
        ours = told["product"]
        if "skipped" not in ours:
            print(f"  stages of ours [s]: {ours['stages']}; {ours['stored'] / ours['samples']:.3f} bytes per sample on disk")
            for name in ("naive", "pyarrow"):
                if "skipped" not in told[name]:
                    wall, busy = (told[name][what] / ours[what] for what in ("wall", "busy"))
                    print(
                        f"  against {name}: {wall:.2f}x by the clock, {busy:.2f}x by processor time, {told[name]['peak_mb'] / ours['peak_mb']:.1f}x its memory"
                    )
                    core = sum(
                        seconds
                        for stage, seconds in ours["stages"].items()
                        if stage in ("reading", "writing the window", "sealing the window")
                    )
                    print(f"    its scope only (reading and writing, {core:.2f} s): {told[name]['wall'] / core:.2f}x by the clock")
    print(measuring.machine())


def middle(runs):
    """The run of median wall time, or the reason why there is none."""
    done = [run for run in runs if "skipped" not in run]
    return sorted(done, key=lambda run: run["wall"])[len(done) // 2] if done else runs[0]


def line(name, one, megabytes):
    """One method as a line of the table."""
    if "skipped" in one:
        return f"  {name:<8} skipped: {one['skipped']}"
    rate = megabytes / one["wall"]
    return f"  {name:<8} {one['wall']:6.2f} s  {rate:5.0f} MB/s  {megabytes / one['busy']:5.0f} MB/s of processor time  peak {one['peak_mb']:5.0f} MB"


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="workbench-benchmark-"))
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "small", sys.argv[2] if len(sys.argv) > 2 else sys.executable, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
