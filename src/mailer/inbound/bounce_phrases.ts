/** What a refusal says about an address, the mail, or us. */
export type BounceClass =
  | 'bad_address'
  | 'mailbox_disabled'
  | 'mailbox_full'
  | 'content'
  | 'throttled'
  | 'reputation'
  | 'unreachable'
  | 'expired'
  | 'sender'
  | 'unknown';

/**
 * What servers say in words: phrases between bars, `*` for anything in between. They are looked for by `indexOf`, so
 * that no text can make it slow. Within a list the first that is found decides.
 */
type Rule = readonly [BounceClass, string];

/** Unmistakable words, which some servers put beside a code or words of another kind. */
const STRICT: readonly Rule[] = [
  ['bad_address', 'not listed in domino|not listed in public name'],
  ['expired', 'hop count exceeded|too many hops|mail loop|routing loop|loops back to myself'],
  ['expired', 'loop detected'],
  ['sender', 'sender address rejected: domain not found|sender verify failed|domain of sender address'],
  ['sender', 'sender domain must resolve|does not resolve*sender|sender address does not exist'],
  ['sender', 'null mx*sender|sender address rejected: undeliverable|invalid sender|sender unknown'],
  ['sender', 'unknown sender'],
];

/** Judgements about our mails, our address or our pace: never held against a recipient. */
const POLICY: readonly Rule[] = [
  ['throttled', 'greylist|graylist|greylisted|grey list|try again later*greyl'],
  ['reputation', 'spamhaus|barracuda|spamcop|sorbs|uceprotect|invaluement|cloudmark|proofpoint*blocked'],
  ['reputation', 'blocklist|block list|blacklist|black list|blacklisted|dnsbl|rbl.| rbl|denylist|deny list'],
  ['reputation', 'listed at|listed in|listed on|is listed by|banned sending ip|ip banned|banned ip'],
  ['reputation', 'poor reputation|bad reputation|low reputation|reputation of|due to*reputation'],
  ['reputation', 'sender reputation|senderscore|sender score|untrusted*ip|your ip*blocked'],
  ['reputation', 'ip address*blocked|network*blocked|host*blocked|client host rejected|client host*blocked'],
  ['reputation', 'blocked using|blocked by|has been blocked|dmarc|dkim|spf check|spf fail|spf:|spf record'],
  ['reputation', 'spf)|sender policy framework|not authenticated|unauthenticated|authentication checks'],
  ['reputation', 'authentication requirements|authenticate*dkim|reverse dns|rdns|ptr record|ptr)|no ptr'],
  ['reputation', 'reverse hostname|fcrdns|helo*reject|helo command rejected|generic hostname|dynamic ip'],
  ['reputation', 'dynamic*address space|dialup|dial-up|residential|spam message|spam content'],
  ['reputation', 'looks like spam|detected as spam|identified as spam|considered spam|classified as spam'],
  ['reputation', 'spam score|spam detected|as spam|likely unsolicited|unsolicited|likely suspicious'],
  ['reputation', 'is spam|spam rejected|spam filter|spam-like|suspected spam|this message*spam|mail*spam'],
  ['reputation', 'high probability of spam|local policy|policy reasons|policy violation'],
  ['reputation', 'policy restrictions|security polic|due to policy|administrative prohibition'],
  ['reputation', 'message rejected due to|message refused by policy|access denied, banned'],
  ['reputation', 'not accepted for policy|for policy reasons|content rejected|message content rejected'],
  ['reputation', 'phishing|malicious|abuse*see|excessive*complaints|user complaints'],
  ['throttled', 'rate limit|ratelimit|rate-limit|too many connections|too many concurrent'],
  ['throttled', 'too many messages|too many sessions|too many recipients|too many mails|too many emails'],
  ['throttled', 'exceeded*rate|rate*exceeded|receiving mail at a rate|receiving mail too quickly|throttl'],
  ['throttled', 'slow down|temporarily deferred|temporarily rejected|unusual rate|sending limit'],
  ['throttled', 'limit exceeded*try|too fast|server busy|service busy|system load|load too high'],
  ['throttled', 'insufficient system|resources temporarily|out of resources|too many error'],
  ['throttled', 'connection limit|connections from your|limit*connections|daily*quota|hourly*limit'],
  ['throttled', 'messages per'],
];

/** What a refusal says about the address or its mailbox. */
const ADDRESS: readonly Rule[] = [
  ['mailbox_full', 'mailfolder is full|folder is full|exceeding*quota|space not enough|too much mail|disk full'],
  ['mailbox_full', 'over its disk|over disk|over the limit of*mailbox|mailbox is over|has no space|no more space'],
  ['bad_address', 'addressee unknown|invalid final delivery|name is not recognized|name not recognized'],
  ['bad_address', "couldn't find any host named|could not find any host named"],
  ['bad_address', 'no valid recipient|empfaenger unbekannt|empfänger unbekannt|destinataire inconnu|inconnu à'],
  ['bad_address', 'usuario desconocido|utente sconosciuto|usuário desconhecido|nie istnieje|не существует|不存在'],
  ['content', 'maximum incoming message size|maximum message size|exceeds*size limit|larger than the'],
  ['mailbox_full', 'mailbox full|mailbox is full|mail box full|inbox is full|mailbox*full|quota exceeded'],
  ['mailbox_full', 'over quota|overquota|exceeded*quota|quota*exceed|exceeded*storage|storage*exceed'],
  ['mailbox_full', 'out of storage|insufficient storage|disk quota|no space left|insufficient disk'],
  ['mailbox_full', 'mailbox size|exceeds allotted|maildir over|full mailbox|not enough storage|storage space'],
  ['mailbox_full', 'mailbox quota|is over its quota|postfach*voll|boîte*pleine|buzón*lleno|casella*piena'],
  ['mailbox_full', 'caixa*cheia|mailbox has exceeded'],
  ['mailbox_disabled', 'account*disabled|mailbox*disabled|user*disabled|account*suspended|mailbox*suspended'],
  ['mailbox_disabled', 'account*inactive|mailbox*inactive|user*suspended|user*inactive|account*locked'],
  ['mailbox_disabled', 'mailbox*locked|mailbox*frozen|account*blocked|account*deactivated|inactive user'],
  ['mailbox_disabled', 'inactive account|account*expired|mailbox expired|account*closed|address no longer in use'],
  ['mailbox_disabled', 'account that you tried to reach is disabled|not accepting mail|not accepting messages'],
  ['mailbox_disabled', 'mailbox unavailable or access denied|temporarily disabled|account*limited'],
  ['mailbox_disabled', 'permanently disabled'],
  ['content', 'message too large|message too big|message size exceeds|size exceeds|exceeds*message size'],
  ['content', 'exceeds size limit|too large|message is too big|exceeds*maximum*size'],
  ['content', 'message file too big|message length exceeds|attachment*not allowed|attachment*blocked'],
  ['content', 'file type|virus|infected|malware|line too long|header*invalid|invalid header'],
  ['content', 'missing*header|multiple from|rfc 5322|not rfc|rfc 2822|malformed|8-bit|8bit|bare lf'],
  ['content', 'smtputf8'],
  ['bad_address', 'user unknown|unknown user|unknown recipient|recipient unknown|unknown mailbox'],
  ['bad_address', 'unknown address|unknown local|unknown account|unknown to|no such user|no such recipient'],
  ['bad_address', 'no such mailbox|no such address|no such account|no such person|no such local|no such id'],
  ['bad_address', 'no such email|no such destination|user not found|recipient not found|mailbox not found'],
  ['bad_address', 'address not found|account not found|recipientnotfound|not found by smtp'],
  ['bad_address', "could not be found|couldn't be found|not found in|wasn’t found|wasn't found"],
  ['bad_address', "does not exist|doesn't exist|do not exist|doesnt exist|not exist|nonexistent"],
  ['bad_address', "non-existent|no existe|n'existe|existiert nicht|non esiste|não existe|invalid recipient"],
  ['bad_address', 'invalid mailbox|invalid address|invalid user|recipient invalid|user invalid'],
  ['bad_address', 'invalid email|bad destination|bad address|bad recipient|not a valid|is not valid'],
  ['bad_address', "no mailbox|doesn't have a|does not have a*account|no account|no longer*valid"],
  ['bad_address', 'no longer available|not our customer|not a known|not known at|unknown or illegal alias'],
  ['bad_address', 'recipient address rejected: access denied|recipient address rejected: user'],
  ['bad_address', 'address rejected*unknown|recipient rejected|undeliverable address|address unknown'],
  ['bad_address', 'mailbox unavailable|user does not|user not known|not listed in domino directory'],
  ['bad_address', 'not listed in public name|no matches to nameserver query|unrouteable address'],
  ['bad_address', 'unrouteable mail|unroutable address|unrouted|address is unknown|this user doesn'],
  ['bad_address', 'delivery to*prohibited recipient|host or domain name not found|domain not found|nxdomain'],
  ['bad_address', 'domain does not|domain name not found|host unknown|unknown host|no such domain'],
  ['bad_address', 'name or service not known|domain unknown|bad destination host|null mx'],
  ['bad_address', 'does not accept mail|not accept mail|left the company|left the organi|no longer works'],
  ['bad_address', 'no longer with|no longer employed|address has changed|has moved|user has moved'],
  ['bad_address', 'no longer on server'],
  ['sender', 'sender address rejected|sender rejected|sender not allowed|not allowed to send'],
  ['sender', 'from address*not allowed|mail from*not allowed|not permitted to send as'],
];

/** Ways that broke and waits that ended; weaker than a code. */
const LATER: readonly Rule[] = [
  ['expired', 'maximum delivery attempts|delivery failed*attempts|message looping|allowed queue period'],
  ['unreachable', 'was not reachable|could not be reached|find a gateway|no mail server|no route'],
  ['expired', 'message expired|delivery time expired|retry time not reached for any host after'],
  ['expired', 'retry timeout exceeded|been in the queue too long|in the queue too long|delivery expired'],
  ['expired', 'expired|not been able to deliver*days|could not be delivered*days|gave up|giving up'],
  ['expired', 'too long in the queue|has been undeliverable|message timed out|time limit exceeded'],
  ['unreachable', 'connection timed out|connection refused|connection reset|no route to host'],
  ['unreachable', 'network is unreachable|operation timed out|host not reachable|connection dropped'],
  ['unreachable', 'lost connection|temporary lookup failure|dns error|servfail|name server*fail'],
  ['unreachable', 'host name lookup failure|name service error|domain lookup|temporary dns'],
  ['unreachable', 'unable to connect|could not connect|mx lookup|dns server'],
  ['unreachable', 'unable to relay|relaying denied|relay access denied|relay not permitted'],
  ['unreachable', 'relaying not allowed|not permitted to relay|unable to relay'],
  ['throttled', 'try again|try later|temporary failure|temporarily unavailable|temporary error'],
  ['throttled', 'temporary problem|local error in processing'],
  ['reputation', 'not authorized|access denied|not permitted|unauthorized|permission denied|rejected by'],
  ['reputation', 'mail refused|blocked'],
];

function finder(rules: readonly Rule[]): (words: string) => BounceClass | undefined {
  const known = rules.map(([kind, phrases]) => [kind, phrases.split('|').map((phrase) => phrase.split('*'))] as const);
  return (words) => known.find(([, phrases]) => phrases.some((pieces) => says(words, pieces)))?.[0];
}

export const strictWords = finder(STRICT);
export const policyWords = finder(POLICY);
export const addressWords = finder(ADDRESS);
export const laterWords = finder(LATER);

/** Whether the pieces of a phrase stand in the words, one after the other. */
function says(words: string, pieces: readonly string[]): boolean {
  let from = 0;
  for (const piece of pieces) {
    const at = words.indexOf(piece, from);
    if (at < 0) {
      return false;
    }
    from = at + piece.length;
  }
  return true;
}
