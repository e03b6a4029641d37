"""Single news sentences without context: which hold a condition, and which only look as if they did.

All sentences are made up. Of demands, threats and offers at least 85% must be found; of meetings, attacks,
aid and arrests at most 8% may raise a false alarm.
"""

import pytest

from analysed import conditions

DEMANDS = """
Protesters demanded the release of the two students held since Monday.
Opposition leader Amadou Keita called for early elections.
The United States urged Iran to return to the talks without delay.
France called on Mali to honour its obligations under the accord.
The European Union asked Serbia to withdraw its special forces from the border.
Germany appealed for restraint on both sides.
The Red Cross appealed to the warring parties to let its convoys through.
Thousands of teachers marched in Lima to demand higher pay.
The Kremlin insisted that Kyiv must recognise the new borders.
Turkey demanded that Sweden extradite thirty people.
The opposition wants the president to step down.
Amnesty International called for an independent investigation into the killings.
Residents asked the government for more drinking water.
The UN Security Council demanded an immediate end to the fighting.
Pakistan requested the extradition of the suspect from Dubai.
Colombia asked Venezuela to hand over the rebel commander.
Dock workers demanded better wages on Thursday.
China urged Japan to stop releasing the water.
Israel pressed the United States to supply more interceptors.
Hamas wants all Israeli troops out of the strip.
The African Union appeals for calm after the vote.
The unions are seeking a pay rise of ten percent.
Ukraine is asking Germany for long-range missiles.
The bishops pleaded with the militia to free the nuns.
India told Canada to recall forty diplomats.
The prime minister asked parliament to approve the budget by Friday.
Poland called for tougher sanctions on Belarus.
Human Rights Watch urged Egypt to free the blogger.
Greece demanded an apology from Turkey.
Students called on the rector to resign.
The mayor begged the governor to send troops.
Armenia requested an urgent meeting of the Security Council.
Rebels demanded that the government release their jailed leader.
The IMF wants Egypt to cut fuel subsidies.
Washington has asked Baghdad to rein in the militias.
The Vatican called for a ceasefire in Sudan.
Farmers are demanding compensation for the lost harvest.
The president called upon all parties to join the dialogue.
Kosovo asks NATO to deploy more soldiers in the north.
The families want the army to find the missing.
The Syrian opposition demanded the departure of the president.
Villagers urged the mining company to close the dam.
Britain insisted on the return of the two sailors.
The foreign minister urged Moscow to respect the ceasefire.
Lawmakers called for the resignation of the interior minister.
Ecuador asked Interpol to arrest the former minister.
Taiwan appealed to the world to resist Chinese pressure.
The tribal council demanded that foreign troops leave the valley.
Nigerian doctors are pressing for safer hospitals.
The Philippines should stop its provocations, the Chinese foreign ministry said.
Iran must stop enriching uranium, the American envoy said.
Russia needs to leave the plant, said the head of the agency.
The secretary-general urged donors to give more.
Thailand requests Myanmar to reopen the bridge.
The lawyer asked the court to release his client on bail.
Saudi Arabia sought assurances from Washington over its security.
Opposition parties demand a recount of the votes.
The rebels' spokesman called for foreign mediation.
Tunisia asked Italy to take back the waste.
Activists petitioned the governor to stop the execution.
""".strip().splitlines()

THREATS = """
North Korea threatened to test another missile.
Iran warned that it would close the strait.
Turkey threatened Greece with war over the islands.
The rebels threatened to attack the capital.
Israel warned Hezbollah that it would pay a heavy price.
The United States threatens to impose new tariffs on Mexico.
The junta warned it would respond to any attack by its neighbours.
Russia threatened to cut off the gas.
The guerrillas threatened to kill the hostages.
China warned of serious consequences for Taiwan.
Hamas vowed to avenge the death of its commander.
The EU warned Georgia that it could lose its visa-free travel.
Air traffic controllers threatened a strike over pay.
The president threatened to dissolve parliament.
The coalition partner threatened to leave the government.
Ethiopia warned Egypt against any strike on the dam.
Al-Shabaab threatened more attacks in Kenya.
Belarus warned that it may retaliate for the sanctions.
The army has threatened to use force against the protesters.
Pyongyang vowed to retaliate for the drills.
Iran's general said his forces would retaliate against any attack.
NATO warned Russia against using chemical weapons.
The militia gave the government 48 hours to withdraw its men.
Washington threatened sanctions against the court's judges.
The union warned of a general strike.
France threatened to veto the trade agreement.
Kabul warned Islamabad of consequences.
Houthi leaders threatened to resume attacks on ships.
The opposition threatens to boycott the vote.
Azerbaijan issued an ultimatum to the separatists.
Venezuela reserves the right to respond.
The kidnappers said they would kill the engineer unless a ransom was paid.
Poland warned that it would shut the border.
The king will face revolt, the opposition warned.
Ankara said all options were on the table.
Sudan's army vowed to crush the paramilitaries.
""".strip().splitlines()

BARGAINS = """
Hungary will not approve the loan unless the pipeline is reopened.
Israel will withdraw only if the hostages are freed.
Hamas offered to free ten captives in exchange for a truce.
Russia said it was ready for talks provided that Kyiv gave up the region.
Aid will flow once the crossing is secured, Egypt said.
If Iran attacks, the United States will respond, the envoy said.
Serbia made its signature conditional on guarantees for the monasteries.
The loan depends on parliament passing the tax law.
Kyiv would accept a truce as long as it covers the sea.
Rebels refused to disarm until their prisoners were released.
The bank will release the money subject to approval by the auditors.
Mali set a condition for talks: the return of the base.
Qatar will mediate on condition that both sides stop shooting.
There will be no talks before the siege is lifted, the governor said.
Should Ankara refuse, Stockholm will turn to Washington, a diplomat said.
""".strip().splitlines()

EVENTS = """
The two presidents met in Geneva on Tuesday to discuss trade.
French and German ministers held talks in Paris.
A suicide bomber killed twelve people at a market in Kano.
Police arrested three men in Marseille on Friday.
Soldiers shot dead two demonstrators in Conakry.
The United Nations delivered food to 20,000 people in Darfur.
Japan gave Kenya a grant of five million dollars for wells.
Gunmen abducted a priest near Jos.
The Turkish president visited Baku.
Israeli jets struck a depot near Damascus.
The court sentenced the general to ten years in prison.
The Chinese premier arrived in Hanoi for a two-day visit.
Rebels ambushed a convoy in the east of the country.
Rwandan and Congolese officials signed a protocol in Luanda.
Two bombs exploded in Quetta, wounding nine.
Authorities detained the editor of the newspaper.
The Red Cross provided tents and blankets to the displaced.
Russian troops shelled a village near Kharkiv.
The foreign ministers of Egypt and Greece spoke by telephone.
The navy seized a boat carrying weapons.
Saudi Arabia sent a plane with medicine to Khartoum.
A drone attack damaged a refinery in Ryazan.
Security forces detained forty activists in Minsk.
The Pope received the Lebanese president in Rome.
Clashes between herders and farmers left thirty dead.
Kenya and Uganda agreed to build a railway.
The World Food Programme airlifted rations to Juba.
A Spanish court jailed the former mayor for fraud.
Mexican marines captured a cartel boss in Culiacan.
Delegations from Seoul and Tokyo discussed fishing.
Militants attacked an army post in Borno.
Norway donated ten million crowns to the clinic.
The ambassador presented his credentials in Lima.
India and Nepal concluded their annual consultations.
The army killed eight militants in Waziristan.
Police used tear gas against a crowd in Dhaka.
The prime minister welcomed the Danish delegation.
A court in Ankara convicted two reporters.
American aircraft bombed positions near Mosul.
The police raided the offices of the party.
Germany provided winter clothes to refugees in Idlib.
The envoys of both countries resumed contacts in Muscat.
Prosecutors charged the banker with money laundering.
Government forces retook the town of Bria.
The two leaders shook hands and signed a joint statement.
A car bomb killed a judge in Kandahar.
The coast guard rescued sixty migrants off Lampedusa.
Unidentified gunmen killed a journalist in Guerrero.
The trade minister travelled to Brussels with a delegation.
Hundreds fled when rebels burned the village.
Ethiopian troops entered the town on Sunday.
The king hosted the emir for dinner.
Kazakh police searched the home of a blogger.
Turkey delivered two drones to Somalia.
A convoy with aid provided by Qatar reached the camp.
The defence ministers inspected the shipyard.
Officers arrested the suspected smuggler at the airport.
Boko Haram fighters raided a school in Yobe.
The delegation toured the port and left in the evening.
Iraq and Jordan reopened the road last week.
The Swiss foreign minister congratulated his colleague.
Snipers wounded two policemen in Port-au-Prince.
Australia flew 200 tonnes of rice to Vanuatu.
The Israeli army demolished a house in Jenin.
Officials from the ministry met union leaders on Wednesday.
A grenade was thrown at the consulate.
The minister denied the report.
The parliament elected a new speaker.
China and Russia praised their friendship.
Fighter jets intercepted a plane over the Baltic.
The tribunal acquitted the officer of all charges.
Oxfam distributed soap and buckets in the camp.
Police expelled two missionaries.
The navy fired on a fishing boat.
Finland's president flew to Nuuk.
""".strip().splitlines()

LOOKALIKES = """
It was unclear if the minister had seen the letter.
He did not say if the talks would go on.
Demand for oil fell in the spring.
Living conditions in the camp are poor.
Even if it rains, the parade goes ahead.
They ran as if the war had begun.
The official spoke on condition of anonymity.
Sweden provided tents to the refugees.
The offer of a friend came too late.
The shop is open only on Mondays.
It has rained only once this year.
The former minister, once a boxer, lives in Nice.
Nobody knew if the train would come.
The film is called Until Dawn.
He lived in Paris until 1998.
A spokesman declined to be named.
The threat level in the city is low.
She asked whether the shop was open.
The demand curve is steep.
Weather conditions were fine.
The road was closed until further notice.
The president was asked about the visit.
He was only following the map.
The bank offers a wide choice of cards.
The painter was promising and young.
Reporters asked if he was tired.
The wanted men were seen in Pisa.
They stayed as long as the light lasted.
The order was signed in ink.
The singer appeals to the young.
""".strip().splitlines()


#: In the manner of event data, written before anybody looked at what is found in them; found then: 30 of the
#: 35 demands, 24 of the 30 threats, none of the 35 events.
EVENT_DATA_DEMANDS = """
Iraq on Sunday told the United Nations it wanted all foreign monitors out of the country within a week.
Nigerian labour leaders said the government had two weeks to reverse the fuel price increase.
Syria renewed its call for a full Israeli pullout from the plateau.
Opposition supporters blocked roads in Tirana on Monday, demanding that the premier quit.
The Congolese government wants Kigali to hand over the mutinous colonel.
Britain and France pushed for a tougher resolution on the Balkan state.
Moscow has insisted on being consulted before any bombing.
The Palestinian leader appealed to Washington to put pressure on Israel.
South Korea pressed the North on Tuesday to explain the sinking of the patrol boat.
European foreign ministers demanded access for aid workers to the besieged town.
The Croatian government has filed a request for the handover of three war crimes suspects.
Relatives of the disappeared petitioned parliament for an inquiry.
Zimbabwean farmers urged the high court to halt the seizures.
The Indian government sought the return of the hijacked plane.
Austria demanded a written explanation from Slovakia over the reactor.
Some 5,000 miners rallied in La Paz to press demands for better pensions.
The rebels have called on the army to lay down its weapons.
Angola asked its neighbours to stop sheltering the insurgents.
Aceh separatists insisted that Jakarta free their negotiators.
The Georgian president said Russian peacekeepers had to leave by the autumn.
Beijing protested and demanded that Washington cancel the arms sale.
Chechen fighters want Russian forces to pull back from Grozny.
The UN refugee agency asked Tanzania to keep its border open.
The Dalai Lama urged China to begin a dialogue on autonomy.
The Islamist party demanded new elections and the repeal of the emergency law.
Lebanon complained to the Security Council and called on it to make Israel end its overflights.
Senegal's leader exhorted both factions to return to the negotiating table.
The Bosnian Serb assembly required the international envoy to reverse his decision.
Bolivia's president called on Chile to grant his country access to the sea.
Eritrea demanded that Addis Ababa accept the ruling of the boundary commission.
"We want the ambassador to leave our country," a student leader told the crowd.
Kurdish members of parliament demanded more autonomy for the north.
Western diplomats have been pressing Harare to let observers in.
The Haitian opposition rejected the plan and insisted that the president resign first.
The Organization of African Unity called for the immediate release of the detained envoys.
""".strip().splitlines()

EVENT_DATA_THREATS = """
Iran's supreme leader said any aggressor would regret its act.
Serbia said it would cut diplomatic ties with any country that recognised the province.
Muslim rebels in the southern Philippines threatened on Friday to behead two more hostages.
The president of Kenya threatened to expel the envoys of donor countries.
Nicaragua said it would break off talks if the fishermen were not freed.
The United States may suspend military aid to Colombia, a senior official warned.
Bangladesh's main opposition party threatened a three-day strike.
The Taliban gave the aid group until Saturday to leave the province.
South Africa's miners said they would down tools unless management reopened the pay talks.
Iraq threatened to fire on American planes over its territory.
The guerrillas threatened to break the truce if the army kept patrolling the valley.
The Turkish prime minister warned that his country would not stand idly by.
Russia warned it would review its relations with the alliance.
Albanian rebels have threatened to march on the capital.
China will take all necessary measures if the island declares independence, a general said.
The UN envoy threatened to withdraw his mission from the peace process.
Israel's army chief warned of a wide operation in the strip.
Zambia's government threatened to close the newspaper.
Kuwait said it would sue the companies.
Ukrainian nationalists threatened to blockade the parliament.
Hezbollah's chief said his men were ready to strike deep inside Israel.
The European Commission warned Poland it could lose billions in funds.
Uganda threatened to send troops back into eastern Congo.
Tamil rebels threatened to pull out of the peace talks.
Belgrade threatened retaliation against neighbours that let NATO use their airspace.
The head of the junta warned that protests would be met with force.
The Spanish prosecutor threatened legal action against the regional leader.
Japan said it would impose further sanctions on Pyongyang.
The Basque group announced it would resume its armed campaign.
Hutu militiamen said they would kill any foreigner found in the forest.
""".strip().splitlines()

EVENT_DATA_EVENTS = """
Russian and Chechen negotiators met for six hours in Nazran.
South Korean officials consulted their American counterparts on the food crisis.
Egypt's president telephoned King Abdullah to discuss the situation in Gaza.
The Japanese foreign minister will visit Tehran next week.
Delegates from twelve African nations gathered in Lusaka to review the ceasefire.
Tamil rebels attacked a naval base in the north, killing 14 sailors.
Israeli helicopters fired missiles at a workshop in Khan Younis.
Three Indian soldiers died in an exchange of fire across the line of control.
Army units clashed with rebels near the town of Uvira on Wednesday.
A bus carrying troops was hit by a roadside bomb outside Kabul.
The United States gave Georgia ten helicopters.
Canada pledged 12 million dollars for the earthquake victims.
Norwegian planes brought medical supplies to Bam.
The European Union released the second part of its aid to Moldova.
Iranian doctors treated 300 people in the border camp.
Zimbabwean police arrested a correspondent of a British newspaper.
Chinese authorities rounded up members of the sect in Tianjin.
Turkish security forces detained 22 suspected militants in Diyarbakir.
Spanish police held two men in connection with the shooting.
Bahrain charged five activists with inciting hatred.
The Kosovo leader travelled to Rome for a meeting with the Italian premier.
Peacekeepers exchanged fire with gunmen in Mogadishu.
The secretary of state praised the Moroccan king for his reforms.
Cuban and Venezuelan engineers finished a clinic in Caracas.
Nepalese troops shot and killed four Maoists.
Ministers of the six Gulf states ended their two-day meeting in Doha.
The Vatican's envoy spoke with the patriarch in Damascus.
A French court handed over the banker to Swiss officers.
Colombian guerrillas blew up a pipeline in Arauca.
Finland and Estonia signed a treaty on the ferry link.
Pakistani paramilitaries seized a truckload of rifles in Sindh.
Saudi Arabia sent Yemen a shipment of fuel worth 200 million dollars.
Gunmen opened fire on a mosque in Karachi, and police sealed off the area.
The Bulgarian president hosted talks between the two delegations.
Ethiopian planes bombed the airport at Asmara.
""".strip().splitlines()


#: Written after the rules had learnt from those above, again before anybody looked; found then: 35 of the 40
#: demands and threats, none of the 40 events.
LATER_DEMANDS_AND_THREATS = """
Iraqi President Saddam Hussein on Monday demanded an end to the embargo.
The Liberian rebels have told peacekeepers to stay out of their territory.
Moscow has asked Tbilisi for permission to pursue the fighters across the border.
South Korea wants the North to account for its missing fishermen.
Leftist lawmakers want the defence minister sacked.
Ivory Coast's opposition is pressing for the president to leave office.
The Arab League pressed Washington to rein in its ally.
Macedonia has sought NATO's help against the guerrillas.
Hundreds of widows marched to the palace to ask for the bodies of their husbands.
Kenya's church leaders said the election commission should resign at once.
The Thai king's adviser told the generals to go back to barracks.
The Dutch government has requested the suspect's transfer to The Hague.
Paraguay's senate called for the vice-president's removal.
Gaza's fishermen demanded the right to sail twelve miles out.
The Security Council told Eritrea to lift its restrictions on the observers.
Workers at the state airline are holding out for a 20 percent rise.
Madrid insists that Morocco take back the migrants.
The rebels said the government must first release their leaders.
Georgia is urging the alliance to open its doors.
Rights groups petitioned the king to spare the two men.
Turkey warned that it would send its army across the border if the attacks did not stop.
The Janjaweed threatened to burn the camp.
Greece said it would veto Skopje's membership.
Japan has threatened to withhold its dues from the world body.
Rebels in Aceh said they would shoot at any ship that entered the strait.
The prime minister threatened to resign unless the budget passed.
The US treasury secretary warned Swiss banks of heavy fines.
Hamas's armed wing promised a painful answer to the killing of its leader.
The Ugandan army gave the warlord a week to surrender.
Belarus threatened to expel the monitors.
Spain's lorry drivers have threatened to block the motorways from midnight.
Kyrgyz opposition leaders said they would march on the capital if the vote was rigged.
Burundi's army warned civilians that it would treat anyone found in the zone as a rebel.
Syria's ally will not stand by if it is attacked, Iran's defence minister said.
NATO threatened air strikes if the siege was not lifted.
Russia could stop honouring the treaty, its chief of staff warned.
The Philippine senate threatened to cut the military's budget.
Sri Lanka's Tigers have vowed to retake the peninsula.
The governor threatened to sue the federal government.
Tehran said it would bar inspectors from its plants.
""".strip().splitlines()

LATER_EVENTS = """
The leaders of Benin and Togo met on the border to open a bridge.
Iran's president arrived in Baghdad for talks with his counterpart.
Senior envoys of the six powers consulted in New York.
The Egyptian and Sudanese ministers discussed the sharing of the Nile.
British and Irish officials continued their talks at Stormont.
The two Koreas held a third round of military talks in Panmunjom.
Mexico's foreign minister telephoned his Cuban colleague.
The Finnish prime minister is to visit Riga on Thursday.
President Kufuor hosted a dinner for the visiting queen.
Mediators shuttled between the delegations in Arusha.
Gunmen attacked a police station near Tikrit, killing six officers.
Turkish warplanes raided rebel camps in northern Iraq.
Ethiopian troops shelled the outskirts of Mogadishu.
Two Palestinians were killed when soldiers opened fire at a checkpoint.
The rebels captured the mining town after a day of fighting.
Pakistani troops and militants traded fire in Swat for a third day.
A suicide attacker rammed a lorry into a barracks in Batticaloa.
Colombian jets bombed a rebel camp in Putumayo.
Armed men ambushed a United Nations convoy in Darfur.
Fighters loyal to the warlord burned two villages.
The European Union gave Niger 40 million euros for food.
Saudi Arabia airlifted tents to the earthquake zone.
Japan donated rice to North Korea.
UNICEF vaccinated 60,000 children in Goma.
Cuba sent 200 doctors to Honduras.
American helicopters delivered water to the stranded villagers.
The World Bank approved a loan of 90 million dollars to Mali.
Chinese engineers repaired the dam that the flood had damaged.
Kuwait handed over ten ambulances to the hospital in Basra.
France provided the interim government with 30 trucks.
Police arrested the leader of the opposition at the airport.
Sudanese security agents detained two reporters in Khartoum.
A Moroccan court jailed nine men over the bombings.
Peruvian police captured a senior guerrilla in Ayacucho.
Israeli soldiers rounded up 30 men in Hebron overnight.
Authorities in Minsk held the editor for questioning.
The FBI arrested a naval officer on charges of spying.
Officers seized documents and led the banker away in handcuffs.
Egypt's prosecutor charged 14 Islamists with sedition.
Malaysian police expelled three foreign activists.
""".strip().splitlines()


def share(sentences: list[str]) -> float:
    return sum(bool(conditions(sentence)) for sentence in sentences) / len(sentences)


@pytest.mark.parametrize(
    ("sentences", "floor"),
    [
        (DEMANDS, 0.95),
        (THREATS, 0.95),
        (BARGAINS, 0.95),
        (EVENT_DATA_DEMANDS, 0.95),
        (EVENT_DATA_THREATS, 0.95),
        (LATER_DEMANDS_AND_THREATS, 0.95),
    ],
    ids=["demands", "threats", "bargains", "event-data-demands", "event-data-threats", "later"],
)
def test_most_sentences_that_hold_a_condition_are_found(sentences: list[str], floor: float) -> None:
    missed = [sentence for sentence in sentences if not conditions(sentence)]
    assert 1 - len(missed) / len(sentences) >= floor, missed


@pytest.mark.parametrize(
    ("sentences", "ceiling"),
    [(EVENTS, 0.02), (LOOKALIKES, 0.08), (EVENT_DATA_EVENTS, 0.02), (LATER_EVENTS, 0.02)],
    ids=["events", "lookalikes", "event-data-events", "later-events"],
)
def test_few_sentences_on_what_happened_raise_a_false_alarm(sentences: list[str], ceiling: float) -> None:
    false = [sentence for sentence in sentences if conditions(sentence)]
    assert len(false) / len(sentences) <= ceiling, false
