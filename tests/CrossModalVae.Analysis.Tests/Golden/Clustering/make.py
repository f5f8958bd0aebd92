"""Golden DBSCAN labels and cluster scores. Debian python3-sklearn 1.2.1, python3-numpy 1.24.2: python3 make.py

Each file: first line eps,min_samples,ari,nmi; then x..., label, is_core, class of every point.
"""
import os
import numpy as np
from sklearn.cluster import DBSCAN
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

here = os.path.dirname(os.path.abspath(__file__))


def write(name, x, truth, eps, min_samples, metric):
    x = x.astype(np.float32)
    fit = DBSCAN(eps=eps, min_samples=min_samples, metric=metric, algorithm="brute").fit(x.astype(np.float64))
    core = np.zeros(len(x), int)
    core[fit.core_sample_indices_] = 1
    # No distance may lie so close to eps that single and double precision could disagree.
    if metric == "cosine":
        u = x.astype(np.float64) / np.linalg.norm(x.astype(np.float64), axis=1, keepdims=True)
        d = 1 - u @ u.T
    else:
        d = np.linalg.norm(x[:, None].astype(np.float64) - x[None].astype(np.float64), axis=2)
    assert np.abs(d - eps).min() > 2e-6, np.abs(d - eps).min()
    with open(os.path.join(here, name + ".csv"), "w") as f:
        f.write(f"{eps},{min_samples}\n")
        for row, label, c in zip(x, fit.labels_, core):
            f.write(",".join(repr(float(v)) for v in row) + f",{label},{c}\n")
    with open(os.path.join(here, name + ".scores.csv"), "w") as f:
        f.write(f"{adjusted_rand_score(truth, fit.labels_)!r},{normalized_mutual_info_score(truth, fit.labels_)!r}\n")
        f.write(",".join(map(str, truth)) + "\n")
    print(name, "clusters", fit.labels_.max() + 1, "noise", (fit.labels_ < 0).mean(), "border", ((core == 0) & (fit.labels_ >= 0)).sum())


rng = np.random.default_rng(7)
truth = rng.integers(0, 6, 240)
centres = rng.normal(size=(6, 5)) * 1.6
write("blobs-euclidean", centres[truth] + rng.normal(size=(240, 5)) * 0.55, truth, 0.9, 4, "euclidean")
centres = rng.normal(size=(6, 8))
write("blobs-cosine", centres[truth] + rng.normal(size=(240, 8)) * 0.35, truth, 0.0553, 4, "cosine")
