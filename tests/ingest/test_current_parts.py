"""A current in two parts comes together with its signs; what is not surely two parts stays apart."""

import numpy as np
import pytest
from builders.exports import Table, read, rules

from workbench.ingest import current_parts

TABLE = Table()


def written(path, head, parts):
    """parts: one function of the current per column."""
    lines = [",".join(["Time", *(f"{n}_mV" for n in TABLE.names), *head])]
    for at, row, amps in zip(TABLE.times, TABLE.voltage, TABLE.current.tolist(), strict=True):
        lines.append(",".join([f"{at:%Y-%m-%d %H:%M:%S}", *map(str, row), *(str(part(amps)) for part in parts)]))
    (path / "a.csv").write_text("\n".join(lines) + "\n")
    return path / "a.csv"


@pytest.mark.parametrize("head", [("Charge current [A]", "Discharge current [A]"), ("Ladestrom [A]", "Entladestrom [A]"), ("I_chg_Current_A", "I_dischg_Current_A")])  # fmt: skip
@pytest.mark.parametrize("negative", [False, True])
def test_charge_and_discharge_are_added(tmp_path, head, negative):
    facts, sink = read(written(tmp_path, head, (lambda a: max(a, 0), (lambda a: min(a, 0)) if negative else (lambda a: max(-a, 0)))))
    assert np.array_equal(sink.signal("rack_current_a"), TABLE.current)
    assert sum(r.count for r in facts.repairs if r.rule == "split-current") == 480


def test_an_empty_part_is_no_current_of_its_own(tmp_path):
    _, sink = read(
        written(tmp_path, ("Charge current [A]", "Discharge current [A]"), (lambda a: a if a > 0 else "", lambda a: -a if a < 0 else ""))
    )
    assert np.array_equal(sink.signal("rack_current_a"), TABLE.current)


def test_what_is_missing_beside_a_rest_is_not_known():
    nan = np.nan
    told = current_parts.together(np.array([5.0, 0.0, nan, nan, nan, 0.0]), np.array([nan, nan, -4.0, 0.0, nan, -3.0]))
    assert np.array_equal(told, [5.0, nan, -4.0, nan, nan, -3.0], equal_nan=True)
    assert np.array_equal(current_parts.together(np.full(2, nan), np.array([0.0, 2.0])), [0.0, 2.0]), "the first part is put as it is"


def test_two_that_flow_at_once_are_not_parts(tmp_path):
    facts, sink = read(written(tmp_path, ("Charge current [A]", "Discharge current [A]"), (abs, abs)))
    assert "split-current" not in rules(facts)
    assert "source_Discharge current [A]" in sink.racks["R01"][1]


@pytest.mark.parametrize(
    "words", [("charge", "discharge"), ("Laden", "Entladen"), ("CHG", "DCHG"), ("Charging", "Discharging"), ("充电", "放电")]
)
def test_a_word_beside_the_size_gives_the_sign(tmp_path, words):
    facts, sink = read(written(tmp_path, ("Current_A", "Mode"), (abs, lambda a: words[a < 0])))
    assert np.array_equal(sink.signal("rack_current_a"), TABLE.current)
    line = next(r for r in facts.repairs if r.rule == "direction-column")
    assert "Current_A" in line.detail
    assert "empty-column" not in rules(facts)


def test_a_current_with_signs_needs_no_words(tmp_path):
    facts, sink = read(written(tmp_path, ("Current_A", "Mode"), (float, lambda a: "charge" if a < 0 else "discharge")))
    assert np.array_equal(sink.signal("rack_current_a"), TABLE.current), "the steps of the voltage decide, not the words"
    assert "direction-column" not in rules(facts)


@pytest.mark.parametrize(
    ("text", "side"),
    [("charge", 1), ("Discharge", -1), ("dis-charging", -1), ("Entladung", -1), ("Ladung", 1), ("idle", 0), ("overcharge", 1)],
)
def test_which_way_a_word_says(text, side):
    assert current_parts.way(text) == side
