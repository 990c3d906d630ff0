"""Cells coloured by what a study found of them."""

import msgspec
import numpy as np
import pytest

from workbench.analysis.estimates import Observability
from workbench.errors import ReportError
from workbench.jobs.progress import Progress
from workbench.viewmodels.cell_results import available, needed, result_picture, result_site, result_table, result_values, result_words
from workbench.viewmodels.colours import HATCH, STATE_WORDS, classify
from workbench.viewmodels.heatmap_quantities import RESULTS
from workbench.viewmodels.requests import HeatmapRequest
from workbench.viewmodels.snapshot import snapshot_classes


@pytest.fixture
def study(session):
    return session.study(session.window_id())


@pytest.fixture
def facts(session):
    return session.windows()[0]


def request(facts, name, **changes):
    return HeatmapRequest(window_id=facts.id, start_ns=facts.start_ns, end_ns=facts.end_ns, quantity=name, **changes)


def test_every_offered_result_is_the_number_of_the_study(study):
    assert "known:capacity" in available(study)
    assert set(available(study)) <= set(RESULTS)
    cells = {(c.rack, c.cell): c for c in study.cells}
    for (rack, cell), found in cells.items():
        assert result_values(study, "result:minimum")[rack][cell - 1] == found.minimum_v
        assert result_values(study, "result:received")[rack][cell - 1] == pytest.approx(100 * found.received_share)
    for rack in study.estimates.racks:
        values = result_values(study, "result:capacity")[rack.rack]
        for c in rack.cells:
            said = getattr(c.capacity_share, "value", None)
            assert np.isnan(values[c.cell - 1]) if said is None else values[c.cell - 1] == pytest.approx(100 * said)


def test_what_the_data_can_say_is_the_label_of_the_estimator(study, facts):
    picture = result_picture(request(facts, "known:leakage", max_rows=500), facts, "root", study, {})
    assert picture.colour_map == "states"
    words = {Observability.NOT_OBSERVABLE: "nothing", Observability.BOUNDED: "bounded", Observability.MEASURED: "measured"}
    states = {(r.rack, c.cell): words[p.state] for r in study.estimates.racks for c in r.cells for p in c.parts if p.quantity == "leakage"}
    classes = classify(picture)
    for rack in picture.racks:
        for offset, cell in enumerate(rack.cells):
            assert STATE_WORDS[classes[rack.first_row + offset, 0]] == states[rack.rack, cell]


def test_a_row_of_several_cells_shows_the_least_known_and_the_farthest(study, facts):
    fine, coarse = (result_picture(request(facts, "known:capacity", max_rows=n), facts, "root", study, {}) for n in (500, 6))
    assert (len(fine.value), len(coarse.value)) == (48, 6)
    assert coarse.value[:, 0].tolist() == fine.value.reshape(6, 8).min(axis=1).tolist()
    far = result_picture(request(facts, "result:end of discharge", max_rows=6), facts, "root", study, {})
    each = result_values(study, "result:end of discharge")["R01"][:8]
    assert abs(far.value[0, 0]) == np.nanmax(np.abs(each))
    assert far.colour_map == "diverging"


def test_a_cell_without_an_answer_is_hatched_and_says_why(study, facts):
    none = msgspec.structs.replace(study, estimates=None)
    picture = result_picture(request(facts, "result:capacity"), facts, "root", none, {})
    assert (classify(picture) == HATCH).all()
    assert "result:capacity" not in available(none)
    assert available(None) == ()
    with pytest.raises(ReportError, match="study"):
        needed(None)
    unsaid = [(r.rack, c) for r in study.estimates.racks for c in r.cells for p in c.parts if p.quantity == "leakage" and p.why]
    if unsaid:
        rack, cell = unsaid[0]
        assert next(p.why for p in cell.parts if p.quantity == "leakage") in result_words(study, rack, cell.cell, "known:leakage")


def test_the_site_and_the_table_hold_the_same_values(study, facts):
    site = result_site(facts, "root", study, "result:minimum", facts.start_ns, None)
    assert site.value[4, 0] == result_values(study, "result:minimum")["R01"][4]
    assert (snapshot_classes(site) != HATCH).all()
    table = result_table(facts, study, "known:capacity")
    assert len(table.rows) == 48
    assert {row[2].text for row in table.rows} <= {s.value for s in Observability} | {"no estimate"}
    weak = next(row for row in result_table(facts, study, "result:minimum").rows if "C005" in row[0].text and "R01" in row[0].text)
    assert weak[2].text.startswith(f"{result_values(study, 'result:minimum')['R01'][4]:.3f}")


def test_the_session_shows_results_as_it_shows_voltages(session, facts):
    picture = session.heatmap(request(facts, "result:maximum"), Progress())
    assert picture.caption.method == session.study(facts.id).method
    assert picture.edges_ns.tolist() == [facts.start_ns, facts.end_ns]
    again = session.render(request(facts, "result:maximum"), Progress())
    assert np.array_equal(again.value, picture.value)
    line = session.readout(facts.id, "R01", 5, facts.end_ns, Progress(), "known:capacity").lines[-1]
    assert line[0] == "Identifiability of capacity"
    assert session.table("known:capacity").title == line[0]
