/** A picture as its own bytes describe it, whatever its name says. */
export interface PictureKind {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  width: number;
  height: number;
}

/** Reads kind and size out of the first bytes; undefined for what is no picture that mail programs show. */
export function pictureKind(bytes: Buffer): PictureKind | undefined {
  const kind = png(bytes) ?? gif(bytes) ?? jpeg(bytes) ?? webp(bytes);
  return kind !== undefined && kind.width > 0 && kind.height > 0 ? kind : undefined;
}

function png(bytes: Buffer): PictureKind | undefined {
  const isPng = bytes.length > 33 && bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'));
  return isPng && bytes.toString('latin1', 12, 16) === 'IHDR'
    ? { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    : undefined;
}

function gif(bytes: Buffer): PictureKind | undefined {
  return bytes.length > 13 && /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))
    ? { type: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
    : undefined;
}

/** Goes from marker to marker until the frame header, which says the size (ITU T.81 §B.1). */
function jpeg(bytes: Buffer): PictureKind | undefined {
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== 0xffd8) {
    return undefined;
  }
  let place = 2;
  while (place + 9 < bytes.length && bytes[place] === 0xff) {
    const marker = bytes[place + 1] ?? 0;
    if (isFrame(marker)) {
      return { type: 'image/jpeg', height: bytes.readUInt16BE(place + 5), width: bytes.readUInt16BE(place + 7) };
    }
    place += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(place + 2);
  }
  return undefined;
}

/** Start of frame, but not the tables that share its range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function webp(bytes: Buffer): PictureKind | undefined {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') {
    return undefined;
  }
  const type = 'image/webp';
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { type, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { type, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}
