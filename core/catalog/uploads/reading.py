"""Parse an uploaded file into its stored form."""

from typing import Any

from core.errors import Invalid
from core.tables.limits import UnreadableFile
from core.tables.model import Finding, ReadCatalog, ReadResult


def read_upload(data: bytes, filename: str, language: str, limit: int) -> dict[str, Any]:
    """Parse a file; raises `Invalid` with message and place if it is unreadable."""
    # The libraries behind the reader are heavy; few pages need them.
    from core.tables.read import read_catalogs

    try:
        result = read_catalogs(data, filename, max_bytes=limit)
    except UnreadableFile as error:
        raise Invalid({"file": error.message(language)}, where=error.where) from error
    return to_stored_form(result)


def to_stored_form(result: ReadResult) -> dict[str, Any]:
    """Convert the parse result to JSON: rows, original cell texts, findings by code."""
    return {
        "tables": [_table(catalog) for catalog in result.catalogs],
        "not_applicable": [[entry.domain, entry.reason] for entry in result.not_applicable],
        "findings": [_finding(finding) for finding in result.findings],
    }


def _table(catalog: ReadCatalog) -> dict[str, Any]:
    return {
        "title": catalog.title,
        "domain": catalog.domain,
        "rows": [row.to_json() for row in catalog.rows],
        "cells": [dict(row.source.cells) for row in catalog.rows],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "table": finding.catalog,
        "row": finding.row,
        "field": finding.field,
        "severity": finding.severity,
        "code": finding.code,
        "params": dict(finding.params),
    }
