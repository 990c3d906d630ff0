"""workbench create PROJECT --scope SCOPE.toml: make a project."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author
from workbench.workflow.scope_file import EXAMPLE as SCOPE_EXAMPLE

EXAMPLE = f"example: workbench create northfield --scope scope.toml\n\na scope file:\n\n{SCOPE_EXAMPLE}"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path, help="new project folder; .bessreview is added")
    parser.add_argument("--scope", type=Path, required=True, help="TOML file with at least client, mandate and question")


def run(given: argparse.Namespace, out: Output) -> int:
    """Make it."""
    from workbench.workflow.scope_file import read_scope
    from workbench.workflow.session import Session

    with Session.create(given.project, read_scope(given.scope), author=author()) as session:
        scope = session.document.scope
        out.say(f"created {session.path}")
        missing = scope.missing() if scope else ()
        if missing:
            out.say(f"before the scope can be locked it needs: {', '.join(missing)}")
        out.result({"project": str(session.path), "missing": list(missing)})
    return DONE
