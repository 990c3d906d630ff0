"""A cell that no rule names and that is surely not ordinary becomes a finding; a module that moves together is one; the rest stays silent."""

import pytest
from builders.strays import CELL, stray

from workbench.analysis.causes import ORDINARY_CELL
from workbench.analysis.signature import Diagnosis, Outcome, Ranked, Shown, Sign
from workbench.analysis.stray_candidates import KIND, stray_candidates
from workbench.asset.topology import Cell, Plant, Rack

RACK = Rack(id="R01", label="R01", cells=tuple(Cell(index=k, label=f"c{k}", module=1 + (k - 1) // 3) for k in range(1, 7)), probes=())
PLANT = Plant(site="s", racks=(RACK,))
SIGNS = (Sign("rest", Shown.LOW, "−20 mV at 9 rests"), Sign("copy", Shown.NO, "no other channel repeats it"))


def ranking(cell, cause="channel offset", *, strange=True, outcome=Outcome.NAMED):
    ranked = (Ranked(cause, 0.9, False, ("rest: −20 mV at 9 rests",), ()), Ranked(ORDINARY_CELL, 0.001, strange, (), ()))
    return Diagnosis("R01", (cell,), f"R01 · C{cell:03d}", outcome, ranked, SIGNS, (), "A calibrated meter.", "The signs fit it best.")


def proposed(*ranked, taken=()):
    return stray_candidates(ranked, taken, PLANT, (0, 9))


def test_a_strange_cell_without_a_finding_gets_one_in_the_words_of_its_ranking():
    (one,) = proposed(ranking(2))
    assert (one.kind, one.rack, one.cells) == (KIND, "R01", (2,))
    assert "channel offset fits best" in one.title
    assert "−20 mV at 9 rests" in one.observation
    assert "repeats" not in one.observation, "what is as in any cell is not evidence"
    assert (one.alternatives, one.settles) == ("The signs fit it best.", "A calibrated meter.")


def test_where_no_cause_leads_none_is_called():
    (one,) = proposed(ranking(2, outcome=Outcome.NOT_SEPARABLE))
    assert "do not tell why" in one.title
    assert "channel offset" not in one.title


def test_a_cell_that_may_be_ordinary_or_has_a_finding_gets_none():
    assert proposed(ranking(2, strange=False)) == ()
    assert proposed(ranking(2), taken={("R01", 2)}) == ()


def test_cells_of_one_module_in_a_warm_place_are_one_finding_and_others_stay_apart():
    warm = "temperature of its place"
    found = proposed(ranking(1, warm), ranking(3, warm), ranking(5, warm), ranking(6))
    assert [one.cells for one in found] == [(1, 3), (5,), (6,)] or sorted(one.cells for one in found) == [(1, 3), (5,), (6,)]
    assert "2 of 3 cells of module 1" in next(one for one in found if one.cells == (1, 3)).title


@pytest.mark.parametrize("seed", [1, 2])
def test_a_study_says_in_its_table_that_the_cell_strays(seed):
    found = stray("offset", seed).result
    row = next(c for c in found.cells if c.cell == CELL)
    assert any(set(c.cells) & {CELL} for c in found.candidates)
    assert row.status == "warning"
    assert sum(c.status != "good" for c in found.cells) == 1
