"""Golden PCA, t-SNE affinities and layout. Debian python3-sklearn 1.2.1, python3-numpy 1.24.2: python3 make.py

points.npy        [800, 20] float32: 10 clusters of unequal width
layout.npy        [800, 2] scikit-learn's t-SNE of them (init pca, learning rate auto, perplexity 30)
affinities.npy    [120, 120] float32: the joint probabilities of the first 120 points at perplexity 10
pca.components.npy, pca.scores.npy, pca.summary.npy (mean; variances and their shares, padded): 4 components of the first 120 points
trustworthiness.npy  [1, 2] of layout.npy at 5 and at 12 neighbours
"""
import os
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.neighbors import NearestNeighbors
from sklearn.utils.extmath import svd_flip

here = os.path.dirname(os.path.abspath(__file__))


def save(name, values):
    np.save(os.path.join(here, name + ".npy"), np.ascontiguousarray(values, dtype=np.float32))


rng = np.random.default_rng(11)
cluster = rng.integers(0, 10, 800)
centres = rng.normal(size=(10, 20)) * 2
points = (centres[cluster] + rng.normal(size=(800, 20)) * rng.uniform(0.4, 1.2, size=10)[cluster, None]).astype(np.float32)
save("points", points)

layout = TSNE(init="pca", learning_rate="auto", perplexity=30, random_state=1).fit_transform(points)
save("layout", layout)
save("trustworthiness", [[trustworthiness(points, layout, n_neighbors=5), trustworthiness(points, layout, n_neighbors=12)]])

few = points[:120]
distances = NearestNeighbors(n_neighbors=31, algorithm="brute").fit(few.astype(np.float64)).kneighbors_graph(mode="distance")
distances.data **= 2
joint = _joint_probabilities_nn(csr_matrix(distances), 10, 0)
save("affinities", joint.toarray())

pca = PCA(n_components=4, svd_solver="full").fit(few.astype(np.float64))
scores = pca.transform(few.astype(np.float64))
flipped, components = svd_flip(scores.copy(), pca.components_.copy(), u_based_decision=False)  # the default since scikit-learn 1.5
save("pca.components", components)
save("pca.scores", flipped)
pad = np.zeros(16)
save("pca.summary", [pca.mean_, np.r_[pca.explained_variance_, pad], np.r_[pca.explained_variance_ratio_, pad]])
