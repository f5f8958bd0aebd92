"""AUC and equal error rate of scored trials by scikit-learn and by numpy alone: prints the seconds of both, without reading, and the figures."""
import argparse
import time

import numpy
import sklearn
from sklearn.metrics import roc_auc_score, roc_curve

parser = argparse.ArgumentParser()
parser.add_argument("--scores", required=True)  # raw float32
parser.add_argument("--targets", required=True)  # raw bytes, 0 or 1
options = parser.parse_args()
scores = numpy.fromfile(options.scores, dtype=numpy.float32)
targets = numpy.fromfile(options.targets, dtype=bool)


def equal(false_rate, true_rate):
    gap = 1 - true_rate - false_rate
    after = numpy.argmax(gap <= 0)
    share = gap[after - 1] / (gap[after - 1] - gap[after])
    return false_rate[after - 1] + share * (false_rate[after] - false_rate[after - 1])


start = time.perf_counter()
false_rate, true_rate, _ = roc_curve(targets, scores, drop_intermediate=False)
auc, eer = roc_auc_score(targets, scores), equal(false_rate, true_rate)
learn = time.perf_counter() - start

# The least that numpy can do: one sort, two sums; right for scores without ties only.
start = time.perf_counter()
order = numpy.argsort(-scores)
hits = targets[order]
true_rate = numpy.cumsum(hits) / hits.sum()
false_rate = numpy.cumsum(~hits) / (~hits).sum()
numpy_auc, numpy_eer = numpy.trapz(true_rate, false_rate), equal(false_rate, true_rate)
plain = time.perf_counter() - start
print(f"sklearn={sklearn.__version__} numpy={numpy.__version__} seconds={learn} numpy_seconds={plain} auc={auc!r} eer={eer!r}")
