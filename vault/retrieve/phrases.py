"""Words by which people narrow a search, in English, German, Spanish and French.

Only closed lists stand here: what is not listed is a word to search for.
"""

from enum import Enum, auto


class Edge(Enum):
    """Which end of a named period a preposition speaks of."""

    FROM_START = auto()
    FROM_END = auto()
    TO_START = auto()
    TO_END = auto()


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


INSIDE = _set("in from within aus im den en de du desde dans")
"""Prepositions before a kind of file, a source or a collection."""
OUT_OF = _set("from aus von de du des desde")
"""Those of them that alone suffice before the name of a source."""
ONLY = _set("only nur sólo solo solamente uniquement seulement")
ARTICLES = _set("the der die das den dem la el los las le les l des our")
DOCUMENTS = _set(
    "documents document docs files file pages papers dokumente dokumenten dateien unterlagen "
    "documentos archivos ficheros fichiers"
)
PLACES = _set(
    "collection source folder library sammlung quelle ordner colección fuente carpeta dossier"
)
BY = _set("by von por par")
OWNED = (
    ("owned", "by"),
    ("owner",),
    ("gehört",),
    ("verantwortet", "von"),
    ("propiedad", "de"),
    ("appartenant", "à"),
)
CHANGED = _set(
    "modified changed updated edited written published revised created dated last "
    "geändert aktualisiert veröffentlicht geschrieben "
    "modificados modificado actualizados actualizado publicados "
    "modifiés modifié publiés mis à jour"
)
EDGES = {
    ("since",): Edge.FROM_START,
    ("from",): Edge.FROM_START,
    ("seit",): Edge.FROM_START,
    ("ab",): Edge.FROM_START,
    ("desde",): Edge.FROM_START,
    ("depuis",): Edge.FROM_START,
    ("a", "partir", "de"): Edge.FROM_START,
    ("à", "partir", "de"): Edge.FROM_START,
    ("after",): Edge.FROM_END,
    ("newer", "than"): Edge.FROM_END,
    ("nach",): Edge.FROM_END,
    ("neuer", "als"): Edge.FROM_END,
    ("después", "de"): Edge.FROM_END,
    ("après",): Edge.FROM_END,
    ("before",): Edge.TO_START,
    ("older", "than"): Edge.TO_START,
    ("vor",): Edge.TO_START,
    ("älter", "als"): Edge.TO_START,
    ("antes", "de"): Edge.TO_START,
    ("avant",): Edge.TO_START,
    ("until",): Edge.TO_END,
    ("up", "to"): Edge.TO_END,
    ("bis",): Edge.TO_END,
    ("hasta",): Edge.TO_END,
    ("jusqu'à",): Edge.TO_END,
    ("jusqu'en",): Edge.TO_END,
}
TYPES = {
    word: family
    for family, words in {
        "pdf": "pdf pdfs pdf-dateien pdf-dokumente pdf-dokumenten",
        "mail": "email emails e-mail e-mails mails correos correo courriels courriel",
        "html": "html webpages webseiten",
        "spreadsheet": "spreadsheet spreadsheets excel hojas tableurs",
        "presentation": (
            "presentation presentations slides powerpoint präsentationen folien "
            "presentaciones présentations"
        ),
        "word": "docx word-dateien word-dokumente word-dokumenten",
        "markdown": "markdown",
        "epub": "epub epubs",
    }.items()
    for word in words.split()
}
"""Families of media types by the words people have for them."""
LANGUAGES = {
    word: code
    for code, words in {
        "de": "german deutsch alemán allemand",
        "en": "english englisch inglés anglais",
        "es": "spanish spanisch español espagnol",
        "fr": "french französisch francés français",
        "it": "italian italienisch italiano italien",
        "nl": "dutch niederländisch",
        "pt": "portuguese portugiesisch portugués portugais",
        "ru": "russian russisch ruso russe",
        "zh": "chinese chinesisch chino chinois",
        "ja": "japanese japanisch japonés japonais",
        "ar": "arabic arabisch árabe arabe",
        "hi": "hindi",
    }.items()
    for word in words.split()
}
"""ISO 639-1 codes by the names of the languages."""
IN_LANGUAGE = _set("in auf en")
MAKING = _set(
    "create make write export save convert print sign send attach upload download open edit "
    "format insert embed add put include share store submit generate read translate say call "
    "erstellen schreiben exportieren speichern drucken senden öffnen übersetzen "
    "crear escribir exportar guardar imprimir enviar abrir traducir "
    "créer écrire exporter imprimer envoyer ouvrir traduire"
)
"""What is done with files: beside one of these, a kind of file is a matter and no filter."""
SENTENCE = _set(
    "what which who whom whose when where why how is are was were be been do does did has have "
    "had can could may might must shall should will would i we you they he she it my our your "
    "their please tell explain describe if that not there "
    "was wer wen wem wann wo warum wie welche welcher welches ist sind war hat haben kann darf "
    "muss soll wird ich wir sie es gibt "
    "qué quién cuándo dónde cómo cuál cuánto cuántos es son está puede debe hay "
    "que quoi qui quand où comment quel quelle combien est sont peut doit faut je nous vous"
)
"""Words that make a sentence of a query; without any of them it is a list of key words."""
