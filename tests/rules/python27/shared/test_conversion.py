"""CGI scripts that become WSGI modules, and those that must be left alone.

What the results answer is tested against Google's SDK in tests/sdk; here it is how they read.
"""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.conversion.conversion import Conversion, convert
from gaebot.rules.python27.shared.conversion.obstacles import Blocked
from tests.rules.helpers import make_app
from tests.rules.python27.scripts import (
    APP,
    GUARD,
    IMPORTS,
    KEPT,
    conversion,
    finished,
    leftovers,
    plan,
    prepared,
    reason,
)

# -- left alone ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("print 'Content-Type: text/plain'\nprint\nprint 'Hello'\n", "prints its answer"),
        ("import sys\nsys.stdout.write('Content-Type: text/plain\\n\\nHello')\n", "prints its answer"),
        ("", "no WSGI application"),
        ("import models\n", "no WSGI application"),
        # two applications, and nothing that says which
        (f"{KEPT}a = {APP}\nb = {APP}\n", "no WSGI application"),
        (
            (
                f"{IMPORTS}class Main(object):\n    def run(self):\n"
                f"        run_wsgi_app({APP})\nMain().run()\n"
            ),
            "can't follow",
        ),
        (f"{IMPORTS}def main(app):\n    run_wsgi_app(app)\n{GUARD}", "parameter"),
        (
            (
                f"{IMPORTS}def main(debug=True):\n    app = webapp.WSGIApplication([], debug=debug)\n"
                f"    run_wsgi_app(app)\n{GUARD}"
            ),
            "uses the parameter `debug`",
        ),
        (
            (
                f"{IMPORTS}import os\ndef main():\n    app = make(os.environ['HTTP_HOST'])\n"
                f"    run_wsgi_app(app)\n{GUARD}"
            ),
            "`os.environ['HTTP_HOST']`, which is different for every request",
        ),
        (
            (
                f"{IMPORTS}from google.appengine.api import users\ndef main():\n"
                f"    run_wsgi_app(make(users.get_current_user()))\n{GUARD}"
            ),
            "different for every request",
        ),
        (
            (
                f"{IMPORTS}def main():\n    app = {APP}\n    if app:\n        return\n    app = wrap(app)\n"
                f"    run_wsgi_app(app)\n{GUARD}"
            ),
            "it holds `return`",
        ),
        (
            (
                f"{IMPORTS}def main():\n    try:\n        app = {APP}\n        run_wsgi_app(app)\n"
                f"    except Exception:\n        raise\n{GUARD}"
            ),
            "under a condition, in a loop or in a `try`",
        ),
        (f"{IMPORTS}def main():\n    for app in apps:\n        run_wsgi_app(app)\n{GUARD}", "in a loop"),
        (
            (
                f"{IMPORTS}application = None\ndef setup():\n"
                f"    global application\n    application = {APP}\n"
                f"def main():\n    setup()\n    run_wsgi_app(application)\n{GUARD}"
            ),
            "set somewhere else",
        ),
        (
            (
                f"{IMPORTS}a = {APP}\nb = {APP}\ndef main():\n    if x():\n        run_wsgi_app(a)\n"
                f"    run_wsgi_app(b)\n{GUARD}"
            ),
            "one of several applications",
        ),
        (
            (
                f"{IMPORTS}def main():\n    def routes():\n"
                "        return []\n    run_wsgi_app(make(routes))\n"
                f"def routes(): pass\nroutes()\n{GUARD}"
            ),
            "a local `routes`, a name that the module uses",
        ),
        (
            (f"{IMPORTS}def main():\n    app = {APP}\n    run_wsgi_app(app)\n    app = None\n{GUARD}"),
            "again for something else",
        ),
        (
            (
                f"{IMPORTS}def main():\n    app = {APP}\n    run_wsgi_app(app)\ntry:\n    main()\n"
                "except Exception:\n    log()\n"
            ),
            "as soon as it is imported",
        ),
        (
            (
                f"{IMPORTS}def main():\n  routes = [\n    ('/', Page)\n"
                "\t]\n  if routes:\n\troutes.append(1)\n"
                f"  run_wsgi_app(make(routes))\n{GUARD}"
            ),
            "indented in different ways",
        ),
        (
            (f"{IMPORTS}def main():\n    run_wsgi_app(make(Page))\n\nclass Page(object):\n    pass\n"),
            "above the place",
        ),
        (
            (
                f"{IMPORTS}import os\nhost = os.environ['HTTP_HOST']\n"
                f"app = {APP}\nif __name__ == '__main__':\n"
                "    run_wsgi_app(app)\n"
            ),
            "no `main()`, so `os.environ['HTTP_HOST']` is read anew",
        ),
        (f"{IMPORTS}def main():\n    x = = 1\n    run_wsgi_app({APP})\n{GUARD}", "can't read"),
    ],
)
def test_blocked(source: str, why: str) -> None:
    assert why in reason(source)


def test_a_file_that_is_not_there() -> None:
    assert not isinstance(convert(make_app({}), "main.py"), Conversion)


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        ("    counters.visit()\n    run_wsgi_app(app)\n", ["counters.visit()"]),
        ("    run_wsgi_app(app)\n    logging.info('done')\n", ["logging.info('done')"]),
        (
            "    namespace_manager.set_namespace('x')\n    run_wsgi_app(app)\n",
            ["namespace_manager.set_namespace('x')"],
        ),
        (
            "    try:\n        run_wsgi_app(app)\n    finally:\n        clean()\n",
            ["try:\n        run_wsgi_app(app)\n    finally:\n        clean()"],
        ),
        ("    if closed():\n        return\n    run_wsgi_app(app)\n", ["if closed():\n        return"]),
        ("    os.environ['KEY'] = 'secret'\n    run_wsgi_app(app)\n", ["os.environ['KEY'] = 'secret'"]),
    ],
)
def test_leftovers_keep_main(inside: str, left: list[str]) -> None:
    source = f"{IMPORTS}import os, logging\napp = {APP}\n\ndef main():\n{inside}{GUARD}"
    assert leftovers(source) == left
    assert finished(source) == source


@pytest.mark.parametrize(
    "gate",
    [
        "    if closed():\n        return\n",
        "    if not users.is_current_user_admin():\n        print 'Status: 403'\n        print\n        return\n",
        "    for one in gates:\n        if one.shut:\n            sys.exit()\n",
        "    if closed():\n        raise SystemExit\n",
        "    if users.is_current_user_admin():\n        run_wsgi_app(app)\n    return\n",
    ],
)
def test_what_can_end_a_run_before_the_application_is_a_gate(gate: str) -> None:
    for app, inside in ((f"app = {APP}\n", ""), ("", f"    app = {APP}\n")):
        source = f"{IMPORTS}import sys\n{app}\ndef main():\n{gate}{inside}    run_wsgi_app(app)\n{GUARD}"
        found = plan(source)
        assert isinstance(found, Blocked) or found.gate is not None


def test_what_ends_after_the_application_is_no_gate() -> None:
    source = (
        f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n    if done():\n        return\n{GUARD}"
    )
    assert leftovers(source) == ["if done():\n        return"]
    assert conversion(source).gate is None


def test_a_failure_of_the_application_is_no_gate() -> None:
    end = "\n\nif __name__ == '__main__':\n    try:\n        main()\n    except:\n        raise\n"
    source = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{end}"
    assert conversion(source).gate is None


def test_leftovers_of_the_guard() -> None:
    source = (
        f"{IMPORTS}app = {APP}\ndef main():\n    run_wsgi_app(app)\n\nif __name__ == '__main__':\n"
        "    check()\n    main()\n"
    )
    assert leftovers(source) == ["check()"]
    assert finished(source) == source


def test_set_up_beside_leftovers_still_moves() -> None:
    source = (
        f"{IMPORTS}import logging\n\ndef main():\n    logging.getLogger().setLevel(logging.DEBUG)\n"
        f"    counters.visit()\n    app = {APP}\n    run_wsgi_app(app)\n{GUARD}"
    )
    assert leftovers(source) == ["counters.visit()"]
    assert finished(source) == (
        f"{IMPORTS}import logging\n\nlogging.getLogger().setLevel(logging.DEBUG)\napp = {APP}\n\n\n"
        f"def main():\n    counters.visit()\n    run_wsgi_app(app)\n{GUARD}"
    )


@pytest.mark.parametrize(
    ("others", "stays"),
    [
        ({"tests": "import main\nmain.main()\n"}, True),
        ({"tests": "from main import main\n"}, True),
        ({"tests": "from main import *\nmain()\n"}, True),
        ({"tests": "from main import *\ndef main(): pass\nmain()\n"}, False),
        ({"tests": "from main import app\n"}, False),
        ({"tests": "from shop import main\n", "shop": ""}, False),
    ],
)
def test_a_main_that_others_use_stays(others: dict[str, str], *, stays: bool) -> None:
    source = (
        f"{KEPT}from google.appengine.ext.webapp.util import run_wsgi_app\napp = {APP}\n\ndef main():\n"
        f"    run_wsgi_app(app)\n{GUARD}"
    )
    assert (finished(source, **others) == source) is stays


def test_a_main_that_the_module_uses_stays() -> None:
    source = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n\nentry = [main]\n{GUARD}"
    assert finished(source) == source


def test_profiling_keeps_the_plain_function() -> None:
    source = (
        f"{IMPORTS}app = {APP}\ndef real_main():\n    run_wsgi_app(app)\n\ndef profile_main():\n"
        f"    profiler.runctx('real_main()', globals(), locals())\n\nmain = profile_main\n{GUARD}"
    )
    assert finished(source) == source
    assert leftovers(source) == ["main()"]


def test_a_function_that_nothing_starts_is_left_alone() -> None:
    source = (
        f"{IMPORTS}def main_moved():\n    run_wsgi_app({APP})\n\ndef main():\n    run_wsgi_app({APP})\n"
        f"{GUARD}"
    )
    once = finished(source)
    assert once == f"{IMPORTS}def main_moved():\n    run_wsgi_app({APP})\n\napp = {APP}\n"
    assert conversion(once).prepare == conversion(once).finish == ()


def test_a_guard_with_an_else_stays() -> None:
    source = (
        f"{IMPORTS}app = {APP}\ndef main():\n    run_wsgi_app(app)\n\nif __name__ == '__main__':\n"
        "    main()\nelse:\n    log()\n"
    )
    assert finished(source) == source
    assert leftovers(source) == []


# -- how it reads ----------------------------------------------------------------------------


def test_everything_goes_when_nothing_else_is_in_it() -> None:
    source = (
        f"{IMPORTS}\napp = {APP}\n\n\ndef main():\n    run_wsgi_app(app)\n\n\nif __name__ == '__main__':\n"
        "    main()\n"
    )
    assert finished(source) == f"{KEPT}\napp = {APP}\n"
    assert prepared(source) == source


def test_the_application_takes_the_place_of_main() -> None:
    source = (
        f"{IMPORTS}\n\nclass Page: pass\n\n\ndef main():\n    application = {APP}\n"
        f"    run_wsgi_app(application)\n{GUARD}"
    )
    assert finished(source) == f"{KEPT}\n\nclass Page: pass\n\n\napplication = {APP}\n"
    assert prepared(source) == (
        f"{IMPORTS}\n\nclass Page: pass\n\n\napplication = {APP}\n\n\ndef main():\n"
        f"    run_wsgi_app(application)\n{GUARD}"
    )


def test_code_between_main_and_the_guard_comes_first() -> None:
    source = f"{IMPORTS}\ndef main():\n    run_wsgi_app(make(Page))\n\n\nclass Page: pass\n\n{GUARD}"
    assert finished(source) == f"{KEPT}\n\nclass Page: pass\n\n\napp = make(Page)\n"


def test_code_behind_the_guard_stays_there() -> None:
    source = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}\n\nLAST = 1\n"
    assert finished(source) == f"{KEPT}app = {APP}\n\n\nLAST = 1\n"


def test_comments_go_where_their_statement_goes() -> None:
    source = (
        f"{IMPORTS}app = {APP}  # the app\n\n# Runs it.\ndef main():\n    # now\n    run_wsgi_app(app)\n\n"
        "# the guard\nif __name__ == '__main__':\n    main()  # go\n\n# the end\n"
    )
    assert finished(source) == f"{KEPT}app = {APP}  # the app\n\n# the end\n"
    source = (
        f"{IMPORTS}\ndef main():\n    # all pages\n\n    # by path\n    routes = []\n\n"
        "    # the application\n"
        f"    application = make(routes)\n    # and run\n    run_wsgi_app(application)\n{GUARD}"
    )
    assert finished(source) == (
        f"{KEPT}\n# all pages\n\n# by path\nroutes = []\n\n# the application\napplication = make(routes)\n"
    )


def test_a_heading_over_an_import_goes_with_it_but_not_the_head_of_the_file() -> None:
    source = (
        "import a\n\n# The adapter.\nfrom google.appengine.ext.webapp.util import run_wsgi_app\n\n"
        "import b\napp = b.app\n"
    )
    main = f"def main():\n    run_wsgi_app(app)\n{GUARD}"
    assert finished(source + main) == "import a\n\nimport b\napp = b.app\n"
    head = (
        "#!/usr/bin/python\n# Copyright\nfrom google.appengine.ext.webapp.util import run_wsgi_app\n\n"
        "import b\napp = b.app\n"
    )
    assert finished(head + main) == "#!/usr/bin/python\n# Copyright\n\nimport b\napp = b.app\n"


@pytest.mark.parametrize(
    ("imports", "kept"),
    [
        ("import wsgiref.handlers\n", ""),
        ("import os, wsgiref.handlers\n", "import os\n"),
        ("import wsgiref.handlers, os\n", "import os\n"),
        ("import os; import wsgiref.handlers\n", "import os\n"),
        ("import wsgiref.handlers  # the adapter\n", ""),
    ],
)
def test_imports_of_the_adapter_go(imports: str, kept: str) -> None:
    source = f"{KEPT}{imports}app = {APP}\ndef main():\n    wsgiref.handlers.CGIHandler().run(app)\n{GUARD}"
    assert finished(source) == f"{KEPT}{kept}app = {APP}\n"


def test_imports_that_something_else_uses_stay() -> None:
    util = "from google.appengine.ext.webapp import util\n"
    source = (
        f"{KEPT}{util}app = {APP}\n@util.login_required\ndef page(): pass\ndef main():\n"
        f"    util.run_wsgi_app(app)\n{GUARD}"
    )
    assert util in finished(source)
    source = f"{KEPT}{util}app = {APP}\ndef main():\n    util.run_wsgi_app(app)\n{GUARD}"
    assert util in finished(source, tests="from main import util\n")
    assert util not in finished(source, tests="from main import app\n")


def test_an_adapter_that_was_never_called_goes_too() -> None:
    source = (
        f"{IMPORTS}from google.appengine.ext.webapp import util\napp = {APP}\ndef main():\n"
        f"    util.run_wsgi_app(app)\n{GUARD}"
    )
    assert finished(source) == f"{KEPT}app = {APP}\n"


def test_set_up_moves_in_its_order() -> None:
    source = (
        "import os, sys\nfrom google.appengine.ext.webapp import util\n\ndef main():\n"
        "    sys.path.insert(0, 'lib')\n"
        "    os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n    import django.core.handlers.wsgi\n"
        "    application = django.core.handlers.wsgi.WSGIHandler()\n    util.run_wsgi_app(application)\n"
        f"    logging.getLogger().setLevel(10)\n{GUARD}"
    ).replace("import os, sys", "import logging, os, sys")
    built = (
        "sys.path.insert(0, 'lib')\nos.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n"
        "import django.core.handlers.wsgi\napplication = django.core.handlers.wsgi.WSGIHandler()\n"
    )
    assert finished(source) == f"import logging, os, sys\n\n{built}logging.getLogger().setLevel(10)\n"
    assert f"\n{built}\n\ndef main():\n    util.run_wsgi_app(application)\n" in prepared(source)


def test_set_up_of_the_guard_comes_before_that_of_main() -> None:
    source = (
        f"{IMPORTS}import sys\n\ndef main():\n    import lib_thing\n    application = lib_thing.make()\n"
        "    run_wsgi_app(application)\n\nif __name__ == '__main__':\n    sys.path.append('lib')\n"
        "    main()\n"
    )
    assert finished(source) == (
        f"{KEPT}import sys\n\nsys.path.append('lib')\nimport lib_thing\napplication = lib_thing.make()\n"
    )


def test_a_guard_of_its_own_loses_only_the_if() -> None:
    source = (
        "import sys\nif __name__ == '__main__':\n    # ours\n    sys.path.append('lib')\n\n"
        f"{IMPORTS}app = {APP}\ndef main():\n    run_wsgi_app(app)\n{GUARD}"
    )
    assert finished(source) == f"import sys\n# ours\nsys.path.append('lib')\n\n{KEPT}app = {APP}\n"


@pytest.mark.parametrize(
    ("head", "local", "name"),
    [
        ("", "application", "application"),
        ("", "my_app", "my_app"),
        ("from shop import application\n", "application", "app"),
        ("from shop import app, application\n", "app", "wsgi_app"),
        ("app = application = wsgi_app = wsgi_application = 1\n", "app", "gae_application"),
        ("def f(): return application\n", "application", "app"),
        ("", "list", "app"),
    ],
)
def test_names_that_are_taken_are_respected(head: str, local: str, name: str) -> None:
    source = (
        f"{IMPORTS}{head}def main():\n    {local} = {APP}\n    {local} = wrap({local})\n"
        f"    run_wsgi_app({local})\n    log({local})\n{GUARD}"
    )
    found = conversion(source)
    assert found.attribute == name
    assert f"\n{name} = {APP}\n{name} = wrap({name})\n" in prepared(source)
    assert f"    run_wsgi_app({name})\n    log({name})\n" in prepared(source)


def test_a_module_of_the_package_takes_a_name_too() -> None:
    files: dict[str, str | bytes] = {
        "blog/__init__.py": f"{IMPORTS}if __name__ == '__main__':\n    run_wsgi_app({APP})\n",
        "blog/app.py": "",
    }
    found = convert(make_app(files), "blog/__init__.py")
    assert isinstance(found, Conversion)
    assert found.attribute == "application"


def test_a_local_whose_name_is_taken_gets_another() -> None:
    source = (
        f"{IMPORTS}urls = 1\nprint_it(urls)\ndef main():\n    urls = [('/', Page)]\n    app = make(urls)\n"
        f"    run_wsgi_app(app)\n    log(urls)\n{GUARD}"
    )
    assert "app_urls = [('/', Page)]\napp = make(app_urls)\n" in prepared(source)
    assert "    log(app_urls)\n" in prepared(source)


def test_the_choice_of_an_application() -> None:
    source = (
        f"{IMPORTS}from wsgiref.handlers import CGIHandler\nfrom site import DEBUG, app\n\ndef main():\n"
        "    if DEBUG:\n"
        "        from paste import debugged\n        CGIHandler().run(debugged(app))\n    else:\n"
        "        # as ever\n        from google.appengine.ext.webapp.util import run_bare_wsgi_app\n"
        f"        run_bare_wsgi_app(app)\n{GUARD}"
    )
    assert finished(source) == (
        f"{KEPT}from site import DEBUG, app\n\nif DEBUG:\n    from paste import debugged\n"
        "    application = debugged(app)\n"
        "else:\n    # as ever\n    application = app\n"
    )
    assert "\n    CGIHandler().run(application)\n" in prepared(source)


def test_frameworks() -> None:
    web = "import web\nurls = ('/', 'index')\n"
    assert finished(f"{web}app = web.application(urls, globals())\nmain = app.cgirun()\n") == (
        f"{web}app = web.application(urls, globals())\napplication = app.wsgifunc()\n"
    )
    assert finished(f"{web}if __name__ == '__main__':\n    web.application(urls, globals()).cgirun()\n") == (
        f"{web}app = web.application(urls, globals()).wsgifunc()\n"
    )
    bottle = "from bottle import route, run\n@route('/')\ndef index(): return 'x'\n"
    assert finished(f"{bottle}run(server='gae')\n") == (
        f"{bottle}from bottle import default_app\napp = default_app()\n".replace("route, run", "route")
    )
    assert finished(
        "from wsgiref.handlers import CGIHandler\nfrom shop import app\n\nCGIHandler().run(app)\n"
    ) == ("from shop import app\n")


def test_what_works_as_cgi_still_runs_as_cgi_when_it_is_prepared() -> None:
    web = "import web\napp = web.application((), globals())\n"
    assert (
        prepared(f"{web}main = app.cgirun()\n") == f"{web}application = app.wsgifunc()\nmain = app.cgirun()\n"
    )
    assert prepared(f"{IMPORTS}run_wsgi_app({APP})\n") == f"{IMPORTS}app = {APP}\nrun_wsgi_app(app)\n"


def test_lazily_built() -> None:
    source = (
        f"{IMPORTS}application = None\n\ndef main():\n    global application\n    if application is None:\n"
        f"        application = {APP}\n    run_wsgi_app(application)\n{GUARD}"
    )
    assert (
        finished(source) == f"{KEPT}application = None\n\nif application is None:\n    application = {APP}\n"
    )
    assert "def main():\n    run_wsgi_app(application)\n" in prepared(source)


def test_names_of_star_imports() -> None:
    source = (
        "from base import *\n\ndef main():\n    webapp.template.register_template_library('tags')\n"
        "    run_wsgi_app(application)\n"
    )
    assert finished(f"{source}{GUARD}") == (
        "from base import *\n\nwebapp.template.register_template_library('tags')\n"
    )
    assert conversion(f"{source}{GUARD}").attribute == "application"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("indent", ["  ", "    ", "\t"])
@pytest.mark.parametrize("head", ["", "\ufeff", "# caf\u00e9\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_bytes_are_kept(newline: str, indent: str, head: str, end: str) -> None:
    source = (
        f"{head}import a\n{IMPORTS}\n\x0c\ndef main():\n\tapp = [\n\t\t1]\n\trun_wsgi_app(app)\n\n"
        f"if __name__ == '__main__':\n\tmain(){end}"
    )
    expected = f"{head}import a\n{KEPT}\n\x0c\napp = [\n\t1]\n"
    source, expected = (text.replace("\t", indent).replace("\n", newline) for text in (source, expected))
    assert finished(source.encode()).encode("latin-1") == expected.encode()


def test_a_form_feed_stays() -> None:
    source = f"{IMPORTS}\n\x0c\ndef main():\n    run_wsgi_app({APP})\n{GUARD}"
    assert finished(source) == f"{KEPT}\n\x0c\napp = {APP}\n"


def test_latin_1_stays_latin_1() -> None:
    source = (
        f"# -*- coding: latin-1 -*-\n{IMPORTS}def main():\n    app = make('caf\xe9')\n"
        f"    run_wsgi_app(app)\n{GUARD}"
    )
    assert finished(source.encode("latin-1")) == f"# -*- coding: latin-1 -*-\n{KEPT}app = make('caf\xe9')\n"


@pytest.mark.parametrize(
    ("inside", "provable"),
    [
        (f"    app = {APP}\n    run_wsgi_app(app)\n", True),
        (f"    run_wsgi_app({APP})\n", True),
        (f"    app = {APP}\n    run_wsgi_app(wrap(app))\n", False),
        ("    run_wsgi_app(make())\n", False),
        (
            f"    from pages import Home\n    app = {APP.replace('[]', '[Home]')}\n    run_wsgi_app(app)\n",
            False,
        ),
        (
            (
                f"    import logging\n    logging.getLogger().setLevel(10)\n    app = {APP}\n"
                "    run_wsgi_app(app)\n"
            ),
            True,
        ),
    ],
)
def test_what_is_provable(inside: str, *, provable: bool) -> None:
    assert conversion(f"{IMPORTS}def main():\n{inside}{GUARD}").is_provable is provable
