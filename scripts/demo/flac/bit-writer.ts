/** Writes numbers of any bit length, most significant bit first, into a buffer that grows. */
export class BitWriter {
  private bytes: Uint8Array<ArrayBuffer>;
  private length = 0;
  private held = 0;
  private heldBits = 0;

  constructor(capacityBytes = 1 << 16) {
    this.bytes = new Uint8Array(capacityBytes);
  }

  /** Number of whole bytes written so far. */
  get byteLength(): number {
    return this.length;
  }

  /** Writes the lowest `bits` bits (0…32) of a value; negative values in two's complement. */
  write(value: number, bits: number): void {
    if (bits > 16) {
      this.write(value >> 16, bits - 16);
      this.write(value, 16);
      return;
    }
    // At most 7 bits are held over, so 23 are in use here and nothing overflows.
    this.held = (this.held << bits) | (value & ((1 << bits) - 1));
    this.heldBits += bits;
    while (this.heldBits >= 8) {
      this.heldBits -= 8;
      this.push(this.held >>> this.heldBits);
    }
    this.held &= (1 << this.heldBits) - 1;
  }

  /** Writes a Rice code: the quotient as that many zeros and a one, then the lowest `parameter` bits. */
  writeRice(value: number, parameter: number): void {
    let zeros = value >>> parameter;
    for (; zeros + 1 + parameter > 16 && zeros > 0; zeros -= Math.min(16, zeros))
      this.write(0, Math.min(16, zeros));
    this.write((1 << parameter) | (value & ((1 << parameter) - 1)), zeros + 1 + parameter);
  }

  /** Fills the last byte with zeros. */
  align(): void {
    if (this.heldBits > 0) this.write(0, 8 - this.heldBits);
  }

  /** Returns a view of the bytes from a position on; align first. */
  view(fromByte = 0): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(fromByte, this.length);
  }

  private push(byte: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = byte;
  }
}

/** Returns the CRC of the bytes with a polynomial of 8 or 16 bits, as FLAC frames carry it. */
export function crc(bytes: Uint8Array, bits: 8 | 16): number {
  const table = bits === 8 ? crc8Table : crc16Table;
  const mask = bits === 8 ? 0xff : 0xffff;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) ^ (table[((value >> (bits - 8)) ^ byte) & 0xff] ?? 0)) & mask;
  }
  return value;
}

const crc8Table = crcTable(0x07, 8);
const crc16Table = crcTable(0x8005, 16);

function crcTable(polynomial: number, bits: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (bits - 8);
    for (let i = 0; i < 8; i++) {
      value = (value & (1 << (bits - 1))) !== 0 ? (value << 1) ^ polynomial : value << 1;
    }
    return value & ((1 << bits) - 1);
  });
}
