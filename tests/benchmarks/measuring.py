"""How are figures measured and printed? Medians beside extremes, memory of a process of its own, and what else the machine was doing."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

MB = 1e6


def machine():
    """Cores and load, so that a figure can be judged."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = " ".join(f"{value:.2f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return f"{cores} cores, load {load}, {time.strftime('%Y-%m-%d %H:%M')}"


def peak_mb():
    """Largest resident memory of this process so far [MB]; the system's own counter may carry over what the parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024 / MB
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MB


def busy_s():
    """Processor time of this process and of all children that have ended [s]: the import reads in a process of its own."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def children_peak_mb():
    """Resident memory of the largest child so far [MB]; added to our own it is an upper limit of both together."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / MB


def copy_gb_per_s():
    """numpy's copy of 64 MB, best of 7 [GB/s]: the ceiling of anything that touches memory once."""
    source = np.ones(32 << 20, np.int16)
    target = np.empty_like(source)
    return source.nbytes / 1e9 / min(seconds(lambda: np.copyto(target, source), 7))


def seconds(work, times, clock=time.perf_counter):
    """Seconds of each of some runs, by the wall unless another clock is given."""
    result = []
    for _ in range(times):
        begin = clock()
        work()
        result.append(clock() - begin)
    return result


def spread(values_s):
    """Median, 95th and 99th percentile and largest, in milliseconds."""
    p50, p95, p99 = np.percentile(values_s, [50, 95, 99]) * 1e3
    return f"p50 {p50:6.2f}  p95 {p95:6.2f}  p99 {p99:6.2f}  max {max(values_s) * 1e3:6.2f} ms"


def target(number, words, value, limit, *, unit="", most=False):
    """One promise of performance.md section 10: what was wanted, what was measured, and whether it was kept."""
    kept = value <= limit if most else value >= limit
    print(f"{number:<4}{words}: {value:.3g}{unit}, wanted {'<=' if most else '>='} {limit:g}{unit}: {'met' if kept else 'MISSED'}")


def drop_from_memory(paths):
    """Ask the system to forget what it holds of these files, so that the next read comes from the disk; False where it cannot be asked."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in paths:
        with Path(path).open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def alone(python, script, *words):
    """Run a script in a process of its own: (what it printed last, as JSON; or why not)."""
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(root / "tests")))}
    done = subprocess.run([str(python), str(script), *map(str, words)], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        return {"skipped": (done.stderr.strip().splitlines() or ["it failed"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def title(text):
    """A heading with the state of the machine."""
    print(f"\n== {text} ==\n{machine()}; numpy copy {copy_gb_per_s():.1f} GB/s", flush=True)
