"""scikit-learn's DBSCAN on points in a raw float32 file: prints seconds and peak memory, writes the labels."""
import argparse
import resource
import time

import numpy
import sklearn
from sklearn.cluster import DBSCAN

parser = argparse.ArgumentParser()
parser.add_argument("--points", required=True)
parser.add_argument("--dimension", type=int, required=True)
parser.add_argument("--eps", type=float, required=True)
parser.add_argument("--min-samples", type=int, required=True)
parser.add_argument("--labels", required=True)
options = parser.parse_args()

points = numpy.fromfile(options.points, dtype=numpy.float32).reshape(-1, options.dimension)
start = time.perf_counter()
result = DBSCAN(eps=options.eps, min_samples=options.min_samples, n_jobs=-1).fit(points)
seconds = time.perf_counter() - start
result.labels_.astype(numpy.int32).tofile(options.labels)
print(f"sklearn={sklearn.__version__} seconds={seconds} megabytes={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")
