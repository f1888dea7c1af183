/**
 * Every channel that a walk can come by, in the order in which figures are shown. `gl` are personal links. The database has
 * the same list (`is_channel`): a migration that makes it longer comes with each new channel.
 */
export const CHANNELS = ['email', 'gl', 'anonymous', 'qr', 'social'] as const;
export type Channel = (typeof CHANNELS)[number];

export function isChannel(name: string): name is Channel {
  return (CHANNELS as readonly string[]).includes(name);
}
