"""A CPython 2.7: find one, ask it questions, let it compile files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

# With `-c`, modules are first looked for in the current folder, which may hold a json.py of an app.
_ONLY_OWN_MODULES = "import sys; sys.path[:] = [folder for folder in sys.path if folder]\n"
_PROBE = "import sys; sys.stdout.write('%d.%d %s' % (sys.version_info[:2] + (sys.executable,)))"

# Python 2 code. Only `compile` is called: nothing of the file is executed and no .pyc is written.
# Given bytes, `compile` does not ask for a declared encoding (PEP 263); importing a file does.
_COMPILE = r"""
import json, re, sys

COOKIE = re.compile(r'^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+')
BLANK_OR_COMMENT = re.compile(r'^[ \t\f]*(#.*)?$')

def check_encoding(data):
    lines = re.split('\r\n|\n|\r', data)
    if data.startswith('\xef\xbb\xbf') or COOKIE.match(lines[0]):
        return
    if BLANK_OR_COMMENT.match(lines[0]) and COOKIE.match(''.join(lines[1:2])):
        return
    for number, line in enumerate(lines):
        if re.search('[\x80-\xff]', line):
            message = 'Non-ASCII character, but no encoding declared'
            raise SyntaxError(message, (None, number + 1, None, None))

for path in sys.stdin.read().split('\0'):
    try:
        with open(path, 'rb') as source:
            data = source.read()
        compile(data, path, 'exec', 0, True)
        check_encoding(data)
        error = None
    except SyntaxError as e:
        error = 'line %s: %s' % (e.lineno, e.msg) if e.lineno else str(e.msg)
    except Exception as e:
        error = '%s: %s' % (type(e).__name__, e)
    if error is not None:
        error = error.decode('utf-8', 'replace')
    sys.stdout.write(json.dumps(error) + '\n')
    sys.stdout.flush()
"""


class ProofError(Exception):
    """A judge can't be found or can't work. The text says why and what to do."""


def find_python27(environ: Mapping[str, str] = os.environ) -> Path:
    """Path of a CPython 2.7 that runs.

    The first of: the environment variable PYTHON27, `python2.7` on PATH, the newest 2.7 among
    pyenv's versions (below PYENV_ROOT, else ~/.pyenv). Raises `ProofError` when there is none, and
    when PYTHON27 names something else.
    """
    if chosen := environ.get("PYTHON27"):
        if found := _running_python27(chosen):
            return found
        raise ProofError(f"PYTHON27 is set to {chosen}, which does not run as Python 2.7.")
    for candidate in _candidates(environ):
        if found := _running_python27(candidate):
            return found
    raise ProofError(
        "No Python 2.7 found. Set PYTHON27 to the path of one, put python2.7 on PATH, "
        "or install one with `pyenv install 2.7.18`."
    )


def _candidates(environ: Mapping[str, str]) -> Iterator[str]:
    if on_path := shutil.which("python2.7", path=environ.get("PATH")):
        yield on_path
    versions = Path(environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    for version in sorted(versions.glob("2.7*"), reverse=True):
        yield str(version / "bin" / "python2.7")


def _running_python27(program: str) -> Path | None:
    """Where the interpreter behind `program` really is, or None when it is not a Python 2.7."""
    try:
        answer = subprocess.run(
            [program, "-E", "-c", _PROBE], capture_output=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version, _, executable = os.fsdecode(answer).partition(" ")
    return Path(executable) if version == "2.7" else None


def version_of(python27: Path) -> str:
    """The version of a Python 2.7, as '2.7.18'."""
    ask_version = "import sys; sys.stdout.write('%d.%d.%d' % sys.version_info[:3])"
    try:
        answer = subprocess.run(
            [str(python27), "-E", "-c", ask_version], capture_output=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ProofError(f"{python27} does not run: {error}") from None
    return answer.decode("ascii", "replace")


def compile_files(python27: Path, paths: Iterable[Path]) -> dict[Path, str | None]:
    """What CPython 2.7 says about each file: None when it compiles, else `line N: the error`.

    The files are only compiled, never run, and nothing is written. A file that kills or hangs the
    compiler gets an error that says so, and the others are compiled all the same.
    """
    wanted = list(paths)
    answers = ask(python27, _COMPILE, [], [os.fsencode(path) for path in wanted])
    return {
        path: json.loads(answer) if answer is not None else "Python 2.7 died compiling it"
        for path, answer in zip(wanted, answers, strict=True)
    }


def ask(
    python27: Path,
    program: str,
    arguments: Sequence[str],
    questions: Sequence[bytes],
    seconds: float = 120,
) -> list[str | None]:
    """Run a Python 2 program that answers each question with one line.

    `questions` (which hold no NUL byte) reach the program on its standard input, NUL between them. No modules
    are loaded from the current folder.
    The answer is None for a question over which the program died or took longer than `seconds`; it
    is then started again for the questions that remain.
    """
    command = [str(python27), "-E", "-s", "-B", "-W", "ignore", "-c", _ONLY_OWN_MODULES + program]
    command += arguments
    answers: list[str | None] = []
    while len(answers) < len(questions):
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            try:
                output, errors = process.communicate(b"\0".join(questions[len(answers) :]), timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                output, errors = process.communicate()
            except BaseException:  # an interrupt: leaving the block would wait for the program
                process.kill()
                raise
        answered = output.decode("utf-8", "replace").splitlines()
        if not answered and process.returncode == 1:
            # A plain exit with a traceback is a fault of the program, not of a question.
            last_line = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise ProofError(f"{python27} could not do its work: {last_line}")
        answers += answered
        if len(answers) < len(questions):
            answers.append(None)
    return answers
