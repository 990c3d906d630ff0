"""Words that inspect and import share."""

import argparse

import pytest

from workbench.cli.sources import add_sources, start_of
from workbench.errors import UsageError


def given(*words):
    parser = argparse.ArgumentParser()
    add_sources(parser)
    return parser.parse_args(["a.csv", *words])


def test_start():
    assert start_of(given()) is None
    assert (
        start_of(given("--start", "2024-10-23T08:00Z")) == start_of(given("--start", "2024-10-23T10:00+02:00")) == 1_729_670_400_000_000_000
    )


def test_a_start_that_is_no_time():
    with pytest.raises(UsageError, match="yesterday"):
        start_of(given("--start", "yesterday"))
