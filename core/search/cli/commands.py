"""`gongkai search …`: search as a tenant's page does, or maintain the index."""

from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _

from core.command import command_errors, json_option, print_result
from core.db.scope import open_session
from core.errors import GongkaiError
from core.plugins.api.contributions import AnswerCard
from core.search.answering.results import SearchResult
from core.search.answering.service import SearchAnswer, SearchQuery, search
from core.search.cli.keys import ACCESS
from core.search.cli.maintenance import OPERATIONS, OperationReport, finish
from core.search.engines.base import MAX_REACHABLE, BackendUnavailableError, Facet
from core.search.registry import SearchEngine, search_engine
from core.search.scope import SearchArea
from core.tenancy.service import get_tenant

_LITERAL = "gongkai.search.literal"


class Unavailable(GongkaiError):  # noqa: N818 - of the family that the design names so
    """The search engine does not answer."""

    status = 503
    code = "unavailable"


class SearchCommand(click.Command):
    """A command that treats words behind `--` as a query, whatever they are."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Parse, and remember whether there was a `--`."""
        context.meta[_LITERAL] = "--" in arguments
        return super().parse_args(context, arguments)


@click.command("search", cls=SearchCommand)
@click.argument(
    "words", nargs=-1, required=True, metavar="QUERY|status|drain|verify|rebuild|keys|token"
)
@click.option("--tenant", "code", metavar="CODE", help="On whose page the question is asked.")
@click.option("--kind", metavar="K", help="Answer things of this kind only.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, MAX_REACHABLE))
@click.option(
    "--scope",
    type=click.Choice(["own", "township", "county"]),
    help="Ask the whole subtree of CODE, of its township or of its county instead.",
)
@json_option
@click.pass_context
@command_errors
def search_command(  # noqa: PLR0913 - the options of one command
    context: click.Context,
    *,
    words: tuple[str, ...],
    code: str | None,
    kind: str | None,
    limit: int,
    scope: str | None,
    as_json: bool,
) -> None:
    """Search as the box on CODE's page does, or look after the index.

    Any query may follow `--`, e.g. `gongkai search --tenant 999901 -- status`.
    """
    engine = search_engine()
    try:
        if len(words) == 1 and not context.meta[_LITERAL]:
            report = _operation(engine, words[0], code)
            if report is not None:
                finish(report, as_json=as_json)
                return
        if code is None:
            raise click.UsageError(_("Say on whose page to search: --tenant CODE."), context)
        query = SearchQuery(
            typed=" ".join(words),
            area=SearchArea(scope) if scope else SearchArea.HERE,
            filters={Facet.KIND: frozenset({engine.kind(kind).name})} if kind else {},
            limit=limit,
        )
        # Answers lead to pages, so they need the addresses that a request knows.
        with current_app.test_request_context(), open_session(None) as directory:
            answer = search(engine, directory, get_tenant(directory, code), query)
    except BackendUnavailableError as error:
        raise Unavailable(_("The search index cannot be used: %(why)s", why=error)) from error
    print_result(answer_json(answer), as_json=as_json, text=lambda: _answer_text(answer))


def _operation(engine: SearchEngine, word: str, code: str | None) -> OperationReport | None:
    """Run the operation that a word names; `None` where it names none."""
    if word in OPERATIONS:
        return OPERATIONS[word](engine)
    return ACCESS[word](code) if word in ACCESS else None


def answer_json(answer: SearchAnswer) -> dict[str, Any]:
    """Convert an answer for `--json`."""
    return {
        "total": answer.total,
        "total_exact": answer.total_exact,
        "hits": [_hit_json(result) for result in answer.results],
        "promoted": [_hit_json(result) for result in answer.promoted],
        "partial": [_hit_json(result) for result in answer.partial],
        "answers": [_card_json(card) for card in answer.cards],
        "suggestions": list(dict.fromkeys(filter(None, (answer.suggested, *answer.related)))),
        "corrected": answer.corrected,
        "relaxed": answer.relaxed,
        "degraded": answer.degraded,
        "backend": answer.backend,
        "took_ms": answer.took_ms,
    }


def _card_json(card: AnswerCard) -> dict[str, Any]:
    return {
        "key": card.key,
        "title": str(card.title),
        "url": card.url,
        "lines": [str(line) for line in card.lines],
        "tag": str(card.tag),
    }


def _hit_json(result: SearchResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "kind": result.kind,
        "title": result.title,
        "snippet": str(result.snippet),
        "tenant": result.tenant.division_code,
        "url": result.address,
        "published_on": result.published_on.isoformat() if result.published_on else None,
        "source_id": result.source_id,
        "repealed": result.repealed,
        "attachment": _attachment_json(result),
    }


def _attachment_json(result: SearchResult) -> dict[str, str] | None:
    found = result.found_in
    return {"name": found.name, "url": found.address} if found else None


def _answer_text(answer: SearchAnswer) -> str:
    lines = [_("%(total)s found, %(ms)s ms", total=answer.total, ms=answer.took_ms)]
    if answer.corrected:
        lines.append(_("Searched for “%(words)s” instead", words=answer.corrected))
    lines += [line for result in answer.results for line in _hit_lines(result)]
    if answer.partial:
        lines.append(_("Results with a part of these words"))
        lines += [line for result in answer.partial for line in _hit_lines(result)]
    if answer.suggested:
        asked = _("Did you mean:")
        lines.append(f"{asked} {answer.suggested}")
    return "\n".join(lines)


def _hit_lines(result: SearchResult) -> tuple[str, str]:
    return (
        f"{result.published_on or '':<12}{result.title}  {result.tenant.name}",
        f"{'':<12}{result.address}",
    )
