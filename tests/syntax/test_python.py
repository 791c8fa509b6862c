import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaebot.syntax.nodes import ancestors, arguments, string_value, text
from gaebot.syntax.python import PythonFile
from gaebot.text import SourceFile

BOM = b"\xef\xbb\xbf"


def python(code, path="main.py", module="main"):
    return PythonFile(SourceFile(path, code if isinstance(code, bytes) else code.encode()), module)


def last(file, name):
    """The last identifier with this name in the file."""
    return [node for node in file.nodes("(identifier) @x") if text(node) == name][-1]


def origins(code, **named):
    """What the last statement of some code, an expression, may refer to."""
    file = python(code, **named)
    statement = file.root.named_children[-1]
    return set(file.origins(statement.named_children[0]))


# -- reading -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "print 'x'\nprint >>f, 1,\nexec 'a' in b\n",
        "try:\n  pass\nexcept E, e:\n  raise T, v, tb\n",
        "x = `y` + 0777 + 10L + ur'z'\nif a <> b: pass\n",
        "def f((a, b), c=1): pass\nlambda (a, b): a\n",
        "class A: pass\nimport a.b as c\nfrom . import d\nwith x: pass\n",
        b"# coding: latin-1\nx = '\xe4'  # \xff\n",
        BOM + b"x = 1\n",
        b"x = 1\r\nif x:\r\n\ty = 2\r\n",
        b"if x:\n\ty = 1\n        z = 2\n",
        b"x = 1",
        b"",
        b"\x0c\ndef f():\n  pass\n",
    ],
)
def test_python_2_is_read_without_errors(code):
    file = python(code)
    assert not file.is_broken
    assert file.errors == []


@pytest.mark.parametrize("code", ["x = (", "def f(:\n  pass\n", "x = = 1\n", "'unclosed\n"])
def test_broken_code_is_told_and_the_rest_is_read(code):
    file = python(f"import os\n{code}")
    assert file.is_broken
    assert file.errors
    assert "os" in {binding.text for binding in file.imports()}


@pytest.mark.parametrize(
    "code",
    [
        "if x:\n",
        "def f():\n  # c\nx = 1\n",
        "class A:\n\nx\n",
        "try:\n  x\nfinally:\n",
        "if x:\n  y\nelse:\n",
    ],
)
def test_a_block_without_a_statement_is_an_error(code):
    assert len(python(code).errors) == 1


def test_ten_thousand_brackets_do_not_overflow():
    for code in (
        "(" * 10_000 + ")" * 10_000,
        "(" * 10_000,
        "[" * 10_000 + "x",
        "-" * 10_000 + "1",
        "f" + "()" * 10_000,
        "a" + ".b" * 10_000,
    ):
        file = python(f"import os\nx = {code}\nx\n")
        list(file.imports())
        for node in file.nodes("(identifier) @x"):
            file.origins(node)
        assert file.is_broken or file.problem


def test_nul_bytes_end_nothing():
    file = python(b"x = 1 # \0\nimport os\n")
    assert [binding.text for binding in file.imports()] == ["os"]
    assert file.place(last(file, "os")).start.line == 2


def test_places_are_bytes_of_the_source():
    file = python(BOM + "# ä\nname = 1\n".encode())
    assert file.place(last(file, "name")).snippet == b"name"
    assert file.place(last(file, "name")).start == (2, 1)


def test_queries():
    file = python("def a(): pass\ndef b(): c()\n")
    query = "(function_definition name: (identifier) @name) @def"
    assert [text(match["name"]) for match in file.matches(query)] == ["a", "b"]
    second = list(file.matches(query))[1]["def"]
    assert [text(node) for node in file.nodes("(call function: (_) @f)", second)] == ["c"]
    assert [node.type for node in ancestors(last(file, "c"))][:3] == ["call", "expression_statement", "block"]


def test_parts_of_a_piece_of_code():
    file = python("f('a')\nb = g(h)('c') + [x.y(i)]\n")
    statement = file.root.named_children[1]
    assert [text(node) for node in file.parts("call", statement)] == ["g(h)('c')", "g(h)", "x.y(i)"]
    assert [text(node) for node in file.parts("string", statement)] == ["'c'"]
    assert [text(node) for node in file.parts("identifier", statement)] == ["b", "g", "h", "x", "y", "i"]
    assert file.parts("string", file.parts("call", statement)[1]) == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("for a, (b, c) in d: pass", {"a", "b", "c"}),
        ("e = [f for f, g in h]", {"e", "f", "g"}),
        ("try: pass\nexcept ValueError, e: pass", {"e"}),
        ("try: pass\nexcept ValueError as e: pass", {"e"}),
        ("try: pass\nexcept (A, B), (e, f): pass", {"e", "f"}),
        ("with a as b, c as (d, e): pass", {"b", "d", "e"}),
        ("del a, b", {"a", "b"}),
        ("class A: pass\ndef f(): pass", {"A", "f"}),
        ("try: pass\nexcept ValueError: pass", set()),
    ],
)
def test_all_that_binds_a_name(code, names):
    assert set(python(code).scope.bindings) == names


def test_arguments():
    file = python("f(1, a, *b, k=2, **c) # x\n")
    positional, named = arguments(file.root.named_children[0].named_children[0])
    assert [text(node) for node in positional] == ["1", "a", "*b", "**c"]
    assert {name: text(node) for name, node in named.items()} == {"k": "2"}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("'a'", "a"),
        ('u"a"', "a"),
        ("'''a\nb'''", "a\nb"),
        (r"r'\d'", r"\d"),
        (r"'\n'", None),
        ("'a' 'b'", None),
        ("1", None),
        ("''", ""),
    ],
)
def test_string_value(code, value):
    assert string_value(python(f"{code}\n").root.named_children[0].named_children[0]) == value


# -- what a name refers to -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os\nos.path\n", {"os.path"}),
        ("import os.path\nos.path\n", {"os.path"}),
        ("import os.path as p\np.join\n", {"os.path.join"}),
        ("from a.b import c\nc.d\n", {"a.b.c.d"}),
        ("from a import b as c\nc\n", {"a.b"}),
        ("from a import (b,\n  c as d)\nd\n", {"a.c"}),
        ("class A: pass\nA\n", {"main.A"}),
        ("def f(): pass\nf()\n", {"main.f()"}),
        ("unknown\n", {"unknown"}),
        ("unknown.x\n", {"unknown.x"}),
        ("import a\nb = a.C\nb.d\n", {"main.b.d", "a.C.d"}),
        ("import a\nb = a\nc = b\nc\n", {"main.c", "main.b", "a"}),
        ("import a\nb = a.F()\nb.run\n", {"main.b.run", "a.F().run"}),
        ("from h import CGI\nCGI().run(app)\n", {"h.CGI().run()"}),
        (
            "try:\n  import json\nexcept ImportError:\n  import simplejson as json\njson\n",
            {"json", "simplejson"},
        ),
        ("def f(x):\n  pass\nx\n", {"x"}),
        ("for x in y: pass\nx\n", set()),
        ("a, b = c\na\n", {"main.a"}),
        ("x = 1\ndel x\nx\n", {"main.x"}),
    ],
)
def test_origins_at_module_level(code, expected):
    assert origins(code) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import a\ndef f():\n  return a\n", {"a"}),
        ("import a\ndef f(a):\n  return a\n", set()),
        ("import a\ndef f(b=a):\n  pass\n", {"a"}),
        ("import a\ndef f(b, *a):\n  return a\n", set()),
        ("import a\ndef f():\n  import b as a\n  return a\n", {"b"}),
        (
            "import a\nclass C:\n  a = 1\n  def f(self):\n    return a\n",
            {"a"},
        ),  # class scopes are not seen inside
        ("import a\nclass C:\n  import b as a\n  x = a\n", {"b"}),
        ("import a\ndef f():\n  global a\n  import b as a\n\nb = a\n", {"a", "b"}),
        ("import a\nf = lambda a: a\n", set()),
        ("import a\nf = lambda b=a: b\n", {"a"}),
        ("import a\n[a for a in b]\na\n", {"a"}),  # in Python 2 the loop variable stays
        ("import a\nclass C(a): pass\n", {"a"}),
        ("import a\n@a\ndef f(a): pass\n", None),
        ("import a\ndef f((x, a)):\n  return a\n", set()),
        ("import a\nwith b as a:\n  a\n", {"a"}),
        ("import a\ntry: pass\nexcept E, a:\n  a\n", {"a"}),
    ],
)
def test_scopes(code, expected):
    file = python(code)
    if expected is None:
        decorator = file.nodes("(decorator (identifier) @x)")[0]
        assert file.origins(decorator) == {"a"}
    else:
        assert file.origins(last(file, "a")) == expected


@pytest.mark.parametrize(
    ("path", "module", "code", "expected"),
    [
        ("pkg/mod.py", "pkg.mod", "from . import x\nx\n", {"pkg.x"}),
        ("pkg/mod.py", "pkg.mod", "from .y import x\nx\n", {"pkg.y.x"}),
        ("pkg/sub/mod.py", "pkg.sub.mod", "from ..y import x\nx\n", {"pkg.y.x"}),
        ("pkg/__init__.py", "pkg", "from .y import x\nx\n", {"pkg.y.x"}),
        ("pkg/__init__.py", "pkg", "def x(): pass\nx\n", {"pkg.x"}),
    ],
)
def test_relative_imports(path, module, code, expected):
    assert origins(code, path=path, module=module) == expected


def test_refers_to():
    file = python("from google.appengine.ext.webapp import util\nutil.run_wsgi_app(app)\n")
    (call,) = file.nodes("(call function: (_) @f)")
    assert file.refers_to(call, "other", "google.appengine.ext.webapp.util.run_wsgi_app")
    assert not file.refers_to(call, "run_wsgi_app")


def test_imports_of_all_kinds_and_scopes():
    file = python("import a, b.c as d\nfrom e import *\nclass C:\n  def f(self):\n    from g import h\n")
    assert {(binding.text, binding.origin) for binding in file.imports()} == {
        ("a", "a"),
        ("d", "b.c"),
        ("*", "e.*"),
        ("h", "g.h"),
    }


def test_names_that_are_bound_over_and_over_take_no_time():
    lines = [f"s = s.replace_{number}()" for number in range(300)]
    found = origins("import a\ns = a.start()\n" + "\n".join(lines) + "\ns\n")
    assert {"main.s", "a.start()"} <= found
    mutual = [
        f"{one} = {other}.x{number}"
        for number, (one, other) in enumerate([("a", "b"), ("b", "c"), ("c", "a")] * 40)
    ]
    assert "main.a" in origins("\n".join(mutual) + "\na\n")


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=120)
    | st.text(alphabet="def class import from as x(.)=:\n\t'\"#\\lambda *", max_size=120).map(str.encode)
)
def test_any_bytes_are_read(data):
    file = python(data)
    list(file.imports())
    for node in file.nodes("(identifier) @x"):
        assert file.place(node).snippet == data[node.start_byte : node.end_byte]
        file.origins(node)


# -- lines ---------------------------------------------------------------------------------


def test_lines():
    file = python(BOM + b"if x:\r\n\ty = (1,\r\n  2)  # c\r\nz; w\r\n")
    y = file.nodes("(assignment) @a")[0]
    assert file.source.data[slice(*file.line_span(y))] == b"\ty = (1,\r\n  2)  # c\r\n"
    assert file.indent(y) == b"\t"
    assert file.stands_alone(y)
    z, w = file.root.named_children[1:]
    assert not file.stands_alone(z)
    assert not file.stands_alone(w)
    assert file.stands_alone(file.root.named_children[0])


def test_a_parameter_is_looked_up_in_its_function() -> None:
    file = PythonFile(SourceFile("m.py", b"q = 1\nf = lambda q, r=q: q\ndef g((q, s), t=q): pass\n"), "m")
    kinds = [file.lookup("q", node)[0].kind for node in file.identifiers("q")]
    assert kinds == ["assign", "parameter", "assign", "parameter", "parameter", "assign"]


def test_strings_are_found_by_what_they_say() -> None:
    source = b"a = 'main()'\nb = \"\"\"main()\"\"\" # main()\nc = 'main() or so', u'main()', main()\n"
    found = PythonFile(SourceFile("m.py", source), "m").strings("main()")
    assert [text(node) for node in found] == ["'main()'", '"""main()"""', "u'main()'"]
