"""The recipes of the house: `python3 tasks.py RECIPE`. Needs only Python 3.11 or newer.

Each recipe makes `.venv` in this checkout and installs what it needs, once per change of
`pyproject.toml` or `constraints.txt`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
OLDEST = (3, 11)
VALIDATOR = "html-validate@10.17.0"
LIGHTHOUSE = "lighthouse@12.8.2"


def serve(*args: str) -> None:
    """Start the web pages on this machine: http://localhost:8765."""
    install()
    run("unknot", "serve", *args)


def test(*args: str) -> None:
    """Run every test, in the browser too where there is one."""
    install("test")
    find_chromium()
    find_validator()
    find_fuse()
    run("pytest", "-n", "2", "--dist", "worksteal", *args)


def check() -> None:
    """Check style, types, rooms, dead code, dependencies, spelling and the knowledge."""
    install("test", "lint")
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
    run("mypy")
    run("lint-imports")
    run("vulture")
    run("deptry", "src")
    run("codespell", "src", "tests", "docs", "decisions", "README.md", "GLOSSARY.md", "tasks.py")
    run("unknot", "knowledge", "check")


def fix() -> None:
    """Format the code and mend what the linter can mend."""
    install("lint")
    run("ruff", "check", "--fix", ".")
    run("ruff", "format", ".")


def ci() -> None:
    """Run what decides whether a change lands."""
    check()
    coverage()


def coverage() -> None:
    """Run every test and hold the core to full branch coverage."""
    install("test")
    find_chromium()
    find_validator()
    find_fuse()
    run("coverage", "erase")
    run("pytest", "-n", "2", "--dist", "worksteal", "--cov", "--cov-report=")
    run("coverage", "report", "--fail-under=100")


def deep() -> None:
    """Run the laws over many more people, and the crash tests over many more crashes, than CI does."""
    install("test")
    find_fuse()
    run("pytest", "-n", "2", "tests/property", "tests/crash", environment={"UNKNOT_DEEP": "1"})


def golden() -> None:
    """Write the generated cases and snapshots anew; read the difference before you commit it."""
    install("test")
    run("python", "tests/golden/flag_cases.py")
    run("pytest", "-n", "2", "tests/golden", "--snapshot-update")


def bench(*args: str) -> None:
    """Measure one assessment, a cold answer and a stream of people; answers are checked."""
    install("test")
    run("python", "benchmarks/assessment.py", *args)


def docs() -> None:
    """Make the documentation site in build/site: all pages here, and one for every row of the knowledge."""
    install("docs")
    run("python", "docs/site/build.py")


def screenshots() -> None:
    """Take the pictures of the pages in docs/screenshots anew; look at them before you commit them."""
    install("test")
    find_chromium()
    run("python", "tests/edge/web/screenshots.py")


def lighthouse(*args: str) -> None:
    """Look at each kind of page as on a slow phone; fails below 95 or after 1.8 seconds."""
    install("test")
    find_chromium()
    if not find_in_npm(LIGHTHOUSE):
        sys.exit("Lighthouse needs npm: install Node.js 20 or newer.")
    folder = str(npm_folder(LIGHTHOUSE) / "node_modules" / ".bin")
    run("python", "tests/edge/web/lighthouse.py", *args, environment={"LIGHTHOUSE_BIN": folder})


def words() -> None:
    """Bring the files of every other language up to date with the English; translate what is left."""
    install()
    for folder in sorted((HERE / "src/unknot/knowledge/words").iterdir()):
        run("unknot", "knowledge", "words", folder.name)
    run("python", "tools/interface_words.py")


RECIPES: dict[str, Callable[..., None]] = {
    recipe.__name__: recipe
    for recipe in (
        serve,
        test,
        check,
        fix,
        ci,
        coverage,
        deep,
        golden,
        bench,
        docs,
        screenshots,
        lighthouse,
        words,
    )
}


def install(*groups: str) -> None:
    """Bring `.venv` up to date with the files that say what belongs in it."""
    if sys.version_info < OLDEST:
        sys.exit(f"Unknot needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    mark = VENV / f"installed-{'-'.join(groups) or 'base'}"
    wanted = hashlib.sha256((HERE / "pyproject.toml").read_bytes() + (HERE / "constraints.txt").read_bytes())
    if mark.exists() and mark.read_text() == wanted.hexdigest():
        return
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        print("Making .venv ...", flush=True)
        venv.create(VENV, with_pip=True)
    print(f"Installing what {' and '.join(('Unknot', *groups))} needs into .venv ...", flush=True)
    pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    constraints = ["--constraint", str(HERE / "constraints.txt")]
    if groups:
        upgrade = [*pip, "--upgrade", "pip>=25.1"]  # dependency groups came with 25.1
        subprocess.run(upgrade, check=True, cwd=HERE)
    wants = [part for group in groups for part in ("--group", group)]
    subprocess.run([*pip, *constraints, "--editable", ".[pdf]", *wants], check=True, cwd=HERE)
    mark.write_text(wanted.hexdigest())


def find_fuse() -> None:
    """Find FUSE for the power-cut tests, install it where that is possible, or say why not."""
    if shutil.which("fusermount3") or sys.platform != "linux" or not Path("/dev/fuse").exists():
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing FUSE for the power-cut tests ...", flush=True)
        install_debian("fuse3")
    if not shutil.which("fusermount3"):
        print("No FUSE found: the power-cut tests of the whole program will be skipped. Install fuse3.")


def install_debian(package: str) -> None:
    """Install a package of Debian's, quietly."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        subprocess.run(["apt-get", *command], stdout=subprocess.DEVNULL, env=environment)


def find_chromium() -> None:
    """Find a Chromium for the browser tests, install it where that is possible, or say why not."""
    if os.environ.get("UNKNOT_CHROMIUM") or any(
        map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    ):
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests ...", flush=True)
        install_debian("chromium")
    if not shutil.which("chromium"):
        print("No Chromium found: the browser tests will be skipped. Install it, or set UNKNOT_CHROMIUM.")


def find_validator() -> None:
    """Put the HTML validator into `.venv`, where there is npm, or say that its test is skipped."""
    if not find_in_npm(VALIDATOR):
        print("No npm found: the test of valid HTML will be skipped. Install Node.js 20 or newer.")


def find_in_npm(package: str) -> bool:
    """Put a tool of npm's into a folder of its own in `.venv`; whether it is there now."""
    folder = npm_folder(package)
    there = folder / "node_modules" / package.partition("@")[0]
    npm = shutil.which("npm")
    if npm is not None and not there.exists():
        print(f"Installing {package} into .venv ...", flush=True)
        quiet = ["--silent", "--no-save", "--no-audit", "--no-fund"]
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", *quiet, "--prefix", str(folder), package], check=False, cwd=folder)
    return there.exists()


def npm_folder(package: str) -> Path:
    """Where a tool of npm's is kept: apart, because npm clears away what it did not put there."""
    return VENV / "npm" / package.partition("@")[0]


def run(command: str, *args: str, environment: dict[str, str] | None = None) -> None:
    """Run a tool of `.venv`; stop with its exit code when it fails."""
    done = subprocess.run(
        [str(BIN / command), *args], check=False, cwd=HERE, env={**os.environ, **(environment or {})}
    )
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Run one recipe; with none, list them."""
    name, *args = sys.argv[1:] or ["help"]
    recipe = RECIPES.get(name)
    if recipe is None:
        print("\n".join(f"{known:11} {RECIPES[known].__doc__}" for known in RECIPES))
        sys.exit(name != "help")
    recipe(*args)


if __name__ == "__main__":
    main()
