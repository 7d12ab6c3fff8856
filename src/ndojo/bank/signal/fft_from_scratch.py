"""Fast Fourier transform from its definition."""

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
    """The transform of a power of two of samples in log2(n) stages; each column is a separate transform."""
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
    """The spectrum of n real samples up to k = n // 2; for a power of two, by a transform of n // 2."""
    n = x.size
    if n.bit_count() > 1:
        return chirp_transform(x)[: n // 2 + 1]
    Z = butterflies(x[::2] + 1j * x[1::2])
    Z = np.append(Z, Z[0])
    mirrored = Z[::-1].conj()
    turn = np.exp(-2j * np.pi * np.arange(n // 2 + 1) / n)
    return (Z + mirrored - 1j * turn * (Z - mirrored)) / 2


def fft(x):
    """Return the discrete Fourier transform: ``X[k] = sum over t of x[t] * exp(-2j * pi * k * t / n)``.

    Write it without any function of ``np.fft``. The sum has no factor in front.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or complex128
        Finite samples. n is a power of two, ``n >= 1``. On level 2 and above, n may be any length, ``n >= 1``. May be
        strided or reversed.

    Returns
    -------
    ndarray, shape (n,), complex128
        The spectrum, in the order k = 0 to n - 1.

    Examples
    --------
    >>> fft(np.array([1.0, 2.0, 3.0, 4.0])).round(12)
    array([10.+0.j, -2.+2.j, -2.+0.j, -2.-2.j])
    """
    if x.size.bit_count() == 1:
        return butterflies(x)
    return chirp_transform(x)


def dominant_frequency(x, rate):
    """Return the strongest frequency of a recording in hertz.

    Element k of the spectrum belongs to the frequency ``k * rate / n``. The constant part, k = 0, does not count. For
    real input, the elements above n / 2 only mirror those below.

    Parameters
    ----------
    x : ndarray, shape (n,), float64
        Finite samples, with a length as for `fft`. Their mean may be large.
    rate : float
        Samples per second, ``rate > 0``.

    Returns
    -------
    float
        ``k * rate / n`` for the k between 1 and n // 2 inclusive with the largest ``abs(X[k])``. If several are equal
        to six digits, any of them is accepted. The result is 0.0 if all samples are equal.

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
    """Splits into even and odd samples recursively, down to single samples: many Python calls."""

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
    """Puts the samples into bit-reversed order, then merges neighbors in place, stage by stage."""
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
    """Subtracts the mean and looks the frequency up in a table."""
    n = len(x)
    if np.ptp(x) == 0:
        return 0.0
    power = np.abs(fft(x - x.mean())) ** 2
    half = np.arange(n) <= n / 2
    frequencies = np.arange(n) / n * rate
    power[~half] = -1
    power[0] = -1
    return frequencies[np.argmax(power)].item()


@trap("The exponent is negative. A positive one gives the inverse transform, in which k runs backward.", of="fft")
def wrong_sign(x):
    return direct(x.conj()).conj()


@trap("The forward transform has no factor: 1 / n belongs to the inverse transform.", of="fft")
def divides_by_n(x):
    return direct(x) / x.size


@trap("A spectrum is complex even if x is real: a float array loses the phase.", verdict="WT", of="fft")
def keeps_real_part(x):
    return direct(x).real.copy()


@trap(
    "Twiddle factors rotate by 2 pi k / n, where n is the length after merging. With the length of the "
    "halves, the angle is doubled.",
    of="fft",
)
def twiddles_of_the_half(x):
    if x.size % 2:
        return direct(x)
    even, odd = direct(x[::2]), direct(x[1::2])
    odd = odd * np.exp(-2j * np.pi * np.arange(odd.size) / odd.size)
    return np.concatenate([even + odd, even - odd])


@trap("Radix 2 splits into even and odd samples, x[::2] and x[1::2], not into the first and second half.", of="fft")
def splits_in_the_middle(x):
    n = x.size
    if n % 2:
        return direct(x)
    first, second = direct(x[: n // 2]), direct(x[n // 2 :])
    second = second * np.exp(-2j * np.pi * np.arange(n // 2) / n)
    return np.concatenate([first + second, first - second])


@trap(
    "even + odd is the first half of the spectrum and even - odd the second: concatenate them instead of interleaving.",
    of="fft",
)
def interleaves_halves(x):
    n = x.size
    if n % 2:
        return direct(x)
    even, odd = direct(x[::2]), direct(x[1::2])
    odd = odd * np.exp(-2j * np.pi * np.arange(n // 2) / n)
    return np.stack([even + odd, even - odd], axis=1).ravel()


@trap(
    "X[0] is the sum of all samples: if the mean is large, it is the largest element. Exclude k = 0.",
    of="dominant_frequency",
)
def finds_the_mean(x, rate):
    strength = np.abs(fft(x)[: x.size // 2 + 1])
    return float(strength.argmax() * rate / x.size)


@trap("After X[1:], index 0 means k = 1: add 1 to the result of argmax.", of="dominant_frequency")
def one_too_low(x, rate):
    if (x == x[0]).all():
        return 0.0
    return float(np.abs(fft(x)[1 : x.size // 2 + 1]).argmax() * rate / x.size)


@trap("The real part depends on the phase: for a sine it is 0. The strength is np.abs.", of="dominant_frequency")
def real_part_only(x, rate):
    if (x == x[0]).all():
        return 0.0
    return float((1 + fft(x)[1 : x.size // 2 + 1].real.argmax()) * rate / x.size)


@trap(
    "Frequencies are rate / n apart. n // 2 points from 0 to rate / 2 including both ends are too far apart.",
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
    """Why `result` is not the strongest frequency, or None. Equal strengths are equally right."""
    if not isinstance(result, (float, np.floating)):
        return f"WT: The result is of type {type(result).__name__}, expected a float."
    if (x == x[0]).all():
        return None if result == 0 else f"The result is {result} Hz, but all samples are equal: expected 0.0."
    k = result * x.size / rate
    if not (abs(k - round(k)) < 1e-6 and 1 <= round(k) <= x.size // 2):
        return f"{result:g} Hz is not k * rate / n for any k between 1 and n // 2; expected {expected:g}."
    strength = np.abs(np.fft.rfft(x - x.mean()))
    if strength[round(k)] < strength[1:].max() * (1 - 1e-6):
        best = strength[round(expected * x.size / rate)]
        return f"At {result:g} Hz, abs(X) is {strength[round(k)]:.6g}; at {expected:g} Hz it is {best:.6g}."
    return None


STRONGEST = matches(check=is_strongest)
SPECTRUM = matches(scale=lambda x: np.abs(x).sum())


def minutes(rng):
    return {"x": rng.standard_normal(4096)}


def odd_length(rng):
    return {"x": rng.standard_normal(1511)}


# An FFT of radix 2 takes n log2(n) steps of five operations (Van Loan, 1992).
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
            "Both functions accept every length n >= 1.",
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
            "For powers of two, at least 8 times faster than the recursive form: process all butterflies "
            "of a stage in one call.",
            faster_than(recursive, 8, minutes, needs=LEAST),
        ),
        Level(
            "fast at any length",
            "For prime lengths, at least 8 times faster than the definition, which takes n squared operations.",
            faster_than(by_definition, 8, odd_length, needs=LEAST),
        ),
    ],
    hints=[
        "Write the sum separately for even t and for odd t: each is a transform of half the length, and "
        "the odd one is rotated by a factor that depends on k.",
        "The half transforms repeat after n / 2, and the factor changes its sign there: one pair of "
        "halves gives both X[k] and X[k + n / 2].",
        "All transforms of one stage use the same factors: keep them as columns of one array, which "
        "becomes twice as tall and half as wide in every stage.",
        "For other lengths: k * t = (k² + t² - (k - t)²) / 2 turns the sum into a convolution, and a "
        "convolution may be padded to any length.",
    ],
    spoken="""\
The definition is a matrix product, so it costs n squared. The fast transform splits the samples into even and odd
ones: two transforms of half the length give the whole, as E plus w times O and E minus w times O, so with log2(n)
stages it is O(n log n). In NumPy I process all butterflies of one stage as columns of an array, so Python runs only
log2(n) steps. For other lengths I use Bluestein's convolution. Bin k is the frequency k times rate over n.
""",
    explanation="""\
The definition is a matrix product with n² operations. Split the sum into even and odd samples: with E and O as the
transforms of `x[::2]` and `x[1::2]`, and w = exp(-2πik/n),

    X[k] = E[k] + w O[k],   X[k + n/2] = E[k] - w O[k].

Two transforms of half the length give the whole, so log2(n) stages of n operations are enough: O(n log n).

*Vectorize the stages.* Recursion down to single samples makes a Python call for each. Instead, compute all transforms
of a stage as columns of one array: start with shape (1, n), and let every stage combine the left half of the columns
with the right half.

*Other lengths.* Mixed radix splits by any factor. Bluestein's chirp turns a transform of any length into a convolution,
which may be padded to a power of two. Padding the signal itself would be wrong: it computes other frequencies.

*Frequencies.* Element k is the frequency k · rate / n. The elements beyond n/2 are negative frequencies. For real x
they mirror the others, so half of them is enough:

>>> X = np.fft.fft([1.0, 4.0, 2.0, 0.0])
>>> bool(np.allclose(X[1], X[3].conj())), np.fft.rfft(np.zeros(8)).shape
(True, (5,))

*Real input.* Use even samples as the real part and odd samples as the imaginary part of one transform of half the
length. E and O are its two symmetric parts.

In practice use `np.fft.rfft` and `np.fft.rfftfreq`. Since NumPy 2.0, float32 input stays in single precision:

>>> np.fft.rfft(np.zeros(8, np.float32)).dtype
dtype('complex64')
""",
    points=[
        "By definition, the transform is a matrix product: O(n^2).",
        "Even and odd samples give two transforms of half the length; a twiddle factor combines them.",
        "E + wO is the first half of the spectrum, E - wO the second: log2(n) stages of O(n).",
        "Vectorize over all butterflies of a stage, so that Python runs log2(n) steps.",
        "Other lengths need mixed radix or Bluestein's convolution; padding the signal changes the frequencies.",
        "Bin k is the frequency k * rate / n, k = 0 is the sum, and bins above n / 2 are negative frequencies.",
        "For real x the spectrum is conjugate symmetric: rfft computes half of it, in half the time.",
    ],
    follow_ups={
        "How can you use the fact that x is real?": "Let z = x[::2] + 1j * x[1::2] and Z = fft(z), with Z[-k] "
        "modulo n / 2. Then E = (Z[k] + conj(Z[-k])) / 2, O = (Z[k] - "
        "conj(Z[-k])) / 2j and X[k] = E + w O: half the work and "
        "memory.",
        "How do you get the inverse from fft?": "`conj(fft(conj(X))) / n`.",
        "What happens if the tone is between two bins?": "Its energy leaks into all bins. Multiply by a window such "
        "as np.hanning first, and fit a parabola to the log of the "
        "peak and its neighbors.",
        "What is the frequency resolution?": "It is rate / n: only a longer recording improves it. Appending "
        "zeros only interpolates the spectrum.",
        "Why does a tone above rate / 2 appear at a lower frequency?": "Its samples equal those of a lower tone: "
        "aliasing. Filter before sampling.",
    },
    equivalent={
        "fft: `1` -> `0` in `if x.size.bit_count() == 1:`": "Slower, but chirp_transform is right for any length.",
        "dominant_frequency: `0` -> `-1` in `if (x == x[0]).all():`": "If all samples are equal, any index gives "
        "the same.",
    },
    related=["convolution", "cross-correlation", "complex-numbers", "clean-signal"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.fft.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fft.fft.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fft.rfft.html",
    ],
    live=show_growth,
)
