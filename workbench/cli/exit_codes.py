"""One table of exit codes for every verb."""

from __future__ import annotations

from workbench.errors import IngestError, ProjectError, Reason, UsageError, WorkbenchError

DONE, NEGATIVE, USAGE, BAD_INPUT, PROJECT, FAULT, CANCELLED = 0, 1, 2, 3, 4, 70, 130
BAD_FILES = {
    Reason.SCOPE_UNUSABLE,
    Reason.FILE_MISSING,
    Reason.NOT_A_REPORT,
    Reason.WRONG_PASSPHRASE,
    Reason.KEY_UNUSABLE,
    Reason.CERTIFICATE_EXPIRED,
    Reason.CERTIFICATE_UNTRUSTED,
}


def code_of(error: WorkbenchError) -> int:
    """The exit code of a failure: 2 usage, 3 bad input, 4 project problem, 1 a negative answer of the rules."""
    if isinstance(error, UsageError):
        return USAGE
    unwritable = error.reason is Reason.READ_ONLY and not isinstance(error, ProjectError)  # a place that was named for a file
    if isinstance(error, IngestError) or error.reason in BAD_FILES or unwritable:
        return BAD_INPUT
    return PROJECT if isinstance(error, ProjectError) else NEGATIVE
