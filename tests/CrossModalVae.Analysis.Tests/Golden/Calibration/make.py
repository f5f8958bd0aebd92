"""Golden values for Platt scaling and reliability, by scikit-learn 1.2.1 (numpy 1.24, Debian's python3).

python3 make.py   writes NAME.csv (score,target) and NAME.expected.csv beside this script.

The exact answer is LogisticRegression without penalty on every trial taken twice, as a 1 with weight t and as a 0 with weight 1 - t, t being Platt's target; the
coarse one is scikit-learn's own Platt scaling (what CalibratedClassifierCV(method="sigmoid") fits), which stops at BFGS's tolerance.
Lines of NAME.expected.csv: a,b | sigmoid a,b | brier,ece,log-loss | predicted,observed of every bin of the reliability curve.
"""

import os

import numpy as np
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss

HERE = os.path.dirname(os.path.abspath(__file__))


def cases(random):
    for name, targets, others, low, high, spread in [
        ("balanced", 300, 300, 0.05, 0.35, 0.2),
        ("unbalanced", 40, 400, -0.1, 0.2, 0.25),
        ("distances", 150, 150, -31.0, -27.5, 2.0),
        ("separable", 60, 60, -0.5, 0.5, 0.05),
    ]:
        scores = np.concatenate([random.normal(high, spread, targets), random.normal(low, spread, others)]).astype(np.float32)
        yield name, scores.astype(np.float64), np.concatenate([np.ones(targets, int), np.zeros(others, int)])


def write(name, lines):
    with open(os.path.join(HERE, name), "w", encoding="ascii", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)


def row(*numbers):
    return ",".join(repr(float(number)) for number in numbers)


for name, scores, target in cases(np.random.default_rng(20260)):
    positives, negatives = target.sum(), len(target) - target.sum()
    platt = np.where(target == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    centre, scale = scores.mean(), scores.std()
    x = np.concatenate([scores, scores])[:, None]
    exact = LogisticRegression(penalty=None, solver="newton-cholesky", tol=1e-14, max_iter=200).fit(
        (x - centre) / scale, np.concatenate([np.ones(len(scores)), np.zeros(len(scores))]), np.concatenate([platt, 1 - platt]))
    a = exact.coef_[0, 0] / scale
    b = exact.intercept_[0] - a * centre
    sigmoid = _SigmoidCalibration().fit(scores, target)
    p = 1 / (1 + np.exp(-(a * scores + b)))
    observed, predicted = calibration_curve(target, p, n_bins=10)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], p), minlength=10)
    counts = counts[counts > 0]
    ece = np.sum(counts * np.abs(observed - predicted)) / len(p)
    write(name + ".csv", ["score,target"] + [f"{float(s)!r},{t}" for s, t in zip(scores, target)])
    write(
        name + ".expected.csv",
        [row(a, b), row(-sigmoid.a_, -sigmoid.b_), row(brier_score_loss(target, p), ece, log_loss(target, p))]
        + [row(m, o) for m, o in zip(predicted, observed)])
