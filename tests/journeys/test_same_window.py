"""However fast a file was read, the window is the same to the last bit: evidence roots of the quick way and of the general one."""

import pytest
from builders.exports import Table

from workbench.ingest import digit_fields, line_blocks
from workbench.jobs.progress import Progress
from workbench.workflow import reading

ODD = ((50, 3, "65535"), (51, 3, ""), (52, 4, "n/a"), (53, 5, "-3301"), (300, 6, "0"), (301, 1, "9300"))  # row, column, text


def plain(path):
    return Table(rows=900, cells=30).write(path, unit="V")


def long(path):
    return Table(rows=400, cells=12).write_long(path)


def odd(path):
    """Placeholders, a hole, text, a flag in the sign, an impossible value."""
    rows = [line.split(",") for line in Table(rows=600, cells=12).write(path).read_text().splitlines()]
    for row, column, text in ODD:
        rows[row][column] = text
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("made", [plain, long, odd])
def test_the_quick_way_and_the_general_way_make_one_window(tmp_path, monkeypatch, made):
    path = made(tmp_path / "a.csv")

    def root():
        request = reading.BringIn((str(path),), None, "UTC", None, str(tmp_path / "w.h5"), "0123456789ab", "w", "s")
        return reading.entry(reading.here(request, Progress(), None)).root

    quick = root()
    with monkeypatch.context() as patch:
        patch.setattr(line_blocks, "BLOCK_BYTES", 16_384)
        assert root() == quick
    with monkeypatch.context() as patch:
        patch.setattr(digit_fields, "cut", lambda *_: None)
        assert root() == quick
