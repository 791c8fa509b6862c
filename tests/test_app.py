import time

import pytest

from gaebot.app import App, once_per_app
from gaebot.paths import is_yaml
from gaebot.text import SourceFile

APP_YAML = b"runtime: python\nhandlers:\n- url: /.*\n  script: main.py\n"


def paths(files):
    return [file.source.path for file in files]


# -- files ---------------------------------------------------------------------------------


def test_paths_and_folders():
    app = App({"a/b/c.py": b"", "main.py": b""}, others=["img/x.png"], skipped=["tests/t.py"])
    assert app.paths == {"a/b/c.py", "main.py", "img/x.png"}
    assert app.folders == {"a", "a/b", "img"}


def test_findings_are_wanted_in_all_files_unless_somebody_says_otherwise():
    app = App({"a.py": b"", "b.py": b"", "c.yaml": b""})
    assert all(map(app.is_asked_for, app.files))
    assert app.asks_for_any(is_yaml)
    narrow = app.asking_for(lambda path: path == "b.py")
    assert [path for path in narrow.files if narrow.is_asked_for(path)] == ["b.py"]
    assert not narrow.asks_for_any(is_yaml)
    assert not narrow.with_files({"a.py": SourceFile("a.py", b"1")}).is_asked_for("a.py")
    assert not narrow.without_files(["b.py"]).is_asked_for("a.py")
    assert app.is_asked_for("a.py")


def test_a_name_with_thousands_of_dots_is_looked_up_at_once():
    app = App({"a/__init__.py": b"", "a/b.py": b"", "main.py": b""})
    begin = time.process_time()
    assert app.imported_path("a.b" + ".c" * 20_000, app.python("main.py")) == "a/b.py"
    assert app.imported_path("x" + ".c" * 20_000, app.python("main.py")) is None
    assert time.process_time() - begin < 2  # it took minutes


def test_vendored_code_is_left_out_unless_asked_for():
    files = {"lib/x.py": b"", "liberty.py": b"", "one.py": b"", "lib/y.yaml": b"", "z.yaml": b""}
    app = App(files, vendored={"lib": "lib", "one.py": "one"})
    assert paths(app.python_files()) == ["liberty.py"]
    assert paths(app.python_files(vendored=True)) == ["lib/x.py", "liberty.py", "one.py"]
    assert paths(app.yaml_files()) == ["z.yaml"]
    assert paths(app.yaml_files(vendored=True)) == ["lib/y.yaml", "z.yaml"]
    assert app.is_vendored("lib/deep/er.py")


def test_words_spare_parsing():
    app = App({"a.py": b"import os", "b.py": b"import sys", "c.py": b""})
    assert paths(app.python_files(b"os", b"sys")) == ["a.py", "b.py"]
    assert paths(app.python_files(b"sys")) == ["b.py"]


def test_files_by_path():
    app = App({"a.py": b"", "b.yaml": b"", "app.yaml.example": b""})
    assert app.python("a.py") is app.python("a.py")
    assert app.yaml("b.yaml") is app.yaml("b.yaml")
    assert app.yaml("app.yaml.example") is not None
    assert app.python("b.yaml") is None
    assert app.yaml("a.py") is None
    assert app.python("gone.py") is None
    assert app.yaml("gone.yaml") is None


def test_a_changed_app_keeps_what_is_known_of_the_rest():
    app = App({"a.py": b"1", "b.py": b"2"}, root="r", others=["o"], skipped=["s"], read_only=["a.py"])
    a, b = app.python("a.py"), app.python("b.py")
    changed = app.with_files({"a.py": SourceFile("a.py", b"9"), "new.py": SourceFile("new.py", b"")})
    assert changed.python("b.py") is b
    assert changed.python("a.py") is not a
    assert changed.python("a.py").source.data == b"9"
    assert "new.py" in changed.paths
    assert (changed.root, changed.others, changed.skipped, changed.read_only) == ("r", {"o"}, {"s"}, {"a.py"})
    assert app.files["a.py"].data == b"1"


# -- services ------------------------------------------------------------------------------


def test_services_in_order():
    files = {
        "worker.yaml": APP_YAML,
        "app.yaml": APP_YAML,
        "app.yaml.example": APP_YAML,
        "cron.yaml": b"cron:\n",
        "mobile/mobile.yaml": APP_YAML,
        "docs.yaml": b"runtime: x\n",
        "api.yaml": b"runtime: python27\nservice: api\n",
        "broken.yaml": b"runtime: [\nhandlers:",
    }
    services = App(files).services
    assert [service.path for service in services] == [
        "app.yaml",
        "api.yaml",
        "mobile/mobile.yaml",
        "worker.yaml",
        "app.yaml.example",
    ]
    assert [service.is_template for service in services] == [False] * 4 + [True]


def test_vendored_services_are_none_of_the_app():
    assert App({"lib/app.yaml": APP_YAML}, vendored={"lib": "x"}).services == ()


def test_includes_come_behind_the_own_handlers_in_order():
    files = {
        "app.yaml": APP_YAML + b"includes:\n- lib/one.yaml\n- lib/two\n- gone.yaml\n- 3\n- [x]\n",
        "lib/one.yaml": b"includes:\n- deep.yaml\nhandlers:\n- url: /one\n  script: one.py\n",
        "lib/two/include.yaml": b"handlers:\n- url: /two\n  script: two.py\n",
        "lib/deep.yaml": b"includes: [one.yaml, ../app.yaml]\nhandlers:\n- url: /deep\n  script: deep.py\n",
    }
    (service,) = App(files).services
    assert paths(service.includes) == ["lib/one.yaml", "lib/two/include.yaml", "lib/deep.yaml"]
    assert [use.script.text for use in service.scripts] == ["main.py", "one.py", "two.py", "deep.py"]


def test_an_app_yaml_that_can_not_be_read_is_a_service_without_handlers():
    (service,) = App({"app.yaml": b"runtime: ["}).services
    assert service.runtime is None
    assert service.handlers == ()
    assert service.scripts == ()


def test_backends_belong_to_the_app_yaml_in_the_root():
    files = {
        "app.yaml": APP_YAML,
        "backends.yaml": b"backends:\n- name: b\n  start: b.py\n",
        "w.yaml": APP_YAML,
    }
    app, worker = App(files).services
    assert [use.script.text for use in app.scripts] == ["main.py", "b.py"]
    assert [use.script.text for use in worker.scripts] == ["main.py"]


# -- modules -------------------------------------------------------------------------------

MODULES = {
    "main.py": b"import util\nfrom pkg import mod\nfrom pkg.mod import thing\nimport pkg.deep.leaf\n",
    "util.py": b"",
    "pkg/__init__.py": b"",
    "pkg/mod.py": b"import util, leaf\nfrom . import util as beside\nfrom deep import leaf as far\n",
    "pkg/util.py": b"",
    "pkg/deep/__init__.py": b"",
    "pkg/deep/leaf.py": b"",
    "scripts/tool.py": b"import util\n",
    "both/__init__.py": b"",
    "both.py": b"",
}


@pytest.mark.parametrize(
    ("dotted", "path"),
    [
        ("main", "main.py"),
        ("pkg", "pkg/__init__.py"),
        ("pkg.deep.leaf", "pkg/deep/leaf.py"),
        ("both", "both/__init__.py"),
        ("scripts.tool", None),  # no package
        ("scripts", None),
        ("gone", None),
        ("", None),
        ("pkg.", None),
    ],
)
def test_module_path(dotted, path):
    assert App(MODULES).module_path(dotted) == path


@pytest.mark.parametrize(
    ("dotted", "importer", "path"),
    [
        ("util.name", "main.py", "util.py"),
        ("util.name", "pkg/mod.py", "pkg/util.py"),  # beside the importing module first
        ("pkg.deep.leaf.x.y", "main.py", "pkg/deep/leaf.py"),
        ("deep.leaf", "pkg/mod.py", "pkg/deep/leaf.py"),
        ("main", "pkg/deep/leaf.py", "main.py"),
        ("os.path", "main.py", None),
    ],
)
def test_imported_path(dotted, importer, path):
    app = App(MODULES)
    assert app.imported_path(dotted, app.python(importer)) == path


def test_imports_that_look_from_the_root():
    modules = {"blog/__init__.py": b"", "blog/posts.py": b"", "blog/models.py": b"", "models.py": b""}
    app = App({**modules, "blog/blog.py": b"", "blog/new.py": b"from __future__ import absolute_import\n"})
    assert app.imported_path("blog.posts.Post", app.python("blog/blog.py")) == "blog/posts.py"
    assert app.imported_path("blog.Post", app.python("blog/posts.py")) == "blog/blog.py"
    assert app.imported_path("models", app.python("blog/blog.py")) == "blog/models.py"
    assert app.imported_path("models", app.python("blog/new.py")) == "models.py"


def test_a_package_with_a_module_of_its_own_name():
    modules = {"blog/__init__.py": b"", "blog/blog.py": b"", "blog/posts.py": b"", "blog/feeds.py": b""}
    app = App({**modules, "blog/json.py": b""})
    # What `from . import posts`, `from .posts import Post` and `from . import missing` look for.
    assert app.imported_path("blog.posts", app.python("blog/feeds.py")) == "blog/posts.py"
    assert app.imported_path("blog.posts.Post", app.python("blog/feeds.py")) == "blog/posts.py"
    assert app.imported_path("blog.missing", app.python("blog/feeds.py")) == "blog/blog.py"
    # `import json` in blog/json.py finds itself.
    assert app.imported_path("json", app.python("blog/json.py")) == "blog/json.py"
    assert app.imported_path("json", app.python("blog/feeds.py")) == "blog/json.py"


def test_importers():
    app = App(MODULES)

    def importers(path):
        return sorted({file.source.path for file, _ in app.importers(path)})

    assert importers("util.py") == ["main.py", "scripts/tool.py"]
    assert importers("pkg/util.py") == ["pkg/mod.py"]
    assert importers("pkg/mod.py") == ["main.py"]
    assert importers("pkg/deep/leaf.py") == ["main.py", "pkg/mod.py"]
    assert importers("main.py") == []


@pytest.mark.parametrize(
    "code",
    [
        b"import util",
        b"x = 1; import util",
        b"try: import util\nexcept ImportError: pass",
        b"if x:\n  import os, \\\n    util",
        b"import os, util as u",
        b"from util import x",
        b"from . import (os, # :)\n  util)",
        b"from .util import *",
    ],
)
def test_importers_however_the_import_is_written(code):
    app = App({"util.py": b"", "main.py": code, "other.py": b"util = 1\n"})
    assert {file.source.path for file, _ in app.importers("util.py")} == {"main.py"}
    assert b"util" in app.import_words("main.py")


# -- analyses ------------------------------------------------------------------------------


def test_an_analysis_runs_once_for_each_app():
    calls = []

    @once_per_app
    def analysis(app):
        calls.append(app)
        return len(app.files)

    one, two = App({"a.py": b""}), App({})
    assert [analysis(one), analysis(one), analysis(two)] == [1, 1, 0]
    assert calls == [one, two]


def test_an_app_without_some_files():
    app = App(
        {"a.py": b"", "b.py": b"import a\n"}, others=["c.png", "d.png"], read_only=["b.py"], root="shop"
    )
    assert app.module_path("a") == "a.py"
    left = app.without_files(["a.py", "c.png", "nowhere"])
    assert (list(left.files), left.others, left.root) == (["b.py"], {"d.png"}, "shop")
    assert left.read_only == {"b.py"}
    assert left.module_path("a") is None
    assert app.module_path("a") == "a.py"
