"""Plain words become the common code; anything less keeps the vendor's name only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.sunspec import EVENT_BITS, canonical_code, event_bits


def test_bits_stand_where_sunspec_has_them():
    assert len(EVENT_BITS) == 30
    named = {
        0: "COMMUNICATION_ERROR",
        9: "OVER_VOLT_ALARM",
        17: "VOLTAGE_IMBALANCE_WARNING",
        20: "CONTACTOR_ERROR",
        22: "GROUND_FAULT",
        24: "CURRENT_IMBALANCE_WARNING",
        29: "CONFIGURATION_WARNING",
    }
    assert {bit: EVENT_BITS[bit] for bit in named} == named


@pytest.mark.parametrize(
    ("text", "severity", "code"),
    [
        ("Cell over-voltage alarm", "", "OVER_VOLT_ALARM"),
        ("Cell overvoltage warning", "", "OVER_VOLT_WARNING"),
        ("Single cell voltage high pre-alarm", "", "OVER_VOLT_WARNING"),
        ("Cell voltage low", "bad", "UNDER_VOLT_ALARM"),
        ("Cell voltage low", "warning", "UNDER_VOLT_WARNING"),
        ("OVP fault", "", "OVER_VOLT_ALARM"),
        ("Temperature too high, trip", "", "OVER_TEMP_ALARM"),
        ("low temperature warning", "", "UNDER_TEMP_WARNING"),
        ("Over current discharging alarm", "", "OVER_DISCHARGE_CURRENT_ALARM"),
        ("Charge overcurrent protection", "", "OVER_CHARGE_CURRENT_ALARM"),
        ("Voltage difference too large warning", "", "VOLTAGE_IMBALANCE_WARNING"),
        ("Temperature deviation alarm", "", "TEMPERATURE_IMBALANCE_ALARM"),
        ("Rack current imbalance", "warning", "CURRENT_IMBALANCE_WARNING"),
        ("Main contactor welded", "", "CONTACTOR_ERROR"),
        ("Lüfter ausgefallen", "", "FAN_ERROR"),
        ("Insulation resistance too low", "bad", "GROUND_FAULT"),
        ("Container door open", "", "OPEN_DOOR_ERROR"),
        ("CAN bus timeout", "", "COMMUNICATION_ERROR"),
        ("SOC low warning", "", "UNDER_SOC_MIN_WARNING"),
        ("Zelle Überspannung Störung", "", "OVER_VOLT_ALARM"),
    ],
)
def test_plain_words(text, severity, code):
    assert canonical_code(text, severity) == code


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("F0123", "bad"),
        ("", ""),
        ("Alarm 17", "bad"),
        ("Over current", "bad"),  # charge or discharge?
        ("Cell voltage low", ""),  # alarm or warning?
        ("Cell voltage low", "info"),
        ("Overvoltage and overtemperature alarm", ""),  # two kinds
        ("Voltage imbalance alarm", ""),  # SunSpec has the warning only
        ("Contactor closed", ""),
        ("Overvoltage alarm, was warning", ""),
    ],
)
def test_what_is_not_plain_stays_the_vendors(text, severity):
    assert canonical_code(text, severity) == ""


@given(st.text(), st.sampled_from(["", "info", "warning", "bad"]))
def test_only_codes_of_sunspec_are_given(text, severity):
    assert canonical_code(text, severity) in {"", *EVENT_BITS}


@given(st.integers(0, 2**53))
def test_bits_make_the_word_again(word):
    assert sum(1 << bit for bit in event_bits(word)) == word
