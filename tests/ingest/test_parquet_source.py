"""Parquet as loggers and data lakes write it: typed columns, lists of cells, integers without a scale; and files that lie."""

import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders.exports import Table, read
from builders.typed import arrives, columns, refusal

from workbench.errors import Reason
from workbench.ingest import parquet_source


def written(path, made, **words):
    pq.write_table(pa.table(made), path, **words)
    return path


@pytest.mark.parametrize(("unit", "dtype"), [("mV", np.int16), ("mV", np.uint32), ("V", np.float32), ("V", np.float64)])
def test_every_sample_arrives_exactly(tmp_path, unit, dtype):
    table = Table(rows=500)
    facts, _ = arrives(written(tmp_path / "a.parquet", columns(table, unit=unit, dtype=dtype)), table)
    assert facts.repairs == ()  # a float32 3.3 rounds nowhere


def test_blocks_are_bounded_and_row_groups_do_not_matter(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.ingest.table_source.FIELDS_PER_BLOCK", 600)
    table = Table(rows=700)
    path = written(tmp_path / "a.bin", columns(table), row_group_size=90, compression="zstd")
    _, sink = arrives(path, table)
    member = parquet_source.Member(path, kind="parquet")
    form = parquet_source.layout(path, member)
    assert max(len(block["timestamp"]) for block in parquet_source.blocks(path, member, form, parquet_source.Rejected())) <= 75
    assert sink.voltage().shape == (6, 700)


@pytest.mark.parametrize("kind", [pa.list_(pa.float32()), pa.list_(pa.float32(), 6), pa.large_list(pa.float64())])
def test_cells_in_a_list(tmp_path, kind):
    table = Table()
    rows = (table.voltage / 1000).tolist()
    rows[7] = None
    made = {"timestamp": table.times, "cell_voltages": pa.array(rows, kind), "Current_A": table.current}
    _, sink = read(written(tmp_path / "a.parquet", made))
    truth = table.voltage.T.copy()
    truth[:, 7] = -32768
    assert np.array_equal(sink.voltage(), truth)


def test_a_list_that_grows_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.ingest.table_source.FIELDS_PER_BLOCK", 1)
    table = Table()
    rows = [[*row, 3300] if i > 100 else row for i, row in enumerate(table.voltage.tolist())]
    facts, _ = arrives(written(tmp_path / "a.parquet", {"timestamp": table.times, "cell": rows, "Current_A": table.current}), table)
    assert {r.rule: r.count for r in facts.repairs} == {"list-too-long": 139}


def test_records_categories_times_with_a_zone_and_missing_values(tmp_path):
    table = Table()
    made = {
        "time": pa.array(table.times, pa.timestamp("ns", "UTC")),
        "rack": pa.array([{n: int(v) for n, v in zip(table.names, row, strict=True)} for row in table.voltage]),
        "Current_A": pa.array(table.current).dictionary_encode(),
        "T1_degC": pa.array([None, float("nan"), 25.3] * 80, pa.float32()),
    }
    facts, sink = arrives(written(tmp_path / "a.parquet", made), table)
    assert facts.time_zone_known
    probes = np.concatenate([b.probe_temperature_ddegc for b in sink.blocks["R01"]], axis=1)
    assert set(probes[0]) == {-32768, 253}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_counts_since_1970(tmp_path, unit):
    table = Table()
    made = columns(table)
    made["timestamp"] = made["timestamp"].astype(f"datetime64[{unit}]").astype(np.int64)
    facts, _ = arrives(written(tmp_path / "a.parquet", made), table)
    assert facts.time_zone_known


def test_inside_a_zip_beside_text(tmp_path):
    tables = [Table(seed=i) for i in (1, 2)]
    written(tmp_path / "R01.parquet", columns(tables[0]))
    tables[1].write(tmp_path / "R02.csv", time="%Y-%m-%d %H:%M:%S.0")
    with zipfile.ZipFile(tmp_path / "site.zip", "w") as archive:
        for name in ("R01.parquet", "R02.csv"):
            archive.write(tmp_path / name, name)
    facts, sink = read(tmp_path / "site.zip")
    assert [r.id for r in facts.plant.racks] == ["R01", "R02"]
    for rack, table in zip(("R01", "R02"), tables, strict=True):
        assert np.array_equal(sink.voltage(rack), table.voltage.T)


def test_malformed_twins(tmp_path):
    whole = written(tmp_path / "whole.parquet", columns(Table())).read_bytes()
    for name, data in {
        "cut": whole[: len(whole) // 2],
        "torn": whole[:200] + bytes(len(whole) - 400) + whole[-200:],
        "magic": b"PAR1" + bytes(100),
        "encrypted": b"PARE" + bytes(100),
    }.items():
        (tmp_path / name).write_bytes(data)
        assert refusal(tmp_path / name).reason in (Reason.FORMAT_UNKNOWN, Reason.FILE_UNREADABLE)
    assert (
        refusal(written(tmp_path / "empty.parquet", {"timestamp": pa.array([], pa.timestamp("s")), "V1": pa.array([], pa.int16())})).reason
        is Reason.TOO_FEW_ROWS
    )


def test_a_file_that_claims_too_much_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_source, "MAX_COLUMN_BYTES", 1000)
    error = refusal(written(tmp_path / "a.parquet", columns(Table(rows=5000), dtype=np.int32)))
    assert error.reason is Reason.ARCHIVE_UNSAFE
    assert "in one group of rows" in error.message
