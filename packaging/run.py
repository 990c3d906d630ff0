#!/usr/bin/env python3
"""The one bootstrap: makes the environment in .venv, then does what is asked. Standard library only.

    python3 packaging/run.py                     this list
    python3 packaging/run.py demo [FOLDER]       the main job on a built-in synthetic site
    python3 packaging/run.py test [WORDS]        the tests; words go to pytest
    python3 packaging/run.py check               what CI checks besides the tests: lint, format, types, layers, locks
    python3 packaging/run.py open [PROJECT]      the window
    python3 packaging/run.py screenshots FOLDER  pictures of every stage, in a real window on a virtual screen
    python3 packaging/run.py workbench WORDS     any command of the workbench
    python3 packaging/run.py env                 only the environment
    python3 packaging/run.py lock                make the hash-pinned requirements again

    --wheelhouse DIR  before the verb: install from a folder of wheels, without a network.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCK = ROOT / "packaging" / "requirements" / "dev.txt"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "workbench-stamp"
UV = "uv==0.13.9"
PREFERRED = ("3.13", "3.12")  # immortal singletons: the binding's reference faults cannot abort these
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


def call(*words: object, **options: object) -> None:
    """Run a command; a failure ends this program with its exit code."""
    done = subprocess.run([str(word) for word in words], **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(done.returncode)


def system_libraries(*, screen: bool) -> None:
    """Bring the shared libraries a fresh Debian lacks, or say in one line how."""
    if not sys.platform.startswith("linux"):
        return
    missing = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if screen and not shutil.which("Xvfb"):
        missing.append("xvfb")
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not shutil.which("apt-get"):
        sys.exit(f"These system libraries are missing; install what your system calls them: {' '.join(missing)}")
    if os.geteuid():
        sys.exit(f"Some system libraries are missing. Run this once, then try again:\n    sudo {' '.join(command)}")
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    call("apt-get", "update", "-qq", **quiet)
    call(*command, **quiet)


def interpreter() -> Path:
    """The newest suitable Python: 3.13 or 3.12 where one is found, else the one that runs this."""
    for version in PREFERRED:
        names = [shutil.which(f"python{version}")]
        names += [str(p / "bin" / "python") for p in sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*"), reverse=True)]
        for name in names:
            if name and subprocess.run([name, "-c", "import venv, ensurepip, ssl"], capture_output=True, check=False).returncode == 0:
                return Path(name)
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(f"Python 3.11, 3.12 or 3.13 is needed; this is {sys.version.split()[0]}.")
    return Path(sys.executable)


def environment(wheelhouse: str | None = None) -> None:
    """Make .venv, or leave it as it is when its stamp says that it is current."""
    python = interpreter()
    version = subprocess.run([str(python), "-V"], capture_output=True, text=True, check=True).stdout
    stamp = hashlib.sha256(LOCK.read_bytes() + version.encode() + Path(__file__).read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == stamp:
        return
    print("making the environment in .venv (once)", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    call(python, "-m", "venv", VENV)
    plain = {**os.environ, "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never"}
    where = ["--no-index", "--find-links", wheelhouse] if wheelhouse else []
    tool = _installer(plain, wheelhouse)
    call(*tool, "--require-hashes", "--only-binary", ":all:", *where, "-r", LOCK, env=plain)
    call(*tool, "--no-deps", "--no-build-isolation", "-e", ROOT, env=plain)
    call(PYTHON, "-m", "compileall", "-q", ROOT / "workbench")
    STAMP.write_text(stamp)


def _installer(plain: dict[str, str], wheelhouse: str | None) -> list[object]:
    uv = shutil.which("uv")
    if not uv and not wheelhouse:
        quiet = {"capture_output": True, "env": plain, "check": False}
        if subprocess.run([str(PYTHON), "-m", "pip", "install", "-q", UV], **quiet).returncode == 0:  # type: ignore[call-overload]
            uv = str(VENV / ("Scripts/uv.exe" if WINDOWS else "bin/uv"))
    if uv:
        return [uv, "pip", "install", "-q", "--compile-bytecode", "--python", PYTHON]
    return [PYTHON, "-m", "pip", "install", "-q"]


def workbench(*words: str) -> None:
    """Run the program itself."""
    call(PYTHON, "-m", "workbench", *words, cwd=os.getcwd(), env={**os.environ, "PYTHONPATH": str(ROOT)})


def test(*words: str) -> None:
    """Run the tests without a network where the system can take it away, and without a screen."""
    command = [str(PYTHON), "-m", "pytest", *words]
    if sys.platform.startswith("linux") and shutil.which("unshare"):
        bare = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
        if subprocess.run([*bare, "true"], capture_output=True, check=False).returncode == 0:
            command = [*bare, *command]
    screen = {} if os.environ.get("QT_QPA_PLATFORM") else {"QT_QPA_PLATFORM": "offscreen"}
    call(*command, cwd=ROOT, env={**os.environ, **screen, "PYTHONPATH": str(ROOT)})


def check() -> None:
    """Run every check that is not a test."""
    call(PYTHON, "-m", "ruff", "check", ".", cwd=ROOT)
    call(PYTHON, "-m", "ruff", "format", "--check", ".", cwd=ROOT)
    call(PYTHON, "-m", "mypy", cwd=ROOT)
    call(PYTHON.with_name("lint-imports.exe" if WINDOWS else "lint-imports"), "--no-cache", cwd=ROOT)
    for lock in sorted(LOCK.parent.glob("*.txt")):
        for banned in ("://", "index-url", "find-links"):
            if banned in lock.read_text():
                sys.exit(f"{lock.name} holds '{banned}': a lock names no address. Make it again with `run.py lock`.")
    print("checks passed")


def lock() -> None:
    """Make the hash-pinned, universal, address-free requirements again."""
    uv = shutil.which("uv") or VENV / ("Scripts/uv.exe" if WINDOWS else "bin/uv")
    for name in ("runtime", "dev"):
        options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11", "-q"]
        call(uv, "pip", "compile", *options, LOCK.parent / f"{name}.in", "-o", LOCK.parent / f"{name}.txt", cwd=ROOT)


def screenshots(folder: str, *words: str) -> None:
    """Show every stage in a real window on a virtual screen of its own and take its picture."""
    if not sys.platform.startswith("linux"):
        call(PYTHON, "-m", "workbench.ui.screenshots", folder, *words)
        return
    read, write = os.pipe()
    with tempfile.TemporaryFile() as log:
        options = ["-displayfd", str(write), "-screen", "0", "2560x1440x24", "-nolisten", "tcp"]
        server = subprocess.Popen(["Xvfb", *options], pass_fds=(write,), stderr=log)
        os.close(write)
        try:
            display = os.read(read, 16).decode().strip()
            env = {**os.environ, "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
            call(PYTHON, "-m", "workbench.ui.screenshots", folder, *words, env=env)
        finally:
            server.terminate()
            server.wait()


def main() -> None:
    """Read the words, make sure of the environment, do it."""
    words = sys.argv[1:]
    wheelhouse = None
    if words[:1] == ["--wheelhouse"] and len(words) > 1:
        wheelhouse, words = words[1], words[2:]
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return
    verb, rest = words[0], words[1:]
    verbs = {
        "demo": lambda: workbench("demo", *rest),
        "test": lambda: test(*rest),
        "check": check,
        "open": lambda: workbench("open", *rest),
        "workbench": lambda: workbench(*rest),
        "screenshots": lambda: screenshots(*(rest or ["screenshots"])),
        "lock": lock,
        "env": lambda: print(f"environment ready: {PYTHON}"),
    }
    if verb not in verbs:
        sys.exit(f"There is no '{verb}' here; run `python3 packaging/run.py` for the list.")
    if verb == "lock" and not LOCK.exists():
        lock()
        return
    system_libraries(screen=verb == "screenshots")
    environment(wheelhouse)
    verbs[verb]()


if __name__ == "__main__":
    main()
