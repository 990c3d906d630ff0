"""One byte of flags per sample."""

from workbench.asset.quality import UNUSABLE, Quality


def test_flags_fit_one_byte_and_are_distinct():
    values = [flag.value for flag in Quality if flag.value]
    assert max(values) <= 128
    assert sum(values) == 255


def test_a_repaired_or_held_sample_stays_usable():
    assert not UNUSABLE & (Quality.REPAIRED | Quality.HELD | Quality.RECEIVED)
    assert UNUSABLE & Quality.SENTINEL


def test_the_bits_are_those_of_every_window_ever_written():
    bits = ("MISSING", "HELD", "INTERPOLATED", "SENTINEL", "OUT_OF_RANGE", "SUSPECT", "DUPLICATE", "REPAIRED")
    assert [Quality[name].value for name in bits] == [1 << i for i in range(8)]


def test_unusable_is_exactly_what_keeps_no_value():
    assert set(UNUSABLE) == {Quality.MISSING, Quality.SENTINEL, Quality.OUT_OF_RANGE}
