"""Which whole numbers may a person give? One that counts something is one or more."""

from __future__ import annotations

import argparse


def counted(text: str) -> int:
    """The number. Raises argparse.ArgumentTypeError with one sentence."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1 on")
    return number
