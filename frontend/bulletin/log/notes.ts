// Signed notes, keys and checkpoints, by the very rules of src/haq/tlog/{notes,keys,checkpoints}.py:
// tests/core/tlog/notes.json holds both to them.

import { Broken, type Bytes, base64, count, hex, join, text, utf8 } from "./bytes.ts";
import { HASH_SIZE, sha256 } from "./tree.ts";

/** A signature over a note, as the log itself signs. */
export const ED25519 = 1;
/** A witness's signature over the time and a checkpoint. */
export const COSIGNATURE = 4;
// SHA-256 of nothing.
const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const LATEST = 2n ** 63n - 1n;
const LONGEST_NAME = 255;
const LARGEST_NOTE = 1_000_000;
const MOST_SIGNATURES = 100;
// What Python takes for a space; other than `\s`.
const SPACES = "\\t-\\r\\u001c- \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const EDGES = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "gu");
const UNFIT = new RegExp(`[${SPACES}\\u0000-\\u001f\\u007f\\ud800-\\udfff+]`, "u");
const CONTROL = new RegExp("[\\u0000-\\u0009\\u000b-\\u001f]", "u");

export type Key = { name: string; kind: number; id: string; public: Bytes; published: string };
export type Checkpoint = { origin: string; size: number; root: Bytes };
type Line = { name: string; id: string; value: Bytes };
type Note = { body: Bytes; lines: Line[] };

/** A public key as it is published: name+hex+base64. */
export async function readKey(from: string): Promise<Key> {
  const published = from.replace(EDGES, "");
  const [, name = "", id = "", rest = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(published) ?? [];
  const data = base64(rest);
  const kind = data[0] as number;
  if (data.length !== 33 || (kind !== ED25519 && kind !== COSIGNATURE)) throw new Broken("no public key");
  checkName(name);
  const made = hex((await sha256(join(utf8(`${name}\n`), data))).slice(0, 4));
  if (made !== id) throw new Broken("a public key whose number does not fit");
  return { name, kind, id, public: data.slice(1), published };
}

function checkName(name: string): void {
  if (!name || UNFIT.test(name) || [...name].length > LONGEST_NAME) throw new Broken("no name of a key");
}

export function readNote(data: Bytes): Note {
  if (data.length > LARGEST_NOTE) throw new Broken("a signed note that is too long");
  const whole = text(data);
  if (CONTROL.test(whole)) throw new Broken("a signed note that holds a control character");
  const at = whole.lastIndexOf("\n\n");
  if (at < 0 || !whole.endsWith("\n")) throw new Broken("no signed note");
  const foot = whole.slice(at + 2, -1).split("\n");
  if (foot.length > MOST_SIGNATURES) throw new Broken("a signed note with too many signatures");
  const lines = foot.map((line) => {
    const [dash, name = "", body = "", more] = line.split(" ");
    const value = base64(body);
    if (dash !== "\u2014" || more !== undefined || value.length < 5) throw new Broken("no line of a signature");
    checkName(name);
    return { name, id: hex(value.slice(0, 4)), value: value.slice(4) };
  });
  return { body: utf8(whole.slice(0, at + 1)), lines };
}

export function readCheckpoint(body: Bytes): Checkpoint {
  const [origin, size, root, ...more] = text(body).split("\n");
  const end = more.pop();
  if (!origin || size === undefined || root === undefined || end !== "" || more.includes("")) throw new Broken("no checkpoint");
  const hash = base64(root);
  if (hash.length !== HASH_SIZE) throw new Broken("no checkpoint");
  const entries = count(size);
  if (entries === 0 && hex(hash) !== EMPTY_ROOT) throw new Broken("no checkpoint");
  return { origin, size: entries, root: hash };
}

/** Whether this browser can check Ed25519 signatures at all: not on plain HTTP, nor where it is too old. */
export async function canCheck(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}

async function verifies(key: Key, body: Bytes, value: Bytes): Promise<boolean> {
  if (value.length !== (key.kind === COSIGNATURE ? 72 : 64)) return false;
  let [signed, signature] = [body, value];
  if (key.kind === COSIGNATURE) {
    const time = new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0);
    if (time > LATEST) return false;
    [signed, signature] = [join(utf8(`cosignature/v1\ntime ${time}\n`), body), value.slice(8)];
  }
  try {
    const held = await crypto.subtle.importKey("raw", key.public, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, held, signature, signed);
  } catch {
    return false; // bytes that are no point of the curve
  }
}

/** The keys that signed. A known key whose signature does not verify is named, and the note is worth nothing. */
export async function signers(note: Note, keys: Key[]): Promise<{ signed: Set<Key>; forged: Key[] }> {
  const signed = new Set<Key>();
  const forged: Key[] = [];
  for (const key of keys) {
    const lines = note.lines.filter((line) => line.name === key.name && line.id === key.id);
    for (const line of lines) {
      if (lines.length === 1 && (await verifies(key, note.body, line.value))) signed.add(key);
      else forged.push(key);
    }
  }
  return { signed, forged };
}
