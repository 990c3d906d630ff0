"""The table that ships is whole: every row of every cause is counted in both kinds of chemistry, in words that the signs use."""

import pytest

from workbench.analysis import signature_table
from workbench.analysis.causes import AND, CAUSES, NOT_SIMULATED, OF_FACTS, PAIRS, SIGNS, likelihoods
from workbench.analysis.signature import Shown, counts_in
from workbench.analysis.signature_table import SEEDS, TEMPER
from workbench.simulation.stray_draws import DRAWS

CELLS = {(sloping, cause, row): cells for sloping, cause, row, cells, _ in signature_table.ROWS}
ROWS = [(sloping, c.name, row) for sloping in (False, True) for c in CAUSES if c.name in DRAWS for row in range(len(c.rows))]


@pytest.mark.parametrize("key", ROWS)
def test_a_row_was_counted(key):
    assert CELLS[key] >= 2
    by_sign = counts_in(signature_table.ROWS)[key]
    assert set(by_sign) <= set(SIGNS)
    for name, shown in by_sign.items():
        assert 0 < sum(shown.values()) <= CELLS[key]
        assert set(shown) <= ({Shown.YES, Shown.NO} if name in OF_FACTS else {Shown.LOW, Shown.NORMAL, Shown.HIGH})


def test_every_cause_is_drawn():
    pairs = dict.fromkeys(map(AND.join, PAIRS), 1)
    assert {name: len(makers) for name, makers in DRAWS.items()} == {c.name: len(c.rows) for c in CAUSES} | pairs


def test_counts_move_the_judgement_and_never_to_nothing():
    low = next(c for c in CAUSES if c.name == "low capacity")
    told, judged = likelihoods(low, sloping=False)[0], likelihoods(low, sloping=False, counts={})[0]
    assert told != judged
    for shares in told.values():
        assert sum(shares.values()) == pytest.approx(1)
        assert min(shares.values()) > 0
    key = (False, low.name, 0)
    for name, shown in counts_in(signature_table.ROWS)[key].items():
        most = max(shown, key=shown.get)
        seen, share = shown[most] / sum(shown.values()), told[name][most]
        assert min(seen, judged[name][most]) - 1e-9 <= share <= max(seen, judged[name][most]) + 1e-9, "between the count and the judgement"


def test_what_the_simulator_cannot_show_is_not_counted():
    for cause, sign in NOT_SIMULATED:
        assert all(sign not in by_sign for key, by_sign in counts_in(signature_table.ROWS).items() if key[1] == cause)


def test_the_tempering_was_found():
    assert 0.2 <= TEMPER <= 1.2
    assert SEEDS >= 20
