"""How terms are written in a query of Meilisearch's, and looked for in what it sends."""

from collections.abc import Iterator, Sequence

from core.search.query.document_numbers import number_key, number_tokens
from core.search.query.planner import Term, TermForm
from core.search.text.tokenizer import BREAK, cut


def write_term(term: Term) -> Iterator[str]:
    """Ways to write a term as a query."""
    if term.form is TermForm.NUMBER:
        tokens = number_tokens(term.text)
        yield phrase(tokens if len(tokens) > 1 else [number_key(term.text)])
        return
    tokens = term_tokens(term)
    if tokens:
        yield begun(tokens) if term.prefix else phrase(tokens)


def term_tokens(term: Term) -> list[str]:
    """The words, syllables or letters of a term."""
    if term.form is TermForm.PINYIN:
        return term.text.split()
    if term.form is TermForm.INITIALS:
        return list(term.text)
    return to_tokens(term.text)


def to_tokens(text: str) -> list[str]:
    """Tokens of a folded text, as documents have them."""
    return [token for token in cut(text) if token != BREAK]


def phrase(tokens: Sequence[str]) -> str:
    """These tokens in a row."""
    return f'"{" ".join(tokens)}"' if tokens else ""


def begun(tokens: Sequence[str]) -> str:
    """These tokens, of which the last may go on (where it stands last in the query)."""
    return " ".join(filter(None, (phrase(tokens[:-1]), tokens[-1])))


def bare(text: str) -> str:
    """The tokens of a phrase, without its quotes."""
    return text.strip('"')


def row(text: str) -> str:
    """Tokens with blanks around each, so that whole ones can be looked for."""
    return f" {text} "


def holds(text: str, tokens: Sequence[str], *, begun: bool = False) -> bool:
    """Whether a text of tokens has these in a row; `begun` lets the last one go on."""
    wanted = row(" ".join(tokens))
    return bool(tokens) and (wanted.rstrip() if begun else wanted) in row(text)
