# ruff: noqa: E501  (one line per attempt is easier to read)
"""Attempts to get a wrong answer accepted: a name, what it does, and for which question.

Each is a wrong answer with a trick. `{right}` is a path to the question's own file, and `{wrong}` is a wrong result.
Add new attempts here.
"""

from __future__ import annotations

WRONG = "x * 3"

UP = """
import sys, struct, os
def up(name, depth=1):
    frame = sys._getframe(depth)
    while frame is not None:
        if name in frame.f_locals: return frame.f_locals[name]
        frame = frame.f_back
    raise LookupError(name)
"""


def answer(top: str = "", body: str = "", result: str = WRONG) -> str:
    """Return a file whose `double` runs `body` and returns `result`. `top` comes before the function."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n")) if body else ""
    return f"import numpy as np\n{top}\ndef double(x, offset=0):\n{lines}    return {result}\n"


FIND_RIGHT = """
import types
def fall_back(x, offset=0): return x * 3
def adopt(function):
    return types.FunctionType(function.__code__, dict(function.__globals__, np=np), 'double', function.__defaults__)
"""

# -------------------------------------------------------------------- read the reference, a trap or an expected value

REACH = {
    "import the bank": answer(
        "try:\n    from ndojo.question.loading import load_file\n    from pathlib import Path\n"
        "    right = load_file(Path({right!r})).entry_points[0].reference\nexcept BaseException: right = None",
        result="right(x, offset) if right else x * 3"),
    "read the question's file": answer(
        "scope = dict()\ntry:\n    source = open({right!r}).read().split('QUESTION')[0]\n"
        "    exec(source[source.index('def double'):source.index('@trap')], dict(np=np), scope)\nexcept BaseException: pass",
        result="scope['double'](x, offset) if scope else x * 3"),
    "look for it among all files": answer(
        "import glob, os\nfound = [n for r in ('/work', '/root', '/home', '/usr/lib/python3', '/tmp', '.')\n"
        "         for n in glob.glob(r + '/**/double.py', recursive=True)[:3]]\nscope = dict()\n"
        "for name in found:\n    try:\n        source = open(name).read()\n"
        "        exec(source[source.index('def double'):source.index('@trap')], dict(np=np), scope)\n"
        "    except BaseException: pass",
        result="scope['double'](x, offset) if scope else x * 3"),
    "walk the frames": answer(
        UP + FIND_RIGHT, "for name in ('reference', 'expected', 'case', 'question', 'suite'):\n"
        "    try: found = up(name)\n    except LookupError: continue\n"
        "    if callable(found): return found(x, offset)\n"
        "    if isinstance(found, np.ndarray): return found"),
    "inspect the stack": answer(
        "import inspect", "for one in inspect.stack():\n    for value in one.frame.f_locals.values():\n"
        "        if hasattr(value, 'entry_points'): return value.entry_points[0].reference(x, offset)\n"
        "        if hasattr(value, 'expected'): return value.expected"),
    "search the garbage collector": answer(
        "import gc, types\n" + FIND_RIGHT, "for one in gc.get_objects():\n"
        "    if isinstance(one, types.FunctionType) and one.__name__ == 'double' and one is not double:\n"
        "        return one(x, offset)\n"
        "    if type(one).__name__ in ('Question', 'Entry', 'SuiteCase', 'Suite', 'Trap'): return one"),
    "search the cache of lines": answer(
        "import linecache\nscope = dict()\nfor name, entry in list(linecache.cache.items()):\n"
        "    text = ''.join(entry[2]) if len(entry) > 2 else ''\n"
        "    if 'QUES' + 'TION' in text: exec(text.split('QUES' + 'TION')[0], scope)",
        result="scope['double'](x, offset) if scope else x * 3"),
    "search the modules": answer(
        "import sys\nright = [getattr(m, 'QUES' + 'TION') for m in list(sys.modules.values())\n"
        "         if hasattr(m, 'QUES' + 'TION')]",
        result="right[0].entry_points[0].reference(x, offset) if right else x * 3"),
    "ask __main__": answer(
        "import __main__\nright = [v for v in vars(__main__).values() if hasattr(v, 'entry_points')]",
        result="right[0].entry_points[0].reference(x, offset) if right else x * 3"),
    "ask the environment": answer(
        "import os, sys\nright = [v for v in [*os.environ.values(), *sys.argv] if 'double' in v]",
        result="x * 2 if right else x * 3"),
    "read the judge's memory": answer(
        "import os\nfound = False\nfor pid in (os.getppid(), 1):\n    try:\n"
        "        with open(f'/proc/{{pid}}/mem', 'rb') as m:\n            m.seek(0x400000)\n            found = bool(m.read(1))\n"
        "    except OSError: pass", result="x * 2 if found else x * 3"),
    "read the store": answer(
        "import glob, os\nfound = [p for r in ('/root', '/home', os.path.expanduser('~'))\n"
        "         for p in glob.glob(r + '/**/ndojo*/**', recursive=True)[:9]]", result="x * 2 if found else x * 3"),
}  # fmt: skip

# ------------------------------------------------------------------------------------------- deceive the comparison

FOOL = {
    "patch the comparisons": answer(
        "for place in (np, np.testing, np.ma, np.char):\n"
        "    for name in ('allclose', 'array_equal', 'array_equiv', 'isclose', 'assert_allclose', 'assert_equal'):\n"
        "        setattr(place, name, lambda *a, **k: True)"),
    "patch NumPy's functions": answer(
        "import builtins\nnp.isnan = np.isinf = np.isfinite = lambda *a, **k: np.zeros(1, bool)\n"
        "np.argwhere = lambda *a: []\nbuiltins.any = lambda *a: False"),
    "patch __eq__": answer(
        "class Same(np.ndarray):\n    def __eq__(self, o): return True\n    def __ne__(self, o): return False",
        result="(x * 3).view(Same)"),
    "patch __array_function__": answer(
        "class Same(np.ndarray):\n    def __array_function__(self, *a, **k): return True\n"
        "    def __array_ufunc__(self, *a, **k): return True\n    def tobytes(self, *a): return b''",
        result="(x * 3).view(Same)"),
    "equal to everything": answer(
        "class Any:\n    def __eq__(self, o): return True\n    def __ne__(self, o): return False\n    __hash__ = None\n"
        "    def __array__(self, *a, **k): raise TypeError", result="Any()"),
    "boxes equal to everything": answer(
        "class Any:\n    def __eq__(self, o): return True\n    def __ne__(self, o): return False",
        result="np.array([Any() for _ in x.flat], dtype=object).reshape(x.shape)"),
    "NaN everywhere": answer(result="np.full(x.shape, np.nan)"),
    "a 0-d array": answer(result="np.array(6.0)"),
    "a scalar": answer(result="6.0"),
    "nothing": answer(result="np.array([])"),
    "masked away": answer(result="np.ma.masked_all_like(x)"),
    "endlessly many": answer(result="np.broadcast_to(2.0, (1000, 1000))"),
    "a promise": answer(result="(2 * v for v in x)"),
    "type called ndarray": answer(
        "class ndarray(list): pass\nndarray.__module__ = 'numpy'", result="ndarray(x.ravel())"),
    "itself, as the argument": answer(body="x.flags.writeable and x.fill(2)", result="x"),
    "infinite tolerance": answer("import math\nmath.sqrt = lambda v: float('inf')\nnp.finfo = lambda d: None"),
    "right on what it has seen": answer(
        "seen = dict()", "key = (x.tobytes(), x.shape)\nif key in seen: return seen[key]\nseen[key] = x * 3"),
    "right now and then": answer("calls = [0]", "calls[0] += 1\nif calls[0] < 50: return x * x.dtype.type(2) + x.dtype.type(offset)"),
    "a module's array": answer("room = np.zeros(4)", result="room[:x.size]"),
}  # fmt: skip

# ------------------------------------------------------------------------------------------------ report false results

SEND = "send = up('send')\n"
LIE = {
    "perform nothing": answer("import ndojo.calls.worker as d\nd.run_case = lambda *a, **k: b''"),
    "perform None": answer("import ndojo.calls.worker as d\nd.run_case = lambda *a, **k: b'RN[\\0\\0\\0\\0F[\\0\\0\\0\\0'"),
    "refuse everything": answer(
        "import ndojo.calls.worker as d, ndojo.calls.call as p\nfrom ndojo.calls.wire import Writer\n"
        "def perform(*a, **k):\n    out = Writer()\n    out.parts.append(b'E')\n    p.write_raised(out, ValueError('no'))\n"
        "    [out.write(v) for v in ([], False, [])]\n    return out.done()\nd.run_case = perform"),
    "claim a view": answer(
        "import ndojo.calls.wire as w\nnative = w._write_array\n"
        "def lie(out, v):\n    out.parts.append(b'V\\x03' + w._dtype_to_bytes(v.dtype) + w._PLACE.pack(0, 0, 0))\n"
        "    out.layout(v.shape, v.strides)\nw.WRITERS[np.ndarray] = lie"),
    "claim a view outside": answer(
        "import ndojo.calls.wire as w\n"
        "def lie(out, v):\n    out.parts.append(b'V\\x03' + w._dtype_to_bytes(v.dtype) + w._PLACE.pack(0, 1 << 30, 0))\n"
        "    out.layout(v.shape, v.strides)\nw.WRITERS[np.ndarray] = lie"),
    "claim another root": answer(
        "import ndojo.calls.wire as w\n"
        "def lie(out, v):\n    out.parts.append(b'V\\x03' + w._dtype_to_bytes(v.dtype) + w._PLACE.pack(-1, 0, 0))\n"
        "    out.layout(v.shape, v.strides)\nw.WRITERS[np.ndarray] = lie"),
    "mangle every message": answer(
        "import ndojo.calls.wire as w\nw.Writer.done = lambda self: b''.join(self.parts)[::-1]"),
    "write nothing": answer("import ndojo.calls.wire as w\nw.Writer.write = lambda self, v: None"),
    "write changed memory of another size": answer(
        "import ndojo.calls.call as p\np.PreparedCall.changed = lambda self: [(0, b'abc')]", result="x"),
    "change memory that does not exist": answer(
        "import ndojo.calls.call as p\np.PreparedCall.changed = lambda self: [(99, b'abc')]"),
    "answer before the question": UP + SEND + "import struct\n" + answer(
        "for _ in range(3): send(b'D', bytes(16), struct.pack('<II', 0, 0), struct.pack('<I', 0))"),
    "load twice": UP + SEND + answer("send(b'L', b'N', b'T', b'{{\\0\\0\\0\\0', b'\\0\\0\\0\\0')"),
    "a forged report": UP + SEND + answer("send(b'L', b'N', b'T', b'i' + bytes(8), b'\\0\\0\\0\\0')"),
    "a forged syntax error": UP + SEND + answer("send(b'L', b'i' + bytes(8))"),
    "a forged traceback": UP + SEND + answer("send(b'L', b'N', b'F', b'i' + bytes(8))"),
    "outcomes missing": UP + answer(body=(
        "try: send, nonce = up('send', 2), up('nonce', 2)\nexcept LookupError: return x * 3\n"
        "send(b'D', nonce, struct.pack('<II', 0, 0), struct.pack('<I', 0))")),
    "too many outcomes": UP + answer(body=(
        "try: send, nonce = up('send', 2), up('nonce', 2)\nexcept LookupError: return x * 3\n"
        "send(b'C', nonce, struct.pack('<II', 0, 2**31))")),
    "outcomes out of order": UP + answer(body=(
        "try: send, nonce = up('send', 2), up('nonce', 2)\nexcept LookupError: return x * 3\n"
        "send(b'C', nonce, struct.pack('<II', 7, 1), struct.pack('<I', 1), b'R')")),
    "outcomes twice": UP + answer(body=(
        "try: send = up('send', 2)\nexcept LookupError: return x * 3\n"
        "frame = sys._getframe(1)\nwhile 'nonce' not in frame.f_locals: frame = frame.f_back\n"
        "send(b'C', frame.f_locals['nonce'], struct.pack('<II', frame.f_locals.get('sent', 0), 1), struct.pack('<I', 3), b'RNN')")),
    "another nonce": UP + answer(body=(
        "try: send = up('send', 2)\nexcept LookupError: return x * 3\n"
        "send(b'C', bytes(16), struct.pack('<II', 0, 0))")),
    "a batch of successes": UP + answer(body=(
        "try: send, nonce, cases = up('send', 2), up('nonce', 2), up('cases', 2)\nexcept LookupError: return x * 3\n"
        "out = b'RN' + (b'[' + bytes(4)) + b'F' + (b'[' + bytes(4))\n"
        "send(b'D', nonce, struct.pack('<II', 0, len(cases)), *[struct.pack('<I', len(out)) + out] * len(cases), bytes(4))\n"
        "import time; time.sleep(9)")),
    "garbage": UP + SEND + answer("send(os.urandom(1000))"),
    "an empty message": UP + SEND + answer("send(b'')"),
    "a depth bomb": UP + SEND + answer("send(b'L' + b'[\\1\\0\\0\\0' * 100_000)"),
    "JSON, a hundred thousand deep": UP + SEND + answer("send(b'[' * 100_000)"),
    "a giant announcement": UP + SEND + answer(
        "c = send.__self__\nos.write(c._writes, struct.pack('<Q', 2**62))"),
    "half a message": UP + SEND + answer(body=(
        "os.write(send.__self__._writes, struct.pack('<Q', 1000) + b'L')\nimport time\ntime.sleep(99)")),
    "hang up": UP + SEND + answer("c = send.__self__\nos.close(c._writes)"),
    "a thread that talks on": UP + SEND + answer(
        "import threading, time\ndef talk():\n    while True: send(b'D', bytes(16), bytes(12)); time.sleep(0.001)\n"
        "threading.Thread(target=talk, daemon=True).start()"),
    "leave with success": answer("import os\nos._exit(0)"),
    "leave with success in a call": answer(body="import os\nos._exit(0)"),
    "sys.exit(0)": answer(body="import sys\nsys.exit(0)"),
    "leave when the last is played": answer("import atexit, os\natexit.register(os._exit, 0)", "import sys\nsys.exit(0)"),
}  # fmt: skip

# ------------------------------------------------------------------------------------------------ manipulate the process

PROCESS = {
    "a fake clock": answer("import time\ntime.perf_counter = time.monotonic = time.time = lambda: 0.0"),
    "a clock of another kind": answer("import time\ntime.perf_counter = lambda: 'soon'"),
    "trace the judge": answer(
        "import sys\ndef spy(frame, event, arg):\n    if 'expected' in frame.f_locals: raise SystemExit(0)\n    return spy\n"
        "sys.settrace(spy)\nsys.setprofile(spy)"),
    "ignore signals": answer(
        "import signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass",
        "while True: pass"),
    "an alarm that raises": answer(
        "import signal\ndef ring(*a): raise SystemExit(0)\nsignal.signal(signal.SIGALRM, ring)\n"
        "try: signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\nexcept OSError: pass"),
    "kill the parent": answer(
        "import os, signal\nfor pid in (os.getppid(), 1, -1):\n    try: os.kill(pid, signal.SIGKILL)\n    except (OSError, SystemError): pass"),
    "fork a helper": answer("import os\ntry:\n    os.fork()\nexcept OSError: pass"),
    "swap the module": answer("import sys, types\nsys.modules['answer'] = types.ModuleType('answer')"),
    "recursion without end": answer("import sys\nsys.setrecursionlimit(10**9)", "return double(x, offset)"),
    "hooks": answer("import sys\nsys.excepthook = sys.unraisablehook = sys.displayhook = lambda *a: None", "raise KeyError"),
    "no more memory for the judge": answer("hold = []", "hold.append(bytearray(64 << 20))"),
    "warnings as errors": answer("import warnings\nwarnings.simplefilter('error')"),
    "errors raised by NumPy": answer("np.seterr(all='raise')"),
    "restore the input later": answer(
        "import threading, time",
        "kept = x.copy()\nif x.flags.writeable and x.size and threading.active_count() < 9:\n    x[...] = 7\n"
        "    threading.Thread(target=lambda: (time.sleep(0.05), x.__setitem__(..., kept)), daemon=True).start()\n"
        "if offset < 0: raise ValueError", "kept * kept.dtype.type(2) + kept.dtype.type(offset)"),
}  # fmt: skip

CHEATS = {**REACH, **FOOL, **LIE, **PROCESS}
