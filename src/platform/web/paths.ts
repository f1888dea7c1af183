/** Pages of respondents: the link is the right, there is no session of the console, and they have their own layout. */
export const RESPONDENT_PATH = /^\/(s|a|u|preview)(\/|$)/;

export const API_PATH = /^\/+API\//;

/** Paths that never touch the console's session. */
export const PATH_WITHOUT_SESSION = /^\/+(s|a|u|o|jfe|pictures|preview|API|assets|healthz|readyz|\.well-known)(\/|$)/;
