"""The third-party libraries that python27 brings along, and how app.yaml asks for them.

The table is that of the SDK 1.9.88, google/appengine/api/appinfo.py (`_SUPPORTED_LIBRARIES`,
`REQUIRED_LIBRARIES`). A test asks the SDK and compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gaebot.app import App
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.service import Service
from gaebot.syntax.yaml import MappingNode, Node, Pair, SequenceNode, YamlFile, as_text, is_null

LATEST = "latest"


class Library(NamedTuple):
    """A library of the runtime.

    `versions` are in order of release. `latest` is what `version: latest` stands for, `default` the
    version that an app has without asking. `modules` are the names it is imported by, where they
    are not just its own.
    """

    name: str
    versions: tuple[str, ...]
    latest: str
    default: str | None = None
    deprecated: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    @property
    def imports(self) -> tuple[str, ...]:
        """The names of the modules that it provides."""
        return self.modules or (self.name,)

    @property
    def current(self) -> tuple[str, ...]:
        """The versions that are not deprecated."""
        return tuple(version for version in self.versions if version not in self.deprecated)


PIL_MODULES = (
    "ArgImagePlugin", "BdfFontFile", "BmpImagePlugin", "BufrStubImagePlugin", "ContainerIO",
    "CurImagePlugin", "DcxImagePlugin", "EpsImagePlugin", "ExifTags", "FitsStubImagePlugin",
    "FliImagePlugin", "FontFile", "FpxImagePlugin", "GbrImagePlugin", "GdImageFile", "GifImagePlugin",
    "GimpGradientFile", "GimpPaletteFile", "GribStubImagePlugin", "Hdf5StubImagePlugin",
    "IcnsImagePlugin", "IcoImagePlugin", "ImImagePlugin", "Image", "ImageChops", "ImageCms",
    "ImageColor", "ImageDraw", "ImageDraw2", "ImageEnhance", "ImageFile", "ImageFileIO", "ImageFilter",
    "ImageFont", "ImageGL", "ImageGrab", "ImageMath", "ImageMode", "ImageOps", "ImagePalette",
    "ImagePath", "ImageQt", "ImageSequence", "ImageShow", "ImageStat", "ImageTransform", "ImageWin",
    "ImtImagePlugin", "IptcImagePlugin", "JpegImagePlugin", "McIdasImagePlugin", "MicImagePlugin",
    "MpegImagePlugin", "MspImagePlugin", "OleFileIO", "PaletteFile", "PalmImagePlugin", "PcdImagePlugin",
    "PcfFontFile", "PcxImagePlugin", "PdfImagePlugin", "PixarImagePlugin", "PngImagePlugin",
    "PpmImagePlugin", "PSDraw", "PsdImagePlugin", "SgiImagePlugin", "SpiderImagePlugin",
    "SunImagePlugin", "TarIO", "TgaImagePlugin", "TiffImagePlugin", "TiffTags", "WalImageFile",
    "WbmpImagePlugin", "WmfImagePlugin", "XbmImagePlugin", "XpmImagePlugin", "XVThumbImagePlugin",
)  # fmt: skip
"""The modules in the package PIL, which some installations let be imported by their bare names."""

LIBRARIES: dict[str, Library] = {
    library.name: library
    for library in (
        Library("clearsilver", ("0.10.5",), "0.10.5", modules=("neo_cgi", "neo_cs", "neo_util")),
        Library("click", ("6.6",), "6.6"),
        Library(
            "django",
            ("1.2", "1.3", "1.4", "1.5", "1.9", "1.11"),
            "1.4",
            deprecated=("1.2", "1.3", "1.5", "1.9"),
        ),
        Library("enum", ("0.9.23",), "0.9.23"),
        Library("endpoints", ("1.0",), "1.0"),
        Library("flask", ("0.12",), "0.12"),
        Library("futures", ("3.0.5",), "3.0.5", modules=("concurrent.futures",)),
        Library("grpcio", ("1.0.0",), "1.0.0", modules=("grpc",)),
        Library("itsdangerous", ("0.24",), "0.24"),
        Library("jinja2", ("2.6",), "2.6"),
        Library("lxml", ("2.3", "2.3.5", "3.7.3"), "3.7.3", deprecated=("2.3", "2.3.5")),
        Library("markupsafe", ("0.15", "0.23"), "0.15"),
        Library("matplotlib", ("1.2.0",), "1.2.0", modules=("matplotlib", "mpl_toolkits", "pylab")),
        Library(
            "MySQLdb",
            ("1.2.4b4", "1.2.4", "1.2.5"),
            "1.2.5",
            deprecated=("1.2.4b4", "1.2.4"),
            modules=("MySQLdb", "_mysql", "_mysql_exceptions"),
        ),
        Library("mysqlclient", ("1.4.4",), "1.4.4", modules=("MySQLdb", "_mysql")),
        Library("numpy", ("1.6.1",), "1.6.1"),
        Library(
            "PIL",
            ("1.1.7",),
            "1.1.7",
            modules=("PIL", *PIL_MODULES),
        ),
        Library("protorpc", ("1.0",), "1.0", default="1.0"),
        Library(
            "pytz",
            ("2016.4", "2017.2", "2017.3"),
            "2017.3",
            default="2017.3",
            deprecated=("2016.4", "2017.2"),
        ),
        Library("crcmod", ("1.7",), "1.7"),
        Library("protobuf", ("3.0.0",), "3.0.0", modules=("google.protobuf",)),
        Library("psycopg2", ("2.8.3",), "2.8.3"),
        Library("PyAMF", ("0.6.1", "0.7.2"), "0.6.1", modules=("pyamf",)),
        Library("pycrypto", ("2.3", "2.6", "2.6.1"), "2.6", deprecated=("2.3",), modules=("Crypto",)),
        Library(
            "setuptools",
            ("0.6c11", "36.6.0"),
            "36.6.0",
            deprecated=("0.6c11",),
            modules=("setuptools", "pkg_resources", "easy_install"),
        ),
        Library("six", ("1.9.0", "1.12.0"), "1.12.0", default="1.12.0"),
        Library("ssl", ("2.7", "2.7.11", "2.7.16"), "2.7.11", deprecated=("2.7",), modules=("ssl", "_ssl")),
        Library("ujson", ("1.35",), "1.35"),
        Library(
            "webapp2",
            ("2.3", "2.5.1", "2.5.2"),
            "2.5.2",
            default="2.3",
            deprecated=("2.5.1",),
            modules=("webapp2", "webapp2_extras"),
        ),
        Library("webob", ("1.1.1", "1.2.3"), "1.2.3", default="1.1.1"),
        Library("werkzeug", ("0.11.10",), "0.11.10", default="0.11.10"),
        Library("yaml", ("3.10",), "3.10", default="3.10"),
    )
}
"""The libraries by name. Names are case-sensitive."""

REQUIRED: dict[tuple[str, str], dict[str, str]] = {
    ("django", "1.11"): {"pytz": "2017.2"},
    ("flask", "0.12"): {"click": "6.6", "itsdangerous": "0.24", "jinja2": "2.6", "werkzeug": "0.11.10"},
    ("jinja2", "2.6"): {"markupsafe": "0.15", "setuptools": "0.6c11"},
    ("matplotlib", "1.2.0"): {"numpy": "1.6.1"},
    ("protobuf", "3.0.0"): {"six": LATEST},
    ("grpcio", "1.0.0"): {
        "protobuf": "3.0.0",
        "enum": "0.9.23",
        "futures": "3.0.5",
        "six": LATEST,
        "setuptools": "36.6.0",
    },
}
"""What a library at a version brings along, one level deep. `latest` is resolved before this is asked."""

_APPS_CHOICE = frozenset({"django"})
_PINS = {"pycrypto": "2.6.1"}


def recommended(name: str) -> str | None:
    """The version to write where an app has named none; None where that is for the app to choose."""
    if name not in LIBRARIES or name in _APPS_CHOICE:
        return None
    return _PINS.get(name, LIBRARIES[name].latest)


class Declared(NamedTuple):
    """One entry of `libraries:`. `name` and `version` are its keys with their values, if given."""

    service: Service
    list: Pair
    item: MappingNode
    name: Pair | None
    version: Pair | None

    @property
    def file(self) -> YamlFile:
        """The file that it stands in."""
        return self.service.file

    @property
    def library(self) -> Library | None:
        """What the runtime knows under this name."""
        return LIBRARIES.get(as_text(self.name.value) or "") if self.name else None

    @property
    def version_text(self) -> str | None:
        """The version as App Engine reads it: `3.10` without quotes is '3.1'."""
        return as_text(self.version.value) if self.version and not is_null(self.version.value) else None

    @property
    def resolved(self) -> str | None:
        """The version that counts: what `latest` stands for, else the version given."""
        if self.library is not None and self.version_text == LATEST:
            return self.library.latest
        return self.version_text


def declared(app: App) -> Iterator[Declared]:
    """The entries of `libraries:` of all services, in order."""
    for service in python_services(app):
        yield from declared_by(service)


def declared_by(service: Service) -> Iterator[Declared]:
    """The entries of `libraries:` of one service that are mappings, in order."""
    pair = service.get("libraries")
    for item in entries(service):
        if pair is not None and isinstance(item, MappingNode):
            yield Declared(service, pair, item, YamlFile.get(item, "name"), YamlFile.get(item, "version"))


def entries(service: Service) -> list[Node]:
    """The items of `libraries:` of one service, whatever they are."""
    pair = service.get("libraries")
    return YamlFile.items(pair.value) if pair is not None and isinstance(pair.value, SequenceNode) else []
