"""The one place that touches the element library: its set-up, and its elements as pieces.

The library tags parts of speech with a language model that it fetches from the network.
The vault trusts only titles that the format itself marks, so no verdict of ours depends on
a tag: a stand-in calls every word a noun, and the tagger package is never loaded.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from types import ModuleType

sys.modules.setdefault("spacy", ModuleType("spacy"))

from unstructured.documents import elements as library  # noqa: E402 - after the stand-in
from unstructured.partition import text_type  # noqa: E402
from unstructured.partition.docx import partition_docx  # noqa: E402
from unstructured.partition.pptx import partition_pptx  # noqa: E402

from vault.domain.documents import ElementKind  # noqa: E402
from vault.ingest.parse.pieces import Piece  # noqa: E402
from vault.ingest.parse.rows import html_rows, join_rows  # noqa: E402

_NO_DETECTION = [""]
_KINDS: tuple[tuple[type[library.Element], ElementKind], ...] = (
    (library.Title, ElementKind.TITLE),
    (library.ListItem, ElementKind.LIST_ITEM),
    (library.Table, ElementKind.TABLE),
    (library.CodeSnippet, ElementKind.CODE),
    (library.Header, ElementKind.HEADER),
    (library.Footer, ElementKind.HEADER),
)


def _words(text: str) -> list[str]:
    return text.split()


def _tags(text: str) -> list[tuple[str, str]]:
    return [(word, "NN") for word in text.split()]


def _sentences(text: str) -> list[str]:
    return [text]


def install() -> None:
    """Make the library work without a language model."""
    stand_ins: dict[str, Callable[[str], object]] = {
        "word_tokenize": _words,
        "pos_tag": _tags,
        "sent_tokenize": _sentences,
    }
    for name, stand_in in stand_ins.items():
        setattr(text_type, name, stand_in)


install()


def docx_pieces(content: bytes) -> Iterator[Piece]:
    """Yield the pieces of a Word document."""
    return _pieces(
        partition_docx(file=BytesIO(content), include_page_breaks=False, languages=_NO_DETECTION)
    )


def pptx_pieces(content: bytes) -> Iterator[Piece]:
    """Yield the pieces of a presentation, slide by slide, without the speaker's notes."""
    return _pieces(
        partition_pptx(
            file=BytesIO(content),
            include_page_breaks=False,
            include_slide_notes=False,
            languages=_NO_DETECTION,
        )
    )


def _pieces(elements: Iterable[library.Element]) -> Iterator[Piece]:
    for element in elements:
        kind = _kind(element)
        table = element.metadata.text_as_html if kind is ElementKind.TABLE else None
        text = join_rows(html_rows(table)) if table else element.text
        yield Piece(
            kind,
            text or element.text,
            page=element.metadata.page_number,
            depth=element.metadata.category_depth or 0,
        )


def _kind(element: library.Element) -> ElementKind:
    kinds = (kind for known, kind in _KINDS if isinstance(element, known))
    return next(kinds, ElementKind.PARAGRAPH)
