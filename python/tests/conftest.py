"""An invented vendor and its traffic."""

from __future__ import annotations

import json
import os
import sys

import pytest

# Spark's workers run the same Python.
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

SPEC = """
openapi: 3.0.3
info: {title: acme, version: '1'}
paths:
  /thing/{id}:
    get:
      operationId: ler_coisa
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties: {id: {type: integer}, tipo: {type: string, enum: [I, E]}}
"""


def exchange(body: object) -> str:
    """Returns an exchange whose response has this body."""
    return json.dumps(
        {
            "request": {"method": "GET", "path": "/thing/7"},
            "response": {
                "status": 200,
                "headers": {"content-type": "application/json"},
                "body": body,
            },
        }
    )


@pytest.fixture
def specs() -> dict[str, str]:
    """Returns the texts of the vendor's spec."""
    return {"specs/acme.yaml": SPEC}


def night(number: int, n_lines: int) -> list[str]:
    """Returns the lines of a file, of which a few drift."""
    bodies: list[object] = [
        {"id": line} if (line * 7 + number) % 50 else {"id": str(line), "novo": [1]}
        for line in range(n_lines)
    ]
    return [exchange(body) for body in bodies]
