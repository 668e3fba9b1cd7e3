"""What a person does with the page, in a real browser."""

import threading

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.vault.web.conftest import PAPER, QUOTE, SECOND, Site
from vault.answer.service import StreamedEvent
from vault.domain.errors import ModelUnavailableError
from vault.ledger.verifier import verify_bundle

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Page:
    """The page, signed in as ana."""
    found = context.new_page()
    found.goto(site.address)
    found.get_by_label("Token").fill(site.token("ana"))
    found.get_by_label("Token").press("Enter")
    expect(found.get_by_text("ana", exact=True)).to_be_visible()
    return found


def ask(page: Page, question: str = "How much leave?") -> None:
    page.get_by_label("Question").fill(question)
    page.get_by_label("Question").press("Enter")


def test_a_citation_leads_to_its_words_in_the_source(page: Page, site: Site) -> None:
    site.script(site.citation(1, QUOTE), site.citation(2, SECOND))
    ask(page)
    answer = page.get_by_role("article")
    expect(answer).to_contain_text(QUOTE)
    expect(answer.locator("header .badge")).to_have_text("internal")
    page.get_by_role("button", name="Source 2: Leave policy").click()
    panel = page.get_by_role("complementary")
    expect(panel.locator("mark")).to_have_text(SECOND)
    expect(panel.locator("mark")).to_be_in_viewport()
    expect(panel).to_contain_text("Checked here")
    assert panel.locator(".text").text_content() == PAPER
    page.get_by_role("button", name="Source 1: Leave policy").first.click()
    expect(panel.locator("mark")).to_have_text(QUOTE)


def test_sentences_are_read_before_the_answer_is_whole(page: Page, site: Site) -> None:
    site.script(site.citation(1, QUOTE))
    *first, whole = site.answers.script
    rest = threading.Event()
    site.answers.script = (*first, rest, whole)
    ask(page)
    answer = page.get_by_role("article")
    expect(answer).to_contain_text(QUOTE)
    expect(answer).to_have_attribute("aria-busy", "true")
    expect(answer.get_by_role("button", name="Download proof")).to_be_hidden()
    rest.set()
    expect(answer.get_by_role("button", name="Download proof")).to_be_visible()


def test_an_answer_under_way_can_be_stopped(page: Page, site: Site) -> None:
    site.script(site.citation(1, QUOTE))
    never = threading.Event()
    site.answers.script = (*site.answers.script[:2], never)
    ask(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("article")).to_contain_text("Stopped")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    never.set()


def test_a_failure_under_way_is_told(page: Page, site: Site) -> None:
    site.script(site.citation(1, QUOTE))
    site.answers.script = (*site.answers.script[:2], ModelUnavailableError("it went away"))
    ask(page)
    expect(page.get_by_role("article")).to_contain_text("it went away")


def test_a_form_is_answered_without_scripts(browser: Browser, site: Site) -> None:
    site.script(site.citation(1, QUOTE))
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.address)
        page.get_by_label("Token").fill(site.token("ana"))
        page.get_by_label("Question").fill("How much leave?")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_role("article")).to_contain_text(QUOTE)
        assert page.url == f"{site.address}/ask"


def test_a_quote_that_is_not_at_its_place_is_not_shown_as_one(page: Page, site: Site) -> None:
    wrong = site.citation(1, QUOTE) | {"span": {"start": 0, "end": 5}}
    site.script(wrong)
    ask(page)
    page.get_by_role("button", name="Source 1: Leave policy").click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("Do not rely on it")
    expect(panel.locator("mark")).to_have_count(0)


def test_the_panel_is_worked_by_keyboard_and_gives_the_focus_back(page: Page, site: Site) -> None:
    site.script(site.citation(1, QUOTE))
    ask(page)
    citation = page.get_by_role("button", name="Source 1: Leave policy")
    citation.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(citation).to_be_focused()


def test_an_abstention_is_told_in_plain_words(page: Page, site: Site) -> None:
    found = {"text": QUOTE, "headings": [], "score": 1.0, "scores": {}}
    extras = {"folded": 0, "explanation": None, "context": None}
    hit = site.citation(1, QUOTE) | found | extras
    related = {name: value for name, value in hit.items() if name not in {"n", "quote", "digest"}}
    site.script(
        abstained=True,
        reason="insufficient_evidence",
        text="",
        short=None,
        related=[related],
    )
    ask(page, "Who won the cup?")
    answer = page.get_by_role("article")
    expect(answer).to_contain_text("does not answer it surely enough")
    expect(answer.get_by_role("heading", name="Related passages")).to_be_visible()
    answer.get_by_role("button", name="Leave policy").click()
    expect(page.get_by_role("complementary").locator("mark")).to_have_text(QUOTE)


def test_what_is_old_or_replaced_or_disputed_is_said(page: Page, site: Site) -> None:
    cited = site.citation(1, QUOTE, fresh=False, superseded_by="another")
    conflict = {"citations": [1], "explanation": "Two policies name different numbers."}
    site.script(cited, conflicts=[conflict], note="No generator is loaded.")
    ask(page)
    answer = page.get_by_role("article")
    for said in ("different numbers", "older than its owner", "was replaced", "No generator"):
        expect(answer).to_contain_text(said)


def test_text_of_a_document_stays_text(page: Page, site: Site) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    site.script(site.citation(1, QUOTE, title=evil), note=evil, short=evil)
    ask(page, evil)
    expect(page.get_by_role("article").locator(".short")).to_have_text(evil)
    assert page.locator("article img, article script").count() == 0


def test_the_proof_of_an_answer_can_be_downloaded(page: Page, site: Site) -> None:
    site.script(site.citation(1, QUOTE))
    begun = site.answers.script[0]
    assert isinstance(begun, StreamedEvent)
    run_id = begun.form["run_id"]
    ask(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download proof").click()
    assert download.value.suggested_filename == f"proof-{run_id}.json"
    content = download.value.path().read_bytes()
    assert verify_bundle(content, [site.vault.signer.key.vkey]).pinned


def test_the_token_stays_out_of_addresses_and_is_forgotten(
    page: Page, context: BrowserContext, site: Site
) -> None:
    site.script(site.citation(1, QUOTE))
    ask(page)
    expect(page.get_by_role("article")).to_contain_text(QUOTE)
    assert page.url == f"{site.address}/"
    page.reload()
    expect(page.get_by_label("Question")).to_be_visible()
    assert context.cookies() == []
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_visible()
    assert page.evaluate("JSON.stringify([sessionStorage, localStorage])") == "[{},{}]"
    expect(page.get_by_role("article")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_screen(page: Page, site: Site, scheme: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    site.script(site.citation(1, QUOTE))
    ask(page, "Wievielehrlichgemeintejahresurlaubstagehabeichdennnunwirklich?")
    page.get_by_role("button", name="Source 1: Leave policy").click()
    expect(page.locator("mark")).to_be_in_viewport()
    page.keyboard.press("Escape")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
