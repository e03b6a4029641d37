"""The page's own voice: what speaks for it, what speaks against it, and how much its place counts."""

import pytest

from digestbot.cleaning import label_blocks
from digestbot.cleaning.evidence import A_SIGN, ENOUGH_INSIDE, page_signs
from digestbot.model import CONTENT_LABELS, BlockLabel

ARTICLE = [
    "Talks at Port Amal go on",
    "The envoys left the capital on Tuesday after two days of talks, officials said.",
    "The junta had refused to meet them unless the bloc lifted its sanctions first.",
    "The bloc demands that elections be held by June and that prisoners be released before.",
    "Colonel Adem Toure, who leads the junta, told a rally that nobody would dictate terms to Amal.",
]


def content(*lines):
    text = "\n".join(lines)
    return [text[b.start : b.end] for b in label_blocks(text) if b.label in CONTENT_LABELS]


OWN_VOICE = [
    "We rely on readers like you. If you value this work, consider becoming a member today.",
    "Your gift keeps our newsroom independent of governments and of the powerful.",
    "This is a members-only story. To go on, sign in or pick a plan.",
    "The Harbour Forum is supported by the Lindqvist Foundation and by the Embassy of Norway.",
    "Harbour Letter is published every Friday by Kestrel Press in Bergen.",
    "Nothing in this note is investment advice, and its author owns shares of Amal Ports.",
    "Mona Lind is a research fellow at the Fjord Institute and a former adviser to Jonas Berg.",
    "Tomorrow: what the harbour's papers make of Mona Lind's return.",
    "For inquiries ask for Mona Lind at our office, 12 Harbour Street, Bergen.",
    "Save the date: the Fjord Summit, with keynotes by Jonas Berg and Mona Lind.",
    "The names of some interviewees were changed at their request.",
]


@pytest.mark.parametrize("line", OWN_VOICE)
def test_what_a_page_says_of_itself_behind_the_article_is_no_article(line):
    said = content(*ARTICLE, line, "Share", "© Harbour Letter 2024. All rights reserved.")
    assert said == ARTICLE[1:]


NEWS = [
    "If the grants fall away, the currency will lose a tenth by summer, a bank economist considers.",
    "The bloc's envoy asked the junta to keep the port open, or the grants would end.",
    "The funding of the bloc's mission depends on the elections being held by June.",
    "The director of the port, a former admiral, has been arrested in Amal.",
    "“Your ships are welcome here,” Toure said, “as long as our prisoners come home.”",
    "The bloc will pay the wages of teachers if the junta opens its books to the auditors.",
    "Fuel prices rose by a third in Amal after the bloc closed its border.",
    "Brent rose 3%.",
]


@pytest.mark.parametrize("line", NEWS)
def test_the_articles_last_sentence_stays_however_it_sounds(line):
    assert content(*ARTICLE, line, "Share", "© Harbour Letter 2024. All rights reserved.")[-1] == line


@pytest.mark.parametrize(
    "line",
    [
        "This is a subscriber-only story. To continue reading, log in or choose your plan.",
        "Be the first to learn what happens at the harbour: add Harbour Wire to your sources.",
        "OUR DEBATE  Should the port be sold? Jonas Berg and Mona Lind cross swords on Sunday.",
    ],
)
def test_in_the_midst_of_the_article_only_much_counts(line):
    assert page_signs(line) >= ENOUGH_INSIDE
    assert content(*ARTICLE[:3], line, *ARTICLE[3:]) == ARTICLE[1:]


def test_one_sign_in_the_midst_of_the_article_is_not_enough():
    line = "We have been here before, and this letter of the bloc changes little."
    assert A_SIGN <= page_signs(line) < ENOUGH_INSIDE
    assert line in content(*ARTICLE[:3], line, *ARTICLE[3:])


def test_what_is_quoted_is_no_sign():
    assert (
        page_signs("“Subscribe to our newsletter and sign up for your free tickets,” the poster reads.")
        == 0.0
    )


def test_the_sites_own_name_tells_that_the_article_is_over():
    page = ["Lomb Monitor | Harbour edition | Free", *ARTICLE]
    about = "Lomb Monitor was set up in 2016 by Ana Holt and has a staff of nine."
    assert content(*page, about, "Not on the list yet? A mail to the address above will do.") == ARTICLE[1:]


def test_a_biography_behind_the_article_has_its_own_label():
    line = "Mona Lind is a research fellow at the Fjord Institute and writes on ports."
    text = "\n".join([*ARTICLE, "Share", line])
    assert {text[b.start : b.end]: b.label for b in label_blocks(text)}[line] is BlockLabel.BYLINE


def test_a_writer_is_told_of_by_the_first_name_too():
    page = [ARTICLE[0], "By Mona Lind", *ARTICLE[1:]]
    line = "Mona covers the harbour from Bergen. Before that she advised the Fjord Institute."
    assert content(*page, line, "Share this") == ARTICLE[1:]


def test_a_note_that_a_number_refers_to_is_no_article():
    page = [
        *ARTICLE[:3],
        "The accord was to end “by the year's end”.1 Nobody signed it in Amal.",
        *ARTICLE[3:],
    ]
    note = "1  Presidency of Amal, statement of 3 May, in a translation that the ministry made."
    assert note not in content(*page, note)
    assert "2  " + note[3:] in content(*page, "2  " + note[3:], ARTICLE[2])


def test_readers_comments_are_no_article_unless_their_head_stands_above_it():
    comment = "Ranjith says the colonel gave the bloc what it wanted long before."
    assert content(*ARTICLE, "Comments (2)", comment) == ARTICLE[1:]
    assert content(ARTICLE[0], "2 comments", *ARTICLE[1:]) == ARTICLE[1:]


def test_short_sentences_between_paragraphs_are_article():
    assert content(*ARTICLE[:3], "The envoys refused.", *ARTICLE[3:]) == [
        *ARTICLE[1:3],
        "The envoys refused.",
        *ARTICLE[3:],
    ]


def test_a_line_that_opens_a_list_is_article():
    opens = "The farmers' union Amal Verde demands three things:"
    item = "• an end to the levy on grain and on sugar;"
    assert content(*ARTICLE, opens, item) == [*ARTICLE[1:], opens, item]


@pytest.mark.parametrize(
    ("post", "kept"),
    [
        ("🔴 A patrol ship has entered the waters of Amal, its president said.", True),
        ("🔴 BREAKING: Toure has sent the fleet to the harbour, the ministry says.", True),
        ("🔔 Subscribe to our channel and share it with your friends.", False),
        ("▶ WATCH: The ship from above (0:41)", False),
    ],
)
def test_a_post_behind_a_pictogram_is_news_unless_it_asks_something(post, kept):
    assert (post in content(*ARTICLE, post, ARTICLE[2])) is kept


@pytest.mark.parametrize(
    "caption",
    [
        "Minister Jonas Berg (left) and envoy Mona Lind inspect a ship at the harbour.",
        "Water from the lake irrigates a grove near Amal. (Ana Holt/Harbour Report)",
        "Minister Jonas Berg embraces the envoy after the signing in Amal.—AFP",
    ],
)
def test_captions_tell_who_stands_where_and_who_took_them(caption):
    assert content(ARTICLE[0], caption, *ARTICLE[1:]) == ARTICLE[1:]


@pytest.mark.parametrize(
    "tag", ["(AFP)", "(L.M.) (Harbour Wire, 13/2/2025)", "— Reuters", "(with inputs from PTI)"]
)
def test_the_agencys_tag_is_cut_off_behind_the_last_sentence(tag):
    last = "The bloc has asked Amal to let its lorries through."
    assert content(*ARTICLE, f"{last} {tag}") == [*ARTICLE[1:], last]


def test_an_agency_that_is_named_in_brackets_within_a_sentence_stays():
    line = "The bloc's news agency (AFP) was asked to leave Amal by the end of the month."
    assert content(*ARTICLE, line)[-1] == line
