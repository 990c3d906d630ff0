"""How fast do exports come in, against what else could be used? usage: ingest.py small|full [PYTHON OF THE PEERS]"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import measuring, synthetic

SIZES = {"small": ((60, 3000), (1, 60, 800)), "full": ((400, 120_000), (2, 400, 8640))}
RUNS = {"small": 1, "full": 3}
ORDER = ("lines", "hash", "parse", "fields", "product", "naive", "pyarrow")
T11 = (("naive", 6), ("pyarrow", 2))  # peer, how many times faster by the clock
T11_MB = 150  # of memory, at any size
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
            print(f"  memory of ours: window's process {ours['own_mb']:.0f} MB, the one that reads {ours['child_mb']:.0f} MB")
            table(measuring.alone(sys.executable, PEERS, "stages", path), megabytes)
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
            target(told)
    print(measuring.machine())


def table(told, megabytes):
    """The stages of one import, each with both cores to itself."""
    if "skipped" in told:
        print(f"  stages skipped: {told['skipped']}")
        return
    print(f"  {'stage in one process':<26}{'clock':>8}{'busy':>8}{'MB/s':>8}")
    for name, wall, busy in told["table"]:
        print(
            f"  {name:<26}{wall:8.2f}{busy:8.2f}{megabytes / max(wall, 1e-6):8.0f}"
            if wall > 0.005
            else f"  {name:<26}{wall:8.2f}{busy:8.2f}"
        )


def target(told):
    """The lines of T11: what was asked for, what was measured, and on what machine."""
    for name, times in T11:
        if "skipped" not in told[name]:
            found = told[name]["wall"] / told["product"]["wall"]
            print(f"  T11 {times}x {name}: {found:.2f}x, {'met' if found >= times else 'missed'}")
    memory = told["product"]["peak_mb"]
    print(f"  T11 {T11_MB} MB: {memory:.0f} MB in two processes, {'met' if memory <= T11_MB else 'missed'}; {measuring.machine()}")


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
