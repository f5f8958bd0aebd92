"""scikit-learn's t-SNE: what `cmvae-bench tsne` is compared with.

    tsne_layout.py --points POINTS.npy --layout LAYOUT.npy --perplexity P

Reads [N, D] float32, writes [N, 2] float32, and prints one line, "seconds=S cpu_seconds=C sklearn=V": fit_transform alone, with init='pca',
learning_rate='auto', method='barnes_hut', all cores.
"""
import argparse
import time

import numpy as np
import sklearn
from sklearn.manifold import TSNE


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--points")
    parser.add_argument("--layout")
    parser.add_argument("--perplexity", type=float, default=30)
    args = parser.parse_args()
    points = np.load(args.points)
    # The first call loads libraries; it is not counted.
    TSNE(init="pca", learning_rate="auto", perplexity=5, n_iter=250, n_jobs=-1, random_state=1).fit_transform(points[:100])
    tsne = TSNE(init="pca", learning_rate="auto", perplexity=args.perplexity, n_jobs=-1, random_state=1)
    start, cpu = time.perf_counter(), time.process_time()
    layout = tsne.fit_transform(points)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    np.save(args.layout, layout.astype(np.float32))
    print(f"seconds={seconds:.3f} cpu_seconds={cpu:.3f} sklearn={sklearn.__version__}")


if __name__ == "__main__":
    main()
