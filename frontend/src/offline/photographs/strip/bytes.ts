/** Bytes of files: numbers in them, and pieces put together. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** A photograph that this device does not keep, and why: its words are in the dictionary under `why`. */
export class NotStripped extends Error {
  constructor(
    readonly why: "kind" | "damaged" | "empty",
    /** What the file is, where that is known. */
    readonly kind = "",
  ) {
    super(`${why} ${kind}`.trim());
    this.name = "NotStripped";
  }
}

export const text = (bytes: Uint8Array, from = 0, to = bytes.length): string => String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 256)));

export const startsWith = (bytes: Uint8Array, begin: string, at = 0): boolean => text(bytes, at, at + begin.length) === begin;

/** A whole number of `size` bytes, the highest first; NaN where the file ends before. */
export function big(bytes: Uint8Array, at: number, size: number): number {
  if (at < 0 || at + size > bytes.length) return Number.NaN;
  let value = 0;
  for (let index = 0; index < size; index += 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

export function ofBig(value: number, size: number): Bytes {
  const bytes = new Uint8Array(size);
  for (let [index, rest] = [size - 1, value]; index >= 0; index -= 1, rest = Math.floor(rest / 256)) bytes[index] = rest % 256;
  return bytes;
}

export const ofText = (letters: string): Bytes => Uint8Array.from(letters, (letter) => letter.charCodeAt(0) & 0xff);

export function joined(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
