"""The words of page furniture: closed vocabularies in which sites speak about themselves.

Written from what news pages, press offices, wire services, newsletters and aggregators put around their
texts. An entry is general (a kind of phrase), never the phrase of one site.
"""

from __future__ import annotations

import re

from digestbot.analysis.endings import Ending
from digestbot.analysis.wordings import Wording


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def _begun_by(*patterns: str) -> Wording:
    """As `_any_of`, for what only the beginning of a text is asked for."""
    return Wording("|".join(f"(?:{p})" for p in patterns))


#: A page's own texts, and what is done to them after they were published.
OWN_TEXT = r"(?:article|story|piece|post|column|interview|essay|commentary|headline|page)"
CHANGED = (
    r"(?:(?:first|originally) (?:appeared|ran|published)|(?:was|has been) (?:(?:first|originally|since) \w+|"
    r"(?:updated|corrected|edited|modified|changed|republished|syndicated|amended) (?:on|at|for|to|with|from|"
    r"after|in)\b))"
)

#: Somebody says something in it: what opens like furniture is news then, but for the page's own corrections.
SAYING = r"said|says|told|warned|according to|accused"
ATTRIBUTED = re.compile(rf"\b(?:{SAYING})\b")
OF_THE_PAGE = re.compile(
    r"^[^.,]{0,40}:|\b(?:(?:an?|the) (?:earlier|previous) version|this (?:article|story|report|piece|post|"
    r"column|"
    r"interview|page|transcript|newsletter))\b",
    re.IGNORECASE,
)

#: A longer text that stands elsewhere, with its address: "The full list is available at https://…".
ELSEWHERE = re.compile(
    r"\b(?:available|posted|published|found|accessed|visit|see|read|watch|download|listen|more|details|"
    r"information|register|apply)\b.{0,60}(?:www\.|https?://)"
)
#: Words of a line at most that only sends the reader there.
LONGEST_POINTER = 35

#: Whose words a paragraph of a page gives: "Analysis by A. Writer: …".
INLINE_BYLINE = re.compile(
    r"(?:Analysis|Comment|Commentary|Opinion|Viewpoint|Dispatch|Eyewitness) (?:by|"
    r"from) [A-ZÀ-Þ][^:.]{3,60}:\s+"
)

#: A line that begins so is furniture, whatever follows.
FURNITURE_START = _begun_by(
    r"skip to (?:main |the )?content",
    r"(?:oops|sorry)[!,.]",
    r"something went wrong",
    r"did (?:we|this(?: \w+)?) (?:answer|help)\b",
    r"an error (?:has )?occurred",
    r"(?:error )?40[34]\b",
    r"\[!\]",
    r"(?:your|this|an? (?:outdated|unsupported)) browser\b",
    r"you are using an outdated browser",
    r"(?:please |to view this video,? please )?(?:enable|turn on|allow) (?:javascript|cookies)",
    r"to (?:view|watch|see|play) this (?:video|content|audio)",
    r"this (?:page|web ?site|site|service|newsletter|portal|blog) (?:uses|is not intended|is intended|"
    r"is protected)",
    r"this (?:content|video|article) (?:is (?:not available|only available|exclusive)|"
    r"includes content provided)",
    r"we (?:value|respect|care about) your privacy",
    r"we (?:and our|use) (?:\S+ ){0,4}(?:partners|cookies)",
    r"(?:by (?:continuing|clicking|signing|submitting|browsing|using this))\b",
    r"(?:cookie|privacy|ad|data) (?:settings|policy|notice|preferences|choices|protection)\b",
    r"privacy notice",
    r"\W*(?:adds|updates|recasts|corrects|refiles|repeats|rewrites|writes through|releads) "
    r"(?:\S+ ){0,6}?(?:\S+ )?"
    r"(?:paragraphs?|paras?|lead|headline|quotes?|comments?|details?|background|byline|"
    r"slug|throughout|with)\b",
    r"(?:accept|reject) (?:all|cookies)\b",
    r"if this (?:message|e-?mail|newsletter) is not\b",
    r"(?:having )?trouble (?:reading|viewing)\b",
    r"(?:view|read) (?:this|it|online|image|gallery)\b.{0,30}(?:browser|fullscreen|full screen|online)",
    r"you(?: are|[’']re)? (?:receiv(?:e|ed|ing)|getting|reading|seeing) this "
    r"(?:because|as|e-?mail|newsletter|message|bulletin|briefing|digest)\b",
    r"you (?:have received|receive|received|are receiving) this\b",
    r"(?:to )?unsubscribe\b",
    # What a page says of its own making, of its funds and of its rights.
    r"this is an? (?:developing|breaking|evolving|live|updating) (?:news )?(?:story|event|page|report|"
    r"blog)\b",
    r"an? (?:earlier|previous) version (?:misspelled|misspelt|misstated|misidentified|misnamed|mistakenly|"
    r"incorrectly|wrongly|gave the wrong)\b",
    r"we (?:regret|apologi[sz]e for) (?:the|this|any) (?:error|mistake|confusion)\b",
    r"this (?:press release|statement|article|story|document|page|briefing|text|report|post|"
    r"communiqu[eé]) is "
    r"(?:also |only )?(?:available|part of (?:a|an|our|the|its) (?:\w+ ){0,3}(?:series|project|package|"
    r"collaboration|partnership))\b",
    r"(?:unofficial|working|courtesy|machine|automatic|official \w+) translation\b|"
    r"translated (?:by (?-i:[A-Z])|from (?:the )?(?:original )?(?-i:[A-Z])\w+(?:\W*$| (?:by|with|using|"
    r"and)\b))",
    r"(?:the )?following (?:is|are) (?:an? |the )?(?:near-\w+|full|complete|edited|lightly|unofficial|"
    r"verbatim|"
    r"partial|text|transcript)\b",
    r"(?:tweet|post|embed) (?:by|from) @|cite (?:as|this)\b|(?:jobs?|vacanc(?:y|ies)) (?:at|with) "
    r"[^:]{2,40}:",
    r"(?:disclosure|disclosures|declaration of interests?|conflicts? of interest|funding|acknowledge?ments?|"
    r"methodology|note on (?:sources|method|spelling)|(?:suggested |recommended )?citation|cite this|"
    r"how to cite|about (?:this|the) (?:series|project|report|paper|institute|publication|programme|"
    r"writer)s?)"
    r"(?: \w+)? ?[:.]",
    r"the (?:research|fieldwork|writing|reporting|preparation|publication) (?:for|of|behind|on) this \w+ "
    r"(?:was|were|is|has been) (?:made possible|supported|funded|financed)\b",
    r"this (?:copy|e-?mail|message|newsletter|bulletin) (?:is|was) (?:for|sent|intended|meant)\b",
    r"(?:if )?this (?:post|e-?mail|message|mail|newsletter|bulletin|issue) (?:is|may be|might be|was|looks|"
    r"appears|"
    r"does|doesn|isn|can|won)\S{0,2} (?:\S+ ){0,3}?(?:too long|cut|clipped|truncated|odd|broken|strange|"
    r"display\w*|"
    r"load\w*|render\w*|show\w*)\b",
    r"before you (?:go|continue|leave|read on|move on) ?(?::|, we\b)|"
    r"we and (?:our )?\d+ (?:\w+ )?(?:partners|"
    r"vendors)\b",
    r"(?:do you )?liked? what you(?:[’']re| are| have|[’']ve)? (?:reading|read|seeing|see|heard?|hearing)\b",
    r"did you (?:see|witness|film|photograph) (?:something|anything|it)\?\W*(?:$|write|tell|send|contact|"
    r"share|e-?mail|call)|(?:were|are) you "
    r"(?:there|affected|in the area|an? (?:eye)?witness)\b.{0,60}\?\W*(?:tell|share|contact|get in touch|"
    r"write|"
    r"e-?mail|let us|we)\b",
    r"what do you think\? (?:let|tell|share|write|have|join|comment)\b|let us know (?:what you think|in the "
    r"comments|below)\b",
    r"forwarded this (?:e-?mail|newsletter|message|briefing)\b",
    r"translation ?: (?:\w+[ -])?(?:assisted|automatic|machine|google|deepl|ai)\b|"
    r"for the original (?:in \w+|version|text)\b.{0,20}\bclick\b",
    r"(?:directors? of (?:the )?publications?|publishers?|proprietor|managing (?:director|editor)|"
    r"editor-in-chief|responsible editor|chief editor) ?: ",
    r"for more (?:on|about) .{3,60}, (?:see|read|click|visit|go to|listen|watch)\b",
    r"no part of this (?:publication|report|document|article|website|newsletter|book)\b",
    r"\W{0,3}except for the headline\b",
    r"\W{0,3}with assistance (?:from|by) (?-i:[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){1,3}"
    r"(?:(?:,| and|, and) [A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){1,3})*)\.?$",
    r"thanks to .{3,60} for (?:editing|proofreading|(?:their |his |her )?help with|helping with) (?:this|"
    r"today|"
    r"our|the)\b",
    r"(?-i:About (?:the )?(?P<about>[A-ZÀ-Þ][^:.]{2,60}?) ?: (?:The )?(?P=about)\b)",
    r".{0,60}\b(?:press|media) (?:office|centre|center|team|service|desk)\b.{0,30}\b(?:reached|contacted)\b"
    r".{0,20}(?:\+|\d{3}|\S+@)",
    r"distributed by .{2,60} on behalf of (?:the )?(?-i:[A-Z])[^,]*$",
    r"to (?:order|license|obtain|request|buy|republish|reprint|syndicate|reproduce) .{0,40}"
    r"\b(?:copies|reprints?|permission|rights|this (?:article|story|report))\b",
    # What it asks of its reader.
    r"follow (?:the (?:author|writer|reporter|team)|him|her|me|them|our \w+) .{0,20}(?:\bon\b|\bat\b|@)",
    r"(?:have|got|do you have) (?:an?|any) (?:questions?|tips?|comments?|views?|thoughts?|suggestions?)\b",
    r"cookies (?:help|allow|enable|are (?:used|small|necessary))\b",
    r"some (?:features|parts|functions|content) (?:of|on) this (?:site|page|website)\b",
    r"if you (?:enjoy(?:ed)?|liked?|value|appreciate|no longer wish|cannot see|can[’']t see|would like to "
    r"(?:receive|unsubscribe|subscribe|support|comment|contribute)|have (?:an?|any) (?:questions?|comments?|"
    r"corrections?|tips?|suggestions?))\b",
    r"was this (?:e-?mail |newsletter |briefing |message )?forwarded to you\b",
    r"thanks to .{0,60}\b(?:readers?|subscribers?|listeners?|members)\b",
    r"for (?:the )?(?:full|complete|original|entire) (?:text|statement|report|story|transcript|list|schedule|"
    r"version|coverage|document)\b.{0,60}\b(?:see|visit|click|go to|read|download|here|pdf)\b",
    r"(?:enjoying|liking|loving) .{1,40}\?|you(?:[’']ve| have) (?:read|used|reached|viewed) .{0,40}"
    r"\b(?:articles?|stories|limit)\b",
    r"your (?:ad|advert|advertisement) (?:here|could)\b",
    r"\d[\d,.]*k? (?:people|users|readers|others|viewers) (?:(?:are|is) (?:now )?(?:reading|viewing|watching|"
    r"here)|liked? (?:this|it)|shared (?:this|it)|viewed|commented)\b",
    r"the next (?:edition|issue|newsletter|briefing|bulletin|instal?lment|episode) (?:will|is|appears|comes|"
    r"lands)\b",
    r"you can (?:(?:also )?(?:unsubscribe|subscribe|sign up|listen|follow|contact|reach|e-?mail|change|"
    r"manage|"
    r"opt out)|read (?:our|more|the full))\b",
    r"add (?:us|this address|our address) to\b",
    # What its readers write below.
    r"[a-z_]+\d{1,4} ?:|(?:posted|commented) by\b",
    r"(?:sign up|signup|subscribe|register|log in|sign in)\b(?: (?:now|here|today|free))?"
    r"(?: (?:to|for|with|@|with us)\b|:|\s*[|/»›]|$)",
    r"newsletter\b(?: sign-?up|:)",
    r"(?:enter|type) your (?:e-?mail|name|comment|address)",
    r"(?:only |then |just |from |now |save )?[$€£] ?\d[\d.,]* (?:for|per|a|every) (?:\w+ )?"
    r"(?:weeks?|months?|years?)\b",
    r"(?:try |get |start |enjoy )?(?:unlimited|complete|full|premium) (?:digital |online )?access\b",
    r"(?:already a (?:subscriber|member)|cancel any ?time|subscribe to (?:read|unlock|continue|keep))\b",
    r"this (?:article|story|content|page) is (?:reserved )?(?:only )?for (?:our )?(?:subscribers|members)\b",
    r"the post .{3,200} (?:appeared first|first appeared) on\b",
    r"(?:upgrade to|become a) (?:paid|premium|member|subscriber|supporter)",
    r"(?:support|donate to) (?:us|our|independent)\b",
    r"(?:also read|read also|read more|read next|read on|read(?=:)|see also|must read|keep reading|"
    r"continue reading)\b",
    r"(?:watch|listen|video|podcast|gallery|in pictures|quiz|live|infographic|opinion) ?[:|]",
    r"[▶►⏵🎧🎥📷📸🔊]",
    r"(?:you (?:may|might) (?:also )?(?:like|be interested|want))\b",
    r"because you read\b",
    r"recommended (?:for you|stories|reading|articles)",
    r"(?!.{30,}\.$)(?:more|other) (?:from|on this|by this|in this|stories|news|articles|like this|top)\b"
    r"(?! than)",
    r"related(?: (?:stor(?:y|ies)|articles?|topics?|news|documents?|content|links?|posts?|reading|"
    r"coverage)|:)",
    r"(?:most|trending|popular) (?:read|viewed|popular|shared|commented|now|stories)\b",
    r"\W{0,3}trending(?: now)?:",
    r"(?:next|previous|up next|top|latest|featured) (?:story|stories|article|articles|up|post)(?=:|$| *[|"
    r"»›])",
    r"(?:breaking|just in|developing|latest|live now)(?: news)?:",
    r"in the headlines\b",
    r"(?:sponsored|promoted|paid)(?:\s*:| content| by| post| partner|$)",
    r"(?:advertisement|advertorial|ad)(?:$|\s*[·:|])",
    r"(?:story|article) continues (?:below|after)",
    r"(?:catch|get|stay (?:up to date|tuned|updated|informed)|never miss|don[’']t miss)\b.{0,60}"
    r"\b(?:news|updates|headlines|inbox|app|alerts|stories|newsletter|pocket)\b",
    r"(?:get|download|install) (?:the|our) (?:free )?app\b",
    r"turn on notifications|allow notifications|\W*turn on notifications",
    r"(?:follow|like|find|join) (?:us|our)\b.{0,60}"
    r"(?:facebook|twitter|instagram|telegram|whatsapp|youtube|tiktok|linkedin|\bx\b|rss|channel|@|"
    r"google news)",
    r"follow us\b",
    r"(?:kindly |please )?share (?:this|on|in|via|with|the|it|:|\d)",
    r"(?:was|did you find) this (?:article |page |story )?(?:helpful|useful|interesting)",
    r"(?:found|spotted|noticed) (?:an? )?(?:mistake|error|typo)",
    r"errors? (?:in this|\?)",
    r"(?:help us improve|send (?:us )?(?:your )?feedback|give us feedback|tell us what|send us\b)",
    r"(?:heard something|got a tip|have a tip|do you have (?:a story|information|a tip)|know something)\b",
    r"(?:to )?(?:leave|post|add|write|view|read|show|hide) (?:a |all |your |the )?(?:comments?|reply)\b",
    r"\d+ comments?\b|comments ?(?:[-–(:]|\d|$|on this|to this|are (?:subject|closed|moderated|off|welcome))",
    r"letters (?:to the editor|(?:should|must|may) (?:be (?:\w+ ){0,4}(?:words|edited|signed|e-?mailed|brief|"
    r"short|cut)|include|not exceed|carry|bear))\b",
    r"all comments (?:are|will be|must|should)\b.{0,30}\b(?:moderated|published|approved|subject|reviewed|"
    r"checked)\b|all comments\W*$|(?:name|e-?mail) ?\*",
    r"report abuse\b",
    r"suggest to a friend|send to a friend|forward to a friend|e-?mail (?:this|to a friend)",
    r"(?:©|\(c\) ?\d{4}|copyright(?:\W*\d|\W*$| ?[©:(]| (?:notice|policy|statement|by|belongs|is held|"
    r"is owned)\b|"
    r" (?-i:[A-Z]))|all rights reserved|℗)",
    r"(?:tags?|topics?|keywords?|categories|category|filed under|posted in|sections?) ?[:#]",
    r"(?:related topics|keywords)\b",
    r"(?:powered|developed|designed|hosted) by\b",
    r"(?:for )?(?:media|press|general|all)? ?(?:contacts?|enquiries|inquiries)(?: us)? ?:",
    r"for (?:more|further|additional|media|press) (?:information|details|enquiries|inquiries)\b",
    r"for information media\b",
    r"contact(?: the (?:author|editor|newsroom)s?)?(?: us)? ?(?::|at \S+[@.]\S)|contact us\b",
    r"(?:e-?mail|tel|fax|phone|mobile|telephone) ?[:.]",
    r"(?:editor[’']?s['’]? note|note to (?:editors|readers)|notes to editors)\b|"
    r"(?:disclaimer|correction|clarification)s?(?:\W*$| ?[:(—–]|,? (?:on |of )?(?:\w+ \d|\d))",
    r"(?:edited|(?:live |additional )?reporting|writing|written|compiled|translated|editing|produced|"
    r"reported)"
    r"(?: (?:and|&) \w+)? by\b(?: ?[:—–-]| (?:(?-i:[A-ZÀ-Þ])|our\b|staff\b|the (?:desk|team|newsroom|"
    r"editors?)\b))",
    r"\((?:reporting|with (?:inputs?|agenc)|writing|editing|edited|this (?:story|report|article)|"
    r"inputs? from|additional)",
    r"with (?:inputs?|reporting|agency inputs?|files) from\b",
    r"(?:source|sources|via|author|text|photos?(?: by)?|by-?line|reporter|editor) ?: ",
    r"summari[sz]ed from\b",
    r"this (?:article|story|report|piece|post|column|interview|essay|commentary|headline|page) "
    r"(?:was|has been|is|first|originally|appeared|also)\b.{0,40}"
    r"\b(?:amended|updated|corrected|published|appeared|republished|produced|edited|translated|"
    r"syndicated|auto)",
    rf"the {OWN_TEXT} {CHANGED}",
    r"(?:first|originally) published(?:\W*$| ?:| (?:on|at|by)\b| in (?-i:[A-Z])| (?-i:[A-Z\d]))",
    r"(?:last )?update[ds]?(?: on| at)? ?[:(]",
    r"last (?:updated?|modified)(?: (?:on|at|by)\b|\W*$|\W*\d| ?[:|·—–-]| (?-i:[A-Z]))",
    r"(?:the )?(?:views|opinions) (?:expressed (?:here|above|herein|by|are|on|in (?:this|these|"
    r"the (?:article|"
    r"piece|column|essay|text|commentar)))|are those|of (?:the )?(?:authors?|analysts?|contributors?) "
    r"(?:are|do|does|alone|and do|only))\b",
    r"(?:all |the )?(?:views|opinions) (?:are|remain) (?:those of )?(?:the )?(?:author|writer|contributor)",
    r"the (?:institute|foundation|centre|center|author|authors|publisher|editors?) "
    r"(?:(?:does not|do not|takes? no)\b.{0,40}\b(?:(?:institutional|collective|editorial|official|corporate|"
    r"policy) positions?|responsib|endorse)|(?:declares?|has|have) no\b.{0,40}\binterests?\b(?! in\b))",
    r"this (?:project|research|report|publication|paper|work) (?:was|is|has been) "
    r"(?:supported|funded|financed|made possible) by\b",
    r"funding (?:for this\b|(?:was|is) (?:\w+ )?provided by\b)",
    r"(?:this|these|our) transcripts? (?:are|is|was|were|may|has been|have been|might)\b|"
    r"(?:the )?transcripts? (?:may|might|(?:is|was|has been|are|were|have been) (?:\w+ )?(?:edited|condensed|"
    r"generated|produced|prepared|checked|provided|unedited|unofficial|available|published))\b|"
    r"rush transcript|unedited transcript",
    r"(?:issued|released|distributed|circulated) by ?:",
    r"for (?:queries|questions|interviews|corrections|comments|complaints|advertising|subscriptions) ?[:,]",
    r"(?:insert|inset|jump|turn to page|see pages?)(?: \d+)? ?:",
    r"(?:we )?(?:really )?hope you(?:[’']ve|[’']ll| have| will)? (?:enjoy|like|found|find)",
    r"(?:advertise|advertising|sponsorship|tips|complaints|subscriptions?|corrections)(?: with us)? ?: ?\S+@",
    r"forward (?:it|this|us)\b.{0,40}\bto\b",
    r"(?:all )?(?:typos|mistakes|errors|opinions) (?:are|remain) (?:all )?(?:ours|mine|my own|our own)\b",
    r"happy (?:\w+day|new year|holidays|weekend)(?:,? (?:all|everyone|readers|friends))?[.!,]?$",
    r"that[’']?s (?:it|all)(?: folks)? (?:for|from) (?:us|me|now|today|this (?:week|edition|issue))\b",
    r"(?:see|talk to|speak to) you (?:again )?(?:tomorrow|next|on|soon|in)\b",
    r"photos? (?:of .{0,30})?(?:are|is) (?:free|available)\b",
    r"pull quote\b",
    r"advertis(?:e|ing) ?(?::|with us|here)|untick\b|unsubscribe\b",
    r"you(?:[’']re| are) (?:getting|receiving|reading) this (?:e-?mail |newsletter |message )?because\b",
    r"issued by\b ?:|for (?:queries|questions|interviews|accreditation)\b ?[:,]",
    r"(?:see|turn to|continued on|more on) page \d",
    r"(?!.{120})(?:insert|box|sidebar) ?:",
    r"(?:dear|hello|hi|hey|greetings|good (?:morning|afternoon|evening))\b[^.:;]{0,50}[,!]$",
    r"this transcript (?:was|is|has been)\b|end of transcript\b",
    r"\S.{0,60}\b(?:cannot|can[’']t|does not|doesn[’']t) guarantee (?:its|the|their) (?:complete )?accuracy",
    r"(?:\S.{0,60}\. )?(?:all |the )?content (?:is|on this (?:site|page)).{0,40}"
    r"\b(?:public domain|licen[cs]e|unless otherwise)",
    r"the \w+(?: \w+)? (?:accepts|takes|receives) no (?:funding|money|funds|institutional)\b",
    r"\W{0,3}\d{0,2}\W{0,3}author[’']?s?[’']? interviews?\b",
    r"image source\b",
    r"about the authors?\b|about (?:us|this site)\b",
    r"(?:download|print|view|get) (?:the )?(?:full )?(?:pdf|print version|report \(pdf)",
    r"listen to this (?:article|story|page)",
    r"jump to\b|back to top|go to top|top of page|table of contents",
    r"do not sell my\b|terms (?:of|and|&) ?(?:use|service|conditions)\b|imprint\b",
    r"allow \w+ content\??",
    r"(?:dear|hello|hi|good morning|good evening),? (?:readers?|subscribers?|friends|all|everyone)\b",
    r"(?:thanks|thank you) for (?:reading|subscribing|joining|following|your (?:support|interest))\b",
    r"\(attn\b|\(end\)|-+ ?30 ?-+$|\(ends?\)|ends$|#\s*#\s*#|\* ?\* ?\*|-end-",
    r"\(?(?:in progress|more to follow|to be continued|continued)\)?$",
    r"the (?:meeting|briefing|session|press conference) (?:began|was (?:called|concluded|adjourned)|"
    r"concluded|adjourned|ended|rose|opened) at \d",
    r"\((?:the|this) (?:meeting|briefing|session|transcript|press)\b",
    r"\[(?:notes?|updates?|corrected|editor|advert|share|sic|photo|video|image)\b",
    r"not an official (?:record|transcript)",
    r"buy (?:a|the|this) (?:print|reprint|photo|subscription)\b",
    r"reuse this content|request permission|reprints\b|order reprints",
    r"welcome to (?:the website|our (?:site|website|portal))",
    r"weather:",
    r"(?:please )?note(?: that)?:",
    r"up next\b[:|]?",
    r"(?:advt|jobs?|for sale|wanted|classifieds?|public notice|tenders?|vacanc(?:y|ies)|"
    r"events?|webinar|"
    r"courses?|promo(?:tion)?|partner(?:s| content)?|tips?|shop|books?|games?|crossword|"
    r"horoscopes?|lottery|"
    r"obituar(?:y|ies)|recipes?|garage sale|quote of the day|word of the day|on this day|cartoon|"
    r"giveaway|contest)s?\s*:",
    r"(?!.{30,}\.$)(?:poll|vote|survey|deal|offer)s?\s*:",
    # Writers and journalists are killed, held and tried as well: what tells the page's own is their office.
    r"the (?:writer|author|columnist|contributor)s? (?:(?:is|are|was|were) (?:an?|the|our|also|now|currently|"
    r"formerly|based|professor|director|head|senior|chair\w*|co-\w+|with|at|in)\b|(?:has|have) (?:no\b|"
    r"written|"
    r"reported|worked|covered|advised|taught|served|published|lived)|(?:can|may) be |attended|travelled|"
    r"traveled|"
    r"works?|lives?|teach(?:es)?|tweets?|covers?|served|visited|writes?)\b",
    r"the (?:reporter|correspondent|journalist)s? (?:(?:can|may) be (?:reached|contacted|followed)|tweets?|"
    r"(?:attended|travelled|traveled|visited) .{0,40}\b(?:guests?|invitation|expense|courtesy)\b)",
    r"(?:click|tap|press|scroll|swipe|scan|log in|sign up|sign in|subscribe|unsubscribe|download|install|"
    r"register|refresh|reload)"
    r"\s+(?:on|to|here|now|the|this|your|our|for|down|up|and|below|above|or|in|a|if)\b",
    r"(?:change|check|update|manage|review) your (?:settings|browser|connection|preferences|inbox|spam|"
    r"subscription)",
)

#: A reader's comment, by who wrote it and how long ago.
COMMENT = re.compile(r"[\w .]{2,40}[(·,]? ?\d+ ?(?:minutes?|mins?|hours?|hrs?|days?|weeks?) ago\)? ?(?::|$)")

#: What a page tells its reader to do; the first word of a line or of a button.
CALL = re.compile(
    r"(?:apply|book|buy|call|change|check|choose|click|close|comment|contact|dismiss|donate|download|"
    r"enjoy|enter|explore|"
    r"find out|flag|follow|get|give|go to|install|join|keep up|learn|listen|load|log in|log out|make|"
    r"manage|open|order|play|"
    r"press|read|refresh|register|reload|rate|rsvp|reply|report|reserve|save|scan|scroll|search|see|"
    r"select|send|share|shop|show|"
    r"sign|skip|start|stay|stream|submit|subscribe|support|swipe|take|tell|tap|try|turn|unlock|"
    r"unsubscribe|update|upgrade|"
    r"view|visit|vote|watch|win|write)\b",
    re.IGNORECASE,
)
#: With a call, what makes it the page's: its own things, or the reader's.
CALL_OBJECT = re.compile(
    r"\b(?:our|us|your|you|here|now|this|app|newsletter|channel|podcast|page|site|website|story|article|"
    r"news|demo|audio|"
    r"video|player|list|tickets?|free|trial|offer|deals?|copy|edition|e-?paper|settings|error|link|"
    r"button|below|above|"
    r"comments?|account|more|at \S+\.\w{2,}|@\w+|#\w+)\b",
    re.IGNORECASE,
)

#: Verbs a biography begins with, after the name.
BIOGRAPHY_VERB = re.compile(
    r"(?:,[^.]{2,80},\s*)?\s*(?:is|was|are|were|has|have|had|covers?|writes?|wrote|reports?|works?|reported|"
    r"worked|lives?|teaches|taught|"
    r"grew up|studied|studies|joined|joins|holds|hosts|edits|edited|leads|led|directs|directed|runs|"
    r"serves?|served|previously|"
    r"currently|formerly|specialis\w+|specializ\w+|contributes|contributed|tweets|blogs|researches|"
    r"graduated|received|won|began|"
    r"spent|founded|co-founded|heads|chairs|translated|trained|focuses|lectures)\b",
)

#: A line of no more than a few words that begins so is furniture if it is no sentence.
LABEL_START = _begun_by(
    r"(?:menu|home|search|share|print|save|bookmark|tweet|facebook|whatsapp|telegram|twitter|reddit|"
    r"email|e-mail|copy|"
    r"subscribe|login|log in|sign in|sign up|register|e-?paper|watch live|live tv|live|newsletters?|"
    r"videos?|podcasts?|"
    r"photos?|gallery|archive|contact|about|careers|terms|rss|sitemap|advertise|markets|trending|latest|"
    r"follow|comments?|tags?|source|topics?|more less|loading|top stor(?:y|ies)|editor[’']s picks?|"
    r"issue \d|vol\.? ?\d|no\. ?\d|press release|for immediate release|breaking|exclusive|"
    r"news|world|politics|business|opinion|sports?|culture|comment|analysis|economy|africa|asia|europe|"
    r"middle east)\b"
)

#: Signs of a caption or a picture credit.
CAPTION_START = re.compile(
    r"\W{0,3}(?:(?:image|photo|picture|file photo|photo gallery|slideshow|video|map|chart|graphic|figure|"
    r"illustration)(?: caption| credit| source| by)?(?: \d{1,2})?|"
    r"photograph|pic|fig\. ?\d+|caption|photo of the day|in this (?:file |handout )?(?:photo|image|"
    r"picture))\s*[:,|/]|(?:an? )?(?:file|handout|archive|undated) (?:photo(?:graph)?|picture|image)\b",
    re.IGNORECASE,
)
CREDIT = Ending(
    r"(?:^|[\s(\[.—–-])(?:photo(?:graph)?s?|pictures?|images?|pic|credits?|courtesy|illustration|source|"
    r"file)"
    r"(?: by| credit| courtesy)?\s*[:|/]\s*[^.!?]{2,60}[)\]]?\s*[—–-]?\.?$"
    r"|(?:[(\[/|]\s*|\bvia )(?:afp|ap|reuters|getty(?: images)?|epa|dpa|xinhua|anadolu|afp/getty|tass|"
    r"epa-efe|efe|ansa|kyodo|"
    r"yonhap|pti|ani|bloomberg|shutterstock|alamy|wikimedia(?: commons)?|file(?: photo)?|handout|archive|"
    r"pool)"
    r"(?:/[^()\[\]]{2,40}|\s+via\s+[^()\[\]]{2,30})?[)\]]?\.?$",
    re.IGNORECASE,
)

#: Who of those in a picture stands where: "The minister (left) and the envoy inspect a bridge."
STANDS_LEFT = re.compile(
    r"\((?:(?:far |top |bottom |front )?(?:left|right|cent(?:re|er)|row)|[LRC]|(?:second|third) from (?:left|"
    r"right)|"
    r"pictured(?: \w+)?|clockwise from .{3,20})\)",
)

#: Whoever took the picture and for whom, in brackets: "A grove in Mission. (Ana Holt/Border Report)".
CREDITED = re.compile(
    r"\((?:[A-ZÀ-ÖØ-Þ][\w.’'-]*\s){1,3}[A-ZÀ-ÖØ-Þ][\w.’'-]*\s?/\s?[A-ZÀ-ÖØ-Þ][^()/]{1,40}\)\.?$"
)

#: The agencies that stand in a tag behind a text.
AGENCIES = (
    r"(?:AFP|AP|Reuters|dpa|DPA|EFE|ANSA|Xinhua|TASS|PTI|ANI|IANS|APP|Bernama|Anadolu|Kyodo|Yonhap|Bloomberg|"
    r"UNB|BSS|NAN|PNA|MENA|WAM|SPA|KUNA|QNA|IRNA|MAP|APS|CMC|CNA|AAP|agencies|Agencies|AGENCIES)"
)

#: The agency and its date behind a text: "(AFP)", "— Reuters", "(Desk, 13/2/2025)", initials before it.
AGENCY_TAG = re.compile(
    r"(?<=[.!?”\"’)])\s*(?:\((?:[A-Z]\.){2,3}\)\s*)?"
    rf"(?:\([^()]{{0,40}}(?:\b{AGENCIES}\b|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})[^()]{{0,20}}\)"
    rf"|[—–-]+ ?{AGENCIES}(?:[/, ]+{AGENCIES})*)\.?$"
)

#: Sentences in which a page speaks of itself, wherever they stand in a paragraph.
SELF_REFERENCE = _begun_by(
    r"happy (?:mon|tues|wednes|thurs|fri|satur|sun)day[.!,]",
    r"we(?:[’']ll| will| shall) (?:bring you (?:that|this|it|all|more|the|updates?|reaction)|have more|"
    r"keep you (?:posted|updated|informed)|let you know|update you)\b",
    r"(?:we )?hope you(?:[’']ve|[’']ll| have| will)? (?:enjoy|like|found|find)",
    r"(?:all )?(?:typos|mistakes|errors|opinions) (?:are|remain) (?:all )?(?:ours|mine|my own|our own)\b",
    r"this is an? (?:developing|breaking|evolving|live|updating) (?:news )?(?:story|event|page|report|"
    r"blog)\b",
    r"(?:please )?check back (?:for updates|later|soon)\b",
    r"we (?:regret|apologi[sz]e for) (?:the|this|any) (?:error|mistake|confusion)\b",
    r"the \w+ (?:version|text) (?:of this \w+ )?(?:is|shall be|remains) the (?:authoritative|authentic|"
    r"binding)\b",
    r"the .{2,50}? is an? (?:[\w-]+,? ){0,4}(?:think[- ]tank|non-?partisan|not-for-profit|non-?profit|"
    r"charity)\b",
    r"\S+ \S+ is (?:on leave|away|on holiday|off) ?(?:today|this week|until \w+)?\.$",
    r"(?:complete|full) coverage (?:will|is|can)\b",
    r"see (?:also )?(?:pages?|p\.|pp\.) ?\d+\.?$",
    r"(?:all|our) (?:content|contents|material|text|texts|images) (?:is|are|on this|in this|may)\b.{0,60}"
    r"\b(?:public domain|copyright|licen[sc]ed?|creative commons|reproduced|republished)\b",
    r"the (?:institute|foundation|cent(?:re|er)|forum|network|council|programme|program|project|initiative|"
    r"authors?|editors?|think[- ]tank|organi[sz]ation|group|fund) (?:(?:gratefully|warmly) )?"
    r"(?:thanks?|is grateful|are grateful|(?:accepts?|takes?|receives?) (?:no )?(?:[\w-]+ ){0,2}(?:funding|"
    r"money|donations|support|grants))\b",
    r"the (?:institute|foundation|cent(?:re|er)|forum|programme|program|project|think[- ]tank) is (?:\w+ )?"
    r"(?:funded|financed|supported) by\b",
    r"(?:good (?:morning|afternoon|evening|day)|hello|hi there|greetings)(?:,? (?:everyone|all|readers|"
    r"friends))?[.!,]",
    r"(?:and |good \w+,? and )?welcome to (?:our|this|the) (?:\w+ )?(?:coverage|live ?blog|blog|newsletter|"
    r"edition|live page|page|live)\b",
    r"comments (?:are|have been) (?:now )?(?:closed|disabled|switched off|turned off)\b",
    r"\S.{0,50} is (?:published|printed) (?:on|every|each|weekly|daily|monthly|twice|by)\b",
    r"(?:visit|see|find|meet) us (?:at|in|on)\b|visit our (?:stand|stall|booth|shop|store|showroom)\b",
    r"(?:we are|we[’']re|i am|i[’']m) (?:now )?(?:closing|pausing|wrapping up|ending) (?:this|our|"
    r"the) (?:\w+ )?(?:blog|coverage|live)",
    r"(?:stay with us|stay tuned|follow along|keep it here|more soon|more to come|more follows)\b[.!]?$",
    r"(?:thanks|thank you) for (?:reading|joining|following|watching)\b",
    r"this (?:article|story|report|piece|post|column|interview|headline) (?:was|has been) "
    r"(?:\w+ )?(?:amended|updated|corrected|edited|modified|changed|published)",
    rf"the {OWN_TEXT} {CHANGED}",
    # Sponsors, events, other editions.
    r"join us (?:on|in|at|for|this|next|tomorrow|tonight|live)\b",
    r"(?:this|today[’']s) (?:edition|issue|newsletter|briefing|episode|e-?mail|letter|podcast|"
    r"bulletin) (?:is|was) "
    r"(?:brought to you|sponsored|supported|presented|powered)\b|brought to you by\b|"
    r"(?:presented|sponsored) by (?-i:[A-Z])[^,.]{2,40}(?::|\.?$)|(?:a (?:\w+ )?(?:message|word) )?from our "
    r"(?:sponsors?|partners?|advertisers?)\b",
    r"also in (?:today[’']s|this|the) (?:edition|issue|newsletter|paper)\b|(?:next week|coming (?:up|soon|"
    r"next)) ?:|"
    r"(?:in )?(?:next week|tomorrow|the next)[’']s (?:issue|edition|newsletter|episode|letter|column)\b|"
    r"on (?:the|our|this week[’']s) podcast(?: this week| today)?,",
    r"(?:market )?(?:data|prices|quotes) (?:as of|(?:are )?delayed)\b|(?:top|readers?[’']?|best|"
    r"latest) comments? ?:",
    # Live pages and those who write them.
    r"if you(?:[’']re| are) (?:just )?(?:joining us|tuning in|catching up|new here)\b|"
    r"here[’']s what you need to know\b",
    r"we(?:[’']ll| will) (?:continue to update|keep (?:updating|you))\b",
    r"(?:i[’']m|i am|this is|it[’']s) (?-i:[A-Z][\w’'-]+ [A-Z][\w’'-]+),? (?:and i|here|taking over|"
    r"with you|in for|"
    r"bringing you)\b|(?-i:[A-Z][\w’'-]+ [A-Z][\w’'-]+) here[,.]",
    r"my colleagues?,? (?-i:[A-Z])\S* (?-i:[A-Z])\S*(?: and .{3,40})?,? (?:will|is|are|has|have)\b.{0,40}"
    r"\b(?:over|you|blog|coverage|updates)\b",
    r"(?:i[’']m|i am|we[’']re|we are) (?:now )?(?:handing|passing) (?:you |this |"
    r"the blog )?(?:over )?to (?:my|our) "
    r"colleagues?\b",
    # Thanks, grants and method of papers.
    r"(?:the )?(?:research|fieldwork) (?:for|behind|on) this (?:paper|report|article|story|brief|study|"
    r"project|piece|book|note|series) (?:was|were|has been)\b|"
    r"\S.{0,120}\b(?:is|are|remains?) the sole responsibility of the (?:authors?|contributors?|"
    r"publishers?)\b",
    r"this (?:brief|paper|report|study|note|publication|article|analysis|commentary|project|series|podcast|"
    r"trip) "
    r"(?:was|is|has been) (?:\w+ )?(?:prepared|produced|written|made|published|compiled|supported|funded) "
    r"(?:with|thanks to|under|as part of)\b",
    r"the authors? (?:would like|wish(?:es)?) to (?:thank|acknowledge)\b|(?:i am|i[’']m|"
    r"we are) (?:\w+ )?(?:grateful|"
    r"indebted) to .{3,120}\bfor (?:(?:his|her|their) )?(?:\w+ )?(?:comments|feedback|help with|reading)\b",
    r"(?:all interviews|interviews for this \w+) (?:were|was) (?:carried out|conducted|done|held)\b|"
    r"(?:all )?(?:quotations|quotes|interviews) (?:have been|were|are) (?:\w+ )?(?:translated|edited|"
    r"shortened|"
    r"condensed|lightly)\b",
    r"(?:corrected|updated|amended) (?:(?:on )?(?:\w+ \d{1,2}|\d{1,2} \w+)\b(?! (?:dead|people|\w+ed))|"
    r"to (?:add|"
    r"include|reflect|correct|clarify|say|note|remove|fix|show)|with (?:details|comments?|quotes|reaction|"
    r"new))\b",
    r"(?:in|due to|because of|owing to) an? (?:(?:earlier|previous) version of this|editing error|error in "
    r"(?:editing|production|transcription))\b",
    r"in (?:case|the event) of (?:any )?(?:divergence|discrepanc(?:y|ies)|inconsistenc(?:y|ies))\b",
    # Letters and press offices.
    r"you can (?:also )?(?:write|e-?mail|reply|talk) (?:to )?us\b|to (?:stop|keep) (?:receiving|"
    r"getting) (?:this|"
    r"these|our)\b|if you no longer (?:want|wish) to (?:receive|get)\b|if you no longer want our\b|"
    r"if (?:somebody|someone|a friend|a colleague) (?:sent|forwarded) you this\b",
    r"this (?:letter|newsletter|e-?mail|bulletin|briefing|digest) (?:goes|comes out|is sent|lands|"
    r"is published)\b",
    r"\S.{1,40} (?:goes out|is sent out|lands in your|comes out) (?:every |each |on \w+days?\b|weekly|daily)",
    r"\S.{0,60} is a registered (?:charity|non-?profit|trust)\b",
    r"this press release (?:was|is) (?:issued|released|distributed|published)\b",
    r"(?:accredited )?(?:journalists|reporters|members of the (?:media|press)) (?:wishing|who wish|"
    r"interested in|are "
    r"(?:asked|invited|requested|kindly|reminded)|(?:must|should) (?:register|arrive|apply))\b",
    r"a version of this (?:article|story|essay|piece|column|report) (?:(?:was|is|has)(?: been)?(?: \w+)? "
    r"(?:published|printed|posted|broadcast|aired|available|sent|carried|produced|written|distributed|"
    r"prepared|released|run)|first|originally|also|appear\w+|ran)\b",
    r"\S.{0,120}\b(?:opinions|views)(?: expressed)?(?: here| above)? are (?:entirely |solely )?(?:his|hers|"
    r"theirs|"
    r"mine|(?:his|her|their|my|our) own|the author[’']s|the writer[’']s)\b",
    r"(?:(?:some|all|the) )?names (?:\w+ ){0,3}?have been changed(?: (?:to protect|for|at)\b|\.$)",
    r"we(?:[’']re| are) (?:now )?(?:packing up|signing off|logging off|wrapping up|winding (?:up|down)|"
    r"handing over (?:now |to (?:my|our) colleagues?\b.{0,30}))(?: (?:now|here|there|for (?:now|today|"
    r"tonight|the "
    r"(?:day|night|evening))))*[.!]?$",
    r"we[’']ll be (?:here|back|with you|live) (?:all (?:day|night|evening|morning|afternoon)|throughout|soon|"
    r"tomorrow|shortly)\b",
    r"this is the end of (?:today[’']s|this|our) (?:briefing|newsletter|blog|coverage|transcript|edition|"
    r"bulletin)\b",
    r"an earlier version of this\b|this (?:article|story|report) (?:first|originally) appeared",
    r"(?:the )?(?:views|opinions) (?:expressed (?:here|above|herein|by the|are|in (?:this|these|"
    r"the (?:article|"
    r"piece|column|essay|text)))|are those of|are the author)",
    r"funding (?:was|is) provided by\b",
    r"(?:this [\w-]+|the (?:project|research|study|publication|paper|series|survey|fieldwork|reporting|"
    r"podcast|"
    r"newsletter|briefing|translation|trip)) (?:was|is|has been) (?:kindly )?(?:made possible|funded|"
    r"financed|"
    r"supported|sponsored) (?:\w+ )?by\b",
    r"\S.{0,40} is (?:entirely |wholly |mainly )?funded by (?:its|our|your) (?:readers|members|subscribers|"
    r"listeners)\b",
    r"(?:its|our|their|whose|the \w+[’']s) (?:work|research|journalism|reporting) is (?:funded|financed|"
    r"supported|made possible) by\b",
    r"(?:the )?(?:editorial|newsroom|head) office: |(?:the )?\w+ thanks its (?:readers|subscribers|donors)\b",
    r"if you (?:liked|enjoyed|found) (?:this|it|what)\b",
    r"\S.{0,40} is (?:written|made|produced) in [A-Z]",
    r"(?:the|this) (?:\w+ ){0,3}?(?:forum|institute|cent(?:re|er)|programme|program|project|authors?|"
    r"foundation|think tank) (?:gratefully )?(?:thanks?|acknowledges?|is grateful to) .{3,120} "
    r"for (?:its|their|his|her) (?:\w+ )?(?:support|funding|help|comments|grant)",
    r"(?:we |i )?hope (?:that )?you(?:[’']ve| have)? (?:enjoyed|liked|found)\b",
    r"(?:please )?(?:forward|pass|send) (?:it|this|us)(?: on)? to (?:a |your |some)?"
    r"(?:friend|colleague|one|body)",
    r"that[’']s (?:it|all)(?: from (?:us|me))? for (?:today|now|this week)\b",
    r"(?:see you|until|back) (?:tomorrow|next (?:week|time)|on monday)[.!]?$",
    r"[A-ZÀ-ÖØ-Þ][^.:;\"“”]{2,50} (?:&|and) [A-ZÀ-ÖØ-Þ][^.:;\"“”]{2,40} (?:write|report)s? from\b",
    r"typos are (?:ours|mine)\b|(?:tips|feedback|comments|complaints)\? (?:write|e-?mail|reply)\b",
    r"\S.{0,60} (?:(?:is|are|was) (?:written|edited|compiled|produced)|is reported)(?: and (?:edited|written|"
    r"produced|published))? by (?:(?-i:[A-ZÀ-Þ])\S* (?-i:[A-ZÀ-Þ])|our\b|the (?:team|desk|staff|newsroom|"
    r"editors))",
    r"all rights reserved|reproduction (?:is )?(?:prohibited|without)",
    r"(?:click|tap) here\b|sign up (?:here|for our|to our)|subscribe (?:here|to our|now)|follow us on\b",
    r"(?:read|see) (?:more|also)(?: here)?:",
    r"\[sic\b[^\]]*\]?",
    r"weather: ",
    r"photograph: |photo: ",
)

#: What a page goes on to say of itself at its end.
THANKS = re.compile(r"we (?:\w+ )?thank\b.{3,100}\bfor\b", re.IGNORECASE)

#: Of these, the ones that prove nothing in the middle of a text.
SELF_REFERENCE_AT_ENDS = _begun_by(
    r"\S.{0,60} (?:is|are|was) (?:written|edited|compiled|produced|reported)",
    r"\S.{0,40} is (?:entirely |wholly |mainly )?funded by ",
    r"\S.{1,40} (?:goes out|is sent out|lands in your|comes out) |\S.{0,60} is a registered ",
    r"(?:i am|i[’']m|we are) (?:\w+ )?(?:grateful|indebted)|(?:accredited )?(?:journalists|reporters|"
    r"members) ",
    r"(?:good (?:morning|afternoon|evening|day)|hello|hi there|greetings)",
    r"\S.{0,50} is (?:published|printed)",
    r"\S.{0,40} is (?:written|made|produced) in ",
    r"(?:this|the) [\w-]+ (?:was|is|has been) (?:\w+ )?(?:made possible|funded|financed|supported|sponsored)",
    r"(?:its|our|their|whose|the \w+[’']s) (?:work|research|journalism|reporting) is ",
    r"(?:we |i )?hope (?:that )?you|(?:please )?(?:forward|pass|send) ",
    r"[A-ZÀ-ÖØ-Þ][^.:;\"“”]{2,50} (?:&|and) [A-ZÀ-ÖØ-Þ][^.:;\"“”]{2,40} (?:write|report)s? from\b",
    r"that[’']s (?:it|all)|(?:see you|until|back) (?:tomorrow|next|on)",
    r"happy (?:mon|tues|wednes|thurs|fri|satur|sun)day",
    r"the \w+ (?:version|text) ",
    r"the .{2,50}? is an? (?:[\w-]+,? ){0,4}(?:think[- ]tank|non-?partisan|not-for-profit|non-?profit|"
    r"charity)\b",
    r"\S+ \S+ is (?:on leave|away|on holiday|off)\b",
    r"the (?:institute|foundation|cent(?:re|er)|forum|network|council|programme|program|project|initiative|"
    r"authors?|editors?|think[- ]tank|organi[sz]ation|group|fund) ",
)

#: Wherever in a line it stands; looked for in lower case.
NO_RECORD = re.compile(
    r"\bnot an official (?:record|transcript|document)\b|\ball rights reserved\b|"
    r"\bis not responsible for (?:the )?content\b|"
    r"\b(?:does|do) not work for, consult\b|\bthat would benefit from this article\b|"
    r"\breceives? no (?:outside |external )?funding from any\b|"
    r"\b(?:declares?|has|have) no (?:competing|conflicting) interests?\b|\bissn:? \d|"
    r"\ball content is in the public domain\b|"
    r"\bcontributed (?:to (?:this|the) (?:report|article|story|piece|dispatch)|(?:additional )?reporting)\b|"
    r"\bis a member of the (?:press|media) (?:council|complaints)\b|\bregulated by (?:ipso|impress|ofcom)\b|"
    r"\b(?:can[’']?not|can[’']t|does not|do not) guarantee (?:its|the|their|full) (?:\w+ )?accuracy\b|"
    r"\b(?:comments|posts) (?:may|will) be (?:held|moderated|published|removed|deleted)\b|"
    r"\bterms (?:of (?:use|service)|and "
    r"conditions)\b.{0,30}\b(?:apply|privacy)\b",
)

#: Words of a site's business with its reader; two of them and an address to "you" make a plea.
#: Looked for in lower case: a search that minds case is several times faster.
PLEA_WORDS = re.compile(
    r"\b(?:subscri\w+|unsubscribe|newsletters?|e-?mail|inbox|click|browser|javascript|cookies?|sign(?:ed|"
    r"ing)? up|"
    r"log(?:ged)? in|register|account|password|comments?|guidelines|moderat\w+|privacy|terms|advertis\w+|"
    r"sponsor\w*|"
    r"donat\w+|membership|app|download|notifications?|preferences|captcha|consent|partners|promotional|"
    r"feedback|"
    r"republish\w*|copyright|permission|readers?|journalism|paywall|widget|reload|loaded)\b",
)
ADDRESSED = re.compile(
    r"\b(?:you|your|our|us|we|i agree|please)\b|^(?:click|tap|sign|subscribe|download|enter)\b", re.I
)

#: Whoever holds an office of state or has a demand is spoken of, and writes no article.
IN_OFFICE = re.compile(
    r"\b(?:mayor|ministers?|president|premier|governor|senator|lawmaker|deputy|general|colonel|commander|"
    r"spokes(?:man|woman|person)|envoy|ambassador|negotiator|secretary|chancellor|king|prince|emir|speaker|"
    r"prosecutor|judge|bishop|imam|mediator|party|police|army)\b",
    re.IGNORECASE,
)

PROFESSION = (
    r"(?:journalist|correspondent|reporter|editor|editor-in-chief|columnist|contributor|writer|author|"
    r"commentator|"
    r"blogger|broadcaster|photojournalist|photographer|analyst|researcher|research(?: \w+)? (?:fellow|"
    r"associate|assistant)|"
    r"fellow|professor|lecturer|scholar|academic|historian|economist|political scientist|consultant|"
    r"strategist|"
    r"producer|presenter|anchor|freelancer|student|candidate|head|director|bureau chief|former \w+)"
)

#: "X is a senior journalist at …": the subject comes before, the profession soon after.
BIOGRAPHY = re.compile(
    rf"\b(?:is|was|are|were|has been|works? as|serves? as|has worked as)\s+(?:an?\s+|the\s+|our\s+|"
    rf"currently\s+|also\s+|both\s+)*"
    rf"(?:[\w’'&/-]+\s+){{0,5}}?{PROFESSION}s?\b",
    re.IGNORECASE,
)

#: What biographies go on to say; each is a sign.
BIOGRAPHY_SIGNS = _any_of(
    r"\b(?:has|have) (?:also )?(?:written|reported|contributed|worked|published|covered|edited) (?:for|"
    r"from|at|in|with|on)\b",
    r"\b(?:his|her|their) (?:work|writing|articles|reporting|research|primary|main|book|books|latest|"
    r"first|areas?|focus|"
    r"interests?|beat|column)\b.{0,40}(?:appear\w*|focus\w*|published|includ\w+|interests?|is|are|has)\b",
    r"\b(?:tweets?|posts|blogs) (?:at|@|as|under)\b|\bon (?:x|twitter)(?: at)? @|follow (?:him|her|them)\b",
    r"\b(?:over|more than|nearly|with) (?:\w+ )?(?:\d+|\w+) years (?:of experience|of reporting|"
    r"in journalism|covering)",
    r"\b(?:covers|reports (?:on|for)|writes (?:on|about|for|a|the|from)|(?:write|reported) from|writing on|"
    r"blogs about|"
    r"specialis\w+ in|"
    r"specializ\w+ in|"
    r"teaches|is based in|lives in|lived in|graduated|holds an? (?:master|phd|degree|ma|ba|doctorate))\b",
    r"\b(?:previously|formerly|earlier) (?:worked|served|wrote|reported|was|taught|edited)\b",
    r"\b(?:author|co-author|editor) of\b|\bnon-?resident\b|\bcan be (?:reached|contacted|followed)\b",
    r"\bfocus(?:es)? on\b|\binterest in\b|\bhas advised\b|\bbyline\b",
)

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
ZONE = (
    r"(?:gmt|utc|bst|cet|cest|eet|eest|est|edt|et|pst|pdt|pt|cst|cdt|ist|pkt|msk|jst|kst|hkt|sgt"
    r"|wib|wat|eat|sast|aest|trt|local time)"
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?[\s,.-]+(?:of\s+)?{MONTH}|{MONTH}[\s,.]+\d{{1,2}}(?:st|nd|rd|"
    rf"th)?)(?:[\s,]+\d{{4}})?"
    rf"|\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b{MONTH}\s+\d{{4}}\b",
    re.IGNORECASE,
)
TIME = re.compile(
    rf"\b\d{{1,2}}[:.h]\d{{2}}\s*(?:[ap]\.?m\.?)?|\b\d{{1,2}}\s*[ap]\.?m\.?(?!\w)|"
    rf"\b{ZONE}\b(?:\s*[+-]\d+)?",
    re.IGNORECASE,
)

#: The number of a paper or a letter, at the end of the line that names it.
ISSUE = re.compile(r"\b(?:issue|edition|newsletter|no\.|vol\.) ?(?:no\. ?)?\d{1,4}\W*$", re.IGNORECASE)

#: Without a figure or a zone there is no date and no time; looked for in lower case.
DATED = re.compile(rf"\d|\b{ZONE}\b")

#: What may stand beside a date in a line that only dates the page.
DATE_COMPANIONS = re.compile(
    rf"\b(?:{WEEKDAY}|{MONTH}|{ZONE}|updated?|published|posted|first|last|modified|on|at|and|the|by|in|"
    rf"ago|hours?|"
    rf"minutes?|mins?|days?|min(?:ute)?s? read|read(?:ing)?(?: time)?|views?|sources?|shares?|comments?|"
    rf"print version|"
    rf"date|time|issue|vol|no|edition|est|a\.?m\.?|p\.?m\.?|\d+(?:[.,:]\d+)*(?:st|nd|rd|th|h|k|am|"
    rf"pm)?)\b|[^\w\s]",
    re.IGNORECASE,
)

#: A place, an optional date and agency, and a dash: "ISLAMABAD, Nov 3 (Agency) — ".
_PLACE_CAPS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]+(?:[ /][A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’/-]+){0,4}"
_PLACE_MIXED = r"[A-ZÀ-ÖØ-Þ][\w.'’-]+(?:(?:[ /]|, )(?:[A-ZÀ-ÖØ-Þ][\w.'’/-]*|of|and|de|el|al)){0,4}"
_DATE_PART = (
    rf"(?:,?\s+(?:{WEEKDAY},?\s+)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}|{MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?)(?:,?\s+\d{{4}})?)"
)
_AGENCY = r"(?:,?\s*[(\[][^()\[\]]{2,40}[)\]])"
_DASH = r"\s*(?:—|–|--|-(?=\s))\s*"
DATELINE_SURE = re.compile(
    rf"(?:{_PLACE_CAPS}(?:, [A-Z][\w.]+(?: [A-Z]\w+)?)?(?i:{_DATE_PART})?{_AGENCY}?{_DASH}"
    rf"|{_PLACE_MIXED}(?i:{_DATE_PART}){_AGENCY}?{_DASH}"
    rf"|{_PLACE_MIXED}(?i:{_DATE_PART})?{_AGENCY}{_DASH}"
    rf"|{_PLACE_MIXED}(?i:{_DATE_PART})?\.\s?[-–—]+\s*)(?=[\"“‘'«(]?[A-ZÀ-ÖØ-Þ\d])"
)
#: Only at the very beginning of the article: "Yangon – A week after", "New Delhi/Tiruppur: Two days after".
DATELINE_OPENING = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ][\w.'’-]+(?:[ /,]+[A-ZÀ-ÖØ-Þ][\w.'’-]+){0,3}(?:—|\s(?:–|--|-|—)\s)"
    r"|[A-ZÀ-ÖØ-Þ][\w'’-]+(?: [A-ZÀ-ÖØ-Þ][\w'’-]+)?(?:/[A-ZÀ-ÖØ-Þ][\w'’-]+(?: [A-ZÀ-ÖØ-Þ][\w'’-]+)?)*:\s)"
    r"\s*(?=[\"“‘'«]?[A-ZÀ-ÖØ-Þ\d])"
)

#: A line whose sign says that teasers for other pages follow.
TEASER_HEAD = _begun_by(
    r"(?:you (?:may|might) (?:also )?(?:like|be interested|want))",
    r"(?:more|other) (?:on this|from|stories|news|articles|top|in this|like this|by this)",
    r"related(?: (?:stor|article|news|content|link|post|reading|coverage)|:?$)",
    r"(?:most|trending|popular) (?:read|viewed|popular|shared|now|stories)",
    r"(?:recommended|editor[’']?s['’]? picks?|read (?:more|next|also)|also read|see also|"
    r"in the headlines|top stories|latest news|"
    r"around the web|from the web|don[’']t miss|trending|what to read next|further reading)\b",
    r"sponsored|promoted|advertisement",
)
