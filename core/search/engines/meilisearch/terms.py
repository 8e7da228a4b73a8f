"""Terms as parts of Meilisearch queries, and matched against what it returns."""

from collections.abc import Iterator, Sequence

from core.search.query.document_numbers import number_key, number_tokens
from core.search.query.planner import Term, TermForm
from core.search.text.tokenizer import BREAK, cut


def write_term(term: Term) -> Iterator[str]:
    """Yield the query text of a term."""
    if term.form is TermForm.NUMBER:
        tokens = number_tokens(term.text)
        yield phrase(tokens if len(tokens) > 1 else [number_key(term.text)])
        return
    tokens = term_tokens(term)
    if tokens:
        yield begun(tokens) if term.prefix else phrase(tokens)


def term_tokens(term: Term) -> list[str]:
    """Return the words, syllables or letters of a term."""
    if term.form is TermForm.PINYIN:
        return term.text.split()
    if term.form is TermForm.INITIALS:
        return list(term.text)
    return to_tokens(term.text)


def to_tokens(text: str) -> list[str]:
    """Cut folded text into tokens, as documents are cut."""
    return [token for token in cut(text) if token != BREAK]


def phrase(tokens: Sequence[str]) -> str:
    """Return a phrase query of tokens."""
    return f'"{" ".join(tokens)}"' if tokens else ""


def begun(tokens: Sequence[str]) -> str:
    """Return tokens of which the last is a prefix (where it stands last in the query)."""
    return " ".join(filter(None, (phrase(tokens[:-1]), tokens[-1])))


def bare(text: str) -> str:
    """Remove the quotation marks of a phrase."""
    return text.strip('"')


def row(text: str) -> str:
    """Surround tokens with blanks, so that whole tokens can be searched for."""
    return f" {text} "


def holds(text: str, tokens: Sequence[str], *, begun: bool = False) -> bool:
    """Return whether tokens stand in a row in a text; `begun`: the last one is a prefix."""
    wanted = row(" ".join(tokens))
    return bool(tokens) and (wanted.rstrip() if begun else wanted) in row(text)
