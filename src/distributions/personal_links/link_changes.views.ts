/** Where `distributions/_links` asks for each change of links. @param urlOf the address of one change of these links */
export function linkChanges(urlOf: (change: string) => string): Record<'extend' | 'reissue' | 'revoke', string> {
  return { extend: urlOf('extend'), reissue: urlOf('reissue'), revoke: urlOf('revoke') };
}
