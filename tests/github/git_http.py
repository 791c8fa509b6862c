"""Clone, fetch and push over HTTP, by `git http-backend`."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Mapping

from tests.github.repository import ENVIRONMENT
from tests.github.rest.calls import Answer
from tests.github.state import Token
from tests.github.world import World


def token_in(header: str | None) -> str | None:
    """The token in an Authorization header: `token …`, `Bearer …`, or the password of `Basic …`."""
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[2]
        except ValueError:
            return None
    return value.strip() or None


def operation(path: str, query: str) -> str:
    """What is asked for, in the way of the names of operations."""
    pushes = "git-receive-pack" in path or "service=git-receive-pack" in query
    return "git/receive-pack" if pushes else "git/upload-pack"


def serve(
    world: World,
    *,
    verb: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    token: Token | None,
) -> Answer:
    """What git answers. A push needs a token that may write contents, and afterwards pull requests catch up."""
    pushes = operation(path, query) == "git/receive-pack"
    if pushes and token is None:
        return Answer(401, b"", {"WWW-Authenticate": 'Basic realm="GitHub"'})
    if pushes and (not token.may("contents: write") or world.level(token.login) == "read"):
        text = f"Permission to {world.full_name}.git denied to {token.login}."
        return Answer(403, f"remote: {text}\n".encode(), {"Content-Type": "text/plain"})
    inside = path.removeprefix(f"/{world.full_name}").removeprefix(".git")
    environment = ENVIRONMENT | {
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROJECT_ROOT": str(world.repository.path),
        "GIT_PROTOCOL": headers.get("Git-Protocol", ""),
        "GITHUB_WORKFLOWS": "write" if token is None or token.may("workflows: write") else "none",
        "HTTP_CONTENT_ENCODING": headers.get("Content-Encoding", ""),
        "PATH": os.environ.get("PATH", os.defpath),
        "PATH_INFO": inside,
        "QUERY_STRING": query,
        "REMOTE_USER": token.login if token else "",
        "REQUEST_METHOD": verb,
    }
    done = subprocess.run(
        ["git", "http-backend"], input=body, capture_output=True, check=True, env=environment, timeout=120
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    answer = Answer(200, content)
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "status":
            answer.status = int(value.split()[0])
        elif name:
            answer.headers[name] = value.strip()
    if pushes:
        world.catch_up()
    return answer
