"""The command line's border: read the words, run one verb, turn every failure into one sentence and an exit code.

Only the chosen verb is imported, so that `verify` starts without HDF5 and nothing pays for Qt.
"""

from __future__ import annotations

import argparse
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from types import ModuleType

from workbench import __version__
from workbench.cli.exit_codes import CANCELLED, FAULT, USAGE, code_of
from workbench.cli.output import Output
from workbench.errors import Cancelled, WorkbenchError
from workbench.workflow.verbs import VERBS

READ_APART = "--read-apart"  # how we start ourselves as the process that reads an owner's files (`workflow.reading`)
STUDY_APART = "--study-apart"  # ... as the one that runs a study for the window (`workflow.studying`)
PROVE_APART = "--prove-apart"  # ... and as the one that proves what the first one wrote (`workflow.proved`)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if words is None else words)
    if given == [READ_APART]:
        from workbench.workflow.reading import main as read_apart

        return read_apart()
    if given == [STUDY_APART]:
        from workbench.workflow.studying import main as study_apart

        return study_apart()
    if given == [PROVE_APART]:
        from workbench.workflow.proved import main as prove_apart

        return prove_apart()
    if not given or (given[0] not in VERBS and _is_project(given[0])):
        given = ["open", *given]  # `workbench` and `workbench PROJECT` open the window
    if given[0] in ("-h", "--help"):
        print(_overview())
        return 0
    if given[0] in ("-V", "--version"):
        print(f"workbench {__version__}")
        return 0
    if given[0] not in VERBS:
        print(f"There is no command '{given[0]}'. See `workbench --help`.", file=sys.stderr)
        return USAGE
    return _run(given[0], given[1:])


def _is_project(word: str) -> bool:
    """Whether a word that is no command can mean a project: it is written like a file's name or path, or something of that name lies there."""
    return not word.startswith("-") and (bool(Path(word).suffix) or len(Path(word).parts) > 1 or Path(word).exists())


def _run(name: str, words: list[str]) -> int:
    verb = _loaded(name)
    parser = argparse.ArgumentParser(
        prog=f"workbench {name}", description=VERBS[name].summary, epilog=verb.EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="answer for machines")
    verb.configure(parser)
    try:
        given = parser.parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    out = Output(as_json=given.json)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return int(verb.run(given, out))
    except WorkbenchError as error:
        out.result({"error": error.reason.value, "message": error.message, "remedy": error.remedy})
        print(str(error), file=sys.stderr)
        return code_of(error)
    except (Cancelled, KeyboardInterrupt):
        print("Stopped; nothing half done was kept.", file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        return 0
    except Exception as error:
        traceback.print_exc()
        print(
            f"This is a fault of the workbench, not of your data: {type(error).__name__}. Please report it with the lines above.",
            file=sys.stderr,
        )
        return FAULT


def _loaded(name: str) -> ModuleType:
    """The module of one verb; a name that is a word of Python ends in an underscore."""
    return import_module(f"workbench.cli.{name}{'_' if iskeyword(name) else ''}")


def _overview() -> str:
    lines = [
        f"BESS review workbench {__version__}",
        "",
        "workbench [PROJECT]        open the window",
        "workbench COMMAND --help   how a command is used",
        "",
    ]
    lines += [f"  {name:<10}{verb.summary}" for name, verb in VERBS.items()]
    return "\n".join(lines)
