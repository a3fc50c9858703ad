"""Writes runtime/tests/data/metrics.json: what scikit-learn says about fixed predictions.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scikit-learn==1.9.1 numpy==2.4.6
    /tmp/venv/bin/python tests/python/make_metrics.py runtime/tests/data

Probabilities are whole numbers over their sum, few enough that many are equal. Of classes with equal probabilities numpy's `argmax` takes the
first, and so do we; `top_k_accuracy_score` takes the last, so it is given the classes in reverse. What is undefined is null here and
NaN for scikit-learn (`zero_division=numpy.nan`), which leaves it out of macro means.
"""

import json
import math
import pathlib
import sys

import numpy
import sklearn
from sklearn import metrics


def listed(values):
    return [None if math.isnan(value) else float(value) for value in values]


def case(name, weights, labels):
    classes = weights.shape[1]
    every = list(range(classes))
    probabilities = weights / weights.sum(1, keepdims=True)
    predictions = probabilities.argmax(1)
    top = {}
    for k in range(1, classes):
        turned = [classes - 1 - label for label in labels]
        top[k] = float(metrics.top_k_accuracy_score(turned, probabilities[:, ::-1], k=k, labels=every))
    of_each = {"labels": every, "zero_division": numpy.nan}
    precision, recall, f1, support = metrics.precision_recall_fscore_support(labels, predictions, **of_each)
    macro = metrics.precision_recall_fscore_support(labels, predictions, average="macro", **of_each)[:3]
    return {
        "name": name,
        "weights": weights.tolist(),
        "labels": [int(label) for label in labels],
        "top": top,
        "loss": float(metrics.log_loss(labels, probabilities, labels=every)),
        "confusion": metrics.confusion_matrix(labels, predictions, labels=every).tolist(),
        "precision": listed(precision),
        "recall": listed(recall),
        "f1": listed(f1),
        "support": support.tolist(),
        "macro": dict(zip(["precision", "recall", "f1"], listed(macro))),
    }


def main():
    random = numpy.random.default_rng(8)
    cases = []
    weights = random.integers(1, 5, (60, 7))
    cases.append(case("ties", weights, random.integers(0, 7, 60)))
    # No image is of class 2 or 5, and none is taken for class 1 or 5.
    weights = random.integers(2, 6, (40, 6))
    weights[:, [1, 5]] = 1
    cases.append(case("absent classes", weights, random.choice([0, 1, 3, 4], 40)))
    weights = random.integers(1, 100, (90, 12))
    labels = numpy.where(random.random(90) < 0.6, weights.argmax(1), random.integers(0, 12, 90))
    cases.append(case("mostly right", weights, labels))
    cases.append(case("all equal", numpy.ones((9, 4), int), random.integers(0, 4, 9)))
    made = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "cases": cases}
    text = json.dumps(made).replace('{"name"', '\n{"name"')
    (pathlib.Path(sys.argv[1]) / "metrics.json").write_text(text + "\n")


main()
