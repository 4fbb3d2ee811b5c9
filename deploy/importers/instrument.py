"""An instrument's file, ours or one of O*NET's and IPIP's, as lines for the doors of instruments and of their texts."""

from collections.abc import Iterator
from pathlib import Path

from deploy.importers.rows import ReadOptions, Row, Rows, UnreadableSource
from services.profile.assessments.importing_files import UnreadableInstrument, lines_in, texts_in


def read(path: Path, _options: ReadOptions) -> Rows:
    return iter(list(_rows(path)))


def files(path: Path, _options: ReadOptions) -> list[Path]:
    return [path]


def _rows(path: Path) -> Iterator[Row]:
    if not path.is_file():
        raise UnreadableSource(f"{path} is not a file: give the path of an instrument's JSON file.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSource(
            f"{path.name} is not UTF-8 (byte {error.start}): save it as UTF-8 and try again."
        ) from error
    try:
        for line in lines_in(text):
            yield Row("instruments", line, path.name, 1)
        for line in texts_in(text):
            yield Row("interpretations", line, path.name, 1)
    except UnreadableInstrument as error:
        raise UnreadableSource(f"{path.name}: {error}") from error
