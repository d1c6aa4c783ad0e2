"""Contracts of an API's traffic, on one machine or many.

A `Promise` holds what OpenAPI specs promise. It turns traffic into a contract: a small file of
counts and places, without a value. Contracts are joined in any order, to the same bytes as one
process writes, and `Promise.report` judges the result.

    promise = Promise(read_specs("specs/"))
    contract, broken = promise.observe(data, "night.ndjson")
    print(promise.report(join([contract, other])))

`prumo.spark` and `prumo.beam` do the same on an engine.
"""

from prumo._fold import Fold
from prumo._prumo import Promise, PrumoError, identity, join
from prumo._specs import read_specs

__all__ = ["Fold", "Promise", "PrumoError", "identity", "join", "read_specs"]
