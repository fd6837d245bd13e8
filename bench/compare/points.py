# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""K-Means of float points beside scikit-learn (lloyd and elkan) and faiss, in one process.

    python3 bench/compare/points.py build/bench/bench_points.so [--rounds 5] [--threads 1] [--case N]... [--data clustered]
                                  [--seeding]

The same float32 points, the same initial centers, no tolerance, and as many iterations as each case says, or fewer where
no label changes any more; each engine ends with labels for its last centers and their compactness. Engines take turns
within a round; printed are medians of milliseconds, how many times lloyd is as fast as the best of the others (the
median of the rounds' ratios), and every engine's compactness over lloyd's. With --seeding instead: greedy k-means++
alone, of lloyd and of scikit-learn, with as many candidates; both draw anew in each round, so their compactness is that of
the mean. Debian: python3-sklearn, python3-faiss, libopenblas0-pthread.
"""
import argparse
import ctypes
import os
import statistics
import sys
import time
import warnings

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("library")
options.add_argument("--rounds", type=int, default=5)
options.add_argument("--threads", type=int, default=1)
options.add_argument("--case", type=int, action="append", help="0 to 6; all when left out")
options.add_argument("--data", choices=["clustered", "uniform"], action="append")
options.add_argument("--seeding", action="store_true")
arguments = options.parse_args()
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = str(arguments.threads)  # before numpy is loaded

import faiss  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.cluster import KMeans, kmeans_plusplus  # noqa: E402

# n, d, k, iterations, the least ratio aimed at
CASES = [
    (1_000_000, 2, 8, 20, 8),
    (1_000_000, 3, 16, 10, 8),
    (500_000, 3, 64, 10, 8),
    (200_000, 8, 32, 20, 3),
    (200_000, 16, 64, 10, 3),
    (100_000, 64, 100, 10, 2),
    (50_000, 128, 256, 10, 2),
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


def compare(kind, n, d, k, iterations, goal):
    points, centers = sample(kind, n, d, k)
    times = {name: [] for name in ENGINES}
    results = {}
    for _ in range(arguments.rounds):
        for name, engine in ENGINES.items():
            begin = time.perf_counter()
            results[name] = engine(points, centers, iterations)
            times[name].append(1e3 * (time.perf_counter() - begin))
    ratios = [min(others) / own for own, *others in zip(*times.values())]
    own = compactness(points, results["lloyd"][0])
    cells = []
    for name in ENGINES:
        found, made = results[name]
        relative = compactness(points, np.asarray(found, dtype=np.float64)) / own
        cells.append(f"{statistics.median(times[name]):8.1f} ({made:2d}, {relative:.6f})")
    print(
        f"{n:>9,} × {d:<3} k {k:<3} {iterations:>2} it. {kind:9} | {' | '.join(cells)} "
        f"| {statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f}), goal {goal}",
        flush=True,
    )


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


def compare_seeding(kind, n, d, k, *_):
    points, _ = sample(kind, n, d, k)
    engines = (seeds_of_lloyd, seeds_of_sklearn)
    times, sums = [[], []], [0.0, 0.0]
    for seed in range(arguments.rounds):
        for i, engine in enumerate(engines):
            begin = time.perf_counter()
            seeds = engine(points, k, seed)
            times[i].append(1e3 * (time.perf_counter() - begin))
            sums[i] += compactness(points, np.asarray(seeds, dtype=np.float64))
    ratios = [other / own for own, other in zip(*times)]
    print(
        f"{n:>9,} × {d:<3} k {k:<3} {kind:9} | {statistics.median(times[0]):8.1f} | {statistics.median(times[1]):8.1f} "
        f"({sums[1] / sums[0]:.4f}) | {statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
        flush=True,
    )


warnings.filterwarnings("ignore")  # scikit-learn's, that an elkan or lloyd run has not converged
faiss.omp_set_num_threads(arguments.threads)
if arguments.seeding:
    print("milliseconds of k-means++ by lloyd, by scikit-learn (compactness over lloyd's); lloyd against scikit-learn")
else:
    print(
        f"milliseconds (iterations, compactness over lloyd's) of {', '.join(ENGINES)}; lloyd against the best of the others"
    )
for number in arguments.case or range(len(CASES)):
    for kind in arguments.data or ["clustered", "uniform"]:
        (compare_seeding if arguments.seeding else compare)(kind, *CASES[number])
sys.exit(0)
