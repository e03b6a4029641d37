"""Who sets a condition and whom it is put to, in the company of asides, titles, transcripts and pairs."""

import pytest

from analysed import conditions, last


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (
            "The Rwandan side, led by Foreign Minister Jean Mugabo, would sign only if Congo withdrew.",
            "Rwanda",
        ),
        (
            "Hungary, whose police had trained in Serbia for weeks, said it would block the sanctions.",
            "Hungary",
        ),
        (
            "Anna Berg, the climate commissioner, said China and India had money and should pay more.",
            "Anna Berg",
        ),
        (
            "Ali Hassan of Egypt said on behalf of the Arab League that it would accept no text on Gaza.",
            "Arab League",
        ),
        (
            "India will go to the court, diplomats in Geneva warn, unless Pakistan opens the river.",
            "India",
        ),
        ("Lima gave Mexico five days to recall its envoy, and asked Brazil to take over.", "Peru"),
        (
            "Prime Minister Omar Sow told parliament the loss would be mended, and asked Ghana to help.",
            "Omar Sow",
        ),
        ("Iran was urged by France to return to the talks.", "France"),
        ("Serbia is under heavy pressure from Germany to join the sanctions.", "Germany"),
        ("In return Turkey would lift its veto on Sweden.", "Turkey"),
    ],
)
def test_the_holder_is_found_past_asides_titles_and_passives(text: str, holder: str) -> None:
    assert last(text).holder == holder


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("Iran was urged by France to return to the talks.", "Iran"),
        ("Serbia is under heavy pressure from Germany to join the sanctions.", "Serbia"),
        ("Egypt called on all parties to respect the truce.", None),
        ("Russia asked others to pay the bill.", None),
        ("Japan will raise its aid to Kenya if the port is built.", "Kenya"),
        ("Mali will walk out of the African Union the day force is used in Niger.", "African Union"),
        ("Poland wants an apology from Hungary.", "Hungary"),
        ("Norway demanded that Sweden free the sailors.", "Sweden"),
    ],
)
def test_the_addressee_is_whom_the_verb_asks_or_the_act_strikes(text: str, addressee: str | None) -> None:
    assert last(text).addressee == addressee


def test_two_states_that_set_a_condition_together_get_one_each() -> None:
    found = conditions("Mali and Niger would leave the talks unless Algeria apologised, a minister said.")
    assert [condition.holder for condition in found] == ["Mali", "Niger"]
    assert len({(condition.start, condition.end) for condition in found}) == 1


def test_a_demand_and_the_threat_behind_it_are_two_conditions() -> None:
    found = conditions(
        "Kenya must open the road, or Uganda will close the border, President John Porter said."
    )
    assert {condition.type.value for condition in found} == {"demand", "threat"}


def test_who_answers_in_a_briefing_speaks_for_the_government_of_its_seat() -> None:
    text = (
        "Foggy Bottom briefing: Syria\n"
        "QUESTION: Do you support the truce?\n"
        "MS. LANE: We call on Syria to hold the killers to account.\n"
        "QUESTION: And the sanctions?\n"
        "MS. LANE: I have nothing on that.\n"
        "QUESTION: What does Washington want?\n"
        "MS. LANE: We want the agreement carried out.\n"
    )
    assert {condition.holder for condition in conditions(text)} == {"United States"}


def test_what_one_sentence_announces_the_next_ones_state() -> None:
    text = (
        "France has offered Iran a delay of six months in exchange for three things. "
        "Tehran goes back to the talks. "
        "The inspectors get in everywhere. "
        "The uranium is counted. "
        "Snow fell in Paris."
    )
    found = conditions(text)
    assert [condition.sentence for condition in found[1:]] == [
        "Tehran goes back to the talks.",
        "The inspectors get in everywhere.",
        "The uranium is counted.",
    ]
    assert {condition.holder for condition in found} == {"France"}


@pytest.mark.parametrize(
    "text",
    [
        "Whether the lock would open if the group were to split is another matter.",
        "It is unclear if the general threatened to resign.",
        "“Here the conditions do not change if presidents meet or not,” the mayor of Goma said.",
        "Nobody wants the prisoners out of those jails.",
        "Demand collapsed overnight in August.",
        "The spokesman called the demands irresponsible.",
        "The governor turned the offer down.",
        "“Do I care if they go?” asked a trader.",
        "Guyana and Venezuela will not threaten or use force against each other.",
    ],
)
def test_what_only_looks_like_a_condition_is_none(text: str) -> None:
    assert not conditions(text)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "Any part in it would be subject to a set of political, military, and economic conditions.",
            "be subject to a set of political, military, and economic conditions",
        ),
        ("If Iran attacks, oil and gas will cost more, an analyst said.", "If Iran attacks"),
    ],
)
def test_a_list_of_adjectives_belongs_to_the_condition_and_the_main_clause_does_not(
    text: str, quoted: str
) -> None:
    assert last(text).text == quoted


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Malaysia is ready to send observers if both capitals want them.", "offer"),
        ("Tehran would return to the table if the sanctions were lifted, its envoy said.", "precondition"),
        (
            "If the deal fails, the people will have gained nothing, President John Porter said.",
            "consequence",
        ),
        ("Those who want to work in Cuba must ask the Treasury for a licence.", "precondition"),
        (
            "The blockade would end the moment Peru scrapped the tax, its leader Julio Paz said.",
            "precondition",
        ),
        ("Mexico will take the case to court if the police go in, President Ana Ruiz warned.", "threat"),
    ],
)
def test_the_type_follows_from_whose_doing_it_is_and_whom_it_serves(text: str, type_: str) -> None:
    assert last(text).type.value == type_


def test_a_stretch_too_long_for_a_sentence_is_not_read() -> None:
    assert not conditions("Iran told France to " * 150)


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (
            "If Moscow moves one more tank, the German chancellor, Friedrich Merz, said in Vilnius, "
            "Berlin will send arms.",
            "Friedrich Merz",
        ),
        ("A spokesman for the ministry, Lin Jian, said Taiwan would pay dearly if it went on.", "Lin Jian"),
        (
            "If he refuses, warned their secretary general, Hector Daer, not one train will move.",
            "Hector Daer",
        ),
    ],
)
def test_a_speaker_may_be_named_after_the_office_or_after_the_condition(text: str, holder: str) -> None:
    assert last(text).holder == holder


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (
            "Mexico will close the consulate if Peru expels the envoy, its foreign minister Luis Mora said.",
            "Mexico",
        ),
        ("Mexico will close the consulate if Peru expels the envoy, President Luis Mora said.", "Luis Mora"),
        (
            "Estonia will not open the strait unless Finland lifts its fee, the foreign minister said.",
            "Estonia",
        ),
        (
            "French President Luc Moreau arrived in Cairo. On Libya he was firm. Egypt, he said, "
            "must withdraw "
            "its tanks.",
            "Luc Moreau",
        ),
        (
            "Luc Moreau, the Chief Negotiator, arrived in Cairo. Rain fell. Cars queued. If Egypt "
            "withdrew, the "
            "Chief Negotiator cautioned, prices would fall.",
            "Luc Moreau",
        ),
        (
            "President Luis Mora told parliament the strike was over, and asked mediators to press "
            "Peru to pay.",
            "Luis Mora",
        ),
        (
            "MINISTRY OF FOREIGN AFFAIRS\nRepublic of Peru\n\nStatement\n\nPeru notes the seizure "
            "of a boat by "
            "Chile. Our waters are ours.\n\nWe urge Chile to release the crew.",
            "Peru",
        ),
        (
            "Gazprom sells gas to Moldova. The Russian company will not reopen the valves until "
            "Moldova pays.",
            "Gazprom",
        ),
        (
            "President Ali Sani, whose army lost a town, told the White House that the truce ends "
            "if the bombing "
            "goes on.",
            "Ali Sani",
        ),
    ],
)
def test_the_holder_is_found_through_references_ministers_and_statements(text: str, holder: str) -> None:
    assert last(text).holder == holder


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("Kenya called on both to stop the shooting.", None),
        ("Prime Minister Jane Kibaki spoke. Opposition leader Ali Sani urged her to resign.", "Jane Kibaki"),
        ("Uganda sent troops to Congo. Congo wants them out by Friday.", "Uganda"),
        ("If dialogue fails, the region will burn, President Ali Sani of Kenya said.", None),
        (
            "France will lift the ban if the Security Council adopts the text.",
            "United Nations Security Council",
        ),
        ("Israel will act if President Joseph Aoun signs.", "Joseph Aoun"),
    ],
)
def test_pronouns_bodies_and_nobody_are_asked(text: str, addressee: str | None) -> None:
    assert last(text).addressee == addressee


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        (
            "Should they cross the river, we will answer with everything we have, Defence Minister "
            "Juan Perez "
            "said.",
            "threat",
        ),
        (
            "If Mali closes the road, Niger has the right to defend its convoys, President Ali Sani said.",
            "threat",
        ),
        ("Iran warned that any ship which enters the strait will be stopped.", "threat"),
        ("Russia warned of consequences if Finland lets the missiles in.", "threat"),
        (
            "The central bank warned that a default would empty the shops, Governor Jane Kibaki said.",
            "consequence",
        ),
        ("Qatar warned that the war would spread to its shores.", "consequence"),
        ("Egypt wants something in return: a seat at the talks.", "demand"),
        ("In return we want the dam opened to inspectors, Foreign Minister Sami Shukri said.", "demand"),
        ("The rebels said they would stop shelling the port the day the army lifts the siege.", "offer"),
        (
            "The accord is void the moment a single soldier crosses the line, President Ali Sani said.",
            "threat",
        ),
        (
            "The sanctions can be lifted the day the inspectors are let in, President Ali Sani said.",
            "precondition",
        ),
        (
            "Without a budget, the army could hardly pay its men, Prime Minister Jane Kibaki said.",
            "consequence",
        ),
        ("Unless the tariff goes, we will take Canada to court, Trade Minister Jane Kibaki said.", "threat"),
        ("If the valley stays cut off, the mills will have no grain, Governor Kibaki said.", "consequence"),
        ("The process will not resume if the law is not recalled, President Ali Sani said.", "precondition"),
    ],
)
def test_own_acts_warnings_and_returns_tell_the_type(text: str, type_: str) -> None:
    assert last(text).type.value == type_


@pytest.mark.parametrize(
    ("text", "found_by"),
    [
        ("Mali will close the border with Niger if they stay there, President Awa Keita said.", "clause"),
        ("Mali will leave the pact with Niger if nobody stops it, President Awa Keita said.", "counterpart"),
        ("Mali will leave the pact once its terms are clear, President Awa Keita said.", "counterpart"),
    ],
)
def test_a_pronoun_is_whom_it_is_put_to_only_where_it_opens_the_clause(text: str, found_by: str) -> None:
    before = "Niger and Mali met in Accra. JNIM has two camps in the north of Niger. "
    assert last(before + text).rule.endswith(f"addressee by {found_by}")


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("Kenya wants its army to lead the mission in Haiti.", None),
        ("Kenya wants Uganda to lead the mission in Haiti.", "Uganda"),
        ("Kenyan opposition leader Jane Otieno urged the government of Kenya to leave Haiti.", "Kenya"),
    ],
)
def test_a_state_that_asks_its_own_body_asks_no_other_party(text: str, addressee: str | None) -> None:
    assert last(text).addressee == addressee


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        (
            "President Ana Kos of Slovenia told the Italians on Monday: sign whenever you like, but not "
            "before Austria has the money you promised.",
            "Italy",
        ),
        (
            "President Ana Kos of Slovenia told the Italians on Monday that no deal would be signed before "
            "Austria has paid.",
            "Austria",
        ),
    ],
)
def test_you_is_whoever_is_told(text: str, addressee: str) -> None:
    assert last(text).addressee == addressee


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Iranian diplomats had a short message: unless the embargo ends, no inspector gets in.", "Iran"),
        ("Iranian carpets had a short season: unless the embargo ends, no carpet gets out.", None),
        ("Egyptian officials want an apology from Sudan.", "Egypt"),
    ],
)
def test_unnamed_officials_of_a_state_set_what_it_sets(text: str, holder: str | None) -> None:
    assert last(text).holder == holder


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("It will return only if the mining law is dropped, its leader Ali Haddad said.", "Hezbollah"),
        ("They will return only if the mining law is dropped, their leader Ali Haddad said.", "Hezbollah"),
        ("It will return only if the mining law is dropped, Prime Minister Ali Haddad said.", "Ali Haddad"),
    ],
)
def test_what_its_leader_says_a_body_will_do_the_body_sets(text: str, holder: str) -> None:
    assert last(f"Hezbollah quit the cabinet in May. {text}").holder == holder


@pytest.mark.parametrize(
    ("thing", "addressee"), [("word", "Oman"), ("written consent", "Oman"), ("weather", "Turkey")]
)
def test_whose_word_comes_first_is_whom_it_is_put_to(thing: str, addressee: str) -> None:
    text = (
        "Iran and Turkey met in Muscat. Turkey is the largest buyer and Turkey pays late. "
        f"Oman’s {thing} comes first, then we sign, President Reza Karimi of Iran said."
    )
    assert last(text).addressee == addressee
