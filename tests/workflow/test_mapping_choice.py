"""What the intake stage offers for a column."""

from dataclasses import replace

import pytest
from builders.exports import Table

from workbench.ingest.inspection import SignProof
from workbench.jobs.progress import Progress
from workbench.workflow import intake
from workbench.workflow.mapping_choice import (
    KEPT,
    LEFT_OUT,
    MOST_COLUMNS,
    Choice,
    alike,
    choice_of,
    chosen,
    in_zone,
    opposite,
    proof_text,
    quantities,
    rows_twice,
)


@pytest.fixture
def found(tmp_path):
    path = Table().write(tmp_path / "a.csv", sign=-1, extra={"a/b": ["1", "2"] * 120, "Phone": ["1"] * 240})
    return intake.preview([path], Progress())


def test_choices_of_columns(found):
    assert choice_of(found.profile, "Time") is None
    assert choice_of(found.profile, "CellV002_mV") == Choice("CellV002_mV", "cell_voltage_v", "0.001", "0", 1, 0, 2)
    assert choice_of(found.profile, "a/b").quantity == KEPT
    assert choice_of(found.profile, "Phone").quantity == LEFT_OUT
    assert {name for name, _ in quantities()} > {"rack_current_a", KEPT, LEFT_OUT}


@pytest.mark.parametrize("source", ["CellV002_mV", "a/b", "Phone", "Current_A"])
def test_a_choice_that_is_the_present_one_changes_nothing(found, source):
    assert chosen(found.profile, choice_of(found.profile, source)) is found.profile


def test_a_choice_makes_another_mapping(found):
    made = chosen(found.profile, Choice("a/b", "reported_soc", "0,01", "0", 1, 0, 7))
    assert choice_of(made, "a/b") == Choice("a/b", "reported_soc", "0.01", "0", 1, 0, 0), "a signal has no number of a cell"
    assert choice_of(chosen(made, Choice("a/b", KEPT)), "a/b").quantity == KEPT
    assert choice_of(chosen(made, Choice("a/b", LEFT_OUT)), "a/b").quantity == LEFT_OUT


def test_the_opposite_sign_and_back(found):
    assert choice_of(found.profile, "Current_A").sign == -1
    other = opposite(found.profile, "Current_A")
    assert choice_of(other, "Current_A").sign == 1
    assert choice_of(opposite(other, "Current_A"), "Current_A").sign == -1
    assert in_zone(found.profile, "Asia/Tokyo").time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("rising", "of", "points", "sign", "words"),
    [
        (
            0,
            40,
            ((1.0, -1.0),),
            -1,
            "falls when this column rises, in 40 of 40 steps: the file counts discharge as positive. Inside, charge is positive. The sign is reversed.",
        ),
        (
            39,
            40,
            ((1.0, 1.0),),
            1,
            "rises when this column rises, in 39 of 40 steps: the file counts charge as positive. Inside, charge is positive. The sign is as received.",
        ),
        (39, 40, ((1.0, 1.0),), -1, "The sign is reversed, against this evidence."),
        (20, 40, ((1.0, 1.0),), 1, "rises in half of 40 steps: they prove no sign. As received now."),
        (0, 2, (), 1, "Only 2 usable steps: they prove no sign. As received now."),
    ],
)
def test_what_steps_say(rising, of, points, sign, words):
    assert proof_text(SignProof("I", rising, of, points), sign).endswith(words)


def test_rows_stand_twice_time_first_then_signals(found):
    table = found.rows
    assert [c.title for c in table.columns][:3] == ["", "Time", "Current_A"]
    assert [row[0].text for row in table.rows] == ["file", "read"] * 4
    assert table.rows[1][2].text == "-40 A"


def test_only_as_many_columns_as_a_person_reads():
    cells = [(f"V{i}", "cell_voltage_v", (("3300", "3.3 V", ""),)) for i in range(400)]
    columns = (*cells, ("t", "time", (("x", "", "time-unreadable"),)))
    table = rows_twice(columns)
    assert len(table.columns) == MOST_COLUMNS + 1
    assert table.columns[1].title == "t"
    assert (table.rows[1][1].text, table.rows[1][1].status) == ("no value (time-unreadable)", "none")
    assert rows_twice(()).rows == ()


def test_one_choice_for_all_columns_read_alike(found):
    cells = [f"CellV{i:03d}_mV" for i in range(1, 7)]
    assert alike(found.profile, cells[0]) == tuple(cells)
    now = choice_of(found.profile, cells[0])
    made = chosen(found.profile, replace(now, scale="0.0001"), for_all=True)
    assert [(choice_of(made, c).scale, choice_of(made, c).element) for c in cells] == [("0.0001", i) for i in range(1, 7)]
    assert choice_of(made, "Current_A") == choice_of(found.profile, "Current_A")
    gone = chosen(found.profile, replace(now, quantity=LEFT_OUT), for_all=True)
    assert {choice_of(gone, c).quantity for c in cells} == {LEFT_OUT}
    only = chosen(found.profile, replace(now, scale="0.0001"))
    assert [choice_of(only, c).scale for c in cells[:2]] == ["0.0001", "0.001"]
