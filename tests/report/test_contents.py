"""The number on the report."""

from dataclasses import replace

import msgspec


def test_the_firms_number_goes_before_our_own(contents):
    assert contents.number.startswith("BRW-")
    named = replace(contents, scope=msgspec.structs.replace(contents.scope, reference="2026-17"))
    assert named.number == "2026-17"
