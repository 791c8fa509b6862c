"""Foreign programs that judge the action and the workflows: those from PyPI, and GitHub's own parser from npm."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gaebot.prove.sdk import cache_folder

PARSER_VERSION = "0.3.61"
BUNDLER_VERSION = "0.28.2"

# The name of a file tells the parser whether it is an action. It keeps files by their names: each has its own.
_SCRIPT = """\
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";
import {TextDocument} from "vscode-languageserver-textdocument";
import {validate} from "@actions/languageservice";
async function judge(file) {
  const text = readFileSync(file, "utf8");
  const document = TextDocument.create(pathToFileURL(file).href, "yaml", 1, text);
  const found = await validate(document);
  return found.map(({message, range}) => ({file, line: range.start.line + 1, message}));
}
Promise.all(process.argv.slice(2).map(judge)).then(found => console.log(JSON.stringify(found.flat())));
"""


class NoJudgeError(Exception):
    """The program is not there and can't be fetched."""


def install_parser() -> Path:
    """GitHub's parser, `@actions/languageservice`, as one script; fetched from npm if it is not there.

    It imports JSON in a way that not every Node knows, so it is bundled. The script appears whole or not at all.
    """
    target = cache_folder().parent / f"actions-languageservice-{PARSER_VERSION}.cjs"
    if target.is_file():
        return target
    npm = shutil.which("npm")
    if npm is None:
        raise NoJudgeError("GitHub's parser is fetched with npm.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="installing-") as workplace:
        packages = [f"@actions/languageservice@{PARSER_VERSION}", f"esbuild@{BUNDLER_VERSION}"]
        entry, bundle = Path(workplace, "entry.mjs"), Path(workplace, "bundle.cjs")
        entry.write_text(_SCRIPT, encoding="utf-8")
        options = ["--bundle", "--platform=node", "--format=cjs", "--log-level=error"]
        bundler = Path(workplace, "node_modules", ".bin", "esbuild")
        install = [npm, "install", "--prefix", workplace, "--ignore-scripts", "--no-save", *packages]
        try:
            subprocess.run(install, cwd=workplace, capture_output=True, check=True, timeout=600)
            command = [bundler, entry, *options, f"--outfile={bundle}"]
            subprocess.run(command, cwd=workplace, capture_output=True, check=True, timeout=600)
        except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (getattr(error, "stderr", None) or b"").decode("utf-8", "replace")
            raise NoJudgeError(f"GitHub's parser could not be installed: {error} {said}") from None
        bundle.replace(target)
    return target


def parser_complaints(parser: Path, files: Sequence[Path]) -> list[tuple[str, int, str]]:
    """What GitHub's parser says of some files: name, line, message."""
    node = shutil.which("node")
    if node is None:
        raise NoJudgeError("GitHub's parser runs on Node.")
    done = subprocess.run(
        [node, parser, *files], capture_output=True, check=True, encoding="utf-8", timeout=120
    )
    return [(Path(one["file"]).name, one["line"], one["message"]) for one in json.loads(done.stdout)]


def judged(name: str, *arguments: str | Path, cwd: Path) -> tuple[int, str]:
    """What a program that stands beside the Python of the tests says: its exit code, and what it prints."""
    done = subprocess.run(
        [Path(sys.executable).with_name(name), *arguments],
        cwd=cwd,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr
