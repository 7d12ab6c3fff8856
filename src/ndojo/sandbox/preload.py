"""The modules that the zygote imports before it forks.

A hardened child cannot load shared libraries, so extension modules must be loaded before.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil

STANDARD = """
abc argparse array ast base64 binascii bisect builtins calendar cmath codecs collections.abc
concurrent.futures contextlib contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis
enum errno fractions functools gc glob graphlib hashlib heapq hmac html inspect io itertools json keyword
linecache locale logging math mmap numbers operator os pathlib pickle pprint queue random re reprlib
resource secrets select shutil signal socket stat statistics string struct subprocess sysconfig tempfile
textwrap threading time timeit token tokenize traceback types typing unicodedata unittest uuid warnings
weakref zlib zoneinfo _asyncio _bisect _bz2 _contextvars _csv _ctypes _datetime _decimal _elementtree
_hashlib _heapq _interpreters _json _lsprof _lzma _multibytecodec _opcode _pickle _posixshmem
_posixsubprocess _queue _random _socket _sqlite3 _statistics _struct _uuid _zoneinfo _zstd fcntl pyexpat
encodings.idna encodings.ascii encodings.latin_1 encodings.utf_16 encodings.utf_32
"""

NUMPY = """
numpy numpy.char numpy.core numpy.ctypeslib numpy.dtypes numpy.exceptions numpy.fft numpy.lib.array_utils
numpy.lib.format numpy.lib.introspect numpy.lib.mixins numpy.lib.npyio numpy.lib.recfunctions
numpy.lib.scimath numpy.lib.stride_tricks numpy.linalg numpy.ma numpy.polynomial numpy.random
numpy.rec numpy.strings numpy.testing numpy.typing
"""


def load(packages: tuple[str, ...]) -> None:
    """Import the standard modules and NumPy, and the given packages with their public subpackages."""
    for name in (STANDARD + NUMPY).split():
        _try(name)
    for package in packages:
        _load_whole(package)


def _load_whole(name: str) -> None:
    """Import a package and those of its subpackages that can be imported. Skip it if it is not installed."""
    try:
        package = importlib.import_module(name)
    except ImportError:
        return
    for part in pkgutil.iter_modules(getattr(package, "__path__", [])):
        if part.ispkg and not part.name.startswith("_") and part.name not in ("tests", "conftest"):
            _try(f"{name}.{part.name}")


def _try(name: str) -> None:
    """Import a module if this version of Python or NumPy has it."""
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
