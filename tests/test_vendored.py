import pytest

from gaebot.vendored import find_vendored

OWN = ["app.yaml", "main.py", "models.py", "lib/__init__.py", "lib/util.py", "static/site.css"]


def found(*paths):
    return find_vendored([*OWN, *paths])


@pytest.mark.parametrize(
    "path",
    [
        "markdown.py",  # perhaps the app's own
        "web/__init__.py",
        "web/views.py",
        "django_helpers/__init__.py",
        "oauth.py",
        "twitter.py",
        "template.py",
        "kay/__init__.py",
        "requests/__init__.py",
        "requests/handlers.py",
        "geo/__init__.py",
        "geo/util.py",
        "pipeline/__init__.py",
        "pipeline/steps.py",
        "django/__init__.py",  # a name alone does not make a django
        "handlers/flask.py",
        "mapreduce/count_words.py",
        "jinja2_filters.py",
        "google/__init__.py",
        "vendor/models.py",  # a shop has vendors
        "external/views.py",
        "tools/setup.py",  # no release without its papers
        "setup.py",
        "third_party/README",
        "vendor/README.txt",
    ],
)
def test_left_alone(path):
    assert found(path) == {}


def test_an_own_vendor_package_is_left_alone_with_all_that_is_in_it():
    assert found("vendor/__init__.py", "vendor/models.py", "vendor/forms/__init__.py") == {}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["django/__init__.py", "django/core/management/__init__.py"], {"django": "django"}),
        (["lib/simplejson/decoder.py", "lib/simplejson/tests/test_x.py"], {"lib/simplejson": "simplejson"}),
        (["web/__init__.py", "web/webapi.py", "web/db.py"], {"web": "web.py"}),
        (["contrib/httplib2/__init__.py"], {"contrib/httplib2": "httplib2"}),
        (["feedparser.py"], {"feedparser.py": "feedparser"}),
        (["lib/markdown.py"], {"lib/markdown.py": "markdown"}),
        (["gluon/restricted.py"], {"gluon": "web2py"}),
        (
            ["appengine_django/__init__.py", "appengine_django/db/base.py"],
            {"appengine_django": "appengine_django"},
        ),
        (["sdk/google/appengine/api/users.py"], {"sdk/google/appengine": "App Engine SDK"}),
        (
            ["google_appengine/dev_appserver.py", "google_appengine/lib/x.py"],
            {"google_appengine": "App Engine SDK"},
        ),
        (
            ["third_party/thing/a.py", "third_party/one.py"],
            {"third_party/thing": "thing", "third_party/one.py": "one"},
        ),
        (["third_party/yaml/composer.py"], {"third_party/yaml": "PyYAML"}),
        (["vendor/__init__.py", "vendor/thing/a.py"], {"vendor/thing": "thing"}),
        (["lib/python2.7/site-packages/thing/a.py"], {"lib/python2.7/site-packages/thing": "thing"}),
        (["lib/Thing-1.0.egg-info/PKG-INFO", "lib/thing/a.py"], {"lib/thing": "Thing"}),
        (["lib/thing.egg-info/PKG-INFO", "lib/thing.py"], {"lib/thing.py": "thing"}),
        (["thing-1.0/setup.py", "thing-1.0/LICENSE.txt", "thing-1.0/thing/a.py"], {"thing-1.0": "thing-1.0"}),
        (["kay/app.py", "kay/lib/jinja2/environment.py"], {"kay": "kay"}),  # the outermost only
    ],
)
def test_found(paths, expected):
    assert found(*paths) == expected


def test_an_app_is_never_all_third_party():
    assert find_vendored(["app.yaml", "feedparser.py"]) == {}
    assert find_vendored([]) == {}
    assert find_vendored(["setup.py", "README", "app.yaml", "main.py"]) == {}


def test_the_order_of_the_paths_does_not_matter():
    paths = [*OWN, "third_party/django/template/__init__.py", "third_party/x.py", "bottle.py"]
    assert find_vendored(paths) == find_vendored(reversed(paths))
    assert list(find_vendored(paths)) == ["bottle.py", "third_party/django", "third_party/x.py"]
