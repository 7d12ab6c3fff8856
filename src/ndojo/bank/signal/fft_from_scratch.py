"""The fast Fourier transform, from its definition."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    floats,
    made,
    matches,
    needs,
    right_on,
    trap,
    without,
    works,
)
from ndojo.question.sources.arrays import plainer_arrays


def butterflies(x):
    """The transform of a power of two samples, in log2(n) stages; each column is a transform of its own."""
    n = x.size
    X = x.astype(np.complex128).reshape(1, n)
    for _ in range(n.bit_length() - 1):
        even, odd = np.hsplit(X, 2)
        turn = np.exp(-1j * np.pi * np.arange(len(X)) / len(X))
        odd = odd * turn[:, np.newaxis]
        X = np.concatenate([even + odd, even - odd])
    return X.ravel()


def chirp_transform(x):
    """Bluestein's algorithm: a transform of any length as a convolution, padded to a power of two."""
    n = x.size
    k = np.arange(n)
    chirp = np.exp(-1j * np.pi * (k * k % (2 * n)) / n)
    padded = 1 << (2 * n - 2).bit_length()
    a, b = np.zeros((2, padded), dtype=np.complex128)
    a[:n] = x * chirp
    b[:n] = chirp.conj()
    b[padded - n + 1 :] = chirp[:0:-1].conj()
    product = butterflies(a) * butterflies(b)
    return chirp * butterflies(product.conj())[:n].conj() / padded


def half_spectrum(x):
    """The spectrum of n real samples up to k = n // 2; for a power of two by a transform of n // 2."""
    n = x.size
    if n.bit_count() > 1:
        return chirp_transform(x)[: n // 2 + 1]
    Z = butterflies(x[::2] + 1j * x[1::2])
    Z = np.append(Z, Z[0])
    mirrored = Z[::-1].conj()
    turn = np.exp(-2j * np.pi * np.arange(n // 2 + 1) / n)
    return (Z + mirrored - 1j * turn * (Z - mirrored)) / 2


def fft(x):
    """Transform a signal into its spectrum: ``X[k] = sum over t of x[t] * exp(-2j * pi * k * t / n)``.

    Write it from scratch, with nothing of ``np.fft``. There is no factor in front of the sum.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or complex128
        Finite samples; n is a power of two, at least 1. From level 2 on, n may be any length from 1. May be
        strided or reversed.

    Returns
    -------
    ndarray, shape (n,), complex128
        The spectrum, k from 0 to n - 1 in this order.

    Examples
    --------
    >>> fft(np.array([1.0, 2.0, 3.0, 4.0])).round(12)
    array([10.+0.j, -2.+2.j, -2.+0.j, -2.-2.j])
    """
    if x.size.bit_count() == 1:
        return butterflies(x)
    return chirp_transform(x)


def dominant_frequency(x, rate):
    """Find the frequency that is strongest in a recording.

    Element k of the spectrum belongs to the frequency ``k * rate / n``. The constant part, k = 0, does not
    count, and of a real signal the elements above n / 2 only mirror those below.

    Parameters
    ----------
    x : ndarray, shape (n,), float64
        Finite samples, of a length as for `fft`. May have a large mean.
    rate : float
        Samples per second, above 0.

    Returns
    -------
    float
        In hertz: ``k * rate / n`` for the k from 1 to n // 2 with the largest ``abs(X[k])``. Where several
        are equally large to six digits, any of them will do. 0.0 where all samples are equal.

    Examples
    --------
    >>> t = np.arange(64) / 64
    >>> dominant_frequency(5.0 + np.sin(2 * np.pi * 3 * t) + 0.5 * np.sin(2 * np.pi * 9 * t), 64.0)
    3.0
    """
    if (x == x[0]).all():
        return 0.0
    strength = np.abs(half_spectrum(x)[1:])
    return float((1 + strength.argmax()) * rate / x.size)


def direct(x):
    k = np.arange(x.size)
    return np.exp(-2j * np.pi * (np.outer(k, k) % x.size) / x.size) @ x.astype(np.complex128)


@works(fails="fast", of="fft")
def by_definition(x):
    """One matrix product: n squared operations, for any length."""
    n = x.size
    turns = np.exp(-2j * np.pi * np.arange(n) / n)
    return turns[np.outer(np.arange(n), np.arange(n)) % n] @ x.astype(complex)


@works(fails="fast", of="fft")
def recursive(x):
    """Splits into even and odd samples as long as it can; a call of Python for every sample."""

    def transform(x):
        if x.size == 1:
            return x.astype(complex)
        if x.size % 2:
            return direct(x)
        even, odd = transform(x[::2]), transform(x[1::2])
        odd = odd * np.exp(-2j * np.pi * np.arange(odd.size) / x.size)
        return np.concatenate([even + odd, even - odd])

    return transform(x)


@works(of="fft")
def reorders_first(x):
    """Puts the samples into bit-reversed order, then merges neighbours in place, stage by stage."""
    n = x.size
    if n & (n - 1):
        return chirp_transform(x)
    order = np.zeros(1, dtype=np.intp)
    while order.size < n:
        order = np.concatenate([2 * order, 2 * order + 1])
    X = np.array(x[order], dtype=np.complex128)
    size = 1
    while size < n:
        pairs = X.reshape(-1, 2, size)
        pairs[:, 1] *= np.exp(-1j * np.pi * np.arange(size) / size)
        difference = pairs[:, 0] - pairs[:, 1]
        pairs[:, 0] += pairs[:, 1]
        pairs[:, 1] = difference
        size *= 2
    return X


@works(of="dominant_frequency")
def by_table(x, rate):
    """Takes the mean away and looks the frequency up in a table."""
    n = len(x)
    if np.ptp(x) == 0:
        return 0.0
    power = np.abs(fft(x - x.mean())) ** 2
    half = np.arange(n) <= n / 2
    frequencies = np.arange(n) / n * rate
    power[~half] = -1
    power[0] = -1
    return frequencies[np.argmax(power)].item()


@trap("The exponent is negative: with a positive one you get the inverse transform, k running backwards.", of="fft")
def wrong_sign(x):
    return direct(x.conj()).conj()


@trap("There is no factor in front of the sum: 1 / n belongs to the inverse transform.", of="fft")
def divides_by_n(x):
    return direct(x) / x.size


@trap("A spectrum is complex even where x is real: an array of floats loses the phase.", verdict="WT", of="fft")
def keeps_real_part(x):
    return direct(x).real.copy()


@trap(
    "Twiddle factors turn by 2 pi k / n, n being the length after merging: for the halves' own length it is "
    "twice as far.",
    of="fft",
)
def twiddles_of_the_half(x):
    if x.size % 2:
        return direct(x)
    even, odd = direct(x[::2]), direct(x[1::2])
    odd = odd * np.exp(-2j * np.pi * np.arange(odd.size) / odd.size)
    return np.concatenate([even + odd, even - odd])


@trap("Radix 2 splits into even and odd samples, x[::2] and x[1::2], not into first and second half.", of="fft")
def splits_in_the_middle(x):
    n = x.size
    if n % 2:
        return direct(x)
    first, second = direct(x[: n // 2]), direct(x[n // 2 :])
    second = second * np.exp(-2j * np.pi * np.arange(n // 2) / n)
    return np.concatenate([first + second, first - second])


@trap(
    "even + odd is the first half of the spectrum and even - odd the second: they go one after the other, not in turn.",
    of="fft",
)
def interleaves_halves(x):
    n = x.size
    if n % 2:
        return direct(x)
    even, odd = direct(x[::2]), direct(x[1::2])
    odd = odd * np.exp(-2j * np.pi * np.arange(n // 2) / n)
    return np.stack([even + odd, even - odd], axis=1).ravel()


@trap("X[0] is the sum of all samples: with any mean it is the largest. Leave k = 0 out.", of="dominant_frequency")
def finds_the_mean(x, rate):
    strength = np.abs(fft(x)[: x.size // 2 + 1])
    return float(strength.argmax() * rate / x.size)


@trap("After X[1:] the first element is k = 1: add the 1 back to what argmax returns.", of="dominant_frequency")
def one_too_low(x, rate):
    if (x == x[0]).all():
        return 0.0
    return float(np.abs(fft(x)[1 : x.size // 2 + 1]).argmax() * rate / x.size)


@trap("The real part alone depends on the phase: a sine has none. Strength is np.abs.", of="dominant_frequency")
def real_part_only(x, rate):
    if (x == x[0]).all():
        return 0.0
    return float((1 + fft(x)[1 : x.size // 2 + 1].real.argmax()) * rate / x.size)


@trap(
    "Frequencies step by rate / n: n // 2 points from 0 to rate / 2, ends included, step by too much.",
    of="dominant_frequency",
)
def stretches_the_axis(x, rate):
    if (x == x[0]).all():
        return 0.0
    half = max(x.size // 2, 2)
    strength = np.abs(fft(x)[:half])
    return float(np.linspace(0, rate / 2, half)[1 + strength[1:].argmax()])


# ------------------------------------------------------------------------------------------------------------ inputs


def length(given):
    return given["n"] if "n" in given else 2 ** given["p"]


def samples(rng, kind, given):
    n = length(given)
    x = np.round(rng.uniform(-9, 9, n), 1)
    if kind == "complex":
        x = x + 1j * np.round(rng.uniform(-9, 9, n), 1)
    elif kind == "zeros":
        x = np.zeros(n)
    elif kind == "constant":
        x = np.full(n, 3.0)
    elif kind == "impulse":
        x = np.eye(n)[rng.integers(n)]
    elif kind == "alternating":
        x = np.where(np.arange(n) % 2, -1.0, 1.0)
    elif kind == "turning":
        x = np.exp(2j * np.pi * int(rng.integers(n)) * np.arange(n) / n)
    elif kind == "giant":
        x = x * 1e150
    elif kind == "tiny":
        x = x * 1e-150
    elif kind == "reversed":
        x = x[::-1]
    elif kind == "step":
        x = np.repeat(x, 2)[::2]
    return x


KINDS = (
    "ordinary", "complex", "zeros", "constant", "impulse", "alternating", "turning", "giant", "tiny", "reversed",
    "step",
)  # fmt: skip


def recording(rng, kind, given):
    n = length(given)
    t = np.arange(n) / n
    k = int(rng.integers(1, max(n // 2, 2)))
    x = np.sin(2 * np.pi * k * t + rng.uniform(0, 6))
    if kind == "two tones":
        x = x + 0.6 * np.cos(2 * np.pi * int(rng.integers(1, max(n // 2, 2))) * t)
    elif kind == "mean":
        x = x + 20.0
    elif kind == "negative mean":
        x = 0.1 * x - 1000.0
    elif kind == "sine":
        x = np.sin(2 * np.pi * k * t)
    elif kind == "negative cosine":
        x = -np.cos(2 * np.pi * k * t)
    elif kind == "highest":
        x = np.where(np.arange(n) % 2, -1.0, 1.0)
    elif kind == "between two":
        x = np.sin(2 * np.pi * (k + 0.3) * t)
    elif kind == "noise":
        x = rng.standard_normal(n)
    elif kind == "constant":
        x = np.full(n, 0.1)
    return np.round(x, 3)


RECORDINGS = (
    "one tone", "two tones", "mean", "negative mean", "sine", "negative cosine", "highest", "between two", "noise",
    "constant",
)  # fmt: skip


def plain(x):
    return x.ndim == 1 and x.size > 0 and bool(np.isfinite(x).all())


def power_of_two(x):
    return plain(x) and x.size & (x.size - 1) == 0


def real_power_of_two(x):
    return power_of_two(x) and x.dtype == np.float64


def shorter(x):
    if x.size > 1:
        yield x[: x.size // 2].copy()
        yield x[::2].copy()
    yield from plainer_arrays(x)


def is_strongest(result, expected, x, rate):
    """Why `result` is not the strongest frequency, or None; equal strengths are equally right."""
    if not isinstance(result, (float, np.floating)):
        return f"WT: The result is of type {type(result).__name__}, expected a float."
    if (x == x[0]).all():
        return None if result == 0 else f"The result is {result} Hz, but all samples are equal: expected 0.0."
    k = result * x.size / rate
    if not (abs(k - round(k)) < 1e-6 and 1 <= round(k) <= x.size // 2):
        return f"{result:g} Hz is no k * rate / n with k from 1 to n // 2; expected {expected:g}."
    strength = np.abs(np.fft.rfft(x - x.mean()))
    if strength[round(k)] < strength[1:].max() * (1 - 1e-6):
        best = strength[round(expected * x.size / rate)]
        return f"At {result:g} Hz abs(X) is {strength[round(k)]:.6g}, at {expected:g} Hz it is {best:.6g}."
    return None


STRONGEST = matches(check=is_strongest)
SPECTRUM = matches(scale=lambda x: np.abs(x).sum())


def minutes(rng):
    return {"x": rng.standard_normal(4096)}


def odd_length(rng):
    return {"x": rng.standard_normal(1511)}


# n log2(n) steps of five operations are what an FFT of radix 2 takes (Van Loan, 1992).
LEAST = needs(bytes=lambda x: 3 * x.nbytes, operations=lambda x: 5 * x.size * np.log2(x.size))


def show_growth():
    rng = np.random.default_rng(0)
    for n in (128, 256, 512, 1024):
        x = rng.standard_normal(n)
        seconds = []
        for transform in (direct, fft, np.fft.fft):
            transform(x)
            start = time.perf_counter()
            transform(x)
            seconds.append(time.perf_counter() - start)
        by_sum, ours, numpys = (1e3 * one for one in seconds)
        print(f"n = {n:4}: definition {by_sum:8.2f} ms, radix 2 {ours:6.2f} ms, np.fft.fft {numpys:6.3f} ms")


QUESTION = Question(
    kinds=["code", "explain"],
    difficulty="hard",
    topics=["Signal Processing"],
    companies=["Google", "Amazon", "HFT Firms", "Microsoft"],
    asked=["T75", "microsoft-5"],
    entry_points=[
        Entry(
            fft,
            {"x": made(samples, *KINDS, valid=power_of_two, plainer=shorter)},
            dims={"p": (0, 6)},
            cases=[
                case(x=np.array([2.5])),
                case(x=np.array([1.0, 2.0])),
                case(x=np.array([1.0, 2.0, 3.0, 5.0])),
                case(x=np.array([0.0, 1.0, 0.0, 0.0])),
                case(x=np.array([1.0 + 2.0j, 3.0 - 1.0j])),
            ],
            result=SPECTRUM,
        ),
        Entry(
            dominant_frequency,
            {
                "x": made(recording, *RECORDINGS, valid=real_power_of_two, plainer=shorter),
                "rate": floats(1.0, 48000.0, 1.0, 8.0, 44100.0),
            },
            dims={"p": (0, 7)},
            cases=[
                case(x=np.array([3.0]), rate=8.0),
                case(x=np.array([1.0, -1.0]), rate=8.0),
                case(x=np.array([0.1, 0.1, 0.1, 0.1]), rate=8.0),
                case(x=np.array([5.0, 6.0, 5.0, 4.0]), rate=8.0),
                case(x=np.array([0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0, -1.0]), rate=8.0),
                case(x=np.array([-1.0, 0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0]), rate=8.0),
            ],
            result=STRONGEST,
        ),
    ],
    levels=[
        Level(
            "right",
            "",
            without(
                *(f"np.fft.{name}" for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")),
                *(f"np.fft.{name}" for name in ("fft2", "ifft2", "fftn", "ifftn")),
                *(f"np.fft.{name}" for name in ("rfft2", "irfft2", "rfftn", "irfftn")),
            ),
        ),
        Level(
            "any length",
            "Now for every length from 1, in both functions: nobody records a power of two.",
            right_on(
                Entry(
                    fft,
                    {"x": arrays("n", dtype=("float64", "complex128"))},
                    dims={"n": (1, 60)},
                    cases=[case(x=np.array([1.0, 2.0, 4.0])), case(x=np.array([1.0, 0.0, 0.0, 2.0, 0.0, 0.0]))],
                    result=SPECTRUM,
                )
            ),
            right_on(
                Entry(
                    dominant_frequency,
                    {"x": made(recording, *RECORDINGS, valid=plain), "rate": floats(1.0, 48000.0, 1.0)},
                    dims={"n": (1, 90)},
                    cases=[case(x=np.array([1.0, 2.0, 4.0]), rate=3.0)],
                    result=STRONGEST,
                )
            ),
        ),
        Level(
            "fast",
            "For powers of two in O(n log n), and no call of Python for each pair of samples: all "
            "butterflies of a stage at once.",
            faster_than(recursive, 8, minutes, needs=LEAST),
        ),
        Level(
            "fast at any length",
            "Prime lengths too must not cost n squared.",
            faster_than(by_definition, 8, odd_length, needs=LEAST),
        ),
    ],
    hints=[
        "Write the sum for even t and for odd t apart: each is a transform of half the length, and the odd "
        "one is turned by a factor that depends on k.",
        "The halves repeat after n / 2, and the factor changes its sign there: one pair of halves gives both "
        "X[k] and X[k + n / 2].",
        "All transforms of one stage have the same factors: keep them as the columns of one array, which "
        "gets twice as tall and half as wide in every stage.",
        "For other lengths: k * t = (k² + t² - (k - t)²) / 2 makes the sum a convolution, and a convolution "
        "may be padded to any length.",
    ],
    explanation="""\
The definition is a matrix product, n² operations. Split the sum into even and odd samples: with E and O as
the transforms of `x[::2]` and `x[1::2]`, and w = exp(-2πik/n),

    X[k] = E[k] + w O[k],   X[k + n/2] = E[k] - w O[k].

Two half-length transforms give the whole, so log2(n) stages of n operations do: O(n log n).

Recursion down to single samples makes a Python call for each. Instead run all transforms of a stage at once,
as columns of one array: start from shape (1, n), and let every stage pair the left half of the columns with
the right half.

Other lengths: mixed radix splits by any factor; Bluestein's chirp turns a transform of any length into a
convolution, which may be padded to a power of two. Padding the signal itself would be wrong: it
computes other frequencies.

Element k is the frequency k · rate / n; beyond n/2 lie the negative ones. For real x they mirror the others,
so half is enough:

>>> X = np.fft.fft([1.0, 4.0, 2.0, 0.0])
>>> bool(np.allclose(X[1], X[3].conj())), np.fft.rfft(np.zeros(8)).shape
(True, (5,))

The trick for real input: even samples as real, odd ones as imaginary part, one transform of half the length;
E and O come out as its two symmetric parts.

In practice use `np.fft.rfft` and `np.fft.rfftfreq`. Since NumPy 2.0 float32 stays single:

>>> np.fft.rfft(np.zeros(8, np.float32)).dtype
dtype('complex64')
""",
    points=[
        "The transform is a matrix product by definition: O(n^2).",
        "Even and odd samples give two transforms of half the length; a twiddle factor joins them.",
        "E + wO is the first half of the spectrum, E - wO the second: log2(n) stages of O(n).",
        "Vectorise over all butterflies of a stage, so that Python runs log2(n) steps.",
        "Other lengths need mixed radix or Bluestein's convolution; padding the signal changes the frequencies.",
        "Bin k is k * rate / n, k = 0 is the sum, and bins above n / 2 are negative frequencies.",
        "For real x the spectrum is conjugate symmetric: rfft computes half, in half the time.",
    ],
    follow_ups={
        "How do you use that x is real?": "z = x[::2] + 1j * x[1::2] and Z = fft(z), Z[-k] read modulo n / "
        "2. Then E = (Z[k] + conj(Z[-k])) / 2 and O = (Z[k] - conj(Z[-k])) / 2j, and X[k] = E + w O: half "
        "the work and memory.",
        "How do you get the inverse from fft?": "conj(fft(conj(X))) / n.",
        "The tone lies between two bins. What then?": "Its energy leaks into all bins. Multiply by a window "
        "such as np.hanning first, and fit a parabola to the log of the peak and its neighbours.",
        "How fine is the resolution?": "rate / n: only a longer recording makes it finer. Zeros appended "
        "only interpolate the spectrum.",
        "Why does a tone above rate / 2 show up lower?": "Its samples equal those of a lower one: aliasing. "
        "Filter before sampling.",
    },
    equivalent={
        "fft: `1` -> `0` in `if x.size.bit_count() == 1:`": "Slower, but chirp_transform is right for any length.",
        "dominant_frequency: `0` -> `-1` in `if (x == x[0]).all():`": "Where all are equal, the last is as good.",
    },
    related=["convolution", "cross-correlation", "complex-numbers", "clean-signal"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.fft.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fft.fft.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fft.rfft.html",
    ],
    live=show_growth,
)
