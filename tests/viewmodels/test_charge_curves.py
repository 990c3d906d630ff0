"""The picture of a pass, and its table."""

from dataclasses import replace

import numpy as np
import pytest

from workbench.asset.estimate import NotEstablished
from workbench.jobs.progress import Progress
from workbench.viewmodels.charge_curves import BOUNDARY, FEW, MEDIAN, curves_table
from workbench.viewmodels.pictures import picture_digest
from workbench.viewmodels.requests import CurvesRequest


@pytest.fixture
def picture(session):
    return session.curves(CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5, 6)), Progress())


def test_curves_are_the_samples_of_the_pass(session, picture):
    reader = session.views.reader(session.window_id())
    first, last = reader.span_of("R01", picture.start_ns, picture.end_ns + 1)
    volts = reader.read("R01", first, last).cell_voltage_v()
    vq = picture.panel("vq")
    assert [c.role for c in vq.curves] == ["subject", "second", "reference"]
    assert vq.curves[-1].name == MEDIAN
    assert len(vq.curves[0].x) <= FEW
    assert (vq.curves[0].y.min(), vq.curves[0].y.max()) == (np.nanmin(volts[4]), np.nanmax(volts[4])), "extremes are kept"
    assert picture.charge_ah[0] == 0
    assert (np.diff(picture.charge_ah) >= 0).all()


def test_the_figure_says_its_condition_and_its_limits(picture):
    caption = picture.caption
    assert caption.method.startswith("charge-curves")
    if picture.refused is None:
        assert BOUNDARY in caption.condition
        assert "of the capacity" in caption.reduction
    else:
        assert picture.refused.why in caption.condition
        assert [p.key for p in picture.panels] == ["vq"]


def test_another_pass_is_another_picture_and_the_same_pass_the_same(session, picture):
    chosen = next(start for start, _ in picture.passes if start != picture.start_ns)
    request = CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5, 6), start_ns=chosen)
    other, again = (session.curves(request, Progress()) for _ in range(2))
    assert other.start_ns == chosen
    assert picture_digest(other) == picture_digest(again) != picture_digest(picture)


def test_tables_hold_the_curve_or_the_refusal(session, picture):
    table = curves_table(picture, "vq")
    assert 2 <= len(table.rows) <= 400
    assert table.columns[1].title == picture.panel("vq").curves[0].name
    short = min(picture.passes, key=lambda p: float(p[1].split(",")[1].split("\u202f")[0]) if "h" not in p[1].split(",")[1] else 1e9)
    refused = session.curves(CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5,), start_ns=short[0]), Progress())
    assert isinstance(refused.refused, NotEstablished)
    assert refused.refused.why in curves_table(refused, "dqdv").rows[0][0].text


@pytest.mark.parametrize("key", ["vq", "dqdv"])
def test_a_place_along_the_bottom_and_the_instant_of_it_lead_to_each_other(picture, key):
    along = picture.charge_ah if key == "vq" else picture.voltage_v
    for n in (0, len(along) // 3, len(along) - 1):
        place = picture.place_at(key, int(picture.time_ns[n]))
        assert place == along[n]
        instant = picture.instant_at(key, place)
        assert picture.place_at(key, instant) == pytest.approx(place)
    assert picture.place_at(key, picture.start_ns - 10**15) == along[0]
    assert picture.place_at(key, picture.end_ns + 10**15) == along[-1]
    empty = replace(picture, time_ns=picture.time_ns[:0], charge_ah=along[:0], voltage_v=along[:0])
    assert (empty.place_at(key, 1), empty.instant_at(key, 1.0)) == (None, None)
