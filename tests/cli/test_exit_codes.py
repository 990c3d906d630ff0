"""Codes mean the same for every verb."""

import pytest

from workbench.cli.exit_codes import BAD_INPUT, NEGATIVE, PROJECT, USAGE, code_of
from workbench.errors import IngestError, ProjectError, Reason, ReviewError, SigningError, UsageError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError(Reason.USAGE, "x"), USAGE), (IngestError(Reason.FILE_EMPTY, "x"), BAD_INPUT), (SigningError(Reason.WRONG_PASSPHRASE, "x"), BAD_INPUT),
        (ProjectError(Reason.PROJECT_LOCKED, "x"), PROJECT), (ProjectError(Reason.SCOPE_UNUSABLE, "x"), BAD_INPUT), (ReviewError(Reason.WRONG_STAGE, "x"), NEGATIVE),
        (SigningError(Reason.WRONG_ROLE, "x"), NEGATIVE),
    ],
)  # fmt: skip
def test_codes(error, code):
    assert code_of(error) == code
