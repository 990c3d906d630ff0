"""Every failure a user can meet.

::

    WorkbenchError(reason, message, remedy, context)      shown as one sentence; never a traceback
    ├─ UsageError        the words of a command do not fit together
    ├─ IngestError       a source file cannot be read as telemetry
    ├─ ProjectError      a project folder cannot be opened, locked or written
    ├─ ReviewError       an edit is not allowed here and now
    ├─ ReportError       a report cannot be made complete
    └─ SigningError      a key, certificate or seal cannot be used
    Cancelled            not a WorkbenchError: a person stopped the work; unwinds silently

"Too little data" is not an exception but `workbench.asset.estimate.NotEstablished`, and "signature invalid" is a value of
`workbench.signing.verify`: both are answers.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Stable names of what went wrong: in logs, JSON output, tests and handbook."""

    USAGE = "usage"
    # ingest
    FILE_MISSING = "file-missing"
    FILE_EMPTY = "file-empty"
    FILE_UNREADABLE = "file-unreadable"
    FORMAT_UNKNOWN = "format-unknown"
    ARCHIVE_UNSAFE = "archive-unsafe"
    TIME_MISSING = "time-missing"
    CLOCK_UNUSABLE = "clock-unusable"
    COLUMNS_UNMAPPED = "columns-unmapped"
    TOO_FEW_ROWS = "too-few-rows"
    ALL_SENTINEL = "all-sentinel"
    MAPPING_UNUSABLE = "mapping-unusable"
    READER_ENDED = "reader-ended"
    # project
    NOT_A_PROJECT = "not-a-project"
    PROJECT_EXISTS = "project-exists"
    PROJECT_LOCKED = "project-locked"
    PROJECT_TOO_NEW = "project-too-new"
    PROJECT_DAMAGED = "project-damaged"
    NO_PLACE = "no-place"
    READ_ONLY = "read-only"
    DISK_FULL = "disk-full"
    WINDOW_MISSING = "window-missing"
    JOURNAL_DAMAGED = "journal-damaged"
    STUDY_ENDED = "study-ended"
    SCOPE_UNUSABLE = "scope-unusable"
    # review
    NOT_PERMITTED = "not-permitted"
    WRONG_STAGE = "wrong-stage"
    STALE_EDIT = "stale-edit"
    FINDING_MISSING = "finding-missing"
    FINDING_INCOMPLETE = "finding-incomplete"
    NOTHING_TO_UNDO = "nothing-to-undo"
    # report
    CONTENTS_INCOMPLETE = "contents-incomplete"
    PICTURE_MISSING = "picture-missing"
    RESOURCE_MISSING = "resource-missing"
    # signing
    KEY_UNUSABLE = "key-unusable"
    WRONG_PASSPHRASE = "wrong-passphrase"
    WRONG_ROLE = "wrong-role"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    MANIFEST_MISMATCH = "manifest-mismatch"
    NOT_A_REPORT = "not-a-report"


class WorkbenchError(Exception):
    """One failure, said once: what happened, where, and what to do about it.

    message: one clear sentence naming the file and the place. remedy: what to do, an imperative sentence or empty.
    """

    def __init__(self, reason: Reason, message: str, remedy: str = "", **context: object) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.remedy = remedy
        self.context = context

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(WorkbenchError):
    """The words of a command do not fit together."""


class IngestError(WorkbenchError):
    """A source file cannot be read as telemetry."""


class ProjectError(WorkbenchError):
    """A project folder cannot be opened, locked or written."""


class ReviewError(WorkbenchError):
    """An edit is not allowed here and now."""


class ReportError(WorkbenchError):
    """A report cannot be made complete."""


class SigningError(WorkbenchError):
    """A key, certificate or seal cannot be used."""


class Cancelled(Exception):  # noqa: N818  a person's decision, not an error
    """A person stopped the work. Whatever was half done has been cleaned up by the time it arrives."""
