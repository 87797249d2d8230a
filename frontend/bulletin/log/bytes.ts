// Bytes as texts and back.

export type Bytes = Uint8Array<ArrayBuffer>;

/** Something in the log is not what it should be; the message is for the details, in English. */
export class Broken extends Error {}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;

export function text(bytes: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Broken("not UTF-8");
  }
}

/** Bytes to be shown, of which some may be no letters. */
export const loosely = (bytes: Bytes): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

export function join(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const same = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

export const hex = (bytes: Bytes): string => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");

/** Standard base64 with its padding, and nothing else. */
export function base64(text: string): Bytes {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Broken("not base64");
  }
  if (text === "" || btoa(binary) !== text) throw new Broken("not base64");
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** A number of entries; sizes beyond 2^53 do not occur. */
export function count(text: string): number {
  const number = Number(text);
  if (!/^(0|[1-9]\d{0,15})$/u.test(text) || !Number.isSafeInteger(number)) throw new Broken("not a size");
  return number;
}
