"""Golden HDBSCAN results of the reference implementation (github.com/scikit-learn-contrib/hdbscan 0.8.43, BSD 3-clause, built from source against Debian's
python3-numpy 1.24.2 and python3-sklearn 1.2.1): PYTHONPATH=<its checkout> python3 make_hdbscan.py

The reference merges points of equal mutual reachability distance two by two in an order that its algorithms choose differently; ours merges them at once
(Campello et al. 2015). So the single linkage is the reference's, its ties are taken at once here, and the reference's own functions do the rest. "tied" are the
rows, with the reference's own label, that it decides by that order: each leaves at the very density at which a cluster is born. Where ties make the reference
split a cluster that no distance splits, its probabilities there are over a smaller maximum.
"""
import json
import os
from collections import deque

import hdbscan
import numpy as np
from hdbscan._hdbscan_tree import compute_stability, get_clusters, outlier_scores
from hdbscan.prediction import approximate_predict, approximate_predict_scores
from scipy.optimize import linear_sum_assignment
from sklearn.datasets import load_iris, make_blobs, make_moons

here = os.path.dirname(os.path.abspath(__file__))
tree_type = [("parent", np.intp), ("child", np.intp), ("lambda_val", float), ("child_size", np.intp)]


def at_once(linkage, min_cluster_size):
    n = len(linkage) + 1
    children, distance, size = {}, {}, {i: 1 for i in range(n)}
    for k, (a, b, d, s) in enumerate(linkage):
        children[n + k] = []
        for c in (int(a), int(b)):
            children[n + k] += children[c] if c >= n and distance[c] == d else [c]
        distance[n + k], size[n + k] = d, int(s)

    def rows(node):
        stack = [node]
        while stack:
            node = stack.pop()
            if node < n:
                yield node
            else:
                stack += children[node]

    tree, queue, following = [], deque([(2 * n - 2, n)]), n + 1
    while queue:
        node, cluster = queue.popleft()
        lam = 1 / distance[node] if distance[node] > 0 else np.inf
        large = [c for c in children[node] if size[c] >= min_cluster_size]
        for c in children[node]:
            if c not in large:
                tree += [(cluster, row, lam, 1) for row in rows(c)]
            elif len(large) > 1:
                tree.append((cluster, following, lam, size[c]))
                queue.append((c, following))
                following += 1
            else:
                queue.append((c, cluster))
    return np.array(tree, dtype=tree_type)


def distances(x, metric):
    x = x.astype(np.float64)
    if metric == "cosine":
        u = x / np.linalg.norm(x, axis=1, keepdims=True)
        d = 1 - u @ u.T
        d = np.maximum(d, d.T)
        np.fill_diagonal(d, 0)
        return d
    return np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))


def renumbered(labels, like):
    """The same clusters with the numbers of those they share most rows with."""
    table = np.zeros((labels.max() + 1, like.max() + 1))
    both = (labels >= 0) & (like >= 0)
    np.add.at(table, (labels[both], like[both]), 1)
    number = dict(zip(*linear_sum_assignment(-table)))
    return np.array([number[c] if c >= 0 else -1 for c in labels])


def write(name, x, min_cluster_size, min_samples, metric="euclidean", selection="eom", single=False, epsilon=0.0, new=None):
    x = x.astype(np.float32)
    options = dict(
        min_cluster_size=min_cluster_size, min_samples=min_samples, cluster_selection_method=selection, allow_single_cluster=single,
        cluster_selection_epsilon=epsilon)
    plain = hdbscan.HDBSCAN(metric="precomputed", **options).fit(distances(x, metric))
    tree = at_once(plain.single_linkage_tree_._linkage, min_cluster_size)
    labels, probabilities, _ = get_clusters(tree, compute_stability(tree), selection, single, False, epsilon)
    scores = outlier_scores(tree)

    theirs = renumbered(plain.labels_, labels) if plain.labels_.max() >= 0 and labels.max() >= 0 else plain.labels_
    own = plain.condensed_tree_._raw_tree
    births = set(tree["lambda_val"][tree["child"] >= len(x)]) | set(own["lambda_val"][own["child"] >= len(x)])
    leaves = dict(zip(tree["child"], tree["lambda_val"]))
    tied = [int(i) for i in np.flatnonzero(theirs != labels)]
    assert all(leaves[i] in births for i in tied), [leaves[i] for i in tied]
    assert labels.max() == plain.labels_.max()
    golden = dict(
        options=dict(min_cluster_size=min_cluster_size, min_samples=min_samples, metric=metric, selection=selection, single=single, epsilon=epsilon),
        dimension=x.shape[1], values=[float(str(v)) for v in x.ravel()], labels=labels.tolist(),
        probabilities=[round(float(p), 12) for p in probabilities], outlier_scores=[round(float(s), 12) for s in scores],
        tied=[[i, int(theirs[i])] for i in tied])
    if new is not None:
        new = new.astype(np.float32)
        fitted = hdbscan.HDBSCAN(algorithm="prims_kdtree", **options).fit(x)
        fitted._condensed_tree, fitted.labels_ = tree, labels
        fitted.generate_prediction_data()
        new_labels, new_probabilities = approximate_predict(fitted, new.astype(np.float64))
        golden["new"] = dict(
            values=[float(str(v)) for v in new.ravel()], labels=new_labels.tolist(), probabilities=[round(float(p), 12) for p in new_probabilities],
            outlier_scores=[round(float(np.clip(s, 0, 1)), 12) for s in approximate_predict_scores(fitted, new.astype(np.float64))])
    with open(os.path.join(here, f"hdbscan-{name}.json"), "w") as f:
        json.dump(golden, f)
        f.write("\n")
    print(name, len(x), "clusters", labels.max() + 1, "noise", (labels < 0).sum(), "tied", golden["tied"], "probabilities", (np.abs(plain.probabilities_ - probabilities) > 1e-9).sum())


blobs, _ = make_blobs(240, centers=6, n_features=4, cluster_std=1.6, random_state=4)
rng = np.random.default_rng(8)
other = np.vstack([blobs[:20] + rng.normal(size=(20, 4)) * 0.5, rng.uniform(-12, 12, (20, 4)), blobs[:5]])
write("blobs-untied", blobs, 5, 1, new=other)
write("blobs", blobs, 6, 4, new=other)
write("blobs-leaf", blobs, 5, 3, selection="leaf", new=other)
write("blobs-leaf-epsilon", blobs, 5, 2, selection="leaf", epsilon=2.2)
write("blobs-epsilon", blobs, 4, 2, epsilon=2.0, new=other)
moons, _ = make_moons(100, noise=0.05, random_state=1)
two, _ = make_blobs(100, centers=[(-0.75, 2.25), (1, 2)], cluster_std=0.25, random_state=1)
write("moons-and-blobs", np.vstack([moons, two]), 5, 5)  # "How HDBSCAN Works"
write("iris", load_iris().data, 5, 5)  # many equal rows and ties
ball = rng.normal(size=(150, 3))
write("ball-single", ball, 8, 5, single=True)
write("ball-single-epsilon", ball, 8, 5, single=True, epsilon=0.8)
write("ball", ball, 8, 5)
write("few", rng.normal(size=(6, 2)), 8, 3)
directions = rng.normal(size=(5, 8))
write("cosine", directions[rng.integers(0, 5, 200)] * rng.uniform(0.5, 3, (200, 1)) + rng.normal(size=(200, 8)) * 0.3, 8, 4, metric="cosine")
published = os.path.join(os.path.dirname(hdbscan.__file__), "..", "notebooks", "clusterable_data.npy")
write("published", np.load(published), 15, 15)  # the data of the reference's documentation
