"""How much speaks for a line being the page's own voice: its words, and where it stands, weighed together.

The vocabularies know phrases; this knows kinds. A page talks to its reader, of its own things, of who pays
for it, of who writes it, of rights and addresses. None of that is proof (the news does it as well), so each
sign has a weight, news signs count against, and where the line stands decides how much is needed. Weights are
in units of one sure sign; they were set by hand on annotated pages (`tests/quality/pages`).
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from digestbot.analysis.prefilter import Screen, requirements
from digestbot.analysis.wordings import Wording
from digestbot.analysis.words import word_set
from digestbot.cleaning import vocabulary
from digestbot.cleaning.lines import Line

#: From here on a line is furniture.
ENOUGH = 2.0
#: The same in the midst of the article, where nothing but its words speaks against a line.
ENOUGH_INSIDE = 2.5
#: Signs from which on a line is suspected at all.
A_SIGN = 0.75

#: What the place of a line adds: among the furniture behind the article, ahead of it, alone in furniture.
IN_TAIL, IN_HEAD, ALONE = 1.0, 0.5, 0.5
#: What a line adds that has names, none of which the article has; or that has no names at all.
UNHEARD, NAMELESS = 0.75, 0.5
#: What it adds that a line behind the article begins with the site's own name.
SITE = 1.0
#: What a missing full stop adds: teasers are headlines.
UNFINISHED = 0.75
#: What counts for news: somebody speaks, something is quoted, a name of the article (each, and at most).
SPOKEN, QUOTED, HEARD, MOST_HEARD = -2.0, -1.5, -0.5, -1.5
#: What each word more than this many takes away, for furniture is short.
LONG, EACH_WORD_MORE = 45, -0.05
#: Where the article ends: what each of its lines counts against the end lying before it, what a stretch of
#: furniture counts for it, and from where on a line behind the end is furniture.
ARTICLE_LINE, FURNITURE_STRETCH, BEHIND_END = -1.25, 0.4, -1.8

#: How far the lines above may speak for the article before the end is sought no higher.
SLACK = 2.0

_QUOTATION = re.compile(r"[“\"«][^“”\"«»]*[”\"»]")
#: Titles of books are quoted as well, but hardly hold two small words in a row.
_SMALL_WORDS = re.compile(r"\b[a-z]+ [a-z’']+")
_SPEAKS = re.compile(
    rf"\b(?:{vocabulary.SAYING}|tells|warns|asked|answered|replied|announced|denied|"
    r"considers|thinks|believes|argue[sd]?|insist(?:s|ed)|admit(?:s|ted)|predict(?:s|ed)|fear(?:s|ed)|"
    r"estimate[sd]|reckon(?:s|ed)|expects|conclude[sd]|recall(?:s|ed)|noted|stressed)\b"
)
#: A word that is capitalised within a sentence.
_NAME = re.compile(r"(?<=[\w,] )[A-ZÀ-ÖØ-Þ][\w’'-]+")
#: What a line opens with, as a name: two capitalised words or more, or one like "NewsWire".
_OPENING_NAME = re.compile(
    r"(?:The )?((?:[A-ZÀ-ÖØ-Þ][\w’'&.-]*)(?: (?:of |de |& )?[A-ZÀ-ÖØ-Þ][\w’'&-]*)+|[A-Z][a-z]+[A-Z]\w+)\b"
)
#: Capitalised words that tell nobody from anybody else.
_NO_NAMES = word_set(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July
    August September October November December Mr Mrs Ms Dr Prof President Prime Minister Foreign Ministry
    Sheikh General Secretary King Prince Ambassador Senator Governor Council The
    """
)
_SENTENCE = re.compile(r"(?:^|(?<=[.!?:;] )|(?<=  ))\W*(\w[^.!?]*)")

_FUNDERS = (
    r"(?:Foundations?|Funds?|Agency|Ministry|Embassy|Council|Commission|Institute|Stiftung|Endowment|Bank|"
    r"Trust|Programme|Union|Department|donors|Fondation|Fundación)"
)
_POSTS = (
    r"(?:[Ee]ditor|[Cc]orrespondent|[Cc]olumnist|[Rr]eporter|[Ff]ellow|[Dd]irector|[Pp]rofessor|[Aa]nalyst|"
    r"[Jj]ournalist)"
)


def _sign(weight: float, *patterns: str) -> tuple[float, tuple[re.Pattern[str], ...]]:
    return weight, tuple(map(re.compile, patterns))


#: Sign and weight, for the text outside quotations as it is written.
_SIGNS = (
    # The reader, and the page as "we".
    _sign(1.0, r"\b[Yy]ours?\b", r"\b[Yy]ou(?:\b|[’'](?:re|ve|ll)\b)"),
    _sign(0.5, r"\b(?:[Ww]e|[Oo]urs?|us|[Ww]e[’'](?:re|ve|ll))\b"),
    _sign(
        1.0,
        r"\b[Oo]ur (?:\w+ )?(?:radio|station|listeners|readers|president|colleagues?|guests?|last|next|work|"
        r"view|reporters?|correspondents?|team|staff|archives?|ombudsman|speaker|sponsors|partners|editors?|"
        r"columnists?|journalism|coverage|website|newsletter|own \w+)\b",
    ),
    # Its own things: "this article", "this is a subscriber-only story"; what is made of paper less.
    _sign(
        1.5,
        r"\b[Tt]his (?:is an? )?(?:[\w’'-]+ ){0,2}?(?:story|article|page|post|site|web ?site|newsletter|note|"
        r"(?:e-?)?mail|episode|podcast|blog|portal|transcript|publication|content|channel|column)\b",
    ),
    _sign(
        0.75,
        r"\b[Tt]his (?:letter|report|document|message|edition|issue|bulletin|video|interview|alert|memo|"
        r"digest|survey)\b",
    ),
    _sign(1.5, r"\bofficial (?:web ?)?(?:site|portal|page|account|channel)\b", r"\bweb ?site of\b"),
    # What it announces, advertises and invites to.
    _sign(
        1.5,
        r"^\W*(?:[Tt]omorrow|[Tt]onight|[Cc]oming (?:up|soon)|[Nn]ext (?:week|issue)|[Ff]rom (?:our|"
        r"the) archives?|"
        r"[Ww]hat we[’']re \w+|[Ii]n this issue|[Ii]n the next issue|[Aa]bout (?:our|the) (?:speakers?|"
        r"guests?)|"
        r"[Oo]ne more thing|[Ii]nvitation to \w+|(?:[Pp]ublic )?[Nn]otice|[Dd]o you agree|"
        r"[Gg]ot an?|[Nn]ot (?:on|yet)|[Oo]ut now|[\w ]{3,20} tomorrow|[\w ]{3,20} tonight)\b"
        r"(?=[^.!]{0,40}[:.?!;])",
    ),
    _sign(
        1.5,
        r"\b(?:[Kk]eynotes?|[Ee]arly birds?|[Jj]oins the panel|[Ii]n conversation with|[Dd]oors open|"
        r"[Ff]ree entry|"
        r"[Rr][Ss][Vv][Pp]|presented by|moderates|kicks off|tasting of)\b",
        r"\b(?:[Ii]nvitation to [Bb]id|[Bb]idders|[Aa]pplicants|[Aa]pplications? (?:close|must|should)|"
        r"[Cc]losing date|seeks an? (?:[A-Z][\w-]+ ){2,}|intends to procure)\b",
        r"\b[Nn]ext (?:week|time|month|episode)\b.{0,20}\bwe\b",
        r"\bback (?:from|at|on|tomorrow|next|with|in)\b.{0,20}$",
    ),
    _sign(
        1.5,
        r"^\W*(?:[Aa]dd (?:us|\w+ \w+) (?:on|to)|[Hh]elp us|[Jj]oin us)\b",
        r"^\W*[Ff]or (?:\w+ )?(?:inquiries|enquiries|queries|questions|interviews|bookings|orders|details|"
        r"subscriptions)\b",
        r"\bcan be (?:read|found|seen|heard|had|watched|ordered|downloaded)\b.{0,30}(?:\bhere\b|\bfrom\b|"
        r"\bat\b)",
        r"\bI (?:spoke|talked|wrote|write|discuss\w*|explain\w*) about\b|\ball proceeds\b|\bproceeds go\b",
    ),
    # What is set apart as a box or a call in the midst of the text: nothing else is needed.
    _sign(
        3.5,
        r"^\W*(?:[A-Z][A-Z’']+ ){2,5}[ \t]",
        r"^\W*(?:[Bb]e the first to|[Ss]ave the date|[Dd]on[’']t miss)\b",
        r"\bcan be (?:read|found|seen|heard|watched|downloaded) here\b",
    ),
    _sign(1.0, r"\bhere[.!]?$", r"@\w{3,}"),
    # Who pays for it, owns it and made it, and what it is in law.
    _sign(
        1.5,
        r"\b(?:funded|supported|financed|sponsored|funding|grants?|donations|support|assistance)\b"
        rf".{{0,40}}\b(?:by|from|of)\b.*\b{_FUNDERS}\b",
        r"\breceived (?:fees|compensation|honoraria|a fee)\b|\bpast (?:twelve|12) months\b|\bNobody paid\b",
        r"\blives? (?:from|on|off|by)\b.*\b(?:readers|listeners|members|authors|subscribers|grants?|"
        r"donations)\b",
    ),
    _sign(
        1.5,
        r"\b(?:published|printed) every\b|\bis (?:published|printed|edited) (?:by|in)\b|\b[Pp]rinted at\b",
        r"\bis (?:an?|the) (?:[\w-]+ ){0,4}(?:news agency|newspaper|magazine|web ?site|portal|newsletter|"
        r"law firm|"
        r"think[- ]tank|(?:registered )?trade ?mark|limited liability|non-?profit|charity|weekly|"
        r"radio station|"
        r"publisher|consultancy)\b|\ba (?:product|project|title|service) of\b",
        r"\bhelped (?:to )?(?:prepare|write|research|report|edit) (?:this|the)\b",
        r"\b(?:was|were) (?:set up|founded) in \d{4} by\b",
        r"\bis part of .{2,40}\b(?:Group|Media|Network)\b|\bwhose titles\b|\bstaff of \w+\b",
        r"\b(?:[Oo]wner|[Pp]ublisher|[Pp]rinted at|[Mm]anaging [Ee]ditor|[Ee]ditorial [Bb]oard|[Ff]ounding "
        r"[Ee]ditor|[Dd]rawings|[Ll]ayout|[Ii]llustrations?)\b ?[:A-Z]",
    ),
    _sign(
        1.5,
        r"\bintended recipient|\b(?:liable|liability)\b.{0,30}\b(?:errors?|content|accuracy|loss)\b",
        r"\b(?:investment|legal|financial) advice\b|\bowns? shares\b|\bmakes a market\b|\berrors? (?:and|or) "
        r"omissions\b",
        r"\b[Ii]nvestors should\b|\bholds a licen[cs]e of\b|\bI,? [^.]{0,40}certify\b",
        r"\b[Dd]istribut(?:ed|ion) (?:by|in) .{2,40}\b(?:Ltd|LLC|Inc|limited|restricted)\b",
        r"\bregistered (?:in|with|under|as|charity|office|non-?profit)\b.*\d|\b[Rr]egistration [Nn]o\b|"
        r"\bVAT\b",
        r"\bis (?:solely )?responsible for (?:this|the content)|\bsole responsibility\b|\bmay err\b",
        r"\b(?:does not|do not|neither) (?:necessarily )?(?:reflects?|represents?|imply|implies|agrees?|"
        r"engage)\b|"
        r"\btakes no (?:view|position|responsibility)\b",
        r"\beditorial (?:control|independence|policy)\b|\bis regulated by the\b|\b[Ss]upervised by the\b",
        r"\b(?:reference|link) to the (?:web ?site|source|agency)\b|\bkind permission\b|\b[Cc]ross-posted\b|"
        r"\b[Rr]e(?:prints|publication)\b|\b[Cc]heck against\b|\b[Aa]s delivered\b",
        r"\b(?:reference|link|hyperlink) to .{2,40} (?:is|are) (?:obligatory|required|mandatory)\b|"
        r"\bshares? the (?:opinions?|views?) of (?:the )?authors?\b",
        r"\b[Nn]ames? (?:of .{0,30} )?(?:were|was|have been|has been) (?:changed|withheld)\b",
    ),
    # What keeps it going: readers who pay, join, pass it on.
    _sign(
        2.0,
        r"\b(?:readers|listeners|viewers|members|supporters|people) like you\b",
        r"\brel(?:y|ies) (?:up)?on (?:our |its |your )?(?:readers|listeners|viewers|supporters|support)\b",
        r"\b[Vv]alue (?:this|our|what we)\b",
        r"\b[Bb]ecom(?:e|ing) an? (?:[\w-]+ )?(?:member|subscriber|supporter|patron)\b",
    ),
    # Who writes it.
    (1.5, (vocabulary.BIOGRAPHY,)),
    (0.75, (vocabulary.BIOGRAPHY_SIGNS,)),
    _sign(
        1.5,
        rf"(?:^|[.;] )(?:[A-Z][\w-]+ ){{0,2}}(?:[Ff]ormer |[Ss]enior |[Dd]eputy )*{_POSTS}s?"
        r"(?:,? (?:in|at|of|for|with) [\w’' &-]{2,40})?[.;]",
        r"\bwho (?:compiled|wrote|reported|edited|translated) this\b|\btook the photographs\b|"
        r"\bBefore joining us\b",
        r"\b(?:[Hh]e|[Ss]he) (?:acted|serves?d?|worked|works|teaches|taught|advise[sd]|lives) (?:as|in|at|"
        r"for|the)\b",
        r"\bby training\b",
    ),
    _sign(
        1.5,
        r"\b(?:AI|machine|chatbot|bot|automat\w+)\b.*\b(?:mistakes|errors|generated|assistant|summar\w+|"
        r"translat\w+)\b",
    ),
    # Where it has its office, how it is written to and quoted.
    _sign(
        1.5,
        r"\b\d{1,4},? (?:[A-Z][\w’'-]+ ){1,3}(?:Street|Road|Avenue|Row|Square|Lane|Boulevard)\b",
        r"\b0\d{2,4}[ -]\d{3}[ -]?\d{3,4}\b",
        r"\bP\.? ?O\.? Box \d|\b(?:Tel|Phone|Fax|Hotline|Call cent(?:re|er))\b[ .:]*\+?\d",
        r"\b(?:drop (?:us )?a line|[Ww]rite to (?:letters|the editors?)|the address (?:above|below)|"
        r"can be had from|"
        r"[Aa] mail (?:to|with)|put on, or off)\b",
        r"\([12]\d{3}\)\. .+: [A-Z]",
    ),
)
#: Words of a site's business; each different one counts, up to three of them.
_BUSINESS = re.compile(
    r"\b(?:subscri\w+|newsletters?|e-?mails?|mails?|inbox|log(?:ged)? in|sign(?:ed)? (?:up|in)|account|"
    r"password|donat\w+|tax[- ]deductible|membership|supporters?|bookmarks?|gift|episodes?|podcasts?|"
    r"listeners?|readers?|reading|downloads?|web ?sites?|portal|apps?|cookies?|privacy|advert\w*|sponsor\w*|"
    r"promo code|discount|editorial|copyright|reproduc\w+|reus\w+|licen[cs]ed|recipient|confidential|"
    r"disclaimer|stories|headlines|updates?|updated|journalism|bookshops?|tickets?|comments|feedback|"
    r"archived|outdated|suggestions|experiences|fyi|layout|real[- ]time|translations?|interviewees|bulletin|"
    r"columnists?|luncheons?|ombudsman|transmitter|photographs|pod|proceeds|mugs)\b"
)
_EACH_BUSINESS, _MOST_BUSINESS = 0.6, 3
#: Each pattern with the number of its sign, the last that of the words of business; which may match at all.
_PATTERNS = (
    *((sign, pattern) for sign, (_, patterns) in enumerate(_SIGNS) for pattern in patterns),
    (len(_SIGNS), _BUSINESS),
)
_SCREEN = Screen([requirements(Wording(pattern.pattern).tree) for _, pattern in _PATTERNS])
#: What a page bids or wishes at the beginning of a sentence, besides `vocabulary.CALL`; it is a sign beside
#: others only, for writers bid and wish as well.
_BIDS = re.compile(
    r"(?:please|thank|thanks|sorry|welcome|attention|know (?:a|an|any|some)|did you|don[’']t miss|out now|"
    r"coming soon|good (?:morning|evening|afternoon)|hello|that[’']s all|that was|here (?:is|are)|"
    r"why should you|ask|forward|choose|pick|meet)\b",
    re.IGNORECASE,
)
_EACH_BID, _MOST_BIDS = 0.75, 2


def names_in(text: str) -> list[str]:
    """The words that are capitalised within a sentence."""
    names = (name.removesuffix("'s").removesuffix("’s") for name in _NAME.findall(text))
    return [name for name in names if name not in _NO_NAMES]


def opens_with_site(text: str, masthead: str) -> bool:
    """Whether a line begins with a name that stands in the lines at the top of the page, in small letters."""
    opening = _OPENING_NAME.match(text)
    return opening is not None and opening[1].casefold() in masthead


def page_signs(text: str) -> float:
    """What the words of a line weigh for the page's own voice; what it quotes does not count."""
    told = _QUOTATION.sub(" ", text)
    low = told.lower()
    weight, seen = 0.0, -1
    for number in _SCREEN.possible(low):
        sign, pattern = _PATTERNS[number]
        if pattern is _BUSINESS:
            weight += _EACH_BUSINESS * min(_MOST_BUSINESS, len(set(pattern.findall(low))))
        elif sign != seen and pattern.search(told):
            weight += _SIGNS[sign][0]
            seen = sign
    if not weight:
        return 0.0
    bids = sum(
        1
        for match in _SENTENCE.finditer(told)
        if _BIDS.match(match[1]) or (vocabulary.CALL.match(match[1]) and match[1][0].isupper())
    )
    return weight + _EACH_BID * min(_MOST_BIDS, bids)


def speaks(text: str) -> bool:
    """Whether somebody says something in a line."""
    return _SPEAKS.search(text) is not None


def news_signs(line: Line, heard: AbstractSet[str]) -> float:
    """What speaks against it: somebody says something, or is named whom the article names (negative)."""
    weight = 0.0
    if speaks(line.text):
        weight += SPOKEN
    if any(_SMALL_WORDS.search(quoted) for quoted in _QUOTATION.findall(line.text)):
        weight += QUOTED
    names = set(names_in(line.text))
    weight += max(MOST_HEARD, HEARD * len(names & heard))
    return weight + EACH_WORD_MORE * max(0, len(line.words) - LONG)


def strangeness(line: Line, heard: AbstractSet[str]) -> float:
    """What it adds that a line names nobody of the article, and that it ends without a full stop."""
    names = names_in(line.text)
    weight = 0.0 if line.ends_sentence else UNFINISHED
    if not names:
        return weight + NAMELESS
    return weight + (UNHEARD if heard.isdisjoint(names) else 0.0)
