/** What stands before the compressed bytes of one entry: its type, and how long it is inflated. */
export function entryHeader(typeNumber: number, size: number): Buffer {
  const bytes = [(typeNumber << 4) | (size & 0x0f)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest % 128);
  }
  return Buffer.from(bytes);
}
