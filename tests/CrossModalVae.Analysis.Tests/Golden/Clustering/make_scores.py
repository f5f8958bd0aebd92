"""Golden cluster scores. Debian python3-sklearn 1.2.1, python3-numpy 1.24.2: python3 make_scores.py"""
import json
import os

import numpy as np
from sklearn import metrics
from sklearn.datasets import make_blobs

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(12)


def agreement(classes, clusters):
    return dict(
        adjusted_rand=metrics.adjusted_rand_score(classes, clusters),
        adjusted_mutual_information=metrics.adjusted_mutual_info_score(classes, clusters),
        normalised_mutual_information=metrics.normalized_mutual_info_score(classes, clusters),
        homogeneity=metrics.homogeneity_score(classes, clusters),
        completeness=metrics.completeness_score(classes, clusters),
        v_measure=metrics.v_measure_score(classes, clusters),
        purity=metrics.cluster.contingency_matrix(classes, clusters).max(axis=0).sum() / len(classes))


def case(name, classes, clusters):
    classes, clusters = np.asarray(classes), np.asarray(clusters)
    return dict(name=name, classes=classes.tolist(), clusters=clusters.tolist(), **agreement(classes, clusters))


truth = rng.integers(0, 12, 300)
near = np.where(rng.random(300) < 0.7, truth, rng.integers(-1, 15, 300))
cases = [
    case("near", truth, near),
    case("random", truth, rng.integers(0, 40, 300)),
    case("coarse", truth, truth // 4),
    case("fine", truth // 3, truth),
    case("noise only", truth, np.full(300, -1)),
    case("points alone", truth, np.arange(300)),
    case("points alone in both", np.arange(20), np.arange(20)),
    case("one class", np.zeros(20, int), np.arange(20) % 3),
    case("uneven", np.repeat([0, 1, 2], [200, 90, 10]), np.repeat([0, 1, 0, 2], [150, 100, 40, 10])),
]
points, own = make_blobs(120, centers=5, n_features=4, cluster_std=2.0, random_state=3)
points = points.astype(np.float32)
own[0] = 9  # alone in its cluster
silhouettes = {metric: metrics.silhouette_score(points.astype(np.float64), own, metric=metric) for metric in ("euclidean", "cosine")}

# As large as the issue asks, from a generator that both sides have: labels of row i by a linear congruence.
n = 100_000
state, draws = 1, np.empty(2 * n, np.int64)
for i in range(2 * n):
    state = (state * 1103515245 + 12345) % 2147483648
    draws[i] = state >> 8
people = draws[0::2] % 1000
large = np.where(draws[1::2] % 3 == 0, draws[1::2] // 3 % 1500, people)
with open(os.path.join(here, "scores.json"), "w") as f:
    json.dump(dict(cases=cases, points=[float(str(v)) for v in points.ravel()], dimension=4, clusters=own.tolist(), silhouettes=silhouettes, large=agreement(people, large)), f)
    f.write("\n")
