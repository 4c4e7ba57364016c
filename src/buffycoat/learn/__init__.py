"""A release to scores: classifiers that learn from features, and how they are judged."""

from buffycoat.learn.constant import ConstantClassifier, fit_constant
from buffycoat.learn.protocol import Evaluation, evaluate
from buffycoat.learn.svm import SvmClassifier, fit_svm

__all__ = ["ConstantClassifier", "Evaluation", "SvmClassifier", "evaluate", "fit_constant", "fit_svm"]
