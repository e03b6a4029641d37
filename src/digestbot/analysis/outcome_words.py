"""Words by which a main clause shows what would follow: harm, a favour, terms or a mere result."""

from __future__ import annotations

import re

HOSTILE = re.compile(
    r"\b(?:respond|retaliat\w*|stop it|pay (?:dearly|(?:a|the) (?:\w+ )?(?:price|penalty|cost))|fac(?:e|"
    r"ing) |consequences?|by force|"
    r"(?:rethink|reconsider|reassess) (?:its|their|our|his) (?:\w+ )?(?:ties|relations|membership|role|"
    r"support|"
    r"commitments?|participation|cooperation|presence)|be (?:fined|jailed|expelled|barred|blacklisted|"
    r"prosecuted)|"
    r"be (?:halted|cancell?ed|suspended|cut off|closed|shut|frozen|revoked|withdrawn|flattened|destroyed|"
    r"bombed|"
    r"dealt with(?! by)|banned|blocked|imposed)|return fire|freeze|rais\w+ (?:\w+ )?(?:duties|tariffs?|"
    r"taxes|"
    r"levies)|"
    r"vote (?:against|down)|tak(?:e|en) back|seiz\w+|retak\w+|use of force|strikes?|fight|walk away|"
    r"launch (?:an?|its|another|new|the) |"
    r"veto|block|sanction\w*|tariffs?|end\b|walk out|leave|quit|halt|cut|hell|null and void|attack|expel|"
    r"suspend|"
    r"withdraw|respond|measures|war\b|destroy|crush|punish|bring (?:the|\w+) .*standstill|"
    r"immediate response|regard|treat(?:ed)?|"
    r"second mission|impose|step down|resign|boycott|strike back|declar\w+|slap|room for them|stay away|"
    r"look elsewhere|"
    r"review (?:its|their|his|her|our|all)|downgrade|sever|break off|tear up|revoke|"
    r"blacklist|"
    r"stop (?:mediating|talking|paying|cooperating|supplying|buying|selling|sending|lending|negotiating|"
    r"funding)|"
    r"resume (?:[\w’']+ )?(?:attacks|strikes|bombing|fighting|shelling|hostilities)|"
    r"pressure|disarm them|die\b|hold back|shut|close|reject|abandon|cancel|pull out|escalat\w*|would go\b|"
    r"action|no life|go home|(?:would|will) act|have to (?:deal|answer|reckon)|ashes|"
    r"pull\w* (?:\w+ ){0,3}out)\b",
    re.IGNORECASE,
)
#: What an actor does to another on purpose: without a speaker only this makes a threat.
ACT = re.compile(
    r"\b(?:will|would|shall|could|may|to)\s(?:\w+\s){0,2}(?:respond|retaliat\w*|veto|walk out|withdraw|"
    r"impose|halt|quit|expel|walk away|vote (?:against|down)|seize|retake|"
    r"take|slap|pull out|attack|strike|sanction|suspend|fight|cut|put veto|hold back|close|regard|boycott|"
    r"stop it|face|launch|invade|leave|end|review (?:its|their|our)|downgrade|sever|break off|"
    r"stop (?:mediating|talking|paying|cooperating|supplying|buying|selling|sending|lending|negotiating|"
    r"funding)|"
    r"revoke|blacklist|ban|freeze|resume (?:\w+ )?(?:attacks?|strikes?|bombing|fighting|war|shelling))\b",
    re.IGNORECASE,
)
KIND = re.compile(
    r"\b(?:lift\w*|releas\w*|rais\w* its|reopen\w*|eas(?:e|ed|ing)|come back|return to|applaud\w*|"
    r"welcome\w*|guarantee\w*|answer in kind|"
    r"reduc\w+|adjust\w*|provide|restor\w*|"
    r"resum\w*(?! (?:[\w’']+ )?(?:attacks?|strikes?|bombing|fighting|war|offensive|hostilities|shelling|"
    r"fire|campaign|"
    r"operations|enrichment|tests?|testing|raids))|build (?!a (?:bomb|nuclear|wall|weapon)|the bomb)|"
    r"pay (?:the |their |its |his )?(?:\w+ )?(?:salaries|wages|debts?|bills?|pensions|compensation)|"
    r"pay for (?!it\b|this\b|that\b|their\b|his\b|her\b|every)|"
    r"(?:will|would|to) finance|dilut\w+|hand (?:over|back)|double (?:its|their|his) (?:aid|help|support)|"
    r"delist|"
    r"remove [\w’' ]{2,40} from (?:its|the|their) (?:[\w-]+ )?list|send (?:grain|food|aid|help|medicine|"
    r"fuel)|compensat\w*|rebuild\w*|waive|reward\w*|grant\w*|unfreez\w*|help|"
    r"keep the \w+ open|"
    r"relief|"
    r"supply|support|free\b|pardon|amnesty|give|drop|invest|fund|reciprocat\w*|reach out|come home|opens?|"
    r"see action|bound|take (?:two|three|ten|a hundred)\b|let (?:\w+ ){1,4}(?:through|pass|in|go))\b",
    re.IGNORECASE,
)
NEGATIVE = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|neither|nor|cannot|refus\w+|rul\w+ out|off the table)\b|"
    r"n[’']t\b",
    re.IGNORECASE,
)
#: The main clause tells somebody what to do.
DUTY = re.compile(
    r"^\W*(?:don[’']t|do not)\b|[,…]\W*(?:don[’']t|do not)\b|\bmust\b|"
    r"(?<!, )(?<!; )(?<!^)(?<!that )\bshould\b|(?<!nothing )(?<!what )(?<!whatever )\b(?:has|have) to\b"
    r"(?! (?:deal|answer|reckon|face|live|think again|reconsider|rethink|review|respond|retaliate|reply|"
    r"react|act|"
    r"suspend|close|halt|impose|withdraw|pull out|cut)\b)",
    re.IGNORECASE,
)
#: Harm that is taken away is a favour.
RELIEF = re.compile(
    r"\b(?:blockade|strike|siege|boycott|attacks?|sanctions?|tariffs?|veto|measures|ban|embargo|fighting|"
    r"war) (?:will|would|can|could) "
    r"(?:end|stop|cease|go|be (?:lifted|ended|eased|dropped|stopped|removed|halted|suspended))\b|"
    r"\b(?:lift|eas|drop|end|remov|halt|waiv|cut|reduc|suspend|lower|scrap)\w*\s(?:[\w’'-]+\s){0,3}?"
    r"(?:sanctions?|veto|tariffs?|duties|blockade|embargo|measures|restrictions|siege|ban|curbs|strikes?|"
    r"attacks?)\b",
    re.IGNORECASE,
)
HANDS_OUT = re.compile(
    r"\b(?:offer(?:s|ed)?|propos(?:es|ed)) to\b|"
    r"\b(?:will|would|could|may|might|can) (?:\w+ )?(?:buy|pay for|finance|fund|lend|give|hand over|provide|"
    r"supply|send back|release|free|lift|ease|unfreeze|reopen|restore|let|keep the \w+ open)\b",
    re.IGNORECASE,
)
WOULD_HAVE_TO = re.compile(
    r"\b(?:would|will)(?:,? \w+,?)? have to\b|\b(?:must|should) first\b(?! of all)|\b(?:has|"
    r"have) to [^,;]{0,20}first\b",
    re.IGNORECASE,
)
#: Terms of whatever is to be agreed: "any deal must respect the borders".
ANY_MUST = re.compile(
    r"\b(?:any|every) (?!one\b|country\b|state\b|party\b|side\b)[\w’' -]{3,60}? (?:must|has to|have to|"
    r"had to)\b",
    re.IGNORECASE,
)
#: How talks or what comes of them have to be, not that they be: "talks must start from the accord of 2017".
TERMS_MUST = re.compile(
    r"\b(?:talks|meetings?|negotiations|dialogue|solution|settlement|summit|referendum|accord|deal|treaty|"
    r"agreement|text|draft|measures)\b(?: [\w’'-]+){0,8}? (?:must|ha(?:s|ve|d) to) "
    r"(?:be (?:based|held (?:in|under|on|at|without)|moved|led|conducted|built|limited|confined|between|"
    r"part|in)\b|"
    r"(?:start|begin|resume) (?:from|where|with)\b|take place (?:in|under|at|without)\b|rest on\b|"
    r"(?:include|respect|recogni[sz]e|cover|reflect|contain|guarantee|take account|address)\b)",
    re.IGNORECASE,
)
#: "attacks would go on for as long as": harm is what lasts.
HARM_GOES_ON = re.compile(
    r"\b(?:attacks|strikes|raids|shelling|bombing|blockade|fire|war|campaign|"
    r"resistance)\b[^.;]{0,60}?\b(?:will|would|shall) "
    r"(?:\w+ )?(?:go on|continue|last|not (?:stop|end|cease))\b|"
    r"\b(?:will|would|shall) (?:\w+ )?(?:(?:keep|go on|continue) (?:to )?)?(?:block|veto|boycott|attack|"
    r"strik|target|bomb|shell|"
    r"fight)(?:e|ing)?\b",
    re.IGNORECASE,
)
#: "before it opens its doors": what whoever asks will not do itself until then; "before the vote" only dates.
BEFORE_OWN = re.compile(
    r"\bbefore (?:(?:it|they|he|she|we) (?!(?:is|are|was|were)\b)|a single |a word |"
    r"anything )",
    re.IGNORECASE,
)
HAS_TO_SHOW = re.compile(
    r"\b(?:must|(?:will|would) (?:first )?have to|needs? to)\b(?! (?:deal|answer|reckon|face|live|pay|"
    r"expect|fear)\b)",
    re.IGNORECASE,
)
NO_SUCH_THING = re.compile(
    r"\b(?:no|nothing|nobody)\b[^.;]{3,110}\b(?:will|would|can|could) (?:ever )?be (?:acceptable|accepted|"
    r"signed|agreed|"
    r"recogni[sz]ed|ratified|approved|tolerated|possible|allowed)\b",
    re.IGNORECASE,
)
REWARDED = re.compile(
    r"\b(?:will|would|shall|can) (?:\w+ )?(?:be (?:\w+ )?(?:pardoned|spared|rewarded|welcomed?|"
    r"exempt(?:ed)?|given amnesty|"
    r"given (?:a )?safe|granted|allowed (?:home|back|to (?:go|return|leave|stay|keep))|free to (?:go|"
    r"return|leave))|"
    r"(?:get|receive|enjoy|have) (?:an? )?(?:amnesty|pardon|reward|safe passage|bounty|discount|"
    r"exemption))\b|"
    r"\bfor (?:any\w*|those|every\w*|whoever)\b[^.;]{0,40}\b(?:amnesty|pardon|safe passage)\b",
    re.IGNORECASE,
)
#: Whoever does a thing not wanted, and what is in store for him.
WHOEVER_DOES = re.compile(
    r"\b(?:whoever|any\w*|those|every\w*|an? [\w-]+) (?:[\w-]+ ){0,3}(?:who|that|which)\b|\bwhoever\b|"
    r"\bany \w+ (?:will|would)\b",
    re.IGNORECASE,
)
LIMIT = re.compile(
    r"\b(?:only|until|till|before|unless|provided|while|as long as|subject to|once|after|when|first|terms|"
    r"price|condition)\b",
    re.IGNORECASE,
)
ORDERS = re.compile(
    r"(?:^|[:,] )[“\"]?(?:don[’']t|do not|release|stop|leave|withdraw|give|let|lift|end|free|open|hand|pull|"
    r"sign|bring|take)\b",
    re.IGNORECASE,
)
WOULD_BE = re.compile(
    r"\b(?:would|could) (?:be an?|be enough|be the|mean|amount|close the|lead|cost|leave|make|break|kill|"
    r"push|give|turn)\b",
    re.IGNORECASE,
)
OWN_HARM = re.compile(
    r"\b(?:will|shall|[’']ll) (?:\w+ )?(?:respond|retaliate|strike|fight|defend|shoot|fire|destroy|hit|"
    r"punish|crush|"
    r"treat (?:them|it|him|you|those) (?:as|like))\b",
    re.IGNORECASE,
)
#: A warning of what the speaker's own side does: "warned that it would act", "anyone who", "of reprisals".
OWN_WARNING = re.compile(
    r"[^.;]{0,60}?\b(?:that|:)\s[“\"]?(?:(?:any|every|each|no|further|another)\b[^.;]{3,60}?\b(?:who|which|"
    r"that|would|will)\b|"
    r"(?:anyone|anybody|those|whoever)\b|(?:it|he|she|they|we|I|its|his|their|our)\b)|"
    r"[^.;]{0,40}?\b(?:of|with)\s(?:\w+\s){0,3}(?:consequences|reprisals?|retaliation|sanctions|punishment|"
    r"measures|"
    r"action|response|revenge|force|strikes?|attacks?)\b",
    re.IGNORECASE,
)
#: What nobody does on purpose: "warned that a war would …", "that banks which … risk".
FORETOLD = re.compile(
    r"[^.;]{0,60}?\bthat\s(?:an?\s|the\s|such\s|more\s|further\s)*(?:\w+\s)?(?:war|conflict|fighting|famine|"
    r"delay|"
    r"failure|collapse|escalation|violence|vacuum|strike|attack|move|step|decision|vote|cuts?|ban|rise|"
    r"split|default|"
    r"banks?|investors|companies|firms|prices|markets|people|millions|thousands|donors|refugees|farmers|"
    r"children)\b",
    re.IGNORECASE,
)
#: "Wants something in return" asks for it; what one side gets for what it does itself is no offer of its own.
WANTS_IN_RETURN = re.compile(
    r"\b(?:ask(?:s|ed|ing)? for|want(?:s|ed|ing)?|demand(?:s|ed|ing)?|expect(?:s|ed|ing)?|seek(?:s|ing)?|"
    r"sought|"
    r"request(?:s|ed|ing)?|insist(?:s|ed|ing)? on|call(?:s|ed|ing)? for)\b[^,;.]{0,40}\s$",
    re.IGNORECASE,
)
IN_RETURN_WE = re.compile(
    r"[, ]*(?:(?:we|I|they|he|she|it|(?-i:[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?))(?:[’'](?:d|ll)| would| will|"
    r" also| now)? "
    r"(?:like|wants?|wanted|demands?|demanded|asks?|asked|expects?|expected|seeks?|sought|insists?|"
    r"needs?)\b)",
    re.IGNORECASE,
)
#: Where something is said not to be going to happen.
WILL_NOT = re.compile(
    r"\b(?:(?:will|would|can|could|shall|may) (?:not|never)|cannot|(?:wo|would|ca|could)n[’']t)\b"
)
#: What the speaker's own side says of itself: "we will strike", "I shall resign".
WE_WILL = re.compile(
    r"\b(?:we|I)(?:[’']ll| will| shall| would| are going to| am going to)\b"
    r"(?! (?:\w+ly )?(?:know|see|have|be|need|lose|face|find|get|fall|suffer|regret|all)\b)",
    re.IGNORECASE,
)
#: A right or means that is kept in hand for it.
IN_HAND = re.compile(
    r"\b(?:keep|retain|reserve|ha(?:s|ve))\w* the right\b|\bright to (?:defend|respond|strike|act|fight|"
    r"retaliate|"
    r"go back to|hit|use)\b|\bfree to (?:defend|act|respond|strike|hit)|\b(?:every|all|any|other|such|"
    r"further|own|"
    r"necessary|appropriate|additional|tough\w*) (?:necessary |appropriate )?(?:measures?|means|steps|tools|"
    r"levers)\b|"
    r"\b(?:have|has|had) (?:\w+ )?levers\b|\b(?:will|would|shall) (?:\w+ )?(?:answer|lock|seal|retake|"
    r"defend|resist)\b"
    r"(?! in kind)|\bto court\b|\bmore where that came from\b|\brel(?:y|ies) on (?:its|their|our|his) own\b|"
    r"\b(?:will|would|shall) (?:become|look like|share the fate of|be the next) (?-i:[A-Z])|"
    r"\bimposing (?:\w+ )?costs\b|\bdo what(?:ever)? (?:has to|must|needs to|it takes|is necessary)\b|"
    r"\btake matters into\b|\b(?:take|get) (?:its|their|our|his) own back\b|\bthe same done to\b|"
    r"\bwhat (?:has to|must) be done\b|\bpa(?:y|id) back in kind\b|"
    r"\bpay (?:dearly|a (?:heavy|high|steep) price)\b|"
    r"\b(?:contract|deal|agreement|truce|ceasefire|accord|pact|treaty|licen[cs]e|bargain) (?:will|would|"
    r"shall|is|was) "
    r"(?:be )?(?:null and )?(?:void|dead|off\b|over\b|cancelled|torn up|finished|terminated)|"
    r"\ball (?:the )?options (?:are|remain|were|remained|stay)\b|\bnothing (?:is|was) (?:off the table|"
    r"ruled out)\b|"
    r"\bthere (?:will|would|shall) be (?:\w+ )?(?:consequences|hell|reprisals|a price|costs|war)\b|"
    r"\bentitled to (?:take back|withhold|withdraw|suspend|respond|retaliate|walk away|stop|use|"
    r"claw back)\b|"
    r"\b(?:we|I) (?:close|block|shut|leave|quit|walk (?:out|away)|strike|attack|fight|pull out|hit back|"
    r"respond|"
    r"retaliate|march on)\b|"
    r"\b(?:our|its|their|his|her|the|\w+[’']s) (?:\w+ )?(?:reaction|response|answer|reply|retaliation) "
    r"(?:will|would|shall)\b",
    re.IGNORECASE,
)
#: Whoever will not look on means to act, and what will not go unanswered is answered.
NOT_IDLE = re.compile(
    r"(?:\b(?:not|never)|n[’']t) (?:\w+ )?(?:going to )?(?:be )?(?:wait(?: for|\b(?= any))|stand (?:by|"
    r"idl[ey])|"
    r"sit (?:by|idl[ey]|still)|stay (?:calm|silent|idle|quiet)|remain (?:silent|calm|idle|indifferent|"
    r"a spectator)|"
    r"hesitate|look (?:away|on)|watch|tolerate|go (?:unanswered|unpunished)|stop (?:at|there))\b|"
    r"\b(?:be (?:forced|compelled|obliged)|have no (?:choice|option|alternative)[\w ]{0,12}) to "
    r"(?:\w+ly )?(?:respond|reply|react|retaliate|act|answer|impose|strike|defend|resort|reconsider|"
    r"use force|"
    r"take (?:\w+ )?(?:measures|action|steps|matters))\b|\b(?:has|have|[’']s|"
    r"[’']ve) got (?:\w+ )?(?:problems?|trouble)\b|"
    r"\b(?:will|would|shall) (?:\w+ )?(?:regret|rue)\b|\bcall\w* to arms\b|\bwould have to (?:think again|"
    r"reconsider|"
    r"rethink|review|respond|retaliate)\b",
    re.IGNORECASE,
)
#: What is said to come of an act of the other side's hand: "any attack will get an answer".
ANSWERED = re.compile(
    r"\b(?:will|would|shall) (?:\w+ly |also )?(?:be (?:\w+ly )?(?:met|answered|avenged|punished|treated|"
    r"repelled|(?:considered |regarded as )?(?:legitimate|lawful|military) targets?|fair game)\b|"
    r"(?:invoke|trigger|activate|set off|bring) [^.;]{0,40}\b(?:treaty|article [\dIVX]+|pact|alliance)\b|"
    r"(?:get|receive|draw|meet|bring|find) (?:an?|its|the|our|with) (?:[\w-]+ )?(?:answer|reply|response|"
    r"retaliation)\b)",
    re.IGNORECASE,
)
#: What a failure or a deed is punished by.
PUNISHED = re.compile(
    r"\b(?:will|would|shall) (?:\w+ )?(?:be (?:\w+ly )?(?:met|answered|avenged|punished|treated|"
    r"repelled)\b|(?:result in|"
    r"lead to|bring|draw|trigger|invite|entail|carry|have|face|"
    r"provoke) (?:[\w-]+ (?:and )?){0,3}?(?:measures|sanctions|"
    r"response|consequences|action|penalties|retaliation|reprisals|answer|reply|"
    r"effects on the (?:\w+ )?(?:money|aid|"
    r"funds))\b)",
    re.IGNORECASE,
)
#: A deed whose absence is wanted: harm that does not come "unless X breaks the deal" is threatened.
MISDEED = re.compile(
    r"\bunless (?:[\w’'-]+ ){1,6}?(?:fail(?:s|ed)? to|refus(?:es|ed)|break(?:s)?|broke|violat(?:es|ed)|"
    r"breach(?:es|ed)|"
    r"attack(?:s|ed)?|renege[sd]?|invade[sd]?|provoke[sd]?)\b",
    re.IGNORECASE,
)
#: "If they don't, we will": what else was said would be done.
ELLIPTIC = re.compile(
    r"\bif (?:it|he|she|they|you|not)(?: (?:do|does|did|will|wo|ca)(?:n[’']t| not)|"
    r" refuse[sd]?)?,? (?:then )?"
    r"(?:[\w’-]+ ){1,2}(?:will|would|shall)\b\W*$",
    re.IGNORECASE,
)
#: Who wants a thing has to do another for it: "if they want the money, they must show the books".
FOR_WHAT_IS_WANTED = re.compile(
    r"\b(?:if|should) [^,;]{1,40}?\b(?:wants?|wish(?:es)?|wanted|hopes?|seeks?|(?:is|are) to|(?:is|"
    r"are) serious)\b",
    re.IGNORECASE,
)
#: "will only talk if": the word stands ahead of its verb.
ONLY = re.compile(r"\b(?:will|would|can|could|may|shall)(?: \w+)? only\b|\bwould be only\b", re.IGNORECASE)
HARM_STOPS = re.compile(
    r"\b(?:will|would|shall|[’']ll) (?:\w+ )?(?:stop|cease|halt|end|suspend) (?:firing|shooting|shelling|"
    r"bombing|attacking|"
    r"striking|fighting|blocking|launching|targeting|raiding|testing|marching|(?:the|its|their|our|his|"
    r"all) (?:\w+ )?"
    r"(?:fire|fighting|attacks|strikes|shelling|bombing|war|campaign|blockade))\b",
    re.IGNORECASE,
)
HAS_TO = re.compile(r"\b(?:must|(?:has|have|will have|would have|needs?) to)\b", re.IGNORECASE)
RAISED = re.compile(
    r"\brais(?:es|ed|ing) the (?:possibility|prospect|spectre|specter|threat) of\b", re.IGNORECASE
)
#: Somebody foretells what others do.
FORETELLS = re.compile(
    r"\b(?:expects? (?:no|nobody|nothing|little|that|more|fewer)|foresees?|predicts?|doubts|"
    r"reckons?)\b",
    re.IGNORECASE,
)
#: An agreement that ends there and then.
VOID = re.compile(r"\b(?:void|lapses?|expires?|off|over|dead|ends|buried|finished|history)\b", re.IGNORECASE)
#: What is stopped or handed out as soon as the other side has done its part.
STOPS_HARM = re.compile(
    r"\b(?:stop|cease|halt|end|suspend|silence|hold)(?:s|es)?\b (?:\w+ing\b|(?:the|its|their|his|"
    r"all) (?:\w+ )?"
    r"(?:fire|fighting|attacks?|strikes?|shelling|bombing|war|campaign|blockade|guns))|"
    r"\b(?:shooting|firing|fire|attacks?|strikes?|shelling|bombing|fighting|guns) (?:will|"
    r"would) (?:\w+ )?(?:cease|stop|"
    r"end|fall silent|be (?:lifted|halted|stopped|ended))\b|"
    r"\b(?:will|would|shall) (?:\w+ )?(?:write (?:the|a) \w*\s?cheque|pay|transfer|release|free|hand over|"
    r"give|send|lift|unfreeze)\b",
    re.IGNORECASE,
)
#: "Not", "no", "nobody" as a bargaining limit; else a foretold lack ("no city could be called safe").
HARDLY = re.compile(
    r"\b(?:could|would|can|will) (?:hardly|scarcely|barely)\b|\bno \w[^,;.]{0,40}\b(?:could|would|can|"
    r"will) be called\b|\bdo(?:es)?n[’']t matter\b|"
    r"\bdoes not matter\b|\bnobody will (?:ever|know)\b",
    re.IGNORECASE,
)
WARNED = re.compile(r"\bwarn(?:s|ed|ing)?\b(?= that\b)", re.IGNORECASE)
MEN = re.compile(
    r"[’']s?\s(?:[\w-]+\s){0,2}(?:army|military|forces|troops|government|navy|soldiers|parliament|"
    r"president|minister|"
    r"leader|side|men|fighters|party|cabinet|ministry|team|office|bill|law|plan|spokes\w+)\b",
    re.IGNORECASE,
)
WILL = re.compile(
    r"\b(?:will|would)\s(?!be\b|have\b|lose|find|gain|see|fall|suffer|run (?:out|dry|short)|"
    r"collapse|go (?:dark|hungry|bankrupt|broke|under)|starve|default|drown|disappear|die\b|sink|break up|"
    r"become|need)\w+",
    re.IGNORECASE,
)
#: Whoever wants something has to do something: "those who want to work there must ask".
WHOEVER = re.compile(
    r"\b(?:who|whoever|anyone who) (?:want|wish|hope|would like)\w* [^,;:]{3,70}$", re.IGNORECASE
)
FUTURE_PERFECT = re.compile(r"\b(?:will|would) have \w+(?:ed|en|ne|wn|nt|ld|st)\b(?! to)", re.IGNORECASE)
#: What the other side asks for, it is offered.
REQUESTED = re.compile(
    r"\b(?:asks?|asked|requests?|requested|wish(?:es|ed)?|wants? (?:it|them|one))(?: to| in \w+|"
    r" for (?:it|them|help))?"
    r"[\s.”\"]*$",
    re.IGNORECASE,
)
TAKES_PART = re.compile(
    r"\b(?:ready|willing|prepared|open) to (?:\w+ly )?(?:talk|negotiat\w+|meet|sit|accept|agree|join|sign|"
    r"take part|"
    r"discuss|consider|return|come|step|stop|resign|disarm|compromise|attend|recogni[sz]e|talks|dialogue)\b|"
    r"\b(?:return|come back|go back) to (?:the )?(?:talks|table|negotiat\w+|dialogue)\b|"
    r"\b(?:agree(?:s|d)?\b|accept\w*|(?:will|would) (?:only |also |\w+ly )?(?:sign|join|ratify|attend|"
    r"vote for|"
    r"back)\b|sit down|live with|go along|would come back|look kindly)\b",
    re.IGNORECASE,
)
GIVES = re.compile(
    r"\b(?:is|are|was|were|be|stands?|stood) (?:\w+ )?(?:ready|willing|prepared)\b(?! to \w*(?:retaliat|"
    r"respond|fight|strike|defend|"
    r"act\b|use\b|walk|attack|leave|quit|impose)| with (?:[\w-]+ )?(?:sanctions|measures|tariffs|force))|"
    r"\b(?:offer(?:s|ed)|propos(?:es|ed)) (?=[\w’']+)|\b(?:pledg|promis)(?:es|ed) to (?!(?:retaliat|"
    r"respond|fight|strik|"
    r"attack|resum|veto|block|leav|quit|impos|walk|clos|expel|resist|punish|destroy|never|not|boycott|cut|"
    r"halt)\w*)",
    re.IGNORECASE,
)
THREAT_VERB = re.compile(
    r"\b(?:threaten\w*|(?:vow(?:s|ed)?|swore|sworn) to (?!never)|ultimatum|warn(?:s|ed) that (?:it|he|she|"
    r"they|there)|"
    r"reserve\w* the right|(?:g[ai]ve[sn]?|serv\w+) notice)\b",
    re.IGNORECASE,
)
#: Steps of the other side's that are wanted, in the clause that ties something to them.
COOPERATES = re.compile(
    r"\b(?:(?:lift|reopen|open|releas|free|withdr[ae]w|agree|accept|hand|disarm|resign|patrol|ratif|"
    r"deliver|recogni[sz]|"
    r"respect|cooperat|comply|complie)\w*|sign(?:s|ed)?|eas(?:es?|ed)|returns?|returned|joins?|joined|"
    r"pull(?:s|ed)? (?:back|out)|"
    r"sends?|sent|let|c[ao]mes? back|do(?:es)? the same|did the same|la(?:ys?|id) down|"
    r"(?:stops?|stopped|halts?|halted|ends?|ended) (?:[\w’'-]+ ){0,3}?(?:\w*fire|firing|attack\w*|"
    r"strikes?|striking|shelling|"
    r"bombing|shooting|blockade|siege|war|fighting|balloons?|drones?|missiles?))\b",
    re.IGNORECASE,
)
