/** What a browser says of its device, in classes that recognise nobody. */
export interface Device {
  kind: 'phone' | 'tablet' | 'desktop';
  /** Named as its makers do, where it tells: `iphone`, `ipad`, `android` … */
  family?: string;
}

/** What tests may call a device: its kind, `mobile` for phones and tablets, and its family. */
export const DEVICE_NAMES: ReadonlySet<string> = new Set([
  'phone',
  'tablet',
  'desktop',
  'mobile',
  'iphone',
  'ipad',
  'ipod',
  'android',
  'blackberry',
  'windowsphone',
]);

/** Every name by which a device goes. */
export function namesOfDevice({ kind, family }: Device): string[] {
  return [kind, ...(kind === 'desktop' ? [] : ['mobile']), ...(family === undefined ? [] : [family])];
}
