"""Scripts that import by a name that a module beside them has: lost once they are modules of a package."""

from __future__ import annotations

from pathlib import Path

import pytest

import gaebot
from gaebot.prove import DevServer
from tests.trees import write_tree

SCRIPT = """\
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app
{code}
class Page(webapp.RequestHandler):
  def get(self):
    self.response.out.write(NAME)

def main():
  run_wsgi_app(webapp.WSGIApplication([('.*', Page)]))

if __name__ == '__main__':
  main()
"""

FILES = {
    "app.yaml": """\
application: tea-room
version: 1
runtime: python
api_version: 1
handlers:
- url: /blog
  script: blog/blog.py
- url: /.*
  script: blog/other.py
""",
    "names.py": "NAME = 'the root'\n",
    "blog/__init__.py": "",
    "blog/names.py": "NAME = 'the neighbour'\n",
    "blog/posts.py": "NAME = 'a post'\n",
    "blog/blog.py": SCRIPT.format(code="from blog.posts import NAME"),
    "blog/other.py": SCRIPT.format(code="from names import NAME"),
}


@pytest.mark.parametrize("with_rule", [False, True])
def test_scripts_find_what_they_found(with_rule: bool, python27: Path, sdk: Path, tmp_path: Path) -> None:  # noqa: FBT001
    write_tree(tmp_path, FILES)
    gaebot.fix(tmp_path, unsafe=True, ignore=() if with_rule else ("wsgi-import-beside",))
    assert "script: blog.blog.app" in (tmp_path / "app.yaml").read_text("utf-8")
    with DevServer(tmp_path, python27=python27, sdk=sdk) as server:
        blog, other = server.request("GET", "/blog"), server.request("GET", "/other")
    if with_rule:
        assert (blog.body, other.body) == (b"a post", b"the root")
    else:
        assert (blog.status, other.body) == (500, b"the neighbour")
        assert "ImportError: No module named posts" in blog.log


@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_a_cgi_script_belongs_to_no_package(runtime: str, python27: Path, sdk: Path, tmp_path: Path) -> None:
    yaml = FILES["app.yaml"].replace("runtime: python", f"runtime: {runtime}")
    threads = "threadsafe: false\n" if runtime == "python27" else ""
    write_tree(tmp_path, {**FILES, "app.yaml": yaml + threads})
    with DevServer(tmp_path, python27=python27, sdk=sdk) as server:
        assert server.request("GET", "/blog").body == b"a post"
        assert server.request("GET", "/other").body == b"the root"
