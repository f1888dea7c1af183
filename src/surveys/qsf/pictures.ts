/** Pictures that stand in the text itself; drawings (SVG) could hold scripts. */
const INSIDE = /^data:image\/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+$/i;

/** The address of a picture that can be fetched or read; nothing for what only the other system could find. */
export function pictureAddress(written: string): string | undefined {
  const address = written.trim().startsWith('//') ? `https:${written.trim()}` : written.trim();
  if (INSIDE.test(address)) return address;
  return /^https?:\/\/[^\s/$"'<>][^\s"'<>]*$/i.test(address) && !address.includes('${') ? address : undefined;
}
