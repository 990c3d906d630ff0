"""The reader is picked by what a file is, never by what it is called; what no reader may open says what to ask for."""

import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders.archives import zipped
from builders.exports import Table, read
from builders.hdf5 import grouped
from builders.typed import arrives, columns, refusal
from builders.workbooks import rows_of, workbook

from workbench.errors import IngestError, Reason
from workbench.ingest import sources

ASKED = {  # what: content, words of the sentence, words of the request
    "pdf": (b"%PDF-1.7\n" + bytes(200), "PDF document", "data behind it"),
    "screenshot": (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture", "data behind it"),
    "photo": (b"\xff\xd8\xff\xe0" + bytes(200), "picture", "data behind it"),
    "bitmap": (b"BM" + bytes(200), "picture", "data behind it"),
    "pickle": (pickle.dumps({"t": [1, 2]}), "pickle, which runs code", "Parquet or CSV"),
    "numpy": (b"\x93NUMPY\x01\0" + bytes(200), "numpy array", "Parquet or CSV"),
    "unfinished mdf": (b"UnFinMF 4.10" + bytes(200), "never finished", "own program"),
}


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a"])
def test_refused_in_one_sentence_that_says_what_to_ask_for(tmp_path, what, name):
    data, said, asked = ASKED[what]
    (tmp_path / name).write_bytes(data)
    error = refusal(tmp_path / name)
    assert error.reason is Reason.FORMAT_UNKNOWN
    assert said in error.message
    assert asked in error.remedy


def test_a_name_that_lies_does_not_matter(tmp_path):
    table = Table()
    pq.write_table(pa.table(columns(table)), tmp_path / "a.csv")
    arrives(tmp_path / "a.csv", table)
    arrives(workbook(tmp_path / "b.parquet", {"x": rows_of(table)}), table)
    arrives(table.write(tmp_path / "c.xlsx"), table)


def test_a_text_that_begins_like_a_picture_is_a_text(tmp_path):
    table = Table()
    path = table.write(tmp_path / "a.csv")
    path.write_text("BMS export\n" + path.read_text())
    assert np.array_equal(read(path)[1].voltage(), table.voltage.T)


def test_a_folder_of_everything(tmp_path):
    tables = {f"R0{i}": Table(seed=i) for i in range(1, 5)}
    (tmp_path / "site").mkdir()
    pq.write_table(pa.table(columns(tables["R01"])), tmp_path / "site/R01.parquet")
    workbook(tmp_path / "site/R02.xlsx", {"Sheet1": rows_of(tables["R02"])})
    tables["R03"].write(tmp_path / "site/R03.csv")
    pq.write_table(pa.table(columns(tables["R04"])), tmp_path / "R04")
    (tmp_path / "site/more.zip").write_bytes(zipped(("R04.parquet", (tmp_path / "R04").read_bytes()), ("letter.pdf", b"%PDF-1.7")))
    (tmp_path / "site/scan.png").write_bytes(b"\x89PNG" + bytes(99))
    facts, sink = read(tmp_path / "site")
    for name, table in tables.items():
        assert np.array_equal(sink.voltage(name), table.voltage.T), name
    assert {r.place for r in facts.repairs if r.rule == "file-left-out"} == {"more.zip/letter.pdf", "scan.png"}


def test_a_broken_file_beside_good_ones_is_left_out_by_name(tmp_path):
    Table().write(tmp_path / "a.csv")
    grouped(tmp_path / "b.h5", Table())
    (tmp_path / "b.h5").write_bytes((tmp_path / "b.h5").read_bytes()[:900])
    facts, _ = read(tmp_path)
    assert [r.place for r in facts.repairs if r.rule == "file-left-out"] == ["b.h5"]


def test_members_are_named_by_file_and_part(tmp_path):
    workbook(tmp_path / "a.xlsx", {"One": rows_of(Table()), "Two": rows_of(Table(seed=2))})
    found = sources.members([tmp_path / "a.xlsx"])
    assert [member.name for member in found] == ["a.xlsx/One", "a.xlsx/Two"]
    assert sum(member.weight for member in found) <= (tmp_path / "a.xlsx").stat().st_size


def test_a_file_that_vanishes(tmp_path):
    workbook(tmp_path / "a.xlsx", {"One": rows_of(Table())})
    member = sources.members([tmp_path / "a.xlsx"])[0]
    form = sources.layout(member)
    (tmp_path / "a.xlsx").unlink()
    with pytest.raises(IngestError) as caught:
        list(sources.blocks(member, form, sources.Rejected()))
    assert caught.value.reason is Reason.FILE_UNREADABLE
