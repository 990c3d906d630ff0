"""What else could be used? One method on one file in a process of its own; the last line printed is JSON. usage: peers.py METHOD FILE [WORDS]

The peers (pandas, tables, pyarrow, b2h5py) are no dependencies of the product: each method imports what it needs and fails where that is absent.
"""

import itertools
import json
import sys
import time
from pathlib import Path

import numpy as np
from benchmarks import measuring


def naive(path):
    """What a person writes today: read everything, pivot, store."""
    import pandas as pd

    out = path.with_suffix(".naive.h5")
    if "long" in path.name:
        frame = pd.read_csv(path, parse_dates=["timestamp"])
        frame = frame.pivot_table(index="timestamp", columns="tag", values="value", aggfunc="first")
    else:
        frame = pd.read_csv(path, parse_dates=["timestamp"]).set_index("timestamp")
    frame.to_hdf(out, key="v")
    return out


def pyarrow(path):
    """Streamed parsing, whole millivolts, chunks of stock deflate."""
    import h5py
    import pyarrow.csv as pacsv

    out = path.with_suffix(".pyarrow.h5")
    blocks = pacsv.open_csv(path, read_options=pacsv.ReadOptions(block_size=8 << 20))
    with h5py.File(out, "w") as file:
        if "long" in path.name:  # the matrix is scattered into: rows come in order of time
            names, rows = {}, []
            for block in blocks:
                tags = block["tag"].dictionary_encode()
                known = np.array([names.setdefault(tag, len(names)) for tag in tags.dictionary.to_pylist()])[np.asarray(tags.indices)]
                time_s = np.asarray(block["timestamp"].cast("int64"))
                value = np.rint(np.asarray(block["value"]) * 1000).astype(np.int16)
                rows.append((time_s, known, value))
            time_s, known, value = (np.concatenate(part) for part in zip(*rows, strict=True))
            stamps, where = np.unique(time_s, return_inverse=True)
            matrix = np.full((len(names), len(stamps)), -32768, np.int16)
            matrix[known, where] = value
            file.create_dataset(
                "v",
                data=matrix,
                chunks=(min(400, len(matrix)), min(512, len(stamps))),
                shuffle=True,
                compression="gzip",
                compression_opts=1,
            )
            return out
        dataset, first = None, 0
        for block in blocks:
            matrix = np.stack([np.rint(np.asarray(column) * 1000).astype(np.int16) for column in block.columns[1:]])
            if dataset is None:
                dataset = file.create_dataset(
                    "v",
                    (len(matrix), 0),
                    "<i2",
                    maxshape=(len(matrix), None),
                    chunks=(len(matrix), 512),
                    shuffle=True,
                    compression="gzip",
                    compression_opts=1,
                )
            dataset.resize(first + matrix.shape[1], axis=1)
            dataset[:, first:] = matrix
            first += matrix.shape[1]
    return out


def parse_only(path):
    """The limit of a general reader: pyarrow's, streamed, nothing kept."""
    import pyarrow.csv as pacsv

    for _ in pacsv.open_csv(path, read_options=pacsv.ReadOptions(block_size=8 << 20)):
        pass


def lines_only(path):
    """The limit of the disk and of finding line ends."""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            np.count_nonzero(np.frombuffer(block, np.uint8) == 10)


def fields_only(path):
    """The limit of our own reader: every field cut, and the numbers among them told; nothing kept."""
    from workbench.ingest import csv_source, sample_columns
    from workbench.ingest.csv_source import Member, Rejected

    form = csv_source.layout(Member(path))
    for _ in csv_source.blocks(Member(path), form, Rejected(), sample_columns.wanted(form)):
        pass


def hash_only(path):
    """The digest of the source, as the import takes it."""
    from workbench.ingest import digests
    from workbench.jobs.progress import Progress

    digests.of([path], Progress())


def stages(path):
    """The stages of one import in this process, one after the other: seconds by the clock and of processor time, on all cores."""
    import shutil
    import tempfile

    from workbench.ingest import arrow_alone

    arrow_alone.decided()
    from workbench.ingest import importing, recognition
    from workbench.jobs.progress import Progress
    from workbench.store import proving
    from workbench.store.overviews import build_overview
    from workbench.store.project import Project
    from workbench.store.windows import WindowWriter

    marks = []

    def mark(name):
        marks.append((name, time.perf_counter(), time.process_time()))

    folder = Path(tempfile.mkdtemp(dir=path.parent))
    try:
        with Project.create(folder / "p.bessreview") as project:
            mark("recognise")
            found = recognition.recognised([path], Progress(), time_zone="UTC", glanced=True)
            progress = Progress(lambda report: marks[-1][0] != report.stage and mark(report.stage))
            with WindowWriter(project, "0123456789ab") as writer:
                facts = importing.import_window(
                    [path], None, writer, progress, name="w", window_id="0123456789ab", site="s", recognise=lambda glanced: found
                )
                writer.finish(facts, progress)
            with project.window("0123456789ab") as reader:
                mark("overview and proof")
                proof = proving.Proof(reader)
                build_overview(project, reader, Progress(), proof.see)
                assert proof.holds()
                mark("end")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    mark("hash, alone")
    hash_only(path)
    mark("end")
    spans = [(name, after[1] - wall, after[2] - busy) for (name, wall, busy), after in itertools.pairwise(marks) if name != "end"]
    names = {
        "reading": "read+parse (hash beside)",
        "hashing the sources": "wait for hash",
        "writing the window": "write",
        "sealing the window": "seal",
    }
    return {"table": [(names.get(name, name), wall, busy) for name, wall, busy in spans]}


def product(path):
    """The whole import as the program does it: recognition, digests, window with quality and proof, overview."""
    import shutil
    import tempfile

    from workbench.workflow import reading

    reading.ready()  # as `workbench import` does
    from workbench.jobs.progress import Progress
    from workbench.store.project import Project
    from workbench.workflow import intake

    stages = []
    folder = Path(tempfile.mkdtemp(dir=path.parent))
    progress = Progress(lambda report: stages.append((report.stage, time.perf_counter())))
    try:
        with Project.create(folder / "p.bessreview") as project:
            entry = intake.bring_in(project, [path], progress, mapping=None, name=None, time_zone="UTC", start_ns=None, site="s")
            end = time.perf_counter()
            stored = project.window_path(entry.id).stat().st_size
            with project.window(entry.id) as reader:
                samples = reader.facts.samples
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    begins = {}
    for stage, at in stages:
        begins.setdefault(stage, at)
    ends = [*list(begins.values())[1:], end]
    return {
        "stages": {stage: round(last - at, 2) for (stage, at), last in zip(begins.items(), ends, strict=True)},
        "stored": stored,
        "samples": samples,
    }


def b2h5py_reads(path, times="5"):
    """Reads of a Blosc2 copy of a matrix through b2h5py: see store.py and viewport.py."""
    import b2h5py.auto  # noqa: F401
    import h5py

    with h5py.File(path, "r") as file:
        dataset = file["v"]
        return {"reads": reads(dataset, *dataset.shape, int(times))}


def b2h5py_make(path, source):
    """A Blosc2 copy of a matrix, chunked as ours."""
    import h5py
    import hdf5plugin

    with h5py.File(source, "r") as old, h5py.File(path, "w") as new:
        options = hdf5plugin.Blosc2(cname="zstd", clevel=1, filters=hdf5plugin.Blosc2.BITSHUFFLE)
        new.create_dataset("v", data=old["v"][:], chunks=old["v"].chunks, **options)
    return {"stored": Path(path).stat().st_size}


def b2h5py_window(path, source):
    """A Blosc2 copy of all racks of a window as one matrix, chunked as ours."""
    import h5py
    import hdf5plugin

    options = hdf5plugin.Blosc2(cname="zstd", clevel=1, filters=hdf5plugin.Blosc2.BITSHUFFLE)
    with h5py.File(source, "r") as old, h5py.File(path, "w") as new:
        racks = [old[f"racks/{name}/cell_voltage"] for name in sorted(old["racks"])]
        cells, samples = racks[0].shape
        made = new.create_dataset("v", (len(racks) * cells, samples), "<i2", chunks=racks[0].chunks, **options)
        for number, rack in enumerate(racks):
            for first in range(0, samples, 8192):
                last = min(first + 8192, samples)
                made[number * cells : (number + 1) * cells, first:last] = rack[:, first:last]
    return {"stored": Path(path).stat().st_size}


def reads(dataset, cells, samples, times=5, seed=1, before=None, again=False, clock=time.perf_counter):
    """Median seconds: one instant of all cells, one cell over all time, one rack of 400 over 2,000 samples.

    before: done before each read and not timed. again: only the second of two reads of the same place is timed. clock: processor time, where
    the share of the machine that a reader got should not count.
    """
    rng = np.random.default_rng(seed)
    rack = min(400, cells)
    span = min(2000, samples)
    result = {"instant": [], "cell": [], "rack": []}
    for _ in range(times):
        at, cell, first = int(rng.integers(samples)), int(rng.integers(cells)), int(rng.integers(samples - span + 1))
        row = int(rng.integers(cells // rack)) * rack
        for name, cut in (
            ("instant", (slice(None), slice(at, at + 1))),
            ("cell", (slice(cell, cell + 1), slice(None))),
            ("rack", (slice(row, row + rack), slice(first, first + span))),
        ):
            if before is not None:
                before()
            if again:
                dataset[cut]
            begin = clock()
            dataset[cut]
            result[name].append(clock() - begin)
    return {name: float(np.median(values)) for name, values in result.items()}


METHODS = {
    "naive": naive,
    "pyarrow": pyarrow,
    "parse": parse_only,
    "lines": lines_only,
    "fields": fields_only,
    "hash": hash_only,
    "stages": stages,
    "product": product,
    "b2h5py": b2h5py_reads,
    "b2h5py-make": b2h5py_make,
    "b2h5py-window": b2h5py_window,
}

if __name__ == "__main__":
    place = Path(sys.argv[2])
    begin, busy = time.perf_counter(), measuring.busy_s()
    answer = METHODS[sys.argv[1]](place, *sys.argv[3:])
    told = {"wall": time.perf_counter() - begin, "busy": measuring.busy_s() - busy}
    told |= {"own_mb": measuring.peak_mb(), "child_mb": measuring.children_peak_mb()}
    told["peak_mb"] = told["own_mb"] + told["child_mb"]
    if isinstance(answer, Path):
        told["stored"] = answer.stat().st_size
        answer.unlink()
    print(json.dumps(told | (answer if isinstance(answer, dict) else {})))
