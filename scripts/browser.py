"""A Chromium for tests and pictures of the report, and the axe-core that judges how accessible it is.

The browser is the one that GAEBOT_CHROMIUM names, else one on PATH, else the one that npm's package
@sparticuz/chromium carries. What npm brings goes into the user's cache folder, once, whole or not at all;
no script of a package is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from gaebot.prove.sdk import cache_folder

_AXE = ("axe-core", "4.14.1")
_CHROMIUM = ("@sparticuz/chromium", "147.0.0")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Each archive is compressed with Brotli, which Node can read and Python can't.
_UNPACK = """
const { brotliDecompressSync } = require('zlib');
const { readFileSync, writeFileSync } = require('fs');
const [source, target] = process.argv.slice(1);
for (const name of ['chromium', 'al2023.tar', 'fonts.tar'])
  writeFileSync(`${target}/${name}`, brotliDecompressSync(readFileSync(`${source}/${name}.br`)));
"""
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
</fontconfig>
"""


class NoBrowserError(RuntimeError):
    """There is no Chromium, or no axe-core, and it could not be fetched. The text says why."""


@dataclass(frozen=True)
class Chromium:
    """The program, and what it needs in its environment."""

    path: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def find_chromium(environ: Mapping[str, str] = os.environ) -> Chromium:
    """A Chromium, fetched with npm where there is none. Raises `NoBrowserError`."""
    if chosen := environ.get("GAEBOT_CHROMIUM"):
        if Path(chosen).is_file():
            return Chromium(Path(chosen))
        raise NoBrowserError(f"GAEBOT_CHROMIUM is set to {chosen}, which is no file.")
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is not None:
        return Chromium(Path(found))
    folder = _fetched(*_CHROMIUM, _unpack)
    # What a bare system lacks comes with the browser: a few libraries, and a font.
    environment = {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    return Chromium(folder / "chromium", environment)


def axe_source() -> str:
    """The script of axe-core. Raises `NoBrowserError`."""
    folder = _fetched(*_AXE)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser without a window. Raises `NoBrowserError`."""
    found = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path,
            args=["--no-sandbox", "--disable-gpu"],  # it is given nothing but pages that we made
            env={**os.environ, **found.environment},
        )
        try:
            yield browser
        finally:
            browser.close()


def _unpack(folder: Path) -> None:
    """Make a browser of what lies in its package."""
    package = folder / "node_modules" / "@sparticuz" / "chromium"
    _run("node", "-e", _UNPACK, str(package / "bin"), str(folder))
    for name in ("al2023.tar", "fonts.tar"):
        with tarfile.open(folder / name) as archive:
            archive.extractall(folder, filter="data")
        (folder / name).unlink()
    (folder / "fonts.conf").write_text(_FONTS, encoding="utf-8")
    (folder / "chromium").chmod(0o755)
    shutil.rmtree(folder / "node_modules")


def _fetched(name: str, version: str, prepare: Callable[[Path], None] | None = None) -> Path:
    """The folder in the cache into which a package of npm is installed, once, and prepared."""
    target = cache_folder().parent / f"{name.strip('@').replace('/', '-')}-{version}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="installing-") as workplace:
        fresh = Path(workplace, "package")
        fresh.mkdir()
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--omit=optional")
        _run("npm", "install", "--prefix", str(fresh), *options, f"{name}@{version}")
        if prepare is not None:
            prepare(fresh)
        try:
            fresh.rename(target)
        except OSError:
            if not target.is_dir():  # another process was faster
                raise
    return target


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    except FileNotFoundError:
        raise NoBrowserError(f"{command[0]} is not installed, which fetches the browser.") from None
    except subprocess.TimeoutExpired:
        raise NoBrowserError(f"{command[0]} did not end within 10 minutes.") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()
        raise NoBrowserError(f"{command[0]} failed:\n{said}") from None
