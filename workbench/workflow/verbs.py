"""The table of verbs: one name for menu, command line, journal, test and handbook."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing the program does. needs: nothing, read (a project), write (a project nobody else writes) or key (a signing identity)."""

    name: str
    label: str
    summary: str
    needs: str = "read"


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("open", "Open", "open the window, on a project if one is given", "nothing"),
        Verb("demo", "Demo", "run the whole main job on a built-in synthetic site", "nothing"),
        Verb("truth", "Truth", "study simulated racks whose truth is known and say what was found", "nothing"),
        Verb("create", "New review", "make a project from a scope file", "nothing"),
        Verb("inspect", "Inspect", "say what the importer recognises in files, before anything is written", "nothing"),
        Verb("import", "Import", "bring telemetry files into a project as one window", "write"),
        Verb("check", "Check", "show the telemetry posture: DQ and CX tables", "read"),
        Verb("request", "Request", "write the letter to the owner: what to hand over instead, and why", "read"),
        Verb("study", "Study", "run all kernels the data and the gates allow", "write"),
        Verb("show", "Show", "print one table of a project", "read"),
        Verb("render", "Render", "make any picture without a window", "read"),
        Verb("record", "Record", "record a finding, a verdict or a scope change from a file", "write"),
        Verb("submit", "Submit", "render the report and sign it as reviewer", "key"),
        Verb("return", "Return", "hand a submitted review back to the reviewer with a comment", "write"),
        Verb("approve", "Approve", "check everything again and sign as principal", "key"),
        Verb("issue", "Issue", "put the sealed report under issued/", "write"),
        Verb("revise", "Revise", "open an issued review again as its next revision, with a reason", "write"),
        Verb("verify", "Verify", "say who signed a report, in which role, and whether a byte has changed", "nothing"),
        Verb("identity", "Identity", "make a firm's offline authority and signing identities", "nothing"),
    )
}
