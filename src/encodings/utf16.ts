/** UTF-16 by its mark, or by where its zeros stand; undefined for text in any other encoding. @param head its first bytes */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const head = bytes.subarray(0, 4096);
  if (head[0] === 0xff && head[1] === 0xfe) {
    return 'utf-16le';
  }
  if (head[0] === 0xfe && head[1] === 0xff) {
    return 'utf-16be';
  }
  const zeros = (parity: number): number => head.filter((byte, place) => byte === 0 && place % 2 === parity).length;
  const [even, odd] = [zeros(0), zeros(1)];
  if (odd > head.length / 6 && even * 10 < odd) {
    return 'utf-16le';
  }
  return even > head.length / 6 && odd * 10 < even ? 'utf-16be' : undefined;
}
