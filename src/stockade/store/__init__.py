"""Runs that are kept: each as a part of its own, written whole or not at all, read back with DuckDB.

store/parts      a directory of parts, and how one is put there
store/tables     what a run is as rows, and how older rows are read
store/recall     a report again, of what was kept
store/history    what changed between runs, and how many of each answer there were
"""
