# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Whether the libraries that lloyd is compared with run at their best on this machine.

scikit-learn and faiss leave their products of matrices to OpenBLAS, which picks kernels by the CPU's model: an Intel
CPU that is newer than OpenBLAS gets those of Prescott (2004), and variables of the environment may pin others. So
variables are dropped, every core that this CPU can run is tried in a process of its own, and the fastest one is taken
whose products are right. What its sgemm reaches of the multiply-adds that the CPU can do is measured again in place.

    python3 bench/compare/rivals.py build/bench/bench_points.so   tries one core, that of OPENBLAS_CORETYPE if it is set
"""
import ctypes
import json
import os
import platform
import subprocess
import sys
import time

LEAST_SHARE = 0.7  # of the CPU's multiply-adds
CLEAR_GAIN = 1.1  # by which another core has to beat the one that OpenBLAS picks
PINNING = (
    "OPENBLAS_", "GOTO_", "MKL_", "BLIS_", "OMP_", "GOMP_", "KMP_", "NPY_", "FAISS_", "OPENCV_", "GDAL_", "CPL_",
    "MALLOC_", "GLIBC_",
)  # fmt: skip
CORES = {  # and the flags of /proc/cpuinfo that their kernels take
    "Haswell": {"avx2", "fma"},
    "Zen": {"avx2", "fma"},
    "SkylakeX": {"avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"},
    "Cooperlake": {"avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "avx512_bf16"},
}


def drop_variables(threads):
    """Forgets what may pin kernels or memory, and sets the number of threads; before numpy is loaded."""
    dropped = sorted(name for name in os.environ if name.startswith(PINNING))
    if "GLIBC_TUNABLES" in dropped:
        raise SystemExit("GLIBC_TUNABLES is set, which only a new process forgets: run this with env -u GLIBC_TUNABLES")
    for name in dropped:
        del os.environ[name]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    return dropped


def keep_memory():
    """Lets malloc keep what it is given back, which suits all that take large arrays anew in each call."""
    if platform.libc_ver()[0] == "glibc":
        m_trim_threshold, m_mmap_max = -1, -4
        ctypes.CDLL(None).mallopt(m_mmap_max, 0)
        ctypes.CDLL(None).mallopt(m_trim_threshold, 2**31 - 1)


def cpu_flags():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return set(next((line for line in lines if line.startswith("flags")), "").split())
    except OSError:
        return set()


def cpu_name():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            known = dict(line.replace("\t", "").strip().split(":", 1) for line in lines if ":" in line)
        return "{model name}, family{cpu family}, model{model}".format(**known).strip()
    except (OSError, KeyError):
        return platform.processor() or platform.machine()


def versions(packages):
    command = ["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.rstrip(", ")


class Blas:
    """The sgemm that an extension module is bound to."""

    def __init__(self, module):
        self._library = ctypes.CDLL(module.__file__)
        self._sgemm = self._library.sgemm_
        self._sgemm.restype = None

    def path(self):
        """The end of its library's path."""

        class Info(ctypes.Structure):
            _fields_ = [
                ("file", ctypes.c_char_p),
                ("base", ctypes.c_void_p),
                ("name", ctypes.c_char_p),
                ("at", ctypes.c_void_p),
            ]

        info = Info()
        ctypes.CDLL(None).dladdr(ctypes.cast(self._sgemm, ctypes.c_void_p), ctypes.byref(info))
        return "/".join(os.path.realpath(info.file.decode()).split("/")[-2:])

    def core(self):
        try:
            name = self._library.openblas_get_corename
        except AttributeError:
            return None
        name.restype = ctypes.c_char_p
        return name().decode()

    def threads(self, count):
        """Sets their number; returns what it was."""
        before = self._library.openblas_get_num_threads()
        self._library.openblas_set_num_threads(count)
        return before

    def product(self, a, b):
        """a (n×d) by the transpose of b (k×d), both in rows of floats, as it is taken of points and centers."""
        import numpy as np

        (n, d), k = a.shape, len(b)
        out = np.empty((n, k), np.float32)
        sizes = [ctypes.byref(ctypes.c_int(size)) for size in (k, n, d)]
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (b, a, out)]
        one, zero = ctypes.byref(ctypes.c_float(1)), ctypes.byref(ctypes.c_float(0))
        self._sgemm(b"T", b"N", *sizes, one, pointers[0], sizes[2], pointers[1], sizes[2], zero, pointers[2], sizes[0])
        return out


def is_right(blas):
    """Products of small and odd sizes, against plain sums in double; each within what rounding may add up to."""
    import numpy as np

    random = np.random.default_rng(1)
    for n, k, d in ((1, 1, 1), (7, 3, 2), (256, 8, 2), (256, 64, 3), (33, 17, 129), (130, 100, 64), (97, 256, 128)):
        a, b = (random.standard_normal((rows, d), dtype=np.float32) for rows in (n, k))
        true, bound = (np.einsum("nd,kd->nk", x(a).astype(float), x(b).astype(float)) for x in (np.positive, np.abs))
        if np.any(np.abs(blas.product(a, b) - true) > (d + 1) * 2.0**-23 * bound):
            return False
    return True


def share_of_peak(blas, library, rounds=25, size=768):
    """Billions of multiply-adds a second by sgemm, and as a part of the CPU's; one thread, in its processor's time."""
    import numpy as np

    random = np.random.default_rng(2)
    a, b = (random.random((size, size), dtype=np.float32) for _ in range(2))
    library.multiply_adds_per_second.restype = ctypes.c_double
    before = blas.threads(1)
    speeds, peaks = [], []
    for _ in range(rounds):
        begin = time.thread_time()
        blas.product(a, b)
        speeds.append(size**3 / (time.thread_time() - begin) / 1e9)
        peaks.append(library.multiply_adds_per_second() / 1e9)
    blas.threads(before)
    return max(speeds), max(speeds) / max(peaks)


def try_core():
    """What a process of its own prints: the core that runs, its share of the peak, and whether it is right."""
    from scipy.linalg import cython_blas

    blas = Blas(cython_blas)
    found = {"core": blas.core()}
    if found["core"] is not None:
        speed, share = share_of_peak(blas, ctypes.CDLL(os.path.abspath(sys.argv[1])))
        found |= {"right": is_right(blas), "speed": speed, "share": share}
    print(json.dumps(found))


def outcome_of(core, library_path):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", **({"OPENBLAS_CORETYPE": core} if core else {}))
    command = [sys.executable, os.path.abspath(__file__), library_path]
    tried = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return json.loads(tried.stdout) if tried.returncode == 0 and tried.stdout.startswith("{") else {}


def choose_core(library_path):
    """Sets OPENBLAS_CORETYPE where another core is clearly faster than OpenBLAS's choice; before numpy is loaded."""
    chosen = outcome_of(None, library_path)
    if not chosen.get("core"):
        return
    tried = [chosen]
    best = chosen["speed"] if chosen["right"] else 0.0
    for core, flags in CORES.items():
        if not flags <= cpu_flags() or core.lower() in (outcome["core"].lower() for outcome in tried):
            continue
        outcome = outcome_of(core, library_path)
        if not outcome.get("core"):
            continue
        tried.append(outcome)
        if outcome["right"] and outcome["speed"] > CLEAR_GAIN * best:
            best = outcome["speed"]
            os.environ["OPENBLAS_CORETYPE"] = core
    cells = (f"{one['core']} {one['share']:.0%}{'' if one['right'] else ' (wrong)'}" for one in tried)
    print(f"OpenBLAS cores tried, of the CPU's multiply-adds (its own choice first): {', '.join(cells)}")


def slowed(why):
    print(f"rival slowed: {why}", flush=True)
    raise SystemExit(1)


def settle_opencv(cv2):
    """Gives it one thread; ends the program where it is not at its best. OPENCV_CPU_DISABLE is dropped before."""
    cv2.setNumThreads(1)
    if not cv2.useOptimized():
        slowed("OpenCV's optimized code is off")


def check(engine, module, library):
    """Prints what BLAS an engine's module is bound to and its speed; ends the program where that is not its best."""
    blas = Blas(module)
    core = blas.core()
    if core is None:
        slowed(f"{engine} is bound to {blas.path()}, which is not OpenBLAS (Debian: libopenblas0-pthread)")
    speed, share = share_of_peak(blas, library)
    print(
        f"{engine}: {blas.path()}, core {core}; sgemm {speed:.1f} billion multiply-adds a second, "
        f"{share:.0%} of the CPU's",
        flush=True,
    )
    if not is_right(blas):
        slowed(f"the products of {engine}'s BLAS are wrong")
    if share < LEAST_SHARE:
        slowed(f"the sgemm of {engine} reaches {share:.0%} of the CPU's multiply-adds, less than {LEAST_SHARE:.0%}")


if __name__ == "__main__":
    try_core()
