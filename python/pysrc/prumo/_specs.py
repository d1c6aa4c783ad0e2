"""Reads the files of specs."""

from __future__ import annotations

import os
from pathlib import Path

_ENDINGS = (".yaml", ".yml", ".json")


def read_specs(*paths: str | os.PathLike[str]) -> dict[str, str]:
    """Returns the texts of specs by path, for `prumo.Promise`.

    Args:
        paths: Files, or folders of specs. The parts and waivers of a spec stand in the folder of
            its name, and its waivers also in `<name>.waivers.yaml` beside it.

    Raises:
        FileNotFoundError: A path leads nowhere, or a folder holds no spec.
    """
    texts: dict[str, str] = {}
    for path in map(Path, paths):
        files = _files_of_folder(path) if path.is_dir() else _files_of_spec(path)
        if not files:
            raise FileNotFoundError(f"there is no spec in `{path}`")
        texts.update((file.as_posix(), file.read_text(encoding="utf-8")) for file in files)
    return texts


def _files_of_folder(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if _is_text_of_a_spec(file))


def _files_of_spec(spec: Path) -> list[Path]:
    beside = spec.with_name(f"{spec.stem}.waivers.yaml")
    parts = _files_of_folder(spec.with_suffix("")) if spec.with_suffix("").is_dir() else []
    return [spec, *([beside] if beside.is_file() else []), *parts]


def _is_text_of_a_spec(file: Path) -> bool:
    is_of_docs = file.name.endswith(".docs.yaml")
    return file.is_file() and file.suffix in _ENDINGS and not is_of_docs
