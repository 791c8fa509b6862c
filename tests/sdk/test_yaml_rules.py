"""The YAML rules against Google's own parser: the same keys, the same libraries, the same verdicts.

Every variant of app.yaml below goes to both. What the parser refuses, gaebot must call an error;
what it accepts must be none, but for the exceptions that are listed with their reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gaebot.app import App
from gaebot.engine import check, fix
from gaebot.finding import Severity
from gaebot.prove import validate_yaml
from gaebot.prove.python27 import ask
from gaebot.rule import Rule, discover
from gaebot.rules.python27.shared.config import app_yaml, runtime_libraries
from gaebot.rules.python27.shared.config.schema import Fields, Items, Value

BASE = "runtime: python27\napi_version: 1\nthreadsafe: false\n"
INCLUDES = {
    "lib/include.yaml": "handlers:\n- {url: /lib, script: lib.app, position: tail}\n",
    "empty.yaml": "",
}

# What these find Google's parser does not look for, or only the app's Python files can tell.
OTHER_RULES = ("yaml-api-config-", "yaml-api-version", "yaml-libraries-", "yaml-mixed-", "yaml-script-")


def handler(text: str) -> str:
    return f"handlers:\n- {{url: /, {text}}}\n"


def library(text: str) -> str:
    return f"libraries:\n- {{{text}}}\n"


WHOLE_FILES = [
    "",
    "# nothing\n",
    "{}\n",
    BASE,
    f"---\n{BASE}",
    f"%YAML 1.1\n---\n{BASE}",
    f"{BASE}...\n",
    f"\ufeff{BASE}",
    f"{BASE}---\n{BASE}",
    f"{BASE}---\n",
    f"{BASE}...\n---\n",
    BASE.replace("\n", "\r\n"),
    BASE.replace("\n", "\r"),
    f"{BASE}\x00",
    f"{BASE}# caf\xe9\n",
    f"{BASE}\x7f: 1\n",
    f"{BASE}\tservice: a\n",
    f"{BASE}service:\ta\n",
    f"{BASE}service: @a\n",
    f"{BASE}service: %a\n",
    f"{BASE}service: `a\n",
    f"{BASE}service: 'a\n",
    f"{BASE}x\n",
    f"{BASE}service: a # c\n  b\n",
    f"{BASE}: a\n",
    f"{BASE}service: a: b\n",
    f"{BASE}service: [a\n",
    "api_version: 1\nhandlers: []\n",
    "runtime:\napi_version: 1\n",
    "runtime: [a]\n",
    "runtime: {a: b}\n",
    "runtime: 'python27 '\nthreadsafe: true\n",
    "runtime: Python27\nthreadsafe: true\n",
    "runtime: a b\n",
    "runtime: python\nlibraries: [{name: jinja2, version: latest}]\n",
    "runtime: python27\nthreadsafe: true\nhandlers: [{url: /, script: a.b}]\n",
    "runtime: python27\nthreadsafe: true\nhandlers: [{url: /, script: a.py}]\n",
    "runtime: python27\nthreadsafe: 'no'\nhandlers: [{url: /, script: a.py}]\n",
    "runtime: python27\nthreadsafe: maybe\nhandlers: [{url: /, script: a.py}]\n",
    "runtime: python27\nthreadsafe: maybe\nhandlers: [{url: /, script: a.b}]\n",
    "runtime: python27\nthreadsafe: 00\nhandlers: [{url: /, script: a.py}]\n",
    "runtime: python27\nthreadsafe: 0x0\nhandlers: [{url: /, script: a.py}]\n",
    "runtime: python27\nthreadsafe: ''\nhandlers: [{url: /, script: a.py}]\n",
    "runtime: python27\nthreadsafe: {}\n",
    "runtime: python27\n",
    "runtime: python27\nthreadsafe:\n",
]

TOP_LEVEL = [
    *(
        f"version: {value}\n"
        for value in (
            "1",
            "1.0",
            "010",
            "09",
            "0x1F",
            "1_0",
            "1:30",
            "1e3",
            "1.5e3",
            "+5",
            "1.",
            "yes",
            "n",
            "null",
            "2012-01-01",
            "alpha",
            "Alpha",
            "a.b",
            "'a.b'",
            "a-dot-b",
            "ah-builtin-x",
            "-a",
            "a-",
            "''",
            "[]",
            "{}",
            "{a: b}",
            "=",
            "9" * 23,
            "a" * 63,
            "a" * 64,
            "!!str 1.0",
            "!!int a",
            "!foo a",
            "&x a",
            "|\n  a",
            ">\n  a b",
            "é",
            "<<",
        )
    ),
    *(
        f"application: {value}\n"
        for value in (
            "shop",
            "s~shop",
            "google.com:shop",
            "Shop",
            "a_b",
            "a.b",
            "''",
            "123",
            "-a",
            "a-",
            "a b",
            "e~a.b:c",
        )
    ),
    "application: a\nproject: b\n",
    "project: b\n",
    "service: a\nmodule: b\n",
    "service:\nmodule: a\n",
    "module: A\n",
    "service: a\nservice: a\n",
    "'service': a\nservice: b\n",
    "foo: bar\n",
    "Handlers: []\n",
    "thread_safe: true\n",
    "<<: {a: b}\n",
    "? [a]\n: b\n",
    "? {a: b}\n: c\n",
    "1: a\n",
    "'': a\n",
    "yes: a\n",
    "a: &x b\n",
    "instance_class: F2\n",
    "instance_class: é\n",
    "instance_class: {}\n",
    "vm: x\n",
    "vm: {}\n",
    "vm: true\n",
    "env: x\n",
    "env: standard\n",
    "env: 1\n",
    "env: 3\n",
    "code_lock: yes\n",
    "standard_websocket: x\n",
    "api_config: {url: /a, script: a.b}\n",
    "api_config: {url: /a}\n",
    "api_config: {script: a.b}\n",
    "api_config: {url: a, script: a.b}\n",
    "api_config: {url: /a, script: a.b, login: x}\n",
    "api_config: []\n",
    "default_expiration: 1d\n",
    "default_expiration: 5\n",
    "default_expiration: 1D 5H\n",
    "default_expiration: 1w\n",
    "default_expiration: 1d5h\n",
    "default_expiration: never\n",
    "default_expiration:\n",
    "default_expiration: ''\n",
    "derived_file_type: [python_precompiled]\n",
    "derived_file_type: [x]\n",
    "derived_file_type: x\n",
    "auto_id_policy: default\n",
    "auto_id_policy: x\n",
    "vpc_access_connector: {name: a/b}\n",
    "vpc_access_connector: {name: A}\n",
    "vpc_access_connector: {}\n",
    "vpc_access_connector: a\n",
    "error_handlers: [{file: a}]\n",
    "error_handlers: [{error_code: 404, file: a}]\n",
    "error_handlers: {file: a}\n",
    "error_handlers: [{error_code: timeout}]\n",
    "error_handlers: [a]\n",
    "error_handlers: [{file: a, foo: b}]\n",
    "endpoints_api_service: {name: a}\n",
    "endpoints_api_service: {name: a, config_id: b}\n",
    "endpoints_api_service: {name: a, rollout_strategy: managed}\n",
    "endpoints_api_service: {config_id: b}\n",
    "endpoints_api_service: {name: a, rollout_strategy: managed, config_id: b}\n",
    "entrypoint: a b\n",
    "entrypoint: {a: b}\n",
    "main: ''\n",
    "main: a\n",
    "zones: [a]\n",
    "zones: a\n",
    "zones: [1]\n",
    "network: {}\n",
    "network: x\n",
    "network: {name: A}\n",
    "network: {forwarded_ports: [80, '81/udp']}\n",
    "network: {forwarded_ports: [x]}\n",
    "resources: {cpu: x}\n",
    "resources: {cpu: 1.5}\n",
    "resources: {volumes: [{}]}\n",
    "liveness_check: {path: /, timeout_sec: -1}\n",
    "readiness_check: {path: /, timeout_sec: 4}\n",
    "source_language: a b\n",
    "runtime_config: {a: b}\n",
    "runtime_config: {a: {b: c}}\n",
    "nobuild_files:\n",
    "nobuild_files: x\n",
    "beta_settings: {a: b}\n",
    "beta_settings: {a-b: c}\n",
    "runtime_channel: x\n",
]

SCALING = [
    "automatic_scaling: x\n",
    "automatic_scaling:\n",
    "automatic_scaling: []\n",
    "automatic_scaling: {}\n",
    "automatic_scaling: {}\nmanual_scaling: {instances: 1}\n",
    "manual_scaling: {}\n",
    "basic_scaling: {}\n",
    "manual_scaling: {instances: 1}\nbasic_scaling: {max_instances: 1}\n",
    "automatic_scaling:\nmanual_scaling: {instances: 1}\n",
    *(f"manual_scaling: {{instances: {value}}}\n" for value in ("1", "0", "'1'", "a", "-1", "1.5", "")),
    *(
        f"basic_scaling: {{max_instances: 1, idle_timeout: {value}}}\n"
        for value in ("10m", "600s", "10", "1h", "")
    ),
    *(
        f"automatic_scaling: {{min_pending_latency: {value}}}\n"
        for value in (
            "30ms",
            "0.1s",
            "automatic",
            "30",
            "1.2345s",
            "0.5ms",
            "''",
        )
    ),
    *(
        f"automatic_scaling: {{max_instances: {value}}}\n"
        for value in (
            "5",
            "'5'",
            "a",
            "1.5",
            "'1.5'",
            "-1",
            "yes",
            "1e3",
            "",
            "[]",
            "{}",
            "''",
        )
    ),
    *(
        f"automatic_scaling: {{max_num_instances: {value}}}\n"
        for value in ("1", "0", "'2'", "a", "yes", "no")
    ),
    *(
        f"automatic_scaling: {{target_cpu_utilization: {value}}}\n"
        for value in ("0.6", "'0.6'", "x", "1", "[]")
    ),
    *(
        f"automatic_scaling: {{cpu_utilization: {{target_utilization: {value}}}}}\n"
        for value in ("0.5", "2", "0", "a")
    ),
    "automatic_scaling: {min_idle_instances: automatic, max_idle_instances: 5, max_concurrent_requests: 8}\n",
    "automatic_scaling: {max_concurrent_requests: 0}\n",
    "automatic_scaling: {cool_down_period_sec: 30}\n",
    "automatic_scaling: {foo: 1}\n",
    "automatic_scaling: {max_instances: 1, max_instances: 1}\n",
    "automatic_scaling: {custom_metrics: [{metric_name: a, target_type: GAUGE}]}\n",
    "automatic_scaling: {custom_metrics: [{metric_name: a, target_type: GAUGE, target_utilization: 0.5}]}\n",
    "automatic_scaling: {custom_metrics: [{target_type: GAUGE, target_utilization: 0.5}]}\n",
]

HANDLERS = [
    "handlers:\n",
    "handlers: []\n",
    "handlers: x\n",
    "handlers: {url: /, script: a.b}\n",
    "handlers:\n-\n",
    "handlers:\n- a\n",
    "handlers:\n- []\n",
    "handlers:\n- {}\n",
    "handlers: [{url:/a, script: x.y}]\n",
    "handlers: [{url: /a:b, script: x.y}]\n",
    "handlers:\n - url: /\n   script: a.b\n - url: /b\n  script: a.b\n",
    *(
        f"handlers:\n- url: {url}\n  script: a.b\n"
        for url in (
            "/",
            "/.*",
            "/a$",
            "^/a",
            "^/a$",
            "a",
            ".",
            ".*",
            "'*'",
            "(/a)$",
            "(/a|/b)",
            "(a)",
            "()",
            "(a)\\$",
            "[a]",
            "{a: b}",
            "'/a\n\n    b'",
            "|\n    /a",
            "/é",
            "''",
            "$",
            "(/.*)?",
            "5",
            "/form",
            "(^/a)",
        )
    ),
    *map(
        handler,
        (
            "script: a.b",
            "script: a.b, position: head",
            "script: a.b, position: ",
            "script: a.b, position: x",
            "script: a.b, upload: x",
            "script: a.b, static_dir: x",
            "static_dir: a, static_files: b, upload: c",
            "static_files: a",
            "static_files: a, upload: b",
            "static_files: a, upload: ''",
            "static_dir: a, upload: b",
            "static_dir: a, position: head",
            "script: ''",
            "script: ",
            "script: é.b",
            "script: {a: b}",
            "script: 5",
            "script: >\n    a.b\n  ",
            "script: a.b, login: admins",
            "script: a.b, login: ",
            "script: a.b, login: admin",
            "script: a.b, secure: yes",
            "script: a.b, secure: always",
            "script: a.b, secure: ",
            "script: a.b, foo: bar",
            "script: a.b, auth_fail_action: redirect",
            "script: a.b, auth_fail_action: x",
            "script: a.b, script: a.b",
            "script: a.b, mime_type: x",
            "script: a.b, expiration: 1d",
            "script: a.b, http_headers: ",
            "script: a.b, http_headers: {}",
            "script: a.b, require_matching_file: true",
            "script: a.b, application_readable: true",
            "script: a.b, redirect_http_response_code: 301",
            "script: a.b, redirect_http_response_code: 304",
            "script: a.b, api_endpoint: yes",
            "script: a.b, api_endpoint: ",
            "static_dir: a, expiration: 1d 4h",
            "static_dir: a, expiration: 1 day",
            "static_dir: a, expiration: '0'",
            "static_dir: a, expiration: 0.5",
            "static_dir: a, expiration: ''",
            "static_dir: a, expiration: 1:30",
            "static_dir: a, application_readable: nope",
            "static_dir: a, mime_type: é",
            "static_dir: a, staticdir: b",
            "static_dir: a, mime_type: b, http_headers: {Content-Type: c}",
            "static_dir: a, http_headers: {Date: c}",
            "static_dir: a, mime_type: b, http_headers: {content-type: c}",
            "static_dir: a, http_headers: {X-A: b}",
            "static_dir: a, http_headers: {X-A: é}",
            "static_dir: a, http_headers: {X-A: 1}",
            "static_dir: a, http_headers: {X-A: }",
            "static_dir: a, http_headers: [a]",
            "static_dir: a, http_headers: a",
            "static_dir: a, http_headers: {'X A': b}",
            "static_dir: a, http_headers: {Host: b}",
            "static_dir: a, http_headers: {Connection: b}",
            "static_dir: a, http_headers: {X-AppEngine-A: b}",
            'static_dir: a, http_headers: {X-A: "a\\tb"}',
            f"static_dir: a, http_headers: {{X-A: {'b' * 490}}}",
            f"static_dir: a, http_headers: {{X-A: {'b' * 497}}}",
            f"static_dir: a, http_headers: {{Location: {'b' * 900}}}",
        ),
    ),
    f"api_config: {{url: /a, script: a.b}}\n{handler('script: a.b, api_endpoint: on')}",
    f"api_config:\n{handler('script: a.b, api_endpoint: on')}",
    "handlers:\n" + "- {url: /a, script: a.b}\n" * 100,
    "handlers:\n" + "- {url: /a, script: a.b}\n" * 101,
    "builtins: [deferred: on]\nhandlers:\n" + "- {url: /a, script: a.b}\n" * 100,
    "builtins: [deferred: off]\nhandlers:\n" + "- {url: /a, script: a.b}\n" * 100,
    "includes: [lib]\nhandlers:\n" + "- {url: /a, script: a.b}\n" * 100,
]

LISTS = [
    *(
        f"inbound_services: {value}\n"
        for value in (
            "[mail, warmup]",
            "[mail, foo]",
            "mail",
            "",
            "[]",
            "[mail, mail]",
            "[[mail]]",
            "[{a: b}]",
            "{mail: on}",
            "[~]",
            "['mail']",
            "[Mail]",
            "[xmpp_message]",
        )
    ),
    *(
        f"builtins: {value}\n"
        for value in (
            "deferred",
            "{deferred: on}",
            "[deferred]",
            "[deferred: on]",
            "[deferred: true]",
            "[deferred: enabled]",
            "[deferred: ]",
            "[{deferred: on, remote_api: on}]",
            "[deferred: on, deferred: on]",
            "[mapreduce: off]",
            "[mapreduce: on]",
            "[mapreduce: ]",
            "[datastore_admin: on, deferred: on]",
            "[foo: off]",
            "[foo: ]",
            "[default: off]",
            "[{}]",
            "[deferred: 1]",
            "[deferred: 'On']",
            "[deferred: ON]",
            "[deferred: [on]]",
            "[_deferred: on]",
            "[]",
            "",
            "[deferred: t]",
            "[deferred: y]",
            "[deferred: '0']",
            "[remote-api: on]",
            "[~]",
            "[django_wsgi: on, admin_redirect: on, appstats: on, remote_api: on]",
            "\n- deferred: on\n  remote_api: on",
            "\n  deferred: on\n  remote_api: on",
        )
    ),
    *(
        f"includes: {value}\n"
        for value in (
            "[lib]",
            "[lib/include.yaml]",
            "[./lib]",
            "[empty.yaml]",
            "[gone.yaml]",
            "gone.yaml",
            "5",
            "[5]",
            "[~]",
            "[]",
            "",
            "{a: b}",
            "[[a]]",
            "[yes]",
        )
    ),
    *(
        f"skip_files: {value}\n"
        for value in (
            "",
            "[]",
            "x",
            "'('",
            "[x, '.*']",
            "[1]",
            "{a: b}",
            "''",
            "[~]",
            "[*.pyc]",
            "'a\n\n b'",
            "|\n a\n b(\n",
            "|\n ^(.*/)?(\n (.*~)|\n (\\..*))$\n",
            "[{a: b}]",
            "é",
            "[é]",
        )
    ),
    *(
        f"env_variables: {value}\n"
        for value in (
            "{A: b}",
            "{a-b: b}",
            "{A: é}",
            "{A: }",
            "{A: {}}",
            "[]",
            "[{A: b}]",
            "",
            "{A: b, A: c}",
            "{1A: b}",
            "x",
            "''",
            "{A: 1.10}",
            "{A: yes}",
            "{A.B: c}",
        )
    ),
    *(
        f"admin_console: {value}\n"
        for value in (
            "{pages: [{name: a, url: /b}]}",
            "{pages: [{name: a}]}",
            "{pages: [{name: a, url: b}]}",
            "{}",
            "",
            "{page: []}",
            "[{name: a, url: /b}]",
            "{pages: {name: a, url: /b}}",
            "{pages: [{name: é, url: /b}]}",
            "{pages: [a]}",
            "{pages: [{name: a, url: ^/b}]}",
            "{pages: }",
        )
    ),
    *(
        f"backends: [{{{value}}}]\n"
        for value in (
            "name: a",
            "name: A",
            "name: a, class: B9",
            "name: a, class: b4_1G",
            "name: a, class: B8",
            "",
            "name: a, foo: b",
            "name: a, public: true",
            "name: a, options: public",
            "name: a, options: 'public, dynamic'",
            "name: a, instances: x",
            "name: a, options: Public",
            "name: a, start: b.app",
            "name: a, start: ''",
            "name: a, start: ^b",
            "name: a, state: stop",
            "name: a, state: STOP",
            "name: a, max_concurrent_requests: 3",
        )
    ),
    "backends: {name: a}\n",
    "backends: a\n",
]

LIBRARIES = [
    "libraries: []\n",
    "libraries:\n",
    "libraries: x\n",
    "libraries: {jinja2: '2.6'}\n",
    "libraries: [jinja2]\n",
    "libraries: [[]]\n",
    "libraries: [~]\n",
    "libraries:\n- jinja2\n- lxml\n",
    *map(
        library,
        (
            "name: jinja2",
            "name: jinja2, version: ",
            "version: '2.6'",
            "name: jinja2, version: 2.6",
            "name: jinja2, version: '2.6'",
            "name: jinja2, version: latest",
            "name: jinja2, version: Latest",
            "name: jinja2, version: 'latest '",
            "name: jinja2, version: 2",
            "name: jinja2, version: latest, x: y",
            "name: jinja2, version: {}",
            "name: [jinja2], version: latest",
            "name: 5, version: 1",
            "name: , version: latest",
            "name: yaml, version: 3.10",
            "name: yaml, version: '3.10'",
            "name: django, version: 1.20",
            "name: django, version: 1.10",
            "name: django, version: 1.11",
            "name: django, version: '0.96'",
            "name: PIL, version: 1.1.7",
            "name: pil, version: 1.1.7",
            "name: Pillow, version: '2.0'",
            "name: webob, version: '1.1'",
            "name: webob, version: 1.2.3",
            "name: simplejson, version: latest",
            "name: foo, version: bar",
            "name: jinja2, name: jinja2, version: latest",
            "names: jinja2, version: latest",
            "name: pytz, version: 2017.30",
            "name: setuptools, version: 0.6c11",
        ),
    ),
    library("name: jinja2, version: latest") + "- {name: jinja2, version: '2.6'}\n",
    library("name: django, version: '1.2'") + "- {name: django, version: '1.4'}\n",
    library("name: jinja2, version: latest") + "- {name: django, version: latest}\n",
]

EXCEPTIONS = {
    "a broken regular expression in a list ends the upload, not the parsing": [
        "skip_files: ['(']\n",
        "skip_files: ['*.pyc']\n",
        "skip_files: [[a]]\n",
    ],
    "one in a url is refused by the local server": ["handlers:\n- url: /(\n  script: a.b\n"],
    "no request reaches a handler without url": [
        "handlers:\n- script: a.b\n",
        "handlers:\n- url:\n  script: a.b\n",
    ],
    "the parser takes a list for the text '[]' where one value belongs": [
        "instance_class: []\n",
        "entrypoint: [a]\n",
        "env_variables: {A: [b]}\n",
        handler("script: [a]"),
        handler("static_dir: a, mime_type: [b]"),
        handler("static_dir: a, http_headers: {X-A: [b]}"),
    ],
    "the parser takes a text for a list of its letters": ["includes: ''\n"],
}
EXCEPTIONS_IN_WHOLE_FILES = {
    "python27 is where the app shall go": [
        "runtime: python\n",
        "runtime: python\nlibraries: []\n",
        "runtime: python\nthreadsafe: true\nhandlers: [{url: /, script: a.py}]\n",
    ],
    "a file without keys says nothing": ["---\n", "---\n...\n", "[]\n", "abc\n", "5\n"],
    "gaebot reads UTF-8 only": [BASE.encode("utf-16")],
    "the parser takes any name that looks like one": ["runtime: python2.7\n", "runtime: python25\n"],
    "the word says the contrary of what it does": ["runtime: python27\nthreadsafe: 'false'\n"],
    "a list is false only by accident": ["runtime: python27\nthreadsafe: []\n"],
}


def variants() -> list[bytes]:
    parts = [TOP_LEVEL, SCALING, HANDLERS, LISTS, LIBRARIES]
    texts = [*WHOLE_FILES, *(BASE + text for part in parts for text in part)]
    return [text.encode() for text in texts]


def exceptions() -> Iterator[bytes]:
    for texts in EXCEPTIONS.values():
        yield from ((BASE + text).encode() for text in texts)
    for whole in EXCEPTIONS_IN_WHOLE_FILES.values():
        yield from (text if isinstance(text, bytes) else text.encode() for text in whole)


def rules() -> list[Rule]:
    return [r for r in discover("python27") if r.family == "yaml" and not r.id.startswith(OTHER_RULES)]


def make_app(data: bytes) -> App:
    return App({"app.yaml": data, **{path: text.encode() for path, text in INCLUDES.items()}})


def errors(app: App) -> list[str]:
    report = check(app, rules())
    assert not report.failures, report.failures
    return [f"{f.rule}: {f.message}" for f in report.findings if f.severity is Severity.ERROR]


def judge(python27: Path, sdk: Path, folder: Path, files: list[bytes]) -> list[str | None]:
    """What Google's parser says about each app.yaml, read as at deployment, with its includes."""
    paths = [folder / str(number) / "app.yaml" for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        for name, text in INCLUDES.items():
            target = path.parent / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        path.write_bytes(data)
    verdicts = validate_yaml(python27, sdk, paths)
    return [verdicts[path].error for path in paths]


def test_the_same_verdicts(python27: Path, sdk: Path, tmp_path: Path) -> None:
    files = variants()
    assert len(set(files)) == len(files)
    verdicts = judge(python27, sdk, tmp_path, files)
    assert sum(verdict is not None for verdict in verdicts) > 250
    assert sum(verdict is None for verdict in verdicts) > 150
    disagreements = [
        f"{data!r}\n  Google: {verdict}\n  gaebot: {found}"
        for data, verdict in zip(files, verdicts, strict=True)
        if bool(found := errors(make_app(data))) != (verdict is not None)
    ]
    assert not disagreements, "\n".join(disagreements)


def test_each_exception_is_one(python27: Path, sdk: Path, tmp_path: Path) -> None:
    files = list(exceptions())
    assert judge(python27, sdk, tmp_path, files) == [None] * len(files)
    assert all(errors(make_app(data)) for data in files)


def test_what_is_fixed_is_accepted(python27: Path, sdk: Path, tmp_path: Path) -> None:
    fixed, remaining = [], []
    for data in [*variants(), *exceptions()]:
        result = fix(make_app(data), rules(), unsafe=True)
        assert not result.report.failures, (data, result.report.failures)
        if result.changes:
            fixed.append(result.app.files["app.yaml"].data)
            remaining.append(errors(result.app))
            again = fix(result.app, rules(), unsafe=True)
            assert not again.changes, (data, fixed[-1])
    verdicts = judge(python27, sdk, tmp_path, fixed)
    assert sum(not left for left in remaining) > 60
    refused = [
        f"{data!r}\n  Google: {verdict}"
        for data, verdict, left in zip(fixed, verdicts, remaining, strict=True)
        if verdict is not None and not left
    ]
    assert not refused, "\n".join(refused)


# -- the tables --------------------------------------------------------------------------------

# Python 2. Prints the keys of each class, and those of the classes below it, as nested mappings.
SCHEMA = """
import json, sys
sys.path.insert(0, sys.argv[1])
import dev_appserver
dev_appserver.fix_sys_path()
from google.appengine.api import appinfo, validation
from google.appengine.ext import builtins

def below(validator):
    while isinstance(validator, (validation.Optional, validation.Normalized)):
        validator = validator.validator
    if isinstance(validator, validation.Repeated):
        return below(validator.constructor)
    expected = getattr(validator, 'expected_type', validator)
    if isinstance(expected, type) and issubclass(expected, validation.Validated):
        if expected is not appinfo.BuiltinHandler:
            return keys(expected)
    return None

def keys(cls):
    return dict((name, below(cls.GetValidator(name))) for name in cls.ATTRIBUTES)

answer = {
    'service': keys(appinfo.AppInfoExternal),
    'include': keys(appinfo.AppInclude),
    'inbound_services': sorted(appinfo._ALLOWED_SERVICES),
    'runtimes': appinfo.GetAllRuntimes(),
    'max_handlers': appinfo.MAX_URL_MAPS,
    'gone_builtins': sorted(builtins.BUILTINS_NOT_AVAIABLE_IN_PYTHON27),
    'libraries': dict((one.name, {
        'versions': one.supported_versions,
        'latest': one.latest_version,
        'default': one.default_version,
        'deprecated': one.deprecated_versions,
    }) for one in appinfo._SUPPORTED_LIBRARIES),
    'required': [[list(key), dict(value)] for key, value in appinfo.REQUIRED_LIBRARIES.items()],
}
builtins.set_builtins_dir(builtins.DEFAULT_DIR)
answer['builtins'] = sorted(set(builtins._available_builtins) - builtins.BUILTINS_NOT_AVAIABLE_IN_PYTHON27)
sys.stdout.write(json.dumps(answer) + '\\n')
"""

Keys = dict[str, "Keys | None"]


@pytest.fixture(scope="module")
def appinfo(python27: Path, sdk: Path) -> dict[str, object]:
    (answer,) = ask(python27, SCHEMA, [str(sdk)], [b"tables"])
    assert answer is not None
    return dict(json.loads(answer))


def keys(value: Value | None) -> Keys | None:
    if isinstance(value, Items):
        return keys(value.value)
    if not isinstance(value, Fields):
        return None
    return {name: keys(below) for name, below in value.keys.items()}


@pytest.mark.parametrize(("name", "ours"), [("service", app_yaml.SERVICE), ("include", app_yaml.INCLUDE)])
def test_the_keys_are_those_of_appinfo(appinfo: dict[str, object], name: str, ours: Fields) -> None:
    assert keys(ours) == appinfo[name]


def test_the_names_are_those_of_appinfo(appinfo: dict[str, object]) -> None:
    assert sorted(app_yaml.INBOUND_SERVICES) == appinfo["inbound_services"]
    assert sorted(app_yaml.BUILTINS) == appinfo["builtins"]
    assert sorted(app_yaml.GONE_BUILTINS) == appinfo["gone_builtins"]
    assert appinfo["max_handlers"] == app_yaml.MAX_HANDLERS


def test_the_libraries_are_those_of_appinfo(appinfo: dict[str, object]) -> None:
    ours = {
        name: {
            "versions": list(one.versions),
            "latest": one.latest,
            "default": one.default,
            "deprecated": list(one.deprecated),
        }
        for name, one in runtime_libraries.LIBRARIES.items()
    }
    assert ours == appinfo["libraries"]


def test_what_libraries_bring_along(appinfo: dict[str, object]) -> None:
    required = {tuple(key): value for key, value in appinfo["required"]}  # type: ignore[attr-defined]
    fixed = {key: value for key, value in required.items() if key[1] != runtime_libraries.LATEST}
    assert fixed == runtime_libraries.REQUIRED
