"""Labels of blocks: what is the article and what is the page around it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.cleaning import label_blocks
from digestbot.model import CONTENT_LABELS, BlockLabel

SEED = Path(__file__).parents[2] / "seeds" / "pakistan-gaza-stabilisation-force.txt"

PAGE = """\
Skip to main content
Home » World » Africa
Envoys leave Port Amal with nothing to show
By Lena Okoro
5 March 2024, 10:41 GMT
Photo: The harbour at dusk. Credit: Agency Pool
PORT AMAL, March 5 (Agency) — The envoys left the capital on Tuesday after two days of talks, officials said.
The junta had refused to meet them unless the bloc lifted its sanctions first.
READ ALSO: Ten beaches to visit this spring
What the bloc wants
The bloc demands that elections be held by June and that prisoners be released before that date.
• The first group of prisoners was freed in January.
• The second group is still in the northern camp.
Lena Okoro is a freelance correspondent in the region. She has written for several weeklies.
This article was amended on 6 March to correct a name.
You may also be interested in:
• Celebrity chef opens a third restaurant
© Amal Courier 2024. All rights reserved.
"""


def labels(text, **known):
    return {text[b.start : b.end]: b.label.value for b in label_blocks(text, **known)}


def content(text):
    return [text[b.start : b.end] for b in label_blocks(text) if b.label in CONTENT_LABELS]


def test_page_keeps_its_article_and_nothing_else():
    assert content(PAGE) == [
        "The envoys left the capital on Tuesday after two days of talks, officials said.",
        "The junta had refused to meet them unless the bloc lifted its sanctions first.",
        "The bloc demands that elections be held by June and that prisoners be released before that date.",
        "• The first group of prisoners was freed in January.",
        "• The second group is still in the northern camp.",
    ]


def test_page_parts_have_their_names():
    found = labels(PAGE)
    assert found["Envoys leave Port Amal with nothing to show"] == "headline"
    assert found["By Lena Okoro"] == "byline"
    assert found["5 March 2024, 10:41 GMT"] == "dateline"
    assert found["PORT AMAL, March 5 (Agency) —"] == "dateline"
    assert found["What the bloc wants"] == "heading"
    assert found["Photo: The harbour at dusk. Credit: Agency Pool"] == "caption"
    biography = "Lena Okoro is a freelance correspondent in the region. She has written for several weeklies."
    assert found[biography] == "byline"


def test_sample_document_has_its_headings_and_biography_labelled():
    text = SEED.read_text(encoding="utf-8")
    found = labels(text)
    assert found["Pakistan Wants Command of ISF"] == "heading"
    assert found["Pakistan’s Will Or Trump’s Order?"] == "heading"
    assert not any("Zubair Amin" in piece for piece in content(text))
    assert sum("two-state solution" in piece for piece in content(text)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to our newsletter",
        "We use cookies to improve your experience.",
        "Sign in | Register | E-paper",
        "Click here to download our app.",
        "Follow us on Facebook and Telegram",
        "Advertisement",
        "READ MORE: Markets fall",
        "Share this story",
        "(Reporting by staff in two cities; Editing by A. Lind)",
        "Contact: newsroom@courier.example",
        "Oops! Something went wrong.",
        "Please enable JavaScript to view this page.",
        "The views expressed are those of the author.",
        "All rights reserved. No part may be reproduced.",
        "Last updated: 4 May 2024",
        "4 min read",
        "Tags: gas, oil, ports",
        "👍 12   💬 4",
    ],
)
def test_furniture_between_paragraphs_is_no_content(line):
    body = "The minister said on Monday that the talks would go on until the end of the week."
    assert content(f"{body}\n{line}\n{body} He left.") == [body, f"{body} He left."]


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell by a tenth after the ministry announced the ban on exports.",
        "Contact with the crew was lost at dawn, the coast guard said.",
        "Print workers went on strike in three cities on Monday.",
        "Subscribers to the state lender's bonds will lose half of their money.",
        "Maria Okoro is the president of the court and will rule on the appeal in May.",
        "Comments by the foreign minister angered the neighbours, who recalled their envoys.",
        "Home Secretary Ada Bell told parliament that the border would stay shut.",
        "Sources close to the talks said the text was agreed.",
    ],
)
def test_sentences_that_begin_like_furniture_stay_body(line):
    body = "The minister said on Monday that the talks would go on until the end of the week."
    assert line in content(f"{body}\n{body} He left.\n{line}\n{body} She stayed.\n{body} They met.")


def test_title_from_metadata_names_the_headline_even_with_a_full_stop():
    text = (
        "The gates are shut.\nThe port was closed on Monday by order of the harbour master, officials said."
    )
    assert labels(text, title="The gates are shut.")["The gates are shut."] == "headline"


def test_speakers_of_a_transcript_are_body():
    text = "QUESTION: Will you go?\nMS. HALE: No comment\nQUESTION: And then?\nMS. HALE: We shall see."
    assert len(content(text)) == 4


LINES = st.sampled_from([*PAGE.splitlines(), "", "  ", "• ", "A B", "He said: “No.”", "[1] Note", "x" * 50])


@given(st.one_of(st.text(max_size=300), st.lists(LINES, max_size=25).map("\n".join)))
def test_every_visible_character_of_a_line_is_in_at_most_one_block_and_no_line_is_lost(text):
    blocks = label_blocks(text)
    position = 0
    for block in blocks:
        assert position <= block.start < block.end <= len(text)
        assert not text[position : block.start].strip()
        position = block.end
    assert not text[position:].strip()
    assert label_blocks(text) == blocks


def test_cleaning_what_was_kept_keeps_it_all():
    kept = "\n".join(content(PAGE))
    assert "\n".join(content(kept)) == kept


@pytest.mark.parametrize(
    "line",
    [
        "Anneke Holt writes on money and law.",
        "* Adds comment from Budapest, paragraph 7",
        "Gas & Power Daily is published on working days.",
        "Good morning and welcome to our live page.",
        "Comments are closed.",
    ],
)
def test_what_a_page_says_of_itself_is_no_body(line: str) -> None:
    body = (
        "The harbour was closed on Monday by order of its master, who gave no reason and took no questions."
    )
    assert content(f"The gates are shut\n{line}\n{body}\n{body}\n{body}\n{line}") == [body] * 3


@pytest.mark.parametrize(
    "line",
    [
        "Adds to that the price of oil, and the budget is gone by June.",
        "The gazette is published in two languages, and the ministers read neither.",
    ],
)
def test_sentences_that_only_resemble_it_stay(line: str) -> None:
    body = (
        "The harbour was closed on Monday by order of its master, who gave no reason and took no questions."
    )
    assert line in content(f"The gates are shut\n{body}\n{body}\n{line}\n{body}\n{body}")


ARTICLE = """\
Envoys leave Port Amal with nothing to show
The envoys left the capital on Tuesday after two days of talks, officials said.
The junta had refused to meet them unless the bloc lifted its sanctions first.
The bloc demands that elections be held by June and that prisoners be released before that date.
A spokesman for the bloc said on Wednesday that a new date would be named within a week.
"""


@pytest.mark.parametrize(
    "furniture",
    [
        "Hope you've enjoyed this. Forward it to someone who still reads.",
        "You're getting this because you ticked a box. Untick: courier.example/bye",
        "Lena Okoro & Jan de Wit write from Ghent and Lagos. Typos are ours. Advertise: desk@courier.example",
        "Issued by: Deputy Press Secretary to the Council. For queries: press@council.example",
        "1 Author's interviews, Port Amal and by telephone, May to August 2024.",
        "4. Interviews with two officials of the ministry, March 2024.",
        "The Forum accepts no funding from governments of the region.",
        "The Institute thanks the Lind Family Fund for its support.",
        "INSERT: What is a preferred creditor? See page 17",
        "This transcript was typed from a recording of the program. We can't guarantee its accuracy.",
        "Republic of Amal. All content is in the public domain unless otherwise stated.",
        "Image source, Agency. Image caption, Lorries wait at the crossing",
        "We will bring you that.",
        "This is a developing story and will be updated.",
        "The Lind Press contributed reporting from Geneva.",
        "Amina Rauf reported from Port Amal and Jo Lind from Paris.",
        "Follow the author on X at @linda_rau.",
        "Have a question for our correspondents? Write to us and we may answer it next week.",
        "Cookies help us deliver our services. By using our services, you agree to our use of cookies.",
        "If you enjoyed this briefing, tell a friend.",
        "Was this forwarded to you? Sign up here.",
        "An earlier version misspelled the name of the envoy. We regret the error.",
        "This press release is also available in French and Arabic.",
        "Unofficial translation from the Arabic.",
        "The following is a near-complete summary. Complete coverage will be available tomorrow.",
        "For the full text of the resolution, see document S/RES/2736 (2024).",
        "Enjoying the Courier? You have read two of your three free articles this month.",
        "File photo of the envoy in 2022. EPA-EFE/JO LIND",
        "1,204 people are reading this story.",
        "amalfan22: About time somebody told the junta where to go!",
        "Harbourmaster (3 hours ago): The bloc never lifts anything, mark my words.",
        "Disclosure: the author has advised one of the parties.",
        "The research for this brief was made possible by a grant from the Lind Foundation.",
        "Suggested citation: Lind, J., The price of the port, Amal Forum, March 2024.",
        "The next edition will appear on Thursday.",
        "To order presentation-ready copies, visit our reprints site.",
    ],
)
def test_page_speaks_of_itself_below_the_article(furniture):
    assert content(ARTICLE + furniture + "\n") == content(ARTICLE)


def test_questions_under_more_on_this_story_are_teasers():
    page = ARTICLE + "More on this story\nWho are the 20 hostages thought to be alive?\nThe port in maps\n"
    assert content(page) == content(ARTICLE)


def test_greeting_of_a_newsletter_is_cut_off_its_first_paragraph():
    first = "Happy Friday. The envoys left the capital after two days of talks, and nobody saw them off."
    found = content("The Amal letter\n" + first + "\n" + ARTICLE.split("\n", 1)[1])
    assert found[0] == "The envoys left the capital after two days of talks, and nobody saw them off."


@pytest.mark.parametrize(
    "news",
    [
        "Jan Stern, the mayor of Amal North, where a third of houses are damaged, is livid. "
        "He will not open one school.",
        "3. The Council thanks the envoys for their report and asks for another within thirty days.",
        "An earlier version of the draft was rejected by the junta, which wants the port named in it.",
        "1,204 people are missing in the north, according to the harbour master.",
        "If you shut the port, the envoy told the junta, the bloc will shut the border.",
        "Minister Jan Stern, who will write the first cheque, tells visitors that he wants it back.",
        "The Fund receives money from the bloc only once the audit is done, its head told the council.",
    ],
)
def test_news_near_the_end_is_no_biography_and_no_colophon(news):
    end = "The talks are to go on in the north, if anybody comes, a guard at the gate told the envoys.\n"
    assert news in content(ARTICLE + news + "\n" + end + end.replace("north", "south"))


def test_speaker_may_be_given_with_an_outlet():
    lines = [
        "LEA MONTES/DAILY SENTINEL: Will the President send in the Navy?",
        "SPOKESMAN: He has been asked that before, and the answer is no.",
        "LEA MONTES/DAILY SENTINEL: And Washington?",
        "SPOKESMAN: Washington has repeated what it said in the spring.",
    ]
    assert content("Press briefing\n" + "\n".join(lines)) == lines


ARTICLE = (
    "The minister told reporters in Lusaka that creditors had refused the deal again on Monday.\n"
    "Her colleague Mary Banda said that talks would go on until the end of the year in Paris.\n"
)


@pytest.mark.parametrize(
    "tail",
    [
        "Got a tip? Reply to this mail.\nHendrik Koster traded crude for nineteen years and writes now.",
        "Subscribe to our newsletter\nThis briefing was made possible by a grant of the Loren Foundation.",
        "The Observatory is independent. Its work is supported by the Harbour Fund.",
        "That's all. If you liked this, tell a friend; if you didn't, tell me.",
    ],
)
def test_what_the_end_of_a_page_says_of_the_page_is_no_article(tail):
    text = ARTICLE + tail + "\nUnsubscribe | Privacy"
    kept = [text[b.start : b.end] for b in label_blocks(text) if b.label in CONTENT_LABELS]
    assert " ".join(kept).removeprefix(" ".join(ARTICLE.splitlines())).strip() in {
        "",
        "That's all.",
        "The Observatory is independent.",
    }


def test_a_last_line_that_names_somebody_of_the_article_stays():
    text = ARTICLE + "Subscribe to our newsletter\nA vote in Lusaka follows, and Mary Banda will stand."
    kept = [text[b.start : b.end] for b in label_blocks(text) if b.label in CONTENT_LABELS]
    assert kept[-1].startswith("A vote in Lusaka")


def test_a_dateline_with_an_ordinal_is_cut_off():
    text = "Lusaka, 20th November 2023 – The ministry wishes to inform the public of a refusal."
    kept = [text[b.start : b.end] for b in label_blocks(text) if b.label in CONTENT_LABELS]
    assert kept == ["The ministry wishes to inform the public of a refusal."]


FURNITURE = [
    "Do you like what you read?",
    "Did you see something? Write to us.",
    "Were you there? Tell us what you saw.",
    "Rosa sold corn for thirty years; the opinions are hers, the typos ours.",
    "Translation: machine-assisted. For the original in French click here",
    "Jan Lind does not work for, consult, own shares in or receive funding from any company.",
    "Before you go: one reader in 500 pays. Join them.",
    "Before you continue: we and 412 partners use cookies to keep this site free.",
    "We're packing up for the night.",
    "Photo 3: Boats in the harbour. Traffic remains heavy. (Ph. A. Lind)",
    "Director of publication: A. Lind. Printed by Port Press. ISSN 0111-2222",
    "The full text of the accord will be posted on www.amal.example once it is signed.",
    "About the Harbour Union: The Harbour Union brings together twelve ports and promotes trade among them.",
    "This post is too long for some mail programs. Click the title to read it in full.",
    "(Except for the headline, this story has not been edited by our staff.)",
    "--With assistance from Ana Lind and Tom Berg.",
    "Some names have been changed to protect those who spoke to us.",
    "A version of this article appears in print on page 4.",
    "Forwarded this email? Get your own copy here.",
    "Join us on Thursday for a panel with former envoy Karl Lind on the treaty.",
    "This edition is brought to you by Harbour Bank, the bank that never sleeps.",
    "This is Lena Lind, taking over from Tom Berg in Paris.",
    "My colleague Tom Berg will take you through the rest of the evening.",
    "This brief was prepared with the support of a ministry.",
    "The contents of this paper are the sole responsibility of the authors.",
    "Updated to add comment from the ministry.",
    "In an earlier version of this article the name of Karl Lind was misspelled.",
    "In case of divergence, the French text prevails.",
]


@pytest.mark.parametrize("furniture", FURNITURE)
def test_furniture_among_paragraphs_leaves_no_sentence(furniture: str) -> None:
    first, *rest = ARTICLE.splitlines(keepends=True)
    assert content("".join([first, *rest[:2], furniture + "\n", *rest[2:]])) == content(ARTICLE)


NEWS = [
    "The journalist was killed in the strike on Monday.",
    "The author was stabbed on a stage in the capital.",
    "Correction of the border will take years.",
    "Corrections officers seized the phones of 40 prisoners.",
    "Contact at the highest level will resume next week.",
    "The article was amended by parliament to allow a third term.",
    "The report was published by the ministry on Monday.",
    "The transcript was read to the court in full.",
    "Edited by the censors, the film was shown on Sunday.",
    "Funding was cut in May after the coup.",
    "The group is funded by the neighbours, who deny it.",
    "The treaty was written by lawyers in the harbour city.",
    "Last updated in 2015, the treaty does not mention drones.",
    "Copyright law is one of four fields in which the bloc demands change.",
    "More from the north fled on Tuesday as the rebels came closer.",
    "Support us and we will open the border, the rebels told the mayor.",
    "We will let you know when we decide, the minister said.",
    "We are packing up and leaving for good, a shopkeeper said.",
    "Distributed by the army on behalf of the governor, the leaflets told people to leave.",
    "The full text of the accord will be published on Monday.",
    "Presented by the neighbours, the draft demands a truce.",
    "Journalists should be freed first, the union said.",
]


@pytest.mark.parametrize("line", NEWS)
def test_news_that_opens_like_furniture_stays(line: str) -> None:
    lines = ARTICLE.splitlines()
    for place in (2, len(lines)):
        assert line in content("\n".join([*lines[:place], line, *lines[place:]]))


def test_a_quotation_set_apart_from_its_paragraph_is_no_body_even_shortened():
    said = "They had “merely undertaken to show the text to members”, Mr Lind said. That is not to sign it.\n"
    apart = "“They had merely undertaken to show the text. That is not to sign it” — J. Lind\n"
    own = "“The port stays shut as long as the bloc keeps its sanctions in place.”\n"
    assert content(ARTICLE + said + apart + own) == content(ARTICLE + said + own)


def test_the_writer_of_a_paragraph_is_named_before_it_and_no_part_of_it():
    page = ARTICLE + "Analysis by Nora Lind: A panel takes two years, so nobody is going to win this one.\n"
    assert content(page)[-1] == "A panel takes two years, so nobody is going to win this one."


def test_a_headline_of_two_sentences_without_a_full_stop_is_no_body():
    body = "The minister said on Monday that the talks would go on until the end of the week. He left."
    assert content(f"Will the port open? Five questions on the talks at Amal\n{body}\n{body}") == [body, body]


@pytest.mark.parametrize("issue", ["No. 12 · Friday, 3 May 2024 · free", "THE PORT LETTER, issue 61"])
def test_the_number_of_a_paper_is_no_headline(issue):
    body = "The minister said on Monday that the talks would go on until the end of the week. He left."
    text = f"{issue}\nTalks at Amal go on\n{body}\n{body}\n"
    headlines = [text[b.start : b.end] for b in label_blocks(text) if b.label is BlockLabel.HEADLINE]
    assert headlines == ["Talks at Amal go on"]
