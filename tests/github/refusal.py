"""The words with which GitHub says no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

DOCUMENTATION = "https://docs.github.com/rest"
BODY_LIMIT = 65_536
NO_ACCESS = "Resource not accessible by integration"


class RefusalError(Exception):
    """An answer that is an error: status, message, what else its body says, and headers."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body: dict[str, object] = {"message": message}
        if errors is not None:
            self.body["errors"] = list(errors)
        self.body["documentation_url"] = DOCUMENTATION
        self.body["status"] = str(status)


def not_found() -> RefusalError:
    """Something is not there, or not to be seen."""
    return RefusalError(404, "Not Found")


def no_access() -> RefusalError:
    """The token of a workflow lacks a permission."""
    return RefusalError(403, NO_ACCESS)


def invalid(resource: str, field: str, code: str = "invalid", message: str | None = None) -> RefusalError:
    """A value is not accepted."""
    error = {"resource": resource, "code": code, "field": field}
    if message is not None:
        error["message"] = message
    return RefusalError(422, "Validation Failed", [error])


def custom(resource: str, message: str) -> RefusalError:
    """Something is not accepted, for a reason in words."""
    return RefusalError(
        422, "Validation Failed", [{"resource": resource, "code": "custom", "message": message}]
    )


def unprocessable(*errors: str) -> RefusalError:
    """As reviews are refused: with whole sentences."""
    return RefusalError(422, "Unprocessable Entity", errors)


def check_length(resource: str, body: str | None) -> None:
    """Refuses a body that is too long."""
    if body is not None and len(body) > BODY_LIMIT:
        message = f"body is too long (maximum is {BODY_LIMIT} characters)"
        raise invalid(resource, "body", "custom", message)


def sentence(parts: Sequence[str]) -> str:
    """The parts as GitHub joins several errors: one, two and three are `a`, `a and b`, `a, b, and c`."""
    if len(parts) < 3:
        return " and ".join(parts)
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"
