/** One piece of a file. */
export interface Part {
  /** Counted from 1. */
  number: number;
  start: number;
  end: number;
}

/** Returns the parts of a file: `partSizeBytes` each, the last as long as what is left. */
export function partsOf(sizeBytes: number, partSizeBytes: number): Part[] {
  return Array.from({ length: Math.ceil(sizeBytes / partSizeBytes) }, (_, i) => ({
    number: i + 1,
    start: i * partSizeBytes,
    end: Math.min(sizeBytes, (i + 1) * partSizeBytes),
  }));
}

/** Returns the parts that have not arrived yet. */
export function missingParts(parts: readonly Part[], receivedNumbers: readonly number[]): Part[] {
  const received = new Set(receivedNumbers);
  return parts.filter(({ number }) => !received.has(number));
}
