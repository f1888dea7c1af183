import { finder, type Rule } from './phrase_finder.js';

/** The domain of the address is not there: a name server may be wrong for an hour, so that one look proves nothing. */
const NO_DOMAIN =
  'host or domain name not found|nxdomain|domain not found|no such domain|domain does not exist|domain*does not exist|' +
  "domain*doesn't exist|domain name not found|host unknown|unknown host|domain unknown|unknown domain|name or service not known|" +
  'couldn’t find any host named|host not found|no such host|unrouteable mail domain|unroutable mail domain|hostname*not found|' +
  "couldn't find any host named|could not find any host named|no matches to nameserver query|bad destination host|" +
  'invalid domain|domain invalid|non-existent domain|nonexistent domain|non-existing domain|domain is not valid|not a valid domain|' +
  'neither a mail server nor an address|domain name*incorrect|address lookup failed|unresolvable domain|has no mx|no mx record|' +
  'domain not exist|host does not exist|hostnotfound|host name is unknown|domaine inconnu|domain unbekannt|dominio*no existe|' +
  'no mx found|no mx or a record|no mx or address|mx records point to non-existent|ホストが見つかりません|ドメインが存在しません|域名不存在|找不到主机|домен не найден|домен не существует';

/** Nobody is there under this address. */
const NOBODY: readonly Rule[] = [
  ['bad_address', 'malformed address|malformed recipient|incorrectly constructed|登録されていません|登録がありません'],
  ['bad_address', 'addressee unknown|invalid final delivery|name is not recognized|name not recognized'],
  [
    'bad_address',
    'user unknown|unknown user|userunknown|unknownuser|unknown recipient|recipient unknown|unknown mailbox',
  ],
  [
    'bad_address',
    'unknown address|unknown local|unknown account|unknown to|unknown email|unknown e-mail|mailbox unknown',
  ],
  [
    'bad_address',
    'unknown virtual|unknown in|unknown or illegal|unknown alias|unknown person|unknown_user|account unknown',
  ],
  ['bad_address', 'no such user|no such recipient|no such mailbox|no such address|no such account|no such person'],
  [
    'bad_address',
    'no such local|no such id|no such email|no such e-mail|no such destination|no such name|no such virtual',
  ],
  ['bad_address', 'no such customer|no such subscriber|no such inbox|no such box|no mail-box|no mail box|no user'],
  [
    'bad_address',
    'user not found|recipient not found|mailbox not found|address not found|account not found|not found by smtp',
  ],
  [
    'bad_address',
    'recipientnotfound|usernotfound|recipnotfound|legacyexchangedn|mailbox*not found|user*not found|recipient*not found',
  ],
  [
    'bad_address',
    "could not be found|couldn't be found|not found in|wasn’t found|wasn't found|couldn’t be found|cannot be found",
  ],
  [
    'bad_address',
    "does not exist|doesn't exist|do not exist|doesnt exist|not exist|nonexistent|doesn’t exist|non existent",
  ],
  ['bad_address', "non-existent|no existe|n'existe|existiert nicht|non esiste|não existe|invalid recipient|n’existe"],
  [
    'bad_address',
    'invalid mailbox|invalid address|invalid user|recipient invalid|user invalid|invalid local|address invalid',
  ],
  [
    'bad_address',
    'invalid account|invalid email|invalid e-mail|illegal user|illegal address|bad destination|bad address',
  ],
  [
    'bad_address',
    'bad recipient|not a valid|is not valid|not valid user|isn’t a valid|is invalid|bad dest|incorrect recipient',
  ],
  [
    'bad_address',
    "no mailbox|doesn't have a|does not have a*account|no account|no longer*valid|doesn't handle|not local",
  ],
  [
    'bad_address',
    'no longer available|not our customer|not a known|not known at|not known here|unknown or illegal alias',
  ],
  ['bad_address', 'not recognized|not recognised|not registered|unregistered|no valid recipient|not have a mailbox'],
  ['bad_address', 'recipient address rejected: user|address rejected*unknown|recipient rejected|undeliverable address'],
  ['bad_address', 'recipient address rejected: und|recipient address rejected: inv|recipient address rejected: und'],
  ['bad_address', 'address unknown|mailbox unavailable|user does not|user not known|recipient not known|user does’t'],
  [
    'bad_address',
    'unrouteable address|unrouteable mail|unroutable address|unrouted|address is unknown|this user doesn',
  ],
  [
    'bad_address',
    'no one by that name|nobody by that name|by that name|not in directory|not in our directory|not in the directory',
  ],
  [
    'bad_address',
    'null mx|does not accept mail|not accept mail|takes no mail|nullmx|accepts no mail|does not accept email',
  ],
  [
    'bad_address',
    'does not receive mail|no mail is accepted|left the company|left the organi|no longer works|no longer with',
  ],
  [
    'bad_address',
    'no longer employed|address has changed|has moved|user has moved|no longer on server|address is no longer',
  ],
  [
    'bad_address',
    'no longer in use|no longer exist|account has been deleted|mailbox has been deleted|account*removed|account deleted',
  ],
  [
    'bad_address',
    'mailbox does not|address not present|no recipients|rcpt not found|cannot find user|can not find user',
  ],
  [
    'bad_address',
    'user doesn|not deliverable to*user|no such mail|misspelled|misspelt|email address*incorrect|check*spelling',
  ],
  [
    'bad_address',
    'empfaenger unbekannt|empfänger unbekannt|unbekannter empfänger|unbekannter benutzer|adresse unbekannt',
  ],
  ['bad_address', 'empfänger*nicht gefunden|adresse*nicht gefunden|postfach*nicht|nicht bekannt|adresse*ungültig'],
  [
    'bad_address',
    'destinataire inconnu|inconnu à|utilisateur inconnu|adresse inconnue|adresse*introuvable|adresse*invalide',
  ],
  ['bad_address', 'adresse d’au moins un destinataire invalide|destinataire invalide|destinataire*introuvable'],
  [
    'bad_address',
    'usuario desconocido|destinatario desconocido|no se encontró|buzón no|utente sconosciuto|destinatario sconosciuto',
  ],
  [
    'bad_address',
    'indirizzo*non valido|non trovato|usuário desconhecido|destinatário*não|não encontrado|nie istnieje|onbekende',
  ],
  [
    'bad_address',
    'niet gevonden|не существует|не найден|неизвестный|нет такого|несуществующ|不存在|無此|无此|查無|找不到',
  ],
  [
    'bad_address',
    '存在しません|見つかりません|あて先不明|宛先不明|宛先が不明|該当するユーザ|アドレスが間違|없는 사용자|존재하지',
  ],
];

/** Other things that servers say about the mailbox or the mail. */
const MAILBOX: readonly Rule[] = [
  ['content', 'maximum incoming message size|maximum message size|exceeds*size limit|larger than the|mail size limit'],
  [
    'mailbox_full',
    'mailbox*full|quota|insufficient storage|disk full|no space left|insufficient disk|not enough storage',
  ],
  ['mailbox_full', 'number of messages*exceed|exceeded the local limit|mailfolder is over|exceeds allowed size'],
  ['mailbox_full', 'storage space|exceeds allotted|disk quota|insufficient space|disk space'],
  ['mailbox_disabled', 'not accepting mail|not accepting messages|not accepting any|not currently accepting'],
  ['mailbox_disabled', 'mailbox*blocked|mailbox unavailable or access denied|account unavailable|user unavailable'],
  [
    'content',
    'message too large|message too big|message size exceeds|size exceeds|exceeds*message size|message too long|mail too long',
  ],
  ['content', 'exceeds size limit|too large|message is too big|exceeds*maximum*size|too big|exceeds*limit*size'],
  [
    'content',
    'message file too big|lines too long|message length exceeds|file type|line too long|header*invalid|invalid header',
  ],
  [
    'content',
    'missing*header|multiple from|rfc 5322|not rfc|rfc 2822|malformed mess|malformed head|malformed mime|8-bit|8bit|bare lf|rfc5322|rfc2822|rfc 822',
  ],
  [
    'content',
    'duplicate header|improper header|mime error|bad header|no subject|conversion|smtputf8|character set|charset',
  ],
];

const TOLD_LATER: readonly Rule[] = [
  [
    'sender',
    'sender address rejected|sender rejected|sender not allowed|not allowed to send|sender denied|sender refused',
  ],
  ['sender', 'from address*not allowed|mail from*not allowed|not permitted to send as|your address*not allowed'],
  ['sender', 'sender blocked|sender is blocked|reject*mail from|mail from*reject|your email address'],
];

const says = finder([['yes', NO_DOMAIN]]);

/** Whether a refusal says that the domain of the address does not exist. Words in lower case. */
export function domainIsMissing(words: string): boolean {
  return says(words) !== undefined;
}

export const nobodyWords = finder(NOBODY);
export const addressWords = finder([...MAILBOX, ...NOBODY, ...TOLD_LATER]);
