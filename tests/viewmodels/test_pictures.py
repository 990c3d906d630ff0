"""A digest covers every field and every sample of a picture."""

from dataclasses import replace

import numpy as np
import pytest

from workbench.viewmodels.pictures import Caption, Line, TablePicture, TracePanel, TracesPicture, picture_digest

CAPTION = Caption("t", "voltage", "V", "every sample", "March", "ab", "UTC")
LINE = Line("C1", np.arange(3), np.arange(3.0), np.arange(3.0), np.arange(3.0))
PICTURE = TracesPicture(CAPTION, (TracePanel("Voltage", "V", (LINE,)),), 0, 3)


def test_the_same_picture_has_the_same_digest():
    again = TracesPicture(replace(CAPTION), (TracePanel("Voltage", "V", (replace(LINE, mid=LINE.mid.copy()),)),), 0, 3)
    assert picture_digest(again) == picture_digest(PICTURE)


@pytest.mark.parametrize(
    "changed",
    [
        replace(PICTURE, end_ns=4), replace(PICTURE, caption=replace(CAPTION, unit="mV")), replace(PICTURE, panels=()),
        replace(PICTURE, panels=(TracePanel("Voltage", "V", (replace(LINE, mid=np.array([0.0, 1.0, 2.0000001])),)),)),
        replace(PICTURE, panels=(TracePanel("Voltage", "V", (replace(LINE, mid=LINE.mid.astype(np.float32)),)),)),
    ],
)  # fmt: skip
def test_any_change_changes_the_digest(changed):
    assert picture_digest(changed) != picture_digest(PICTURE)


def test_the_order_of_bytes_in_memory_does_not_matter():
    swapped = replace(LINE, mid=LINE.mid.astype(">f8"))
    assert picture_digest(swapped) == picture_digest(LINE)


def test_tables_have_digests_too():
    assert picture_digest(TablePicture("a", (), (), ())) != picture_digest(TablePicture("b", (), (), ()))
