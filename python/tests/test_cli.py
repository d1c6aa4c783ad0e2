"""Tests the command that comes with the package."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import requires, version
from pathlib import Path

from conftest import SPEC, exchange
from prumo import Promise, read_specs

PROGRAM = str(Path(sys.executable).with_name("prumo"))


def test_the_command_and_the_module_write_the_same_bytes(tmp_path: Path) -> None:
    """A contract of the command is one of the module, also with a poison line."""
    spec, night = tmp_path / "acme.yaml", tmp_path / "night.ndjson"
    spec.write_text(SPEC)
    night.write_text("\n".join([exchange({"id": "7"}), "not JSON", exchange({"id": 1})]))
    command = [PROGRAM, "observe", "--spec", str(spec), "--name", "s3://night", str(night)]
    written = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    contract, _ = Promise(read_specs(spec)).observe(night.read_bytes(), "s3://night")
    assert written == contract


def test_both_wheels_have_one_version() -> None:
    """The package asks for the command of its own release."""
    assert version("prumo") == version("prumo-cli")
    assert f"prumo-cli=={version('prumo')}" in (requires("prumo") or [])
