"""HTTP for the fake: reads requests and writes answers, and knows nothing of either."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.github.rest import Answer


class Server(ThreadingHTTPServer):
    """A server on a free port, with a function from verb, target, headers and body to the answer."""

    daemon_threads = True

    def __init__(self, answer: Callable[[str, str, Mapping[str, str], bytes], Answer | None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.open: set[socket.socket] = set()

    def server_close(self) -> None:
        """Closes also the connections that clients keep."""
        super().server_close()
        for connection in list(self.open):
            with contextlib.suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing to speak of; what failed in the fake is among the problems."""


class _Handler(BaseHTTPRequestHandler):
    """HTTP."""

    protocol_version = "HTTP/1.1"
    server: Server
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def handle_any(self) -> None:
        """Any request."""
        body = self._chunks() if self.headers.get("Transfer-Encoding") == "chunked" else self._rest_of()
        answer = self.server.answer(self.command, self.path, self.headers, body)
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        headers = {"Content-Type": "application/json; charset=utf-8", **answer.headers}
        if isinstance(answer.body, bytes):
            content = answer.body
        elif isinstance(answer.body, str):
            content, headers["Content-Type"] = answer.body.encode(), "text/html"
        else:
            content = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
        self.send_response(answer.status)
        for name, value in {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "999", **headers}.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815

    def _rest_of(self) -> bytes:
        """The body, of a known length."""
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length) if length else b""

    def _chunks(self) -> bytes:
        """The body, in chunks, as git sends large ones."""
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_: object) -> None:
        """Nothing is printed; the requests are kept."""
