"""Systems in processes of their own, where a crash, a hang or a leak is a result and nothing more."""

from lanci_eval.isolation.process import SystemProcess

__all__ = ["SystemProcess"]
