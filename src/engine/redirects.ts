/**
 * Whether an ending's address leads to the host that its author wrote, on http or https: a value that is filled into
 * the host may have come with the link, and would lead respondents anywhere.
 */
export function leadsToWrittenHost(url: string): boolean {
  return /^https?:\/\/[^\s/?#\\$]+(?:[/?#]|$)/i.test(url);
}
