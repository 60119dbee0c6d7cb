"""Libraries that read and write S3's objects by their paths: frames of data, file systems, ``open``."""

from __future__ import annotations

from typing import Final

from stockade.code.python.rules import Operations, Rule

_GET: Final[Operations] = (("s3", "GetObject"),)
_PUT: Final[Operations] = (("s3", "PutObject"),)
_LIST: Final[Operations] = (("s3", "ListObjectsV2"),)
_DELETE: Final[Operations] = (("s3", "DeleteObject"),)
_LOOK: Final[Operations] = (("s3", "HeadObject"),)
_SEARCH: Final[Operations] = (*_LOOK, *_LIST)
_WHICH: Final = "which objects it reads and writes depends on how it is used"


def _on(
    calls: Operations,
    name: str,
    at: int = 0,
    perhaps: Operations = (),
    folder: bool = False,
    bare: bool = False,
) -> Rule:
    """On the path that an argument holds."""
    return Rule(calls, perhaps=perhaps, path_argument=(at, name), folder=folder, bare=bare)


FRAMES: Final = frozenset(("dask", "geopandas", "modin", "pandas", "polars", "pyarrow"))
"""Packages of data frames, whose parts are frames again."""

_READING: Final = {
    "csv": "filepath_or_buffer",
    "excel": "io",
    "feather": "path",
    "file": "filename",
    "fwf": "filepath_or_buffer",
    "ipc": "source",
    "json": "path_or_buf",
    "ndjson": "source",
    "orc": "path",
    "parquet": "path",
    "pickle": "filepath_or_buffer",
    "sas": "filepath_or_buffer",
    "stata": "filepath_or_buffer",
    "table": "filepath_or_buffer",
    "xml": "path_or_buffer",
}
"""What frames are read from, each with the name of the argument that says where it is."""
_OFTEN_MANY: Final = frozenset(("orc", "parquet", "ipc"))
"""Forms of which a path is often a folder of files."""
_WRITING: Final = {
    **{f"to_{form}": "path" for form in ("feather", "orc", "parquet", "pickle", "stata")},
    "to_csv": "path_or_buf",
    "to_excel": "excel_writer",
    "to_file": "filename",
    "to_json": "path_or_buf",
    **{f"write_{form}": "file" for form in ("csv", "ipc", "json", "ndjson", "parquet")},
    **{f"sink_{form}": "path" for form in ("csv", "ipc", "ndjson", "parquet")},
}


def _reads(form: str, name: str) -> Rule:
    return _on(_GET, name, perhaps=_SEARCH if form in _OFTEN_MANY else _LOOK, folder=form in _OFTEN_MANY)


def _writes(name: str) -> Rule:
    return _on(_PUT, name, folder=name != "path_or_buf")


_SYSTEM: Final[dict[str, Rule]] = {
    "open": Rule(_GET, perhaps=_LOOK, writes=_PUT, mode=(1, "mode"), path_argument=(0, "path"), bare=True),
    "cat": _on(_GET, "path", perhaps=_LOOK, bare=True),
    "cat_file": _on(_GET, "path", perhaps=_LOOK, bare=True),
    "read_bytes": _on(_GET, "path", perhaps=_LOOK, bare=True),
    "read_text": _on(_GET, "path", perhaps=_LOOK, bare=True),
    "read_block": _on(_GET, "fn", perhaps=_LOOK, bare=True),
    "get": _on(_GET, "rpath", perhaps=_SEARCH, bare=True, folder=True),
    "get_file": _on(_GET, "rpath", perhaps=_LOOK, bare=True),
    "download": _on(_GET, "rpath", perhaps=_SEARCH, bare=True, folder=True),
    "put": _on(_PUT, "rpath", at=1, bare=True, folder=True, perhaps=_LIST),
    "put_file": _on(_PUT, "rpath", at=1, bare=True),
    "upload": _on(_PUT, "rpath", at=1, bare=True, folder=True, perhaps=_LIST),
    "pipe": _on(_PUT, "path", bare=True),
    "pipe_file": _on(_PUT, "path", bare=True),
    "write_bytes": _on(_PUT, "path", bare=True),
    "write_text": _on(_PUT, "path", bare=True),
    "touch": _on(_PUT, "path", bare=True),
    "ls": _on(_LIST, "path", bare=True, folder=True, perhaps=_LOOK),
    "find": _on(_LIST, "path", bare=True, folder=True, perhaps=_LOOK),
    "walk": _on(_LIST, "path", bare=True, folder=True),
    "du": _on(_LIST, "path", bare=True, folder=True, perhaps=_LOOK),
    "glob": _on(_LIST, "path", bare=True, folder=True, perhaps=_LOOK),
    "exists": _on(_LOOK, "path", bare=True, perhaps=_LIST),
    "info": _on(_LOOK, "path", bare=True, perhaps=_LIST),
    "isfile": _on(_LOOK, "path", bare=True, perhaps=_LIST),
    "isdir": _on(_LIST, "path", bare=True, folder=True),
    "size": _on(_LOOK, "path", bare=True, perhaps=_LIST),
    "rm": _on(_DELETE, "path", bare=True, folder=True, perhaps=_LIST),
    "rm_file": _on(_DELETE, "path", bare=True),
    "delete": _on(_DELETE, "path", bare=True, folder=True, perhaps=_LIST),
}
"""Methods of s3fs' file system. What a folder of several levels takes beside is told where it matters."""
_MORE: Final[dict[str, Rule]] = {
    name: Rule(unfollowed=("s3",), reason=_WHICH)
    for name in ("copy", "mv", "move", "rename", "cp", "sign", "url", "makedir", "mkdir", "rmdir", "chmod")
}

FUNCTIONS: Final[dict[tuple[str, str], Rule]] = {
    **{
        (top, f"{verb}_{form}"): _reads(form, "source" if top == "polars" else name)
        for top in (*sorted(FRAMES), "duckdb")
        for form, name in _READING.items()
        for verb in ("read", "scan")
    },
    **{(top, name): _writes(argument) for top in sorted(FRAMES) for name, argument in _WRITING.items()},
    **{
        ("duckdb", name): Rule(_GET, perhaps=_SEARCH, text_argument=True, certain=False, through="duckdb")
        for name in ("sql", "query", "execute", "from_query", "executemany")
    },
    ("smart_open", "open"): Rule(_GET, writes=_PUT, mode=(1, "mode"), path_argument=(0, "uri")),
    ("smart_open", "smart_open"): Rule(_GET, writes=_PUT, mode=(1, "mode"), path_argument=(0, "uri")),
    ("smart_open", "iter_bucket"): Rule((*_LIST, *_GET), (("Bucket", 0, "bucket_name"),)),
    ("fsspec", "open"): Rule(_GET, perhaps=_LOOK, writes=_PUT, mode=(1, "mode"), path_argument=(0, "urlpath")),
    ("rasterio", "open"): Rule(_GET, perhaps=_LOOK, writes=_PUT, mode=(1, "mode"), path_argument=(0, "fp")),
    ("pyarrow", "read_table"): _on(_GET, "source", perhaps=_SEARCH, folder=True),
    ("pyarrow", "ParquetDataset"): _on(_GET, "path_or_paths", perhaps=_SEARCH, folder=True),
    ("pyarrow", "ParquetFile"): _on(_GET, "source", perhaps=_LOOK),
    ("pyarrow", "dataset"): _on(_GET, "source", perhaps=_SEARCH, folder=True),
    ("pyarrow", "write_table"): _on(_PUT, "where", at=1),
    ("pyarrow", "write_to_dataset"): _on(_PUT, "root_path", at=1, folder=True, perhaps=_SEARCH),
    ("deltalake", "DeltaTable"): _on((*_GET, *_LIST), "table_uri", folder=True),
    ("deltalake", "write_deltalake"): _on((*_PUT, *_GET, *_LIST), "table_or_uri", folder=True),
    ("fastparquet", "ParquetFile"): _on(_GET, "fn", perhaps=_SEARCH, folder=True),
    ("xarray", "open_dataset"): _on(_GET, "filename_or_obj", perhaps=_LOOK),
    ("xarray", "open_zarr"): _on(_GET, "store", perhaps=_SEARCH, folder=True),
    ("zarr", "open"): _on(_GET, "store", perhaps=_SEARCH, folder=True),
    ("rio_tiler", "Reader"): _on(_GET, "input", perhaps=_LOOK),
    ("rio_tiler", "COGReader"): _on(_GET, "input", perhaps=_LOOK),
}
"""By package and last name."""

MEMBERS: Final[dict[tuple[str, str], Rule]] = {
    **{("s3fs:S3FileSystem", name): rule for name, rule in (_SYSTEM | _MORE).items()},
    **{
        ("pyarrow:S3FileSystem", name): _on((("s3", operation),), "path", bare=True)
        for name, operation in (
            ("open_input_file", "GetObject"),
            ("open_input_stream", "GetObject"),
            ("open_output_stream", "PutObject"),
            ("delete_file", "DeleteObject"),
        )
    },
}
"""Methods of file systems, by what made them."""


def written(name: str) -> Rule | None:
    """What a method of a frame calls, by its name alone: only a path of S3's makes it a call."""
    argument = _WRITING.get(name)
    return _writes(argument) if argument is not None else None
