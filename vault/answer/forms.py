"""The public JSON shape of an answer, as every edge gives it out."""

from collections.abc import Mapping, Sequence

from vault.domain.evidence import Answer, AnswerSentence, Citation
from vault.retrieve.forms import hit_form, label_form, passage_form, span_form


def citation_form(citation: Citation) -> dict[str, object]:
    """Return one citation: which document, which revision, where, and the words themselves."""
    passage = citation.passage
    return passage_form(passage) | {
        "n": citation.n,
        "digest": passage.digest,
        "span": span_form(citation.span),
        "quote": citation.quote,
    }


def sentence_form(sentence: AnswerSentence) -> dict[str, object]:
    """Return one sentence and the numbers of its citations."""
    return {"text": sentence.text, "citations": list(sentence.citations)}


def streamed_form(sentence: AnswerSentence, citations: Sequence[Citation]) -> dict[str, object]:
    """Return one verified sentence with the citations it needs, for a stream."""
    return sentence_form(sentence) | {
        "citation_details": [citation_form(citation) for citation in citations]
    }


def answer_form(answer: Answer, *, run_id: str, ledger: Mapping[str, int]) -> dict[str, object]:
    """Return the whole answer."""
    usage = answer.usage
    return {
        "answer_id": run_id,
        "question": answer.question,
        "abstained": answer.abstained,
        "reason": None if answer.reason is None else answer.reason.value,
        "text": answer.text,
        "short": answer.short,
        "sentences": [sentence_form(sentence) for sentence in answer.sentences],
        "citations": [citation_form(citation) for citation in answer.citations],
        "related": [hit_form(passage) for passage in answer.related],
        "conflicts": [
            {"citations": list(found.citations), "explanation": found.explanation}
            for found in answer.conflicts
        ],
        "label": label_form(answer.label),
        "confidence": round(answer.confidence, 4),
        "note": answer.note,
        "model": {"name": answer.model.name, "digest": answer.model.digest},
        "usage": {
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "seconds": round(usage.seconds, 4),
            "joules": round(usage.joules, 3),
            "energy_method": usage.energy_method,
        },
        "run_id": run_id,
        "ledger": dict(ledger),
    }
