import { type BounceClass, finder, type Rule } from './phrase_finder.js';

/**
 * Unmistakable words, which some servers put beside a code or words of another kind. `restricted`: the mailbox exists and
 * takes mails of certain senders only.
 */
const CLEAR: readonly Rule<BounceClass | 'restricted'>[] = [
  ['bad_address', 'not listed in dom|not listed in public name|name and address book|unable to get mx info'],
  ['reputation', 'spf sender invalid|dkim sender invalid|is not allowed to send mail|your country|aup#i-'],
  ['restricted', 'only subscribers|internal mail only|internal only|internal use only'],
  ['content', 'banned:|banned name|banned content'],
  ['throttled', 'daily*quota|sending quota|hourly*quota|message quota|quota of mails|quota for messages'],
  ['expired', 'hop count exceeded|too many hops|mail loop|routing loop|loops back to myself|loop detected'],
  ['expired', 'too many received|hops exceeded|maximum hop|forwarding loop|message is looping|message looping'],
  ['sender', 'sender address rejected: domain not found|sender verify failed|domain of sender address'],
  ['sender', 'sender domain must|does not resolve*sender|sender address does not exist|sender domain does not'],
  [
    'sender',
    'null mx*sender|sender address rejected: und|sender address rejected: unver|sender address rejected: user',
  ],
  ['sender', 'sender has null mx|sender has a null mx|sender domain has'],
  ['sender', 'sender address rejected: mal|sender address rejected: need|invalid sender|sender unknown|unknown sender'],
  [
    'sender',
    'envelope sender|sender domain not found|sender domain is|sender verification|verify sender|verify the sender',
  ],
  ['sender', 'mx for sender|sender address is not|sender address not|bad sender|unresolvable sender|sender is unknown'],
  [
    'sender',
    'unroutable sender|unrouteable sender|sender invalid|invalid return|mail from domain|from domain does not',
  ],
  [
    'sender',
    'domain of your sender|domain of the sender|sender mx|senders domain|your sender domain|sender host unknown',
  ],
  ['sender', 'sender address domain|domain name of sender|return path*does not|badmailfrom|sender does not exist'],
  ['restricted', 'recipient preferences|recipient’s preferences|recipient preference|recipient has blocked'],
  ['restricted', "recipient's preferences|recipients preferences|preferences of the recipient|blocked by recipient"],
  ['restricted', 'blocked by the recipient|blocked by user|user has blocked|rejected by recipient|rejected by user'],
  ['restricted', 'refused by recipient|refused by the recipient|rejected by the recipient|recipient does not wish'],
  [
    'restricted',
    "recipient's block|recipient's black|recipient's white|personal block|personal blacklist|user's block",
  ],
  ['restricted', 'only accepts*from|only accept*from|sendernotauthenticatedforgroup|notauthorizedtogroup'],
  ['restricted', 'not authorized to send to|not allowed to send to|permission to send|permissions to send'],
  [
    'restricted',
    'registered as a member|not member|permission to post|allowed to post|not a member of|members only|only members|not subscribed',
  ],
  ['restricted', 'delivery restriction|restricted recipient|restricted to|recipient is restricted|restricted address'],
  [
    'restricted',
    'resolver.rst.notauth|resolver.rst.authrequired|prohibited recipient|senders allowed|allowed senders|sender is not allowed for',
  ],
  ['restricted', 'does not accept mail from you|not accepting mail from you|does not accept*from this sender'],
  ['restricted', 'doesn’t accept*from|does not want*mail from|recipient is not accepting*from|approved sender'],
  ['restricted', 'nur nachrichten von|n’accepte que|empfänger*blockiert|受信拒否|指定受信|ドメイン指定'],
  ['mailbox_full', 'over quota|overquota|over-quota|over its quota|over his quota|over their quota|out of quota'],
  ['mailbox_full', 'quota exceed|quotaexceed|exceeded*quota|exceeds*quota|exceeding*quota|quota is full|quota full'],
  ['mailbox_full', 'quota has been|quota violation|quota limit|user quota|mailbox quota|full quota|beyond*quota'],
  ['mailbox_full', 'mailbox full|mailbox is full|mail box full|mail box is full|mailfolder is full|folder is full'],
  [
    'mailbox_full',
    'mailbox was full|mailbox currently full|full mailbox|mbox full|maildir full|inbox is full|inbox full',
  ],
  ['mailbox_full', 'mailbox too full|account is full|account full|box full|storage is full|mail drop*full|mailboxfull'],
  ['mailbox_full', 'out of storage|mailbox storage|storage exceed|exceeded*storage|storage*exceeded|storage limit'],
  [
    'mailbox_full',
    'space not enough|over disk|over its disk|over the disk|allotted space|allotted storage|no space for',
  ],
  ['mailbox_full', 'mailbox has exceeded|mailbox exceeds|mailbox over|mailbox is over|mailbox size|maildir over'],
  ['mailbox_full', 'exceeds allotted|storage allocation|no more space|maximum size of the mailbox|capacity*exceed'],
  [
    'mailbox_full',
    'mailbox has reached|mailbox limit|size limit of*mailbox|mailbox capacity|storage capacity|too much mail',
  ],
  [
    'mailbox_full',
    'mailbox has insufficient|insufficient*mailbox|has no space|not enough*space*mailbox|mailbox*no space',
  ],
  ['mailbox_full', 'over the limit of*mailbox|over its limit|over their limit|mailbox reached its limit'],
  ['mailbox_full', 'postfach*voll|speicherplatz|kontingent|boîte*pleine|boite*pleine|quota*dépass|quota*atteint'],
  ['mailbox_full', 'espace*insuffisant|buzón*lleno|buzon*lleno|cuota*excedid|cuota*superad|supera*cuota|casella*piena'],
  ['mailbox_full', 'spazio*esaurito|caixa*cheia|cota*excedid|postvak*vol|skrzynka*przepełniona|przepełniona'],
  [
    'mailbox_full',
    'переполнен|превышена квота|квота|邮箱已满|信箱已滿|郵箱已滿|空间不足|容量を超|容量超過|容量オーバー',
  ],
  ['mailbox_full', '満杯|いっぱい|メールボックスの容量|용량 초과|용량이'],
  ['mailbox_disabled', 'temporarily locked|temporarily disabled|temporarily suspended|temporarily inactive'],
  ['mailbox_disabled', 'temporarily limited|temporarily deactivated|temporarily blocked for|temporary disabled'],
  ['mailbox_disabled', 'account that you tried to reach is disabled|account that you tried to reach is inactive'],
  [
    'mailbox_disabled',
    'account*is disabled|mailbox*is disabled|user*is disabled|account disabled|mailbox disabled|user disabled',
  ],
  ['mailbox_disabled', 'account has been disabled|mailbox has been disabled|account*suspended|mailbox*suspended'],
  ['mailbox_disabled', 'user*suspended|account*inactive|mailbox*inactive|user*inactive|inactive user|inactive mailbox'],
  ['mailbox_disabled', 'inactive account|inactive recipient|recipient*inactive|recipient*suspended|recipient*disabled'],
  [
    'mailbox_disabled',
    'account* locked|mailbox* locked|mailbox*frozen|account*frozen|user* locked|account*deactivated',
  ],
  ['mailbox_disabled', 'mailbox*deactivated|user*deactivated|account* blocked|account*limited|account on hold'],
  [
    'mailbox_disabled',
    'account*expired|mailbox*expired|account*closed|mailbox*closed|account*terminated|account*not active',
  ],
  [
    'mailbox_disabled',
    'mailbox*not active|user*not active|account has not been activated|permanently disabled|out of service',
  ],
  [
    'mailbox_disabled',
    'boîte*désactivée|compte*désactivé|konto*gesperrt|postfach*gesperrt|deaktiviert|cuenta*desactivada',
  ],
  ['mailbox_disabled', 'cuenta*suspendida|cuenta*bloqueada|заблокирован|отключен|停用|已被禁用|冻结|利用停止|一時停止'],
  ['content', 'virus|infected|malware|trojan|worm*detected|executable|potential security issue|prohibited file'],
  [
    'content',
    'attachment*not allowed|attachment*blocked|banned file|banned attachment|file extension|forbidden attachment',
  ],
];

/** Judgements about our mails, our address or our pace: never held against a recipient. */
const POLICY: readonly Rule[] = [
  ['throttled', 'frequency limited|greylist|graylist|grey list|gray list|grey-list|gray-list|try again later*greyl'],
  [
    'content',
    'maximum email size|email size exceed|header size|message too large|message too big|message size|size exceeds|message is too|message length',
  ],
  ['reputation', "messages from*weren't sent|messages from*weren’t sent|(dyn:|(rtr:|(hvu:|(rly:|(con:b|(dns:b"],
  ['reputation', 'spamhaus|barracuda|spamcop|sorbs|uceprotect|invaluement|cloudmark|proofpoint*blocked'],
  [
    'reputation',
    'blocklist|block list|block-list|blacklist|black list|black-list|dnsbl|rbl.| rbl|rbl |denylist|deny list',
  ],
  ['reputation', 'listed at|listed in|listed on|is listed by|banned sending ip|ip banned|banned ip|bad ip'],
  ['reputation', 'poor reputation|bad reputation|low reputation|reputation of|due to*reputation|reputation too'],
  [
    'reputation',
    'sender reputation|ip reputation|domain reputation|senderscore|sender score|untrusted*ip|your ip*blocked',
  ],
  ['reputation', 'ip address*blocked|network*blocked|host*blocked|client host rejected|client host*blocked|ip blocked'],
  ['reputation', 'blocked using|blocked by|has been blocked|dmarc|dkim|spf check|spf fail|spf:|spf record|spf check'],
  ['reputation', 'spf)|sender policy framework|not authenticated|unauthenticated|authentication checks|spf ('],
  ['reputation', 'authentication requirements|authenticate*dkim|reverse dns|rdns|ptr record|ptr)|no ptr|ptr lookup'],
  ['reputation', 'reverse hostname|fcrdns|helo*reject|helo command|helo name|ehlo*reject|generic hostname|dynamic ip'],
  ['reputation', 'invalid helo|helo/ehlo|hostname*does not|cannot find your hostname|your hostname|your host name'],
  ['reputation', 'dynamic*address space|dialup|dial-up|residential|spam message|spam content|starttls|must issue a'],
  ['reputation', 'looks like spam|detected as spam|identified as spam|considered spam|classified as spam|spam check'],
  [
    'reputation',
    'spam score|spam detected|as spam|likely unsolicited|unsolicited|likely suspicious|bulk mail|bulk email',
  ],
  ['reputation', 'is spam|spam rejected|spam filter|spam-like|suspected spam|this message*spam|mail*spam|no spam'],
  ['reputation', 'high probability of spam|probable spam|local policy|policy reasons|policy violation|spam*reject'],
  ['reputation', 'reject*spam|spamming|spammer|anti-spam|antispam|junk mail|junkmail|mailspike|spam block'],
  ['reputation', 'policy restrictions|security polic|due to policy|administrative prohibition|administratively'],
  ['reputation', 'message rejected due to|message refused by policy|access denied, banned|policy rejection|by policy'],
  ['reputation', 'not accepted for policy|content rejected|message content rejected|message*content*not accept'],
  [
    'reputation',
    'phishing|malicious|abuse*see|excessive*complaints|user complaints|abusive|csi.cloudmark|mailchannels',
  ],
  [
    'reputation',
    'no smtp service|will not accept delivery|not accepting connections from|refuse to talk|connections not accepted',
  ],
  ['throttled', 'rate limit|ratelimit|rate-limit|too many connections|too many concurrent|concurrent connections'],
  ['throttled', 'too many messages|too many sessions|too many recipients|too many mails|too many emails|too many smtp'],
  ['throttled', 'exceeded*rate|rate*exceeded|receiving mail at a rate|receiving mail too quickly|throttl|rate of'],
  ['throttled', 'slow down|temporarily deferred|temporarily rejected|unusual rate|sending limit|too frequent|flood'],
  ['throttled', 'limit exceeded*try|too fast|server busy|service busy|system load|load too high|load average'],
  ['throttled', 'insufficient system|resources temporarily|out of resources|too many error|too quickly|too much load'],
  ['throttled', 'connection limit|connections from your|limit*connections|daily*quota|hourly*limit|simultaneous'],
  ['throttled', 'messages per|system resources|temporarily overloaded|server overload|max message per'],
];

/** Ways that broke and waits that ended; weaker than a code. */
const LATER: readonly Rule[] = [
  ['expired', 'maximum delivery attempts|delivery failed*attempts|allowed queue period|retry timeout|maximum retry'],
  [
    'unreachable',
    'upstream error|dns lookup|lookup failed|nameserver|unable to reach|not accept our requests|network error',
  ],
  ['unreachable', 'was not reachable|could not be reached|find a gateway|no mail server|no route|unreachable'],
  ['expired', 'message expired|delivery time expired|retry time not reached for any host after|retry count'],
  [
    'expired',
    'retry timeout exceeded|been in the queue too long|in the queue too long|delivery expired|queue too long',
  ],
  ['expired', 'expired|not been able to deliver*days|could not be delivered*days|gave up|giving up|number of attempts'],
  [
    'expired',
    'too long in the queue|has been undeliverable|message timed out|time limit exceeded|unable to deliver*days',
  ],
  ['expired', 'cannot send message within|could not be delivered for|undeliverable for|delivery timeout|too old'],
  ['unreachable', 'connection timed out|connection refused|connection reset|no route to host|connection was refused'],
  [
    'unreachable',
    'network is unreachable|operation timed out|host not reachable|connection dropped|refused connection',
  ],
  ['unreachable', 'lost connection|temporary lookup failure|dns error|servfail|name server*fail|connection failed'],
  [
    'unreachable',
    'host name lookup failure|name service error|domain lookup|temporary dns|timeout|timed out|bad connection',
  ],
  ['unreachable', 'unable to connect|could not connect|mx lookup|dns server|cannot connect|can’t connect|deferred: '],
  [
    'unreachable',
    "can't connect|couldn't connect|wasn't able to establish|failed to connect|connection closed|connect to",
  ],
  [
    'unreachable',
    'unable to establish|not responding|did not respond|no answer|server is down|host is down|network error',
  ],
  ['unreachable', 'unable to relay|relaying denied|relay access denied|relay not permitted|relaying prohibited'],
  ['unreachable', 'relaying not allowed|not permitted to relay|not a relay|no relaying|relay denied|relaying is'],
  ['unreachable', 'do not relay|not relay|allowed rcpthosts|verbindung*abgelehnt|zeitüberschreitung|connexion refusée'],
  ['unreachable', 'délai*dépassé|tiempo*agotado|接続できません|タイムアウト|连接超时|連接逾時'],
  ['throttled', 'try again|try later|temporary failure|temporarily unavailable|temporary error|temporary local'],
  [
    'throttled',
    'temporary problem|local error in processing|local configuration error|configuration error|internal error',
  ],
  ['throttled', 'unable to process|system error|server error|service unavailable|service not available|system not'],
];

/** Words that refuse and say no more: about whoever sends, unless a code tells better. */
const REFUSING: readonly Rule[] = [
  [
    'reputation',
    'not authorized|not authorised|access denied|not permitted|unauthorized|permission denied|rejected by',
  ],
  ['reputation', 'mail refused|blocked|policy|denied|prohibited|forbidden|not allowed|not accepted|refused|rejected'],
  [
    'reputation',
    'administrator|verweigert|abgelehnt|refusé|rejeté|rechazad|rifiutat|recusad|отклонен|отказано|拒绝|拒絕|拒否',
  ],
];

export const clearWords = finder(CLEAR);
export const policyWords = finder(POLICY);
export const laterWords = finder(LATER);
/** What a server says who forbids, and does not say that nobody is there. */
export const forbiddingWords = finder([
  [
    'yes',
    'denied|policy|blocked|prohibited|forbidden|not permitted|not authorized|not authorised|not allowed|unauthorized',
  ],
]);
export const refusingWords = finder(REFUSING);
