"""The texts by which backends of one embedder are compared: short, long, plain and odd."""

_LONG = (
    "The ward keeps its medicines in two locked cupboards. The key is held by the nurse in charge "
    "of the shift, who signs for it at the start and at the end. Stock is counted each Monday; a "
    "difference of more than two units is reported to the pharmacist on the same day, with the "
    "names of those who were on duty. Returned medicines are placed in the grey box, never back "
    "on the shelf, and are collected on Thursdays. "
)

PROBE_TEXTS = (
    "How many days of leave do I have?",
    "retention",
    "Invoices above 5,000 EUR need two signatures, see HR-204 § 12.3.",
    "The boiler in building C was replaced after the second leak; its warranty ends in 2024.",
    "Der Antrag auf Elternzeit muss spätestens sieben Wochen vorher schriftlich gestellt werden.",
    "Le dossier est conservé pendant dix ans après la fin du contrat.",
    "紧急出口在走廊的尽头。",
    "Łódź, naïve café, 42 % — “quoted” (x86_64) https://example.org/a?b=c",
    _LONG,
    _LONG * 3,
)
"""Ten texts of our own, from one word to more than most models read at once."""
