"""From a request to its answer: who asks, what is asked for, whether both are as GitHub describes them."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.github import description, git_http, graph
from tests.github.faults import Fault, Faults
from tests.github.refusal import RefusalError, not_found
from tests.github.rest import Answer, Call, Listing, handlers
from tests.github.state import Token
from tests.github.world import World

_REST = "/api/v3"
_GRAPHQL = "/api/graphql"
_PAGE, _LARGEST_PAGE = 30, 100
_ANYONE = Token("", {})
_MISSING_TOKEN = "Requires authentication"  # noqa: S105
_WRONG_TOKEN = "Bad credentials"  # noqa: S105


@dataclass
class Request:
    """A request as it was made, and the status of its answer; none if the connection was cut."""

    operation: str
    verb: str
    path: str
    query: dict[str, str]
    body: Any
    login: str
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    status: int | None = None


class Service:
    """Answers requests, keeps a log of them, and notes what is wrong with them or with the answers."""

    def __init__(self, world: World, tokens: Mapping[str, Token]) -> None:
        self.world = world
        self.tokens = tokens
        self.faults = Faults()
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self.answered: list[tuple[str, object]] = []

    def answer(
        self, verb: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Answer | None, Fault | None]:
        """The answer to a request, and the fault that it met. No answer: the connection is to be cut."""
        parts = urllib.parse.urlsplit(target)
        path = urllib.parse.unquote(parts.path)
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        secret = git_http.token_in(headers.get("Authorization"))
        token = self.tokens.get(secret or "")
        request = Request("", verb, path, query, None, token.login if token else "", dict(headers))
        self.requests.append(request)
        if path.startswith(f"/{self.world.full_name}"):
            request.operation = git_http.operation(path, parts.query)

            def work() -> Answer:
                return git_http.serve(
                    self.world,
                    verb=verb,
                    path=path,
                    query=parts.query,
                    headers=headers,
                    body=body,
                    token=token,
                )
        elif path.startswith("/archives/"):
            request.operation = "archive"

            def work() -> Answer:
                return self._archive(path)
        elif secret and token is None:
            request.operation = "unauthorized"

            def work() -> Answer:
                return _refused(RefusalError(401, _WRONG_TOKEN))
        elif path == _GRAPHQL:
            request.body = _json(body)
            request.operation = graph.operation(str((request.body or {}).get("query", "")))

            def work() -> Answer:
                return self._graphql(request, token)
        else:
            work = self._rest(request, path, body, token)
        return self._met(request, work)

    def _met(self, request: Request, work) -> tuple[Answer | None, Fault | None]:
        """The answer, unless a fault comes instead of it, or after the work is done."""
        fault = self.faults.meet(request.operation)
        answer: Answer | None
        if fault is None or fault.after or not (fault.cut or fault.status):
            answer = work()
        if fault is not None and fault.cut:
            return None, fault
        if fault is not None and fault.status:
            answer = Answer(fault.status, fault.body, dict(fault.headers))
        request.status = answer.status
        return answer, fault

    def _archive(self, path: str) -> Answer:
        """The archive of an artifact."""
        try:
            _, artifact = self.world.artifact(path.removeprefix("/archives/").removesuffix(".zip"))
        except RefusalError as error:
            return _refused(error)
        return Answer(200, artifact.archive, {"Content-Type": "application/zip"})

    def _graphql(self, request: Request, token: Token | None) -> Answer:
        """The answer of the GraphQL interface."""
        if token is None:
            return _refused(RefusalError(401, _MISSING_TOKEN))
        if not isinstance(request.body, dict) or "query" not in request.body:
            self.problems.append("graphql: a request without a query")
            return _refused(RefusalError(400, "A query attribute must be specified and must be a string."))
        variables = request.body.get("variables")
        body, problems = graph.answer(self.world, token, request.body["query"], variables)
        self.problems += problems
        return Answer(200, body)

    def _rest(self, request: Request, path: str, body: bytes, token: Token | None):
        """What is to be done for a request of the REST interface."""
        inside = path.removeprefix(_REST)
        matched = description.load().match(request.verb, inside) if path.startswith(_REST) else None
        if matched is None:
            request.operation = "unknown"
            self.problems.append(f"{request.verb} {path}: there is no such operation")
            return lambda: _refused(not_found())
        operation, parameters = matched
        request.operation = operation.id
        request.body = _json(body)

        def work() -> Answer:
            return self._operate(request, operation, parameters, token, has_body=bool(body))

        return work

    def _operate(
        self,
        request: Request,
        operation: description.Operation,
        parameters: Mapping[str, str],
        token: Token | None,
        *,
        has_body: bool,
    ) -> Answer:
        """The answer of an operation, with request and answer held against the description."""
        described = description.load()
        wrong = [
            f"{operation.id}: {problem}"
            for problem in described.request_problems(
                operation, request.query, request.body, has_body=has_body
            )
        ]
        if wrong:
            self.problems += wrong
            return _refused(RefusalError(422, f"Invalid request.\n\n{wrong[0]}"))
        if request.verb != "GET" and token is None:
            return _refused(RefusalError(401, _MISSING_TOKEN))
        if (parameters.get("owner"), parameters.get("repo")) not in (
            (self.world.owner, self.world.name),
            (None, None),
        ):
            return _refused(not_found())
        call = Call(self.world, parameters, request.query, request.body, token or _ANYONE)
        try:
            self._check_person(call, operation)
            self._check_anchors(call, operation)
            result = handlers[operation.id](call)
        except RefusalError as error:
            answer = _refused(error)
        else:
            answer = result if isinstance(result, Answer) else self._page(request, result)
        if answer.status < 300:
            self.answered.append((operation.id, answer.body))
        for problem in described.answer_problems(operation, answer.status, answer.body):
            self.problems.append(f"{operation.id} answers: {problem}")
        return answer

    def _check_person(self, call: Call, operation: description.Operation) -> None:
        """Refuses what a person may not do. To comment, open a pull request or review is everybody's right."""
        public = ("pulls/create", "issues/create", "reactions/")
        reads = self.world.level(call.login) == "read" and call.token.permissions is None
        if operation.verb != "GET" and reads and not operation.id.startswith(public):
            raise RefusalError(403, "Must have admin rights to Repository.")

    def _check_anchors(self, call: Call, operation: description.Operation) -> None:
        """Refuses comments on lines for which that was switched on."""
        if operation.id == "pulls/create-review":
            for comment in (call.body or {}).get("comments", ()):
                if (comment["path"], comment.get("line")) in self.faults.anchors:
                    text = "Pull request review thread line must be part of the diff"
                    both = f"{text} and Pull request review thread diff hunk can't be blank"
                    raise RefusalError(422, "Unprocessable Entity", [both])

    def _page(self, request: Request, listing: Listing) -> Answer:
        """One page of a list, with links to the others."""
        number = max(1, int(request.query.get("page", 1)))
        size = min(_LARGEST_PAGE, max(1, int(request.query.get("per_page", _PAGE))))
        items = [listing.show(item) for item in listing.items[(number - 1) * size : number * size]]
        last = max(1, -(-len(listing.items) // size))
        links = []
        if number < last:
            links += [("next", number + 1), ("last", last)]
        if number > 1:
            links += [("prev", number - 1), ("first", 1)]
        address = self.world.address + urllib.parse.quote(request.path)
        headers = {}
        if links:
            headers["Link"] = ", ".join(
                f'<{address}?{urllib.parse.urlencode({**request.query, "page": page})}>; rel="{name}"'
                for name, page in links
            )
        body: object = items
        if listing.around is not None:
            body = {"total_count": len(listing.items), listing.around: items}
        return Answer(200, body, headers)


def _refused(error: RefusalError) -> Answer:
    """The answer that says no."""
    return Answer(error.status, error.body, error.headers)


def _json(body: bytes) -> Any:
    """What a body says; nothing if it is empty, and a text that no schema takes if it is not JSON."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return re.sub(r"\s+", " ", body.decode("utf-8", "replace"))
