/**
 * SHA-256 (FIPS 180-4). A browser has it only where the page came over TLS or from this machine; on a ward's own network
 * without TLS it is counted here.
 */
const FRACTIONS = primes(64);
const ROUNDS = FRACTIONS.map((prime) => fraction(Math.cbrt(prime)));
const START = FRACTIONS.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let each = 2; found.length < count; each += 1) if (found.every((prime) => each % prime !== 0)) found.push(each);
  return found;
}

/** The first 32 bits behind the point. */
function fraction(root: number): number {
  return ((root - Math.floor(root)) * 0x1_0000_0000) | 0;
}

/** The digest as counted in this page. */
export function countedSha256(bytes: Uint8Array): Uint8Array {
  const length = bytes.length;
  const tail = new Uint8Array(length % 64 < 56 ? 64 : 128);
  const whole = length - (length % 64);
  tail.set(bytes.subarray(whole));
  tail[length % 64] = 0x80;
  const end = new DataView(tail.buffer);
  end.setUint32(tail.length - 8, Math.floor(length / 0x2000_0000));
  end.setUint32(tail.length - 4, (length * 8) >>> 0);
  const state = Int32Array.from(START);
  const words = new Int32Array(64);
  const rounds = Int32Array.from(ROUNDS);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 64) block(state, words, rounds, view, at);
  for (let at = 0; at < tail.length; at += 64) block(state, words, rounds, end, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => digest.setInt32(index * 4, word));
  return new Uint8Array(digest.buffer);
}

function block(state: Int32Array, words: Int32Array, rounds: Int32Array, view: DataView, at: number): void {
  for (let index = 0; index < 16; index += 1) words[index] = view.getInt32(at + index * 4);
  for (let index = 16; index < 64; index += 1) {
    const x = words[index - 15] as number;
    const y = words[index - 2] as number;
    const near = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const far = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[index] = ((words[index - 16] as number) + near + (words[index - 7] as number) + far) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let index = 0; index < 64; index += 1) {
    const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const first = (h + high + ((e & f) ^ (~e & g)) + (rounds[index] as number) + (words[index] as number)) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  // Written out: this runs once for every 64 bytes of a photograph.
  state[0] = ((state[0] as number) + a) | 0;
  state[1] = ((state[1] as number) + b) | 0;
  state[2] = ((state[2] as number) + c) | 0;
  state[3] = ((state[3] as number) + d) | 0;
  state[4] = ((state[4] as number) + e) | 0;
  state[5] = ((state[5] as number) + f) | 0;
  state[6] = ((state[6] as number) + g) | 0;
  state[7] = ((state[7] as number) + h) | 0;
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (globalThis.crypto?.subtle === undefined) return countedSha256(bytes);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export const asHex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const asBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
