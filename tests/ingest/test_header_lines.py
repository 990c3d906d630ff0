"""Another header is met wherever it stands; the same one again, and what only looks like one, is none."""

import numpy as np
import pytest
from builders.exports import Table, read

from workbench.errors import IngestError
from workbench.ingest import header_lines, importing, line_blocks, recognition
from workbench.ingest.even_rows import found
from workbench.ingest.header_lines import Begins, HeaderMet, Watch
from workbench.jobs.progress import Progress

HEADER = "Time,V1,V2"
ROWS = "".join(f"2026-03-16 08:00:{i:02d},{3300 + i},{3301 + i}\n" for i in range(9)).encode()


@pytest.mark.parametrize("line", [b"Time,V1,V3", b"TIME ,V2,V3", b'"Time",V1,V2', b"Time,V1", b"time,v1,v2"])
def test_a_line_that_begins_as_the_header_and_says_something_else_is_met(line):
    watch = Watch("Time", HEADER, ",")
    with pytest.raises(HeaderMet):
        watch.see(ROWS + line + b"\n" + ROWS, None)


@pytest.mark.parametrize("line", [HEADER.encode(), b"\xef\xbb\xbf" + HEADER.encode() + b" ", b"Timeout,1,2", b"T,1,2", b"x,Time,2", b""])
def test_the_same_header_again_or_anything_else_is_none(line):
    Watch("Time", HEADER, ",").see(ROWS + line + b"\r\n" + ROWS, None)


def test_even_rows_are_passed_over_by_the_extremes_of_their_first_bytes():
    even = found(ROWS, ord(","), 3)
    Watch("Time", HEADER, ",").see(ROWS, even)
    odd = b"".join((ROWS[:30], b"Time               ,V2  ,V3  \n", ROWS[30:]))
    even = found(odd, ord(","), 3)
    assert even is not None
    with pytest.raises(HeaderMet):
        Watch("Time", HEADER, ",").see(odd, even)


def test_where_such_lines_begin():
    data = b"Time,1\nx\nTIME ,2\r\nno Time,3\n"
    assert list(Begins("Time", ",").inside(data)) == [(0, "Time,1"), (9, "TIME ,2")]
    assert header_lines.end_of(data, 9) == 16


def export(tmp_path, change):
    """A file whose later rows are changed."""
    path = Table(rows=400, cells=6).write(tmp_path / "a.csv")
    path.write_text(change(path.read_text().splitlines()))
    return path


def joined(lines):
    return "\n".join(lines) + "\n"


def looked(monkeypatch):
    """How often files were recognised, and whether by a glance."""
    told = []
    real = recognition.recognised

    def watched(*args, glanced=False, **words):
        told.append(glanced)
        return real(*args, glanced=glanced, **words)

    monkeypatch.setattr(importing, "recognised", watched)
    return told


def test_a_file_of_one_header_is_recognised_once_by_its_beginning(tmp_path, monkeypatch):
    told = looked(monkeypatch)
    read(export(tmp_path, joined))
    assert told == [True]


@pytest.mark.parametrize("change", ["a new column", "the same again", "above the header"])
def test_the_window_is_the_one_that_a_look_through_the_whole_file_gives(tmp_path, monkeypatch, change):
    monkeypatch.setattr(line_blocks, "BLOCK_BYTES", 4096)

    def changed(lines):
        mark = ";" if ";" in lines[0] else ","
        first = lines[0].split(mark)[0]
        if change == "a new column":
            return joined([*lines[:300], lines[0] + f"{mark}T_9", *(f"{line}{mark}21.5" for line in lines[300:])])
        if change == "the same again":
            return joined([*lines[:300], lines[0], *lines[300:]])
        return joined([f"{first}{mark}of the plant", *lines])

    path = export(tmp_path, changed)
    told = looked(monkeypatch)
    facts, sink = read(path)
    assert told == {"a new column": [True, False], "the same again": [True], "above the header": [True]}[change]

    def through_all(*args, glanced=False, **words):
        return recognition.recognised(*args, **words)

    monkeypatch.setattr(importing, "recognised", through_all)
    whole, other = read(path)
    assert facts == whole
    assert np.array_equal(sink.voltage(), other.voltage())


def test_cells_that_only_a_later_header_names_are_found(tmp_path):
    rows = [f"2026-03-16 08:{i // 60:02d}:{i % 60:02d}" for i in range(200)]
    text = "Time,Current_A\n" + "".join(f"{t},{i % 7}.5\n" for i, t in enumerate(rows[:100]))
    text += "Time,Current_A,Cell1_V,Cell2_V\n" + "".join(f"{t},{i % 7}.5,3.301,3.302\n" for i, t in enumerate(rows[100:]))
    (tmp_path / "a.csv").write_text(text)
    _, sink = read(tmp_path / "a.csv")
    assert sink.voltage().shape == (2, 200)


def test_a_refusal_stays_one(tmp_path):
    (tmp_path / "a.csv").write_text("Time,Current_A\n" + "".join(f"2026-03-16 08:00:{i:02d},{i}.5\n" for i in range(50)))
    with pytest.raises(IngestError, match="no column that is recognised as a cell voltage"):
        read(tmp_path / "a.csv")


def test_logs_beside_the_rows_are_looked_through_at_once(tmp_path):
    (tmp_path / "log.csv").write_text("start,end,code,text\n2026-03-02 08:01:00,2026-03-02 08:02:00,7,cell high\n")
    Table(rows=60).write(tmp_path / "a.csv")
    with pytest.raises(HeaderMet):
        recognition.recognised([tmp_path], Progress(), glanced=True)
