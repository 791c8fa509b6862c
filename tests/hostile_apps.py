"""Apps that are broken or odd, in every way that must not disturb a rule.

`BROKEN` hold only files that can't be read: nothing in them may be changed. `ODD` can be read, but
hold what no one expects.
"""

from __future__ import annotations

_DEEP = 10_000
_LONG = 3_000

HANDLERS = "runtime: python\napi_version: 1\nhandlers:\n- url: /.*\n  script: main.py\n"
WSGI = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: main.app\n"

BROKEN: dict[str, dict[str, bytes]] = {
    "nothing": {},
    "empty files": {"app.yaml": b"", "main.py": b""},
    "unreadable yaml": {
        "app.yaml": b"runtime: [python\nhandlers:\n - url: /\n script",
        "cron.yaml": b"cron: {",
    },
    "yaml list": {"app.yaml": b"- runtime: python\n- handlers\n", "queue.yaml": b"- queue\n"},
    "yaml scalar": {"app.yaml": b"runtime python\n", "backends.yaml": b"'backends'\n", "index.yaml": b"~\n"},
    "yaml with NUL": {"app.yaml": b"runtime: python\0\nhandlers: []\n"},
    "yaml in latin-1": {"app.yaml": b"runtime: python\n# caf\xe9\n", "cron.yaml": b"cron:\n- url: /\xe9\n"},
    "deep yaml": {"app.yaml": b"handlers: " + b"[" * _DEEP, "dos.yaml": b"{a: " * 100 + b"1" + b"}" * 100},
    "two documents": {"app.yaml": HANDLERS.encode() + b"---\n" + HANDLERS.encode()},
    "binary": {
        "app.yaml": bytes(range(256)),
        "main.py": bytes(range(256)) * 10,
        "cron.yaml": b"\xff\xfe\x00",
    },
}

ODD: dict[str, dict[str, bytes]] = {
    "broken python": {
        "app.yaml": HANDLERS.encode(),
        "main.py": b"def main(:\n  print 'x\nclass\n  run_wsgi_app(\nif __name__ ==\n\t@\n",
        "appengine_config.py": b"def webapp_add_wsgi_middleware(\n",
    },
    "python with NUL": {"app.yaml": HANDLERS.encode(), "main.py": b"print 'a'\0\nimport os\0\n"},
    "odd pages": {
        "app.yaml": HANDLERS.encode(),
        "main.py": b"from google.appengine.ext import webapp\n"
        b"from google.appengine.ext.webapp import template\n"
        b"template.register_template_library('tags')\n"
        b"class H(webapp.RequestHandler):\n  def get(self):\n"
        b"    self.response.out.write(template.render('a.html', {'x': '<b>'}))\n"
        b"application = webapp.WSGIApplication([('/', H)])\n",
        "tags.py": b"register = None\n",
        "a.html": b"{{{% {% load %}{% extends %}{% url %}{{ |x }}{{ x|y| }}{% include \xff %}{% %}{{ x.html",
        "b.html": b"{% extends '../../a.html' %}{{ \xe9_html }}\0{{ html }}\r\n" * 100,
        "c.xml": b"{% if " * _LONG + b"%}",
    },
    "deep python": {
        "app.yaml": HANDLERS.encode(),
        "main.py": b"x = " + b"(" * _DEEP + b"1" + b")" * _DEEP + b"\nprint x\n",
        "other.py": b"y = " + b"[" * _DEEP,
        "appengine_config.py": b"z" + b".a" * _DEEP + b"()" * _LONG + b"\n",
    },
    "long expressions": {
        "app.yaml": WSGI.encode(),
        "main.py": b"import os\ndef app(environ, start_response):\n"
        b"  start_response('200 OK', [])\n  return " + b" + ".join([b"'a'"] * _LONG) + b"\n"
        b"x = " + b" and ".join([b"os.environ"] * _LONG) + b"\n" + b"if x: pass\nel" * 300 + b"if y: pass\n",
    },
    "deep blocks": {
        "app.yaml": HANDLERS.encode(),
        "main.py": b"".join(b" " * depth + b"if x:\n" for depth in range(300)) + b" " * 300 + b"print 1\n",
    },
    "names that go round": {
        "app.yaml": WSGI.encode(),
        "main.py": b"a = b\nb = c\nc = a\nfrom main import *\nfrom main import app\nimport main, helper\n"
        b"app = app\nmain = main\ndef f(f=f): return f\nf.run_wsgi_app(f)\n",
        "helper.py": b"from main import *\nimport helper\nfrom helper import helper\n",
    },
    "wrong types in yaml": {
        "app.yaml": b"runtime: [python]\napi_version: {a: b}\nthreadsafe: [true]\nhandlers: {url: /}\n"
        b"libraries: django\nbuiltins: [deferred, {x: y, z: 1}, [a]]\nincludes: {a: b}\nskip_files: {a: b}\n"
        b"inbound_services: mail\nenv_variables: [a, b]\nadmin_console: pages\nerror_handlers: 1\n"
        b"? [complex, key]\n: value\n? {a: b}\n: c\n1: 2\nnull: 3\n",
        "backends.yaml": b"backends: {name: x}\n",
        "cron.yaml": b"cron:\n- 1\n- [a]\n- {url: [x], schedule: {}}\n",
        "queue.yaml": b"queue: x\ntotal_storage_limit: [1]\n",
        "index.yaml": b"indexes:\n- kind: [a]\n  properties: x\n- 1\n",
        "dispatch.yaml": b"dispatch:\n- {url: {}, service: []}\n",
        "dos.yaml": b"blacklist:\n- subnet: [1]\n- x\n",
    },
    "odd items in yaml": {
        "app.yaml": b"runtime: python\nhandlers:\n-\n- x\n- []\n- {}\n- url: [a]\n  script: {a: b}\n- url:\n"
        b"  script:\n- script: main.py\n- {url: /, script: main.py, script: main.py}\n- url: '(('\n"
        b"  script: \\1.py\n- url: /(a+)+$\n  script: \\9.py\n- {url: /x, static_dir: [], upload: {}}\n"
        b"libraries:\n-\n- name\n- {version: 1}\n- {name: [a], version: {}}\n"
        b"- {name: django, version: 1.20}\nincludes:\n- app.yaml\n- [x]\n- missing\n-\n",
        "main.py": b"x = 1\n",
        "include.yaml": b"includes:\n- include.yaml\n- app.yaml\n",
    },
    "odd scripts": {
        "app.yaml": b"runtime: python\napi_version: 1\nhandlers:\n"
        + b"".join(
            b"- {url: /%d, script: '%s'}\n" % (number, script)
            for number, script in enumerate(
                [
                    b"", b" ", b".", b"..", b"/", b"//", b".py", b"/.py", b"../main.py", b"/main.py", b"a/",
                    b"main.py/", b"main..app", b".app", b"main.", b"main.py.app", b"ma in.py", b"MAIN.PY",
                    b"$PYTHON_LIB", b"$PYTHON_LIB/", b"$PYTHON_LIB/../main.py", b"\\1.py", b"\\0\\1\\2.py",
                    b"\xc3\xa9.py", b"class.py", b"google.appengine", b"main.py?x=1", b"x" * 200 + b".py",
                ]
            )
        ),
        "main.py": b"app = 1\n",
        "a/b.py": b"",
        "a/__init__.py": b"",
        "\u00e9.py": b"",
    },
    "aliases in yaml": {
        "app.yaml": b"runtime: &r python\napi_version: &one 1\nversion: *one\ndefaults: &d {login: admin}\n"
        b"handlers:\n- &h {<<: *d, url: /, script: main.py}\n- *h\n",
        "cron.yaml": b"cron: &c\n- {url: /x, schedule: every 1 hours}\nmore: *c\n",
        "main.py": b"print 'x'\n",
    },
    "an alias bomb": {
        "app.yaml": b"a: &a [1, 1]\n"
        + b"".join(b"%c: &%c [*%c, *%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 122))
        + b"runtime: python\n",
    },
    "line endings": {
        "app.yaml": HANDLERS.replace("\n", "\r").encode(),
        "main.py": b"import os\rfrom google.appengine.ext import webapp\rprint 'x'\r\n\r\rx = 1\n\f\n\x0b",
        "cron.yaml": b"cron:\r\n- url: /x\r\n  schedule: every 1 hours",
    },
    "byte order marks": {
        "app.yaml": b"\xef\xbb\xbf" + HANDLERS.encode(),
        "main.py": b"\xef\xbb\xbfprint 'x'\nimport sys; sys.exit()\n",
        "other.py": b"\xef\xbb\xbf",
    },
    "encodings that lie": {
        "app.yaml": HANDLERS.encode(),
        "main.py": b"# -*- coding: utf-8 -*-\nprint 'caf\xe9'\nimport main\n",
        "more.py": b"# -*- coding: klingon -*-\nx = u'\xe9'\n",
        "utf16.py": "import os\n".encode("utf-16"),
    },
    "python 3": {
        "app.yaml": HANDLERS.encode(),
        "main.py": b"async def main():\n  print(f'{x!r:>{10}}', file=y)\n  match x:\n    case [1, *_]: pass\n"
        b"def f(a, /, *, b: int = 1) -> None: ...\nif (n := 1): pass\ntry: pass\nexcept* E: pass\n",
    },
    "folders named like files": {
        "app.yaml/x.py": b"",
        "main.py/app.yaml": HANDLERS.encode(),
        "main.py/main.py": b"",
    },
}  # fmt: skip
