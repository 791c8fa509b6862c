"""The keys of app.yaml and of the files it includes, and what App Engine's parser takes for each.

The facts are those of the SDK 1.9.88: google/appengine/api/appinfo.py (AppInfoExternal, AppInclude,
URLMap and the classes they hold) and backendinfo.py. A test asks the SDK for its keys and compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.config.schema import (
    Choice,
    Expressions,
    Fault,
    Fields,
    Items,
    Kind,
    Number,
    Switch,
    Table,
    Text,
    listed,
)
from gaebot.rules.python27.shared.config.services import is_flexible, python_services
from gaebot.service import Service
from gaebot.syntax.yaml import MappingNode, Node, YamlFile, as_text, scalar

MAX_HANDLERS = 100
"""App Engine takes no more, together with those of includes and builtins (MAX_URL_MAPS)."""

BUILTINS = ("admin_redirect", "appstats", "default", "deferred", "django_wsgi", "remote_api")
"""What `builtins:` can switch on for python27 (google/appengine/ext/builtins)."""

GONE_BUILTINS = ("datastore_admin", "mapreduce")
"""Builtins of the old runtime that python27 does not have."""

ON_OFF = Choice(
    ("on", "off"),
    ("yes", "y", "True", "t", "1", "true", "no", "n", "False", "f", "0", "false"),
)

INBOUND_SERVICES = (
    "mail",
    "mail_bounce",
    "xmpp_message",
    "xmpp_subscribe",
    "xmpp_presence",
    "xmpp_error",
    "channel_presence",
    "rest",
    "warmup",
)

_TEXT = Text()
_NAME = Text(
    r"(?!-)[a-z\d-]{0,62}[a-z\d]",
    "lower-case letters, digits and hyphens, at most 63, no hyphen at either end",
)
_VERSION = Text(
    r"(?!-)(?!ah-builtin)(?!.*-dot-)[a-z\d-]{0,62}[a-z\d]",
    "lower-case letters, digits and hyphens, at most 63, no hyphen at either end, without `-dot-` "
    "and not beginning with `ah-builtin`",
)
_APPLICATION = Text(
    r"(?:[a-z\d-]{1,100}~)?(?:(?!-)[a-z\d.-]{1,100}:)?(?!-)[a-z\d-]{0,99}[a-z\d]",
    "the app's id: lower-case letters, digits and hyphens, no hyphen at either end",
)
_FILE = Text(r".+", "on one line")
_DURATION = r"[0-9]+[DdHhMmSs]?"
_EXPIRATION = Text(
    rf"\s*{_DURATION}(?:\s+{_DURATION})*\s*", "a length of time such as `4d 5h`, with the units d, h, m and s"
)
_WORD = r"[a-zA-Z_][a-zA-Z0-9_]*"
_WORD_WANTED = "letters, digits and underscores, no digit at the beginning"
_SETTINGS = Table(_WORD, _WORD_WANTED, _TEXT)
_CONSOLE_URL = Text(r"/.*|\..*|\(..*[^$]", "a path that begins with `/`")
_INSTANCES = Text(r"[1-9]\d*", "a whole number above 0")
_IDLE_INSTANCES = Text(r"\d+|automatic", "a number or `automatic`")
_LATENCY = Text(r"\d+(?:\.\d{1,3})?s|\d+ms|automatic", "a time such as `30ms` or `0.5s`, or `automatic`")
_COUNT = Number(least=0)
_AT_LEAST_ONE = Number(least=1)

# -- http_headers ------------------------------------------------------------------------------

_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REQUEST_HEADERS = frozenset({
    "accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "expect", "from",
    "host", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
    "max-forwards", "proxy-authorization", "range", "referer", "te", "user-agent",
})  # fmt: skip
_HOP_BY_HOP_HEADERS = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers",
    "transfer-encoding", "upgrade",
})  # fmt: skip
_RUNTIME_HEADERS = frozenset({"content-encoding", "content-length", "date", "server"})
_HEADER_TABLE = Table(_HEADER_NAME, "the name of an HTTP header", _TEXT)
_MAX_HEADER = 500
_LONGER_HEADERS = {
    "content-security-policy": 10240,
    "x-content-security-policy": 10240,
    "x-webkit-csp": 10240,
    "content-security-policy-report-only": 10240,
    "set-cookie": 4096,
    "set-cookie2": 4096,
    "location": 2047,
}


class _Headers:
    """`http_headers`: a table whose names and values HTTP and App Engine restrict."""

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        yield from _HEADER_TABLE.faults(node, path)
        for pair in YamlFile.pairs(node):
            name, text = scalar(pair.key) or "", as_text(pair.value)
            if message := self._refused(name.lower(), name) or self._too_long(name.lower(), name, text or ""):
                yield Fault(Kind.VALUE, (*path, name), pair.key, message)
            elif text is not None and not re.fullmatch(r"[ -~]*", text) and text.isascii():
                message = (
                    f"The value of the header `{name}` must stand on one line, without control characters."
                )
                yield Fault(Kind.VALUE, (*path, name), pair.value, message)

    @staticmethod
    def _refused(header: str, name: str) -> str | None:
        if header in _REQUEST_HEADERS:
            return f"`{name}` is a header of requests, not of responses: App Engine refuses it here."
        if header in _HOP_BY_HOP_HEADERS or header in _RUNTIME_HEADERS or header.startswith("x-appengine"):
            return f"App Engine sets the header `{name}` itself and refuses it in `http_headers`: remove it."
        return None

    @staticmethod
    def _too_long(header: str, name: str, text: str) -> str | None:
        if len(name) + len(text) + 4 < _MAX_HEADER:
            return None
        most = _LONGER_HEADERS.get(header, 0)
        return f"The header `{name}` is too long for App Engine." if len(text) > most else None


# -- handlers ----------------------------------------------------------------------------------

HANDLER = Fields(
    {
        "url": None,  # yaml-url-pattern
        "login": Choice(("optional", "required", "admin")),
        "auth_fail_action": Choice(("redirect", "unauthorized")),
        "secure": Choice(("never", "always", "optional", "default")),
        "script": _FILE,
        "static_files": _FILE,
        "upload": _FILE,
        "application_readable": Switch(),
        "static_dir": _FILE,
        "mime_type": _TEXT,
        "expiration": _EXPIRATION,
        "require_matching_file": Switch(),
        "http_headers": _Headers(),
        "position": Choice(("head", "tail")),
        "api_endpoint": ON_OFF,
        "redirect_http_response_code": Choice(("301", "302", "303", "307")),
    },
    filled=("login", "auth_fail_action", "secure"),
)

_API_CONFIG = Fields(
    {name: HANDLER.keys[name] for name in ("login", "auth_fail_action", "secure", "script")}
    | {"url": Text(r"/.*|\..*|\(..*[^$]", "a path that begins with `/`", ascii_only=False)},
    required=("url", "script"),
    filled=HANDLER.filled,
)

_ADMIN_CONSOLE = Fields(
    {"pages": Items(Fields({"url": _CONSOLE_URL, "name": _FILE}, required=("url", "name")))},
)

# -- scaling -----------------------------------------------------------------------------------


def _metric(node: MappingNode, path: tuple[str, ...]) -> Iterator[Fault]:
    names = ("target_utilization", "single_instance_assignment")
    if all(YamlFile.get(node, name) is None for name in names):
        yield Fault(Kind.VALUE, path, node, f"A metric needs one of {listed(names)}.", node)


_AUTOMATIC_SCALING = Fields({
    "min_idle_instances": _IDLE_INSTANCES,
    "max_idle_instances": _IDLE_INSTANCES,
    "min_pending_latency": _LATENCY,
    "max_pending_latency": _LATENCY,
    "max_concurrent_requests": _INSTANCES,
    "min_num_instances": _AT_LEAST_ONE,
    "max_num_instances": _AT_LEAST_ONE,
    "cool_down_period_sec": Number(least=60),
    "cpu_utilization": Fields({
        "target_utilization": Number(least=1e-6, most=1, whole=False),
        "aggregation_window_length_sec": _AT_LEAST_ONE,
    }),
    "max_instances": Number(),
    "min_instances": Number(),
    "target_cpu_utilization": Number(whole=False),
    "target_throughput_utilization": Number(whole=False),
    "target_network_sent_bytes_per_sec": _AT_LEAST_ONE,
    "target_network_sent_packets_per_sec": _AT_LEAST_ONE,
    "target_network_received_bytes_per_sec": _AT_LEAST_ONE,
    "target_network_received_packets_per_sec": _AT_LEAST_ONE,
    "target_disk_write_bytes_per_sec": _AT_LEAST_ONE,
    "target_disk_write_ops_per_sec": _AT_LEAST_ONE,
    "target_disk_read_bytes_per_sec": _AT_LEAST_ONE,
    "target_disk_read_ops_per_sec": _AT_LEAST_ONE,
    "target_request_count_per_sec": _AT_LEAST_ONE,
    "target_concurrent_requests": _AT_LEAST_ONE,
    "custom_metrics": Items(
        Fields(
            {
                "metric_name": Text(r"\S+", "a name without blanks", ascii_only=False),
                "target_type": Choice(("GAUGE", "DELTA_PER_SECOND", "DELTA_PER_MINUTE")),
                "target_utilization": Number(whole=False),
                "single_instance_assignment": Number(whole=False),
                "filter": _TEXT,
            },
            required=("metric_name", "target_type"),
            exclusive=(("target_utilization", "single_instance_assignment"),),
            more=_metric,
        )
    ),
})  # fmt: skip
_MANUAL_SCALING = Fields({"instances": _INSTANCES}, required=("instances",))
_BASIC_SCALING = Fields(
    {"max_instances": _INSTANCES, "idle_timeout": Text(r"\d+[sm]", "a time such as `10m` or `600s`")},
    required=("max_instances",),
)

# -- the flexible environment ------------------------------------------------------------------

_HEALTH_CHECK = Fields({
    "enable_health_check": Switch(),
    "check_interval_sec": _COUNT,
    "timeout_sec": _COUNT,
    "unhealthy_threshold": _COUNT,
    "healthy_threshold": _COUNT,
    "restart_threshold": _COUNT,
    "host": _TEXT,
})  # fmt: skip
_LIVENESS_CHECK = Fields({
    "check_interval_sec": _COUNT,
    "timeout_sec": _COUNT,
    "failure_threshold": _COUNT,
    "success_threshold": _COUNT,
    "initial_delay_sec": _COUNT,
    "path": _TEXT,
    "host": _TEXT,
})  # fmt: skip
_READINESS_CHECK = Fields({
    "check_interval_sec": _COUNT,
    "timeout_sec": _COUNT,
    "app_start_timeout_sec": _COUNT,
    "failure_threshold": _COUNT,
    "success_threshold": _COUNT,
    "path": _TEXT,
    "host": _TEXT,
})  # fmt: skip
_VOLUME = Fields(
    {"name": _TEXT, "size_gb": Number(whole=False), "volume_type": _TEXT},
    required=("name", "size_gb", "volume_type"),
)
_RESOURCES = Fields({
    "cpu": Number(whole=False),
    "memory_gb": Number(whole=False),
    "disk_size_gb": Number(),
    "volumes": Items(_VOLUME),
})  # fmt: skip
_RESOURCE_NAME = Text(
    r"[a-z](?:[a-z\d-]{0,61}[a-z\d])?", "lower-case letters, digits and hyphens", ascii_only=False
)
_RESOURCE_PATH = Text(
    r"[a-z\d-]+(?:/[a-z\d-]+)*", "lower-case letters, digits, hyphens and slashes", ascii_only=False
)
_NETWORK = Fields({
    "forwarded_ports": Items(Text(r"\d+(?::\d+)?(?:/(?:udp|tcp))?", "a port such as `80` or `80:8080/tcp`")),
    "instance_tag": _RESOURCE_NAME,
    "name": _RESOURCE_PATH,
    "subnetwork_name": _RESOURCE_NAME,
    "session_affinity": Switch(),
})  # fmt: skip


def _endpoints(node: MappingNode, path: tuple[str, ...]) -> Iterator[Fault]:
    strategy, config = (YamlFile.get(node, name) for name in ("rollout_strategy", "config_id"))
    managed = strategy is not None and as_text(strategy.value) == "managed"
    if managed == (config is not None):
        message = (
            "`endpoints_api_service` takes a `config_id`, or `rollout_strategy: managed` and no `config_id`."
        )
        yield Fault(Kind.VALUE, path, config.key if config else node, message, node, config)


_ENDPOINTS = Fields(
    {
        "name": Text(r"\S+", "a name without blanks", ascii_only=False),
        "rollout_strategy": Choice(("fixed", "managed")),
        "config_id": Text(r"\S+", "an id without blanks"),
        "trace_sampling": Switch(),
    },
    required=("name",),
    more=_endpoints,
)

# -- other parts -------------------------------------------------------------------------------

_BACKEND = Fields(
    {
        "name": Text(r"(?!-)[a-z\d-]{1,100}", "lower-case letters, digits and hyphens"),
        "class": Choice(("B1", "B2", "B4", "B4_1G", "B8"), ("b1", "b2", "b4", "b4_1G", "b8")),
        "instances": Number(),
        "max_concurrent_requests": Number(),
        "options": Text(r"[a-z, ]*", "words out of `public`, `dynamic` and `failfast`, with commas"),
        "public": Switch(),
        "dynamic": Switch(),
        "failfast": Switch(),
        "start": Text(r"[^^].*", "a script on one line"),
        "state": Choice(("START", "STOP", "DISABLED")),
    },
    required=("name",),
)
_ERROR_HANDLER = Fields(
    {
        "error_code": Choice(("default", "over_quota", "dos_api_denial", "timeout")),
        "file": _FILE,
        "mime_type": _TEXT,
    },
    required=("file",),
)
_LIBRARY = Fields({"name": None, "version": None}, required=("name", "version"))
_CONNECTOR = Fields({"name": _RESOURCE_PATH}, required=("name",))

# -- the files ---------------------------------------------------------------------------------

INCLUDE = Fields(
    {
        "builtins": None,  # yaml-builtin-unknown
        "includes": None,  # yaml-include-keys
        "handlers": Items(HANDLER),
        "admin_console": _ADMIN_CONSOLE,
        "manual_scaling": _MANUAL_SCALING,
        "vm": Switch(),
        "vm_settings": _SETTINGS,
        "beta_settings": _SETTINGS,
        "env_variables": _SETTINGS,
        "skip_files": Expressions(),
    },
    filled=("skip_files",),
)
"""A file that `includes:` draws in."""

SERVICE = Fields(
    {
        **INCLUDE.keys,
        "application": _APPLICATION,
        "project": _APPLICATION,
        "service": _NAME,
        "module": _NAME,
        "version": _VERSION,
        "runtime": None,  # yaml-runtime-unknown
        "runtime_channel": _TEXT,
        "api_version": Text(r"[\w.]{1,32}", "`1`"),
        "main": _FILE,
        "env": Choice(("standard", "flex", "flexible", "1", "2")),
        "endpoints_api_service": _ENDPOINTS,
        "entrypoint": _TEXT,
        "runtime_config": _SETTINGS,
        "instance_class": _TEXT,
        "source_language": Text(r"[\w.-]{1,32}", "one word"),
        "automatic_scaling": _AUTOMATIC_SCALING,
        "basic_scaling": _BASIC_SCALING,
        "vm_health_check": _HEALTH_CHECK,
        "health_check": _HEALTH_CHECK,
        "resources": _RESOURCES,
        "liveness_check": _LIVENESS_CHECK,
        "readiness_check": _READINESS_CHECK,
        "network": _NETWORK,
        "vpc_access_connector": _CONNECTOR,
        "zones": Items(_TEXT),
        "libraries": Items(_LIBRARY),
        "inbound_services": Items(Choice(INBOUND_SERVICES)),
        "default_expiration": _EXPIRATION,
        "nobuild_files": Expressions(),
        "derived_file_type": Items(Choice(("java_precompiled", "python_precompiled"))),
        "error_handlers": Items(_ERROR_HANDLER),
        "backends": Items(_BACKEND),
        "threadsafe": None,  # yaml-threadsafe-not-boolean
        "auto_id_policy": Choice(("legacy", "default")),
        "api_config": _API_CONFIG,
        "code_lock": Switch(),
        "standard_websocket": Switch(),
    },
    filled=("skip_files", "nobuild_files"),
    exclusive=(
        ("service", "module"),
        ("application", "project"),
        ("automatic_scaling", "manual_scaling", "basic_scaling"),
    ),
)
"""app.yaml and other services' files."""

FLEXIBLE_KEYS = frozenset({
    "entrypoint", "health_check", "liveness_check", "network", "readiness_check", "resources",
    "runtime_channel", "runtime_config", "vm_health_check", "zones",
})  # fmt: skip
"""Keys that only the flexible environment and later runtimes use: python27 passes over them."""

OTHER_LANGUAGE_KEYS = {"main": "Go", "nobuild_files": "Go", "source_language": "Java and PHP"}
"""Keys that other languages' runtimes use, and which: python27 passes over them."""


class FileFault(NamedTuple):
    """A fault, the file it is in, and the service that the file belongs to."""

    service: Service
    file: YamlFile
    fault: Fault

    @property
    def is_include(self) -> bool:
        """Whether the file is one that the service includes."""
        return self.file is not self.service.file

    @property
    def concerns(self) -> str:
        """The top-level key that the fault is about or below; empty for the file itself."""
        return self.fault.path[0] if self.fault.path else ""


@once_per_app
def faults(app: App) -> tuple[FileFault, ...]:
    """What App Engine's parser refuses in the services' files and those they include, each once."""
    found = []
    seen: set[int] = set()
    for service in python_services(app):
        for file, schema in ((service.file, SERVICE), *((file, INCLUDE) for file in service.includes)):
            if id(file) not in seen and file.root is not None:
                seen.add(id(file))
                found += [FileFault(service, file, fault) for fault in schema.faults(file.root, ())]
    return tuple(found)


def passed_over(service: Service, key: str) -> str | None:
    """Who uses a top-level key that python27 passes over; None for one that counts."""
    if key in OTHER_LANGUAGE_KEYS:
        return OTHER_LANGUAGE_KEYS[key]
    if key in FLEXIBLE_KEYS and not is_flexible(service):
        return "the flexible environment and later runtimes"
    return None
