# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""K-Means of float points beside scikit-learn (lloyd and elkan) and faiss, in one process.

    python3 bench/compare/points.py build/bench/bench_points.so [--rounds 5] [--threads 1] [--case N]...
                                    [--data clustered] [--seeding] [--large]

The same float32 points, the same initial centers, no tolerance, and as many iterations as each case says, or fewer
where no label changes any more; each engine ends with labels for its last centers and their compactness. Engines take
turns within a round; a row has medians of milliseconds (of one thread those of its processor, so that other programs
count less), and how many times lloyd is as fast as the best of the others (the median of the rounds' ratios, the least
and the largest). In brackets stand another engine's compactness over lloyd's where it differs by more than 1e-4, and
its iterations where lloyd made another number. With --seeding instead: greedy k-means++ alone, of lloyd and scikit-learn,
with as many candidates; both draw anew in each round, so their compactness is that of the mean. With --large: the parts
of one call of lloyd on 8,000,000 × 3 points, as many as a photo has, with one iteration.

Output is a Markdown table, after what the others run with; where they do not run at their best, the program ends with
"rival slowed" (rivals.py). Debian: python3-sklearn, python3-faiss, libopenblas0-pthread.
"""
import argparse
import ctypes
import os
import statistics
import sys
import time
import warnings

import rivals

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("library")
options.add_argument("--rounds", type=int, default=5)
options.add_argument("--threads", type=int, default=1)
options.add_argument("--case", type=int, action="append", help="0 to 7; all when left out")
options.add_argument("--data", choices=["clustered", "uniform"], action="append")
options.add_argument("--seeding", action="store_true")
options.add_argument("--large", action="store_true")
options.add_argument("--check", action="store_true", help="only tell what the others run with")
options.add_argument("--core", help="of OpenBLAS, instead of the fastest one, to see what it costs")
arguments = options.parse_args()
dropped = rivals.drop_variables(arguments.threads)  # before numpy is loaded
rivals.keep_memory()
if arguments.core:
    os.environ["OPENBLAS_CORETYPE"] = arguments.core
else:
    rivals.choose_core(arguments.library)

import faiss  # noqa: E402
import numpy as np  # noqa: E402
import scipy.linalg.cython_blas  # noqa: E402
import sklearn  # noqa: E402
from sklearn.cluster import KMeans, kmeans_plusplus  # noqa: E402

# n, d, k, iterations
CASES = [
    (1_000_000, 2, 8, 20),
    (1_000_000, 3, 16, 10),
    (500_000, 3, 64, 10),
    (200_000, 8, 32, 20),
    (200_000, 16, 64, 10),
    (100_000, 64, 100, 10),
    (50_000, 128, 256, 10),
    (60_000, 64, 10, 20),
]


def sample(kind, n, d, k):
    """Points and initial centers, which are k of the points."""
    random = np.random.default_rng(n + d)
    if kind == "uniform":
        points = random.random((n, d), dtype=np.float32)
    else:
        middles = random.random((k, d), dtype=np.float32)
        noise = random.standard_normal((n, d), dtype=np.float32)
        points = middles[random.integers(0, k, n)] + np.float32(0.1) * noise
    return points, points[random.choice(n, k, replace=False)].copy()


def compactness(points, centers):
    """Of each point to its nearest center, in double."""
    total = 0.0
    for begin in range(0, len(points), 4096):
        block = points[begin : begin + 4096].astype(np.float64)
        distances = (block**2).sum(1)[:, None] - 2 * block @ centers.T + (centers**2).sum(1)
        total += distances.min(1).sum()
    return total


clock = time.process_time if arguments.threads == 1 else time.perf_counter
library = ctypes.CDLL(os.path.abspath(arguments.library))
library.cluster_points.restype = ctypes.c_double


def with_lloyd(points, centers, iterations):
    moved = centers.astype(np.float64)
    made = ctypes.c_int(iterations)
    n, d = points.shape
    library.cluster_points(
        points.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_ssize_t(n),
        ctypes.c_ssize_t(d),
        moved.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_int(len(centers)),
        ctypes.byref(made),
        ctypes.c_int(arguments.threads),
    )
    return moved, made.value


def with_sklearn(algorithm):
    def run(points, centers, iterations):
        model = KMeans(len(centers), init=centers, n_init=1, max_iter=iterations, tol=0, algorithm=algorithm)
        model.fit(points)
        return model.cluster_centers_, model.n_iter_

    return run


def with_faiss(points, centers, iterations):
    n, d = points.shape
    model = faiss.Kmeans(d, len(centers), niter=iterations, max_points_per_centroid=n, seed=1)
    model.train(points, init_centroids=centers)
    model.index.search(points, 1)
    return model.centroids, iterations


ENGINES = {
    "lloyd": with_lloyd,
    "sklearn lloyd": with_sklearn("lloyd"),
    "sklearn elkan": with_sklearn("elkan"),
    "faiss": with_faiss,
}


def cell(times, found, made, own, own_made, points):
    relative = compactness(points, np.asarray(found, dtype=np.float64)) / own
    notes = [f"{relative:.6f}"] if abs(relative - 1) > 1e-4 else []
    notes += [f"{made} it."] if made != own_made else []
    return f"{statistics.median(times):.0f}" + (f" ({', '.join(notes)})" if notes else "")


def compare(kind, n, d, k, iterations):
    """Prints a row; returns the ratios to the best of the others, and of scikit-learn's."""
    points, centers = sample(kind, n, d, k)
    times = {name: [] for name in ENGINES}
    results = {}
    for _ in range(arguments.rounds):
        for name, engine in ENGINES.items():
            begin = clock()
            results[name] = engine(points, centers, iterations)
            times[name].append(1e3 * (clock() - begin))
    ratios = [min(others) / own for own, *others in zip(*times.values())]
    of_sklearn = [min(others[:2]) / own for own, *others in zip(*times.values())]
    own, own_made = compactness(points, results["lloyd"][0]), results["lloyd"][1]
    cells = [cell(times[name], *results[name], own, own_made, points) for name in ENGINES]
    print(
        f"| {n:,} × {d} | {k} | {iterations} | {kind} | {' | '.join(cells)} "
        f"| {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}) |",
        flush=True,
    )
    return statistics.median(ratios), statistics.median(of_sklearn)


def seeds_of_lloyd(points, k, seed):
    n, d = points.shape
    seeds = np.empty((k, d))
    library.seed_points(
        points.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_ssize_t(n),
        ctypes.c_ssize_t(d),
        ctypes.c_int(k),
        ctypes.c_uint64(seed),
        seeds.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_int(arguments.threads),
    )
    return seeds


def seeds_of_sklearn(points, k, seed):
    return kmeans_plusplus(points, k, random_state=seed)[0]


def compare_seeding(kind, n, d, k, _):
    points, _ = sample(kind, n, d, k)
    engines = (seeds_of_lloyd, seeds_of_sklearn)
    times, sums = [[], []], [0.0, 0.0]
    for seed in range(arguments.rounds):
        for i, engine in enumerate(engines):
            begin = clock()
            seeds = engine(points, k, seed)
            times[i].append(1e3 * (clock() - begin))
            sums[i] += compactness(points, np.asarray(seeds, dtype=np.float64))
    ratios = [other / own for own, other in zip(*times)]
    print(
        f"| {n:,} × {d} | {k} | {kind} | {statistics.median(times[0]):.0f} | {statistics.median(times[1]):.0f} "
        f"| {sums[1] / sums[0]:.3f} | {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}) |",
        flush=True,
    )
    return statistics.median(ratios), statistics.median(ratios)


def measure_large():
    """Prints how long a call with one iteration takes, and how much of it the seeds."""
    n, d, k = 8_000_000, 3, 8
    points, centers = sample("uniform", n, d, k)
    shape = ctypes.c_ssize_t(n), ctypes.c_ssize_t(d), ctypes.c_int(k)

    def once(by_distance):
        array = points.ctypes.data_as(ctypes.c_void_p)
        library.iterate_once(array, *shape, ctypes.c_int(by_distance), ctypes.c_int(arguments.threads))

    calls = {
        "from given centers": lambda: with_lloyd(points, centers, 1),
        "more for k-means++": lambda: once(1),
        "more for random seeds": lambda: once(0),
        "reading the points": lambda: library.sum_of(points.ctypes.data_as(ctypes.c_void_p), ctypes.c_ssize_t(n * d)),
    }
    times = {name: [] for name in calls}
    for _ in range(arguments.rounds):
        for name, call in calls.items():
            begin = clock()
            call()
            times[name].append(1e3 * (clock() - begin))
    for name in list(calls)[1:3]:
        times[name] = [time - given for time, given in zip(times[name], times["from given centers"])]
    print("| 8,000,000 × 3 points, K = 8, one iteration | ms |")
    print("|---" * 2 + "|")
    for name, all_times in times.items():
        print(f"| {name} | {statistics.median(all_times):.0f} |")


def tell_rivals():
    """What each engine runs with; ends the program where that is not its best."""
    print(f"{rivals.cpu_name()}; threads: {arguments.threads} each; variables dropped: {', '.join(dropped) or 'none'}")
    rivals.check(f"scikit-learn {sklearn.__version__}", scipy.linalg.cython_blas, library)
    module = next(part for name, part in sys.modules.items() if name.startswith("faiss._swigfaiss"))
    rivals.check(f"faiss {faiss.__version__} ({faiss.get_compile_options().strip()})", module, library)
    print(f"lloyd: CPU level {library.cpu_level()} (0: baseline, 1: AVX2, 2: AVX-512)\n")


def compare_all():
    by_coordinates = {}
    for number in arguments.case or range(len(CASES)):
        for kind in arguments.data or ["clustered", "uniform"]:
            ratios = (compare_seeding if arguments.seeding else compare)(kind, *CASES[number])
            by_coordinates.setdefault(CASES[number][1], []).append(ratios)
    print()
    for name, group in {"2 and 3": (2, 3), "8 and 16": (8, 16), "64 and 128": (64, 128), "all": range(999)}.items():
        pairs = [pair for d in group for pair in by_coordinates.get(d, [])]
        if not pairs:
            continue
        best, of_sklearn = zip(*pairs)
        than = f" as the best of the others, {min(of_sklearn):.1f} to {max(of_sklearn):.1f} as the best of scikit-learn"
        ends = "" if arguments.seeding else than
        print(f"- {name} coordinates: {min(best):.1f} to {max(best):.1f} times as fast{ends}")


warnings.filterwarnings("ignore")  # scikit-learn's, that an elkan or lloyd run has not converged
faiss.omp_set_num_threads(arguments.threads)
tell_rivals()
if arguments.check:
    sys.exit(0)
if arguments.large:
    measure_large()
    sys.exit(0)
if arguments.seeding:
    print("| points | K | data | lloyd ms | scikit-learn ms | its compactness | times as fast (from, to) |")
    print("|---" * 7 + "|")
else:
    print(f"| points | K | iterations | data | {' | '.join(ENGINES)} | faster than the best |")
    print("|---" * 9 + "|")
compare_all()
