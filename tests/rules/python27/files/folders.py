"""Apps whose script lies in a sub-folder."""

from __future__ import annotations

_YAML = "runtime: {runtime}\napi_version: 1\n{more}handlers:\n- url: /.*\n  script: {script}\n"


def below(code: str, *others: str, runtime: str = "python27", **modules: str) -> dict[str, str | bytes]:
    """An app whose one script is admin/main.py; `others` are further files, `a__b` is the module a/b.py."""
    new = runtime == "python27"
    script = "admin.main.app" if new else "admin/main.py"
    yaml = _YAML.format(runtime=runtime, more="threadsafe: true\n" if new else "", script=script)
    files: dict[str, str | bytes] = {"app.yaml": yaml, "admin/__init__.py": "", "admin/main.py": code}
    files |= {f"{name.replace('__', '/')}.py": text for name, text in modules.items()}
    # Text files count by their names alone: as YAML they are read like any other.
    return {**files, **dict.fromkeys(others, "x: 1\n")}
