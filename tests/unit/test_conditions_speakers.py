"""Who speaks over several sentences, under headings, in records and transcripts, and who is meant by it."""

import pytest

from analysed import conditions, last
from digestbot.analysis.actors import find_actors
from digestbot.analysis.lexicon import load_lexicon
from digestbot.analysis.scene import BargainingText
from digestbot.analysis.sentences import split_sentences
from digestbot.cleaning import label_blocks


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Foreign Minister Anna Keller said Austria would sign only if Hungary signed too.", "Anna Keller"),
        (
            "Austria would sign only if Hungary signed too, its foreign minister Anna Keller said.",
            "Austria",
        ),
        ("Austria will go to court unless Hungary pays, its finance minister Karl Moser warned.", "Austria"),
    ],
)
def test_the_word_is_the_speakers_where_he_comes_first_and_the_states_where_it_does(
    text: str, holder: str
) -> None:
    assert last(text).holder == holder


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (
            "Peru's ambassador, Rosa Quispe, spoke. Her delegation demanded that Chile free the sailors.",
            "Peru",
        ),
        (
            "Ghana's president, Kofi Mensah, spoke at noon. His country would not sign unless Togo signed.",
            "Ghana",
        ),
        (
            "The representative of Kenya said the border would stay shut. "
            "He called on Ethiopia to withdraw its troops.",
            "Kenya",
        ),
        (
            "Speaking after Chad and Niger, the representative of Ghana urged Togo to lift the embargo.",
            "Ghana",
        ),
        (
            "The European Union envoy, Pieter Smit, praised them and appealed to Serbia to lift its ban.",
            "Pieter Smit",
        ),
        ("President Rosa Quispe was blunt: no more gas unless Chile pays its debt.", "Rosa Quispe"),
        ("For President Rosa Quispe, Chile must first pay its debt.", "Rosa Quispe"),
        (
            "President Rosa Quispe spoke in Lima on Monday. Her office put out a statement: "
            "Chile must pay its debt.",
            "Rosa Quispe",
        ),
    ],
)
def test_delegations_delegates_and_colons_tell_who_speaks(text: str, holder: str) -> None:
    assert last(text).holder == holder


def test_a_heading_names_whom_the_pronouns_under_it_stand_for() -> None:
    text = (
        "President Rosa Quispe of Peru met President Luis Rojas of Chile in Lima on Monday.\n\n"
        "Rojas answers from Santiago\n\n"
        "The president has been writing all day. He demanded that Peru free the sailors at once.\n\n"
        "Quispe will not wait\n\n"
        "There was an answer within the hour. She demanded that Chile pay its debt to the port."
    )
    assert [c.holder for c in conditions(text)] == ["Luis Rojas", "Rosa Quispe"]


def test_a_sentence_with_a_verb_before_its_colon_labels_nobody() -> None:
    text = (
        "Senator Marta Lind joins in: the house stands ready.\n\n"
        "President Rosa Quispe wrote in the evening that Peru had waited long. "
        "Chile would have to pay its debt first."
    )
    assert last(text).holder == "Rosa Quispe"


def test_the_answers_of_a_ministrys_briefing_are_its_states() -> None:
    text = (
        "Ministry of Foreign Affairs of Kenya\nWeekly press conference\n\n"
        "The spokesman of Kenya answered questions in Nairobi on Monday.\n\n"
        "Question (Reuters): When will the border open?\n\n"
        "Answer: That depends on others.\n\n"
        "Question (AFP): And the trucks?\n\n"
        "Answer: We are ready to open the road on condition that Uganda frees our drivers.\n\n"
        "Question (AP): Is there a date?\n\n"
        "Answer: We will see."
    )
    assert [c.holder for c in conditions(text)][-1] == "Kenya"


def test_a_title_before_a_name_stands_for_its_bearer_later() -> None:
    text = "President of the Kyrgyz Republic Rosa Quispe met Chancellor Luis Rojas in Lima on Friday."
    blocks = label_blocks(text)
    findings = find_actors(text, blocks, split_sentences(text, blocks), load_lexicon())
    document = BargainingText(text, findings, {}, frozenset(), {a.name: a for a in findings.actors})
    assert document.bearers["head of state"] == ["Rosa Quispe"]
    assert document.bearers["chancellor"] == ["Luis Rojas"]


@pytest.mark.parametrize(
    ("text", "holder", "addressee"),
    [
        ("President Luis Rojas spoke in Santiago. Peru must pay its debt, he said.", "Luis Rojas", "Peru"),
        ("Peru must pay its debt.", None, "Peru"),
        ("Peru is told to pay its debt.", None, "Peru"),
        (
            "Chile expects Peru to free the sailors, failing which Bolivia would close its ports.",
            "Chile",
            "Peru",
        ),
    ],
)
def test_who_must_do_something_is_asked_and_does_not_set_it(
    text: str, holder: str | None, addressee: str
) -> None:
    found = last(text)
    assert (found.holder, found.addressee) == (holder, addressee)


@pytest.mark.parametrize(
    "text",
    [
        "President Luis Rojas of Chile spoke of Peru. Whoever touches the port will pay for it, he said.",
        "President Luis Rojas of Chile spoke of Peru. He gave the banks three days to leave the capital.",
        "President Luis Rojas of Chile spoke of Peru and Bolivia. He urged the two capitals to talk.",
    ],
)
def test_what_is_put_to_whoever_or_to_no_actor_has_no_addressee(text: str) -> None:
    assert last(text).addressee is None


def test_no_other_side_is_guessed_in_a_debate_of_many_states() -> None:
    states = [
        *("Kenya", "Ghana", "Peru", "Chile", "Norway", "Sweden", "Japan", "Canada"),
        *("Brazil", "Mexico", "Turkey", "Egypt", "Jordan", "Poland", "Spain"),
    ]
    speeches = [
        f"{state} welcomed the text. {state} had hoped for more, and {state} will vote for it."
        for state in states
    ]
    text = "\n\n".join([*speeches, "India asked for the lists to be dropped in favour of national measures."])
    assert last(text).addressee is None


@pytest.mark.parametrize(
    ("text", "holder", "addressee"),
    [
        ("Peru must open its port or face new tariffs, President Luis Rojas said.", "Luis Rojas", "Peru"),
        ("Peru was told by Chile to open its port.", "Chile", "Peru"),
        ("Chile told Peru it must pay for the damage in Bolivia.", "Chile", "Peru"),
        ("Chile warned Peru on Monday that it would close the port if the strike went on.", "Chile", "Peru"),
        ("Chile's president said he would sign if Peru opened its port.", "Chile", "Peru"),
    ],
)
def test_who_is_told_warned_or_threatened_is_whom_it_is_put_to(
    text: str, holder: str, addressee: str
) -> None:
    found = last(text)
    assert (found.holder, found.addressee) == (holder, addressee)


def test_we_of_somebody_unnamed_is_nobody_named_before() -> None:
    found = last("“If Peru does not sign, we will close the port,” one of the guests said.")
    assert found.holder != "Peru"


def test_a_leader_of_an_armed_group_faces_his_government_not_his_group() -> None:
    text = (
        "The commander of the National Liberation Army, Mateo Ruiz, met envoys of Colombia in a village. "
        "The National Liberation Army has fought Colombia for sixty years. "
        "Ruiz said there would be no talks as long as the warrants stand."
    )
    assert last(text).addressee == "Colombia"


def test_whom_a_group_talks_to_is_not_its_leader() -> None:
    text = (
        "The National Liberation Army told Mateo Ruiz of Colombia that it would not talk. "
        "The National Liberation Army has fought in Colombia for sixty years. "
        "Ruiz said there would be no talks as long as the bombs went on."
    )
    assert last(text).addressee != "Colombia"


def test_a_persons_own_government_is_not_whom_his_threat_is_put_to() -> None:
    text = (
        "Foreign Minister Reza Karimi of Iran wrote that the United States would be held responsible for any "
        "attack, and that in such a case Iran would move its ships."
    )
    assert all(c.addressee != "Iran" for c in conditions(text))


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (  # an insertion behind the name; what follows "said" is no speaker
            "Foreign Minister Mary Byrne (Ireland), penholder on the file, said Syria had gone too far. "
            "Further names would go on the list if the shelling did not end.",
            "Mary Byrne",
        ),
        (
            "“They can leave,” Mateo Ruiz, who ran the guild until December, told this paper. "
            "“But if they stay, we close the roads.”",
            "Mateo Ruiz",
        ),
        (
            "“The road is open,” said Mateo Ruiz. “But if they stay, we close it.”",
            "Mateo Ruiz",
        ),
    ],
)
def test_an_insertion_does_not_part_a_speaker_from_his_verb(text: str, holder: str) -> None:
    assert last(text).holder == holder


def test_a_verb_of_speech_within_the_condition_does_not_hide_the_main_subject() -> None:
    found = last("Chad was willing to give its word, but only if Sudan promised to return the men.")
    assert found.holder == "Chad"


def test_who_answers_within_the_hour_speaks_and_who_answers_with_fire_does_not() -> None:
    told = last("Mateo Ruiz answers within the hour: Peru will get its ships back only if it pays.")
    assert told.holder == "Mateo Ruiz"
    struck = conditions("Peru answers with fire. If Chile attacks, Bolivia will close the pass.")
    assert all(c.holder != "Peru" for c in struck)


def test_a_president_elect_is_not_the_president() -> None:
    text = (
        "President Kofi Mensah spoke at noon. "
        "The president-elect had warned that Togo would pay if it did not withdraw."
    )
    assert all(c.holder != "Kofi Mensah" for c in conditions(text))


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (
            "Government spokesman Mateo Ruiz kept the door ajar. "
            "No talks would be held, the presidential spokesman said, unless Chile opens the port.",
            "Mateo Ruiz",
        ),
        (  # somebody else bears that office, by name
            "Envoy Mateo Ruiz kept the door ajar. Until the paper works, said the farm minister, Ana Gil, "
            "the ban stays.",
            "Ana Gil",
        ),
    ],
)
def test_an_office_without_a_name_is_that_of_the_person_the_text_went_on_about(
    text: str, holder: str
) -> None:
    assert last(text).holder == holder


def test_an_office_a_person_does_not_hold_is_not_his() -> None:
    text = (
        "Foreign Minister Mateo Ruiz of Peru left early. "
        "Peru will come back, the ambassador said, if the port is opened."
    )
    assert all(c.speaker != "Mateo Ruiz" and c.holder != "Mateo Ruiz" for c in conditions(text))


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Mateo Ruiz's answer: touch the fleet and Peru will close the strait.", "Mateo Ruiz"),
        ("Mateo Ruiz's house is shut: touch the gate and Chile will call the guards.", "Chile"),
    ],
)
def test_an_answer_ahead_of_a_colon_tells_whose_word_follows(text: str, holder: str) -> None:
    assert [c.holder for c in conditions(text) if c.holder == "Mateo Ruiz"] == (
        ["Mateo Ruiz"] if holder == "Mateo Ruiz" else []
    )


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Peru has sent a note. It'd also like an assurance that Chile keeps off its ships.", "Peru"),
        (
            "Hezbollah has sent a note. Their attendance is tied to the release of the crew by Iran.",
            "Hezbollah",
        ),
        ("Peru has sent a note. Their attendance is tied to the release of the crew by Chile.", None),
    ],
)
def test_it_and_they_that_open_a_sentence_stand_for_the_body_before(text: str, holder: str | None) -> None:
    assert last(text).holder == holder


def test_it_that_stands_for_a_clause_is_nobody() -> None:
    found = conditions("Peru has sent a note. It is clear that nothing will move unless Chile pays.")
    assert all(c.holder != "Peru" for c in found)


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (  # "ask" shares the modal with "sue": it is the country that asks
            "Foreign Minister Ana Gil of Peru announced that Bolivia would sue and ask Chile to pay.",
            "Bolivia",
        ),
        ("Foreign Minister Ana Gil told Bolivia it would sue and asked Chile to pay.", "Ana Gil"),
        (
            "A panel of the African Union, an arm of which sits in Ghana, ordered Togo to lift the ban.",
            "African Union",
        ),
    ],
)
def test_the_subject_of_a_coordinated_or_parted_verb_sets_it(text: str, holder: str) -> None:
    assert last(text).holder == holder


def test_a_quotation_that_opens_in_the_first_person_is_the_topic_persons() -> None:
    text = (
        "Prime Minister Kofi Mensah wants to rebuild the army of Ghana. He has time.\n\n"
        "“If Togo tries to arm, we will strike. We mean it.”"
    )
    assert conditions(text)[0].holder == "Kofi Mensah"


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Kuwait, for the African Union, insisted that Chad withdraw its draft.", "African Union"),
        ("Kuwait, also speaking for the African Union, insisted that Chad pay.", "African Union"),
        ("Kuwait asked Chad for the African Union's draft and insisted that Togo pay.", "Kuwait"),
    ],
)
def test_who_speaks_for_a_group_does_not_set_it(text: str, holder: str) -> None:
    found = last(text)
    assert found.holder == holder
    assert found.addressee != "Kuwait"


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (
            "The representatives of the African Union met in Kenya. They want Togo to hand over the port.",
            "African Union",
        ),
        ("Ships of the African Union lay off Kenya. Togo kept quiet. It wants Chad to pay.", "Togo"),
    ],
)
def test_those_who_act_for_a_body_make_it_the_topic(text: str, holder: str) -> None:
    assert last(text).holder == holder


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (
            "A senior Peruvian diplomat, who asked not to be named, said Chile would get nothing "
            "unless it paid.",
            "Peru",
        ),
        (
            "A Peruvian official who spoke to the papers said the door was open. "
            "Should Chile pay, she indicated, the ban could be lifted.",
            "Peru",
        ),
        (
            "They brought what one Peruvian diplomat called a gift. Peru wants peace. "
            "Peru and Chile met in Lima on Monday with Bolivia. "
            "The ban stays until Chile opens the port, the diplomat said.",
            "Peru",
        ),
        (  # whose the official is, nobody tells
            "Peru kept silent. An official who spoke to them said Chile would sign only if Bolivia did.",
            "Chile",
        ),
    ],
)
def test_an_unnamed_official_speaks_for_his_state(text: str, holder: str) -> None:
    assert last(text).holder == holder


def test_what_an_unnamed_official_expects_is_nobodys_condition() -> None:
    found = last("Officials in Peru said the price of bread would double if the port closed.")
    assert found.holder is None


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Peruvian negotiators threatened to close the port unless Chile came round.", "Peru"),
        ("Peruvian diplomats brought the usual retort: touch the fleet, and we leave the treaty.", "Peru"),
        ("Prime Minister Kofi Mensah's camp sent word that Togo must sign first.", "Kofi Mensah"),
        (
            "Prime Minister Kofi Mensah's answer had two parts. The aid was a gift. "
            "Nothing that stood in the way of the port could be accepted.",
            "Kofi Mensah",
        ),
        (
            "Prime Minister Kofi Mensah set out his terms. "
            "There could be no talks before Togo left the hill.",
            "Kofi Mensah",
        ),
    ],
)
def test_people_answers_and_terms_are_those_of_whose_they_are(text: str, holder: str) -> None:
    assert last(text).holder == holder


def test_an_adjective_of_no_official_sets_nothing() -> None:
    found = conditions("Peruvian copper will cost more unless Chile opens the port.")
    assert all(c.holder != "Peru" for c in found)


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (
            "The National Liberation Army gave its terms. It will come back, its leader Mateo Ruiz said, "
            "once the police have left.",
            "National Liberation Army",
        ),
        (
            "The National Liberation Army gave its terms. It will come back, Governor Mateo Ruiz said, "
            "once the police have left.",
            "Mateo Ruiz",
        ),
    ],
)
def test_what_a_body_will_do_its_leader_says_for_it(text: str, holder: str) -> None:
    assert last(text).holder == holder


_MET = "Sudan and Chad met on Monday with Bolivia. The African Union sent an envoy. "


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("For Khartoum, talks depend on Chad closing the camps.", "Sudan"),
        ("For Sudan there can be no talks until Chad closes the camps.", "Sudan"),
        ("Only when the camps are closed will Sudan talk.", "Sudan"),
        ("Sudanese aid is conditional on Chad closing the camps.", "Sudan"),
        (
            "The curbs, imposed by the African Union in May, will be lifted once Chad withdraws.",
            "African Union",
        ),
        ("The curbs, opposed by the African Union in May, will be lifted once Chad withdraws.", None),
        ("Sudanese weather is conditional on winds in Chad.", None),
        ("For weeks there have been no talks, and none will be held until Chad closes the camps.", None),
    ],
)
def test_views_inverted_subjects_means_and_agents_tell_who_sets_it(text: str, holder: str | None) -> None:
    assert last(_MET + text).holder == holder


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Foreign Minister Ana Gil was told by Chad that it would sign only if Peru did.", "Chad"),
        ("Foreign Minister Ana Gil told Chad that Peru would sign only if Chad did.", "Ana Gil"),
        ("A draft seen by this paper says Sudan will talk to Chad only if the camps close.", "Sudan"),
    ],
)
def test_who_is_told_says_nothing_and_a_verb_of_speech_opens_a_clause(text: str, holder: str) -> None:
    assert last(_MET + text).holder == holder
