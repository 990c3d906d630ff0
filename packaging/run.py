#!/usr/bin/env python3
"""The one bootstrap: makes the environment in .venv, then does what is asked. Standard library only.

    python3 packaging/run.py                       this list
    python3 packaging/run.py demo [FOLDER]         the main job on a built-in synthetic site
    python3 packaging/run.py test [WORDS]          the tests; words go to pytest
    python3 packaging/run.py check                 what CI checks besides the tests: lint, format, types, layers, locks
    python3 packaging/run.py open [PROJECT]        the window
    python3 packaging/run.py screenshots [FOLDER]  pictures of every stage, in a real window on a virtual screen (--project PATH for one of yours,
                                                   --telemetry FILES for a project made of them, --every for all sizes and scales)
    python3 packaging/run.py workbench WORDS       any command of the workbench
    python3 packaging/run.py benchmark [WORDS]     speed and memory beside peers and targets: drawing, excursions, ingest, report, split, store, study,
                                                   viewport, window or all of them;
                                                   --size small (default) or full; --peers installs pandas and others in a folder that goes again
    python3 packaging/run.py env                   only the environment
    python3 packaging/run.py lock                  make the hash-pinned requirements again

    --wheelhouse DIR  before the verb: install from a folder of wheels, without a network.

On Windows write `py` instead of `python3`.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "packaging" / "requirements"
LOCK = REQUIREMENTS / "dev.txt"
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
STAMP = VENV / "workbench-stamp"  # written last: a half-made environment has none and is made again
UV = "uv==0.13.9"  # installs in a third of pip's time; pip is the fallback
SUPPORTED = ((3, 11), (3, 13))
PREFERRED = ("3.13", "3.12")  # with 3.11 an uncaught exception beside a living plot can end in a crash at exit (tests/canaries)
PARTS = "bz2, ctypes, ensurepip, lzma, sqlite3, ssl, venv, zlib"  # what a self-compiled or split Python may lack
NEVER_IN_A_LOCK = ("://", "index-url", "find-links")  # a lock names no address and no folder
LIBRARIES = {  # what the Qt wheels load from the system: library -> Debian package
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}


def installed(name: str) -> Path:
    """Where a program of the environment lies on this system."""
    return VENV / (f"Scripts/{name}.exe" if WINDOWS else f"bin/{name}")


def run(*words: object, folder: Path | None = None, **environment: str) -> int:
    """Run a command in the foreground and return its exit code."""
    return subprocess.run([str(word) for word in words], cwd=folder, env={**os.environ, **environment}, check=False).returncode


def quietly(*words: object, **environment: str) -> str | None:
    """Run a command unseen. Nothing when it worked, else the end of what it said, without any address."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, errors="replace", env={**os.environ, **environment}, check=False
    )
    said = re.sub(r"\b\w+://\S+", "(address)", (done.stderr or done.stdout).strip())
    return None if done.returncode == 0 else said[-1500:] or f"exit code {done.returncode}"


def bring_system_libraries(*, screen: bool) -> None:
    """Bring the shared libraries a fresh Debian lacks, or say in one line how."""
    if not LINUX:
        return
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    if screen and not shutil.which("Xvfb"):
        missing.append("xvfb")
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not shutil.which("apt-get"):
        sys.exit(f"These system libraries are missing; install what your system calls them: {' '.join(missing)}")
    if os.geteuid():
        sys.exit(f"Some system libraries are missing. Run this once, then try again:\n    sudo {' '.join(command)}")
    print(f"installing system packages (once): {' '.join(missing)}", flush=True)
    quietly("apt-get", "update", "-qq")  # a stale list may still do; the next line tells
    trouble = quietly(*command, DEBIAN_FRONTEND="noninteractive")
    if trouble:
        sys.exit(f"{trouble}\nThe system packages could not be installed. Run this, then try again:\n    {' '.join(command)}")


def loads(library: str) -> bool:
    """Whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def candidates() -> Iterator[list[str]]:
    """Commands that may start a suitable Python, best first; the one that runs this comes last."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for version in PREFERRED:
        yield [f"python{version}"]
        if WINDOWS:
            yield ["py", f"-{version}"]
        for folder in sorted(
            pyenv.glob(f"{version}.*"), key=lambda found: [int(part) for part in re.findall(r"\d+", found.name)], reverse=True
        ):
            yield [str(folder / "bin" / "python")]
    yield [sys.executable]


def interpreter() -> str:
    """The newest complete Python: 3.13 or 3.12 where one is found, else the one that runs this."""
    for command in candidates():
        program = shutil.which(command[0])
        if not program:
            continue
        question = f"import sys, {PARTS}; print(*sys.version_info[:2], sys.executable, sep='|')"
        answer = subprocess.run([program, *command[1:], "-c", question], capture_output=True, text=True, check=False)
        if answer.returncode == 0:  # a pyenv shim of a version not chosen answers 127
            major, minor, path = answer.stdout.strip().split("|", 2)
            if SUPPORTED[0] <= (int(major), int(minor)) <= SUPPORTED[1]:
                return path
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        sys.exit(f"Python 3.11, 3.12 or 3.13 is needed and none was found; this is {sys.version.split()[0]}.")
    name = f"python3.{sys.version_info.minor}-venv"
    sys.exit(f"This Python lacks one of its standard parts ({PARTS}). On Debian and Ubuntu: sudo apt-get install {name}")


def stamp() -> str:
    """What the environment in .venv should be: this lock, under the Python that made it. Empty when there is none."""
    settings = VENV / "pyvenv.cfg"
    version = re.search(r"^version\s*=\s*(\S+)", settings.read_text(), re.MULTILINE) if settings.exists() else None
    if not version or not installed("python").exists():
        return ""
    return hashlib.sha256(LOCK.read_bytes() + version[1].encode()).hexdigest()


def make_environment(wheelhouse: str | None) -> None:
    """Make .venv, or leave it as it is when its stamp says that it is current."""
    wanted = stamp()
    if wanted and STAMP.exists() and STAMP.read_text() == wanted:
        return
    if wheelhouse and not Path(wheelhouse).is_dir():
        sys.exit(f"There is no folder of wheels at {wheelhouse}.")
    python = interpreter()
    print("making the environment in .venv (once, about half a minute)", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    trouble = quietly(python, "-m", "venv", VENV)
    if trouble:
        sys.exit(f"{trouble}\nThe environment could not be made with {python}.")
    where = ["--no-index", "--find-links", wheelhouse] if wheelhouse else []
    for tool in installers(offline=bool(wheelhouse)):
        trouble = quietly(*tool, "--require-hashes", "--only-binary", ":all:", *where, "-r", LOCK, **PLAIN)
        trouble = trouble or quietly(*tool, "--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT, **PLAIN)
        if not trouble:
            break
    else:
        way_out = "Fill that folder again." if wheelhouse else "Is the package index reachable? Without one use --wheelhouse DIR."
        sys.exit(f"{trouble}\nThe packages could not be installed from {wheelhouse or 'the package index'}. {way_out}")
    quietly(installed("python"), "-m", "compileall", "-q", ROOT / "workbench")
    STAMP.write_text(stamp())


PLAIN = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never"}


def installers(*, offline: bool) -> Iterator[list[object]]:
    """uv if there is one or one can be had, then pip, which may know of an index or a proxy that uv does not."""
    uv = shutil.which("uv")
    if not uv and not offline and quietly(installed("python"), "-m", "pip", "install", "-q", UV, **PLAIN) is None:
        uv = str(installed("uv"))
    if uv:
        yield [uv, "pip", "install", "-q", "--compile-bytecode", "--python", installed("python")]
    yield [installed("python"), "-m", "pip", "install", "-q"]


def env() -> int:
    """Say where the environment is; it has been made by now."""
    print(f"the environment is ready: {installed('python')}")
    return 0


def workbench(*words: str) -> int:
    """Run the program itself, in the folder where the person stands."""
    return run(installed("python"), "-m", "workbench", *words, PYTHONPATH=str(ROOT))


def test(*words: str) -> int:
    """Run the tests without a network where the system can take it away, and without a screen unless one is asked for."""
    bare = ["unshare", "-n"] if LINUX and os.geteuid() == 0 else ["unshare", "-rn"]
    offline = LINUX and shutil.which("unshare") and quietly(*bare, "true") is None
    screen = os.environ.get("QT_QPA_PLATFORM", "offscreen")
    command = [*(bare if offline else []), installed("python"), "-m", "pytest", *words]
    return run(*command, folder=ROOT, QT_QPA_PLATFORM=screen, PYTHONPATH=str(ROOT))


def check() -> int:
    """Run every check that is not a test, all of them even if one fails."""
    failed = [
        name
        for name, command in {
            "lint": [installed("ruff"), "check", "--output-format", "concise", "."],
            "format": [installed("ruff"), "format", "--check", "--output-format", "concise", "."],
            "types": [installed("python"), "-m", "mypy"],
            "layers": [installed("lint-imports"), "--no-cache"],
        }.items()
        if run(*command, folder=ROOT)
    ]
    for lock_file in sorted(REQUIREMENTS.glob("*.txt")):
        for banned in NEVER_IN_A_LOCK:
            if banned in lock_file.read_text():
                print(f"{lock_file.name} holds '{banned}': a lock names no address. Make it again with the verb lock.")
                failed.append("locks")
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def lock() -> int:
    """Make the hash-pinned, universal, address-free requirements again."""
    uv = shutil.which("uv") or installed("uv")
    if not Path(uv).exists():
        sys.exit(f"Making the locks needs uv: {installed('python')} -m pip install {UV}")
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11", "-q"]
    for name in ("runtime", "dev"):
        files = [REQUIREMENTS / f"{name}.in", "-o", REQUIREMENTS / f"{name}.txt"]
        trouble = quietly(uv, "pip", "compile", *options, *files, **PLAIN)
        if trouble:
            sys.exit(f"{trouble}\nThe lock of {name}.in could not be made.")
    print("locks made; the next verb makes the environment from them")
    return 0


BENCHMARKS = ("drawing", "excursions", "ingest", "report", "split", "store", "study", "viewport", "window")
PEERS = ("pandas", "tables", "pyarrow", "h5py", "b2h5py")  # to be compared with; no part of the product
WINDOW_PEERS = ("asammdf[gui]", "silx", "matplotlib", "PyOpenGL", "qtawesome", "PySide6<6.12")  # 6.12.0 aborts on Python before 3.12
WITH_PEERS = {**dict.fromkeys(("ingest", "store", "study", "viewport"), PEERS), "window": WINDOW_PEERS}


def benchmark(*words: str) -> int:
    """Run benchmarks one after another. They are measurements: they fail only when they cannot run."""
    size = words[words.index("--size") + 1] if "--size" in words[:-1] else "small"
    chosen = [word for word in words if word in BENCHMARKS] or list(BENCHMARKS)
    if size not in ("small", "full") or set(words) - {*BENCHMARKS, "--size", size, "--peers"}:
        sys.exit(f"Say: benchmark [{'|'.join(BENCHMARKS)}] [--size small|full] [--peers]")
    with tempfile.TemporaryDirectory(prefix="workbench-peers-") as folder:
        peers = installed("python")
        if "--peers" in words:
            trouble = quietly(installed("python"), "-m", "venv", folder)
            place = Path(folder) / ("Scripts/python.exe" if WINDOWS else "bin/python")
            wanted = sorted({peer for name in chosen for peer in WITH_PEERS.get(name, ())})
            trouble = trouble or quietly(place, "-m", "pip", "install", "-q", *wanted, **PLAIN)
            peers = installed("python") if trouble else place
            print(f"the peers could not be installed and are skipped: {trouble}" if trouble else "the peers are installed for this run")
        paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
        return max(
            run(
                installed("python"),
                ROOT / "tests" / "benchmarks" / f"{name}.py",
                size,
                *([peers] if name in WITH_PEERS else []),
                PYTHONPATH=paths,
            )
            for name in chosen
        )


def screenshots(folder: str = "screenshots", *words: str) -> int:
    """Show every stage in a real window, on a virtual screen of its own where the system is Linux."""
    command = [installed("python"), "-m", "workbench.ui.screenshots", folder, *words]
    if not LINUX:
        return run(*command, PYTHONPATH=str(ROOT))
    read, write = os.pipe()
    options = ["-displayfd", str(write), "-screen", "0", "2560x1440x24", "-nolisten", "tcp"]
    with subprocess.Popen(["Xvfb", *options], pass_fds=(write,), stderr=subprocess.DEVNULL) as server:
        os.close(write)  # so that reading ends when the server dies
        try:
            display = os.read(read, 16).decode().strip()
            if not display:
                sys.exit("The virtual screen (Xvfb) did not start.")
            return run(*command, DISPLAY=f":{display}", QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
        finally:
            server.terminate()


def main() -> int:
    """Read the words, make sure of the environment, do it."""
    words = sys.argv[1:]
    wheelhouse = None
    if words[:1] == ["--wheelhouse"] and len(words) > 1:
        wheelhouse, words = words[1], words[2:]
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    verb, *rest = words
    verbs = {
        "demo": lambda: workbench("demo", *rest),
        "test": lambda: test(*rest),
        "check": check,
        "open": lambda: workbench("open", *rest),
        "screenshots": lambda: screenshots(*rest),
        "workbench": lambda: workbench(*rest),
        "benchmark": lambda: benchmark(*rest),
        "env": env,
        "lock": lock,
    }
    if verb not in verbs:
        sys.exit(f"There is no '{verb}' here; run this file without words for the list.")
    bring_system_libraries(screen=verb == "screenshots")
    make_environment(wheelhouse)
    return verbs[verb]()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
