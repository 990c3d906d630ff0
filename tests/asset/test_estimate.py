"""A number comes with its interval, or not at all."""

import msgspec
import pytest

from workbench.asset.estimate import Answer, Estimate, NotEstablished, answer_json
from workbench.asset.plain import canonical

NUMBER = Estimate(value=280.0, low=275.0, high=285.0, unit="Ah", method="balance 1", condition="25 degC", samples=9)
REFUSAL = NotEstablished(reason="gain-undeclared", why="Nobody declared the gain.", settles="A calibration record.")


@pytest.mark.parametrize("answer", [NUMBER, REFUSAL])
def test_round_trip_keeps_which_of_the_two_it_is(answer):
    assert msgspec.json.decode(canonical(answer), type=Answer) == answer


def test_json_of_a_refusal_holds_no_number():
    shown = answer_json(REFUSAL)
    assert shown == {"not_established": "gain-undeclared", "why": "Nobody declared the gain.", "settles": "A calibration record."}
    assert "value" not in shown


def test_json_of_a_number_holds_its_interval():
    shown = answer_json(NUMBER)
    assert (shown["low"], shown["value"], shown["high"], shown["unit"]) == (275.0, 280.0, 285.0, "Ah")


def test_json_has_the_keys_the_command_line_promises_and_no_others():
    assert set(answer_json(NUMBER)) == {"value", "low", "high", "unit", "method", "condition"}
    assert set(answer_json(REFUSAL)) == {"not_established", "why", "settles"}


def test_an_answer_that_is_neither_is_refused():
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"type":"guess","value":280}', type=Answer)
