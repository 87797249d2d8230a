// The Merkle tree of RFC 6962, as src/haq/tlog/merkle.py has it.

import { Broken, type Bytes, join, same, utf8 } from "./bytes.ts";

export const HASH_SIZE = 32;

export const sha256 = async (data: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
export const leafHash = (entry: Bytes): Promise<Bytes> => sha256(join(Uint8Array.of(0), entry));
export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(join(Uint8Array.of(1), left, right));

/** Gives the hash over leaves [index × 2^height, (index + 1) × 2^height). */
export type ReadSubtree = (height: number, index: number) => Promise<Bytes>;

/** The largest power of two below the number of leaves. */
function split(leaves: number): number {
  let half = 1;
  while (half * 2 < leaves) half *= 2;
  return half;
}

async function fold(hashes: Bytes[]): Promise<Bytes> {
  let root = hashes[hashes.length - 1] ?? (await sha256(utf8("")));
  for (const left of hashes.slice(0, -1).reverse()) root = await nodeHash(left, root);
  return root;
}

/** The hash over leaves [begin, end); begin is a multiple of a power of two that is at least end - begin. */
export async function hashOf(begin: number, end: number, read: ReadSubtree): Promise<Bytes> {
  const hashes: Bytes[] = [];
  while (begin < end) {
    const height = Math.floor(Math.log2(end - begin));
    hashes.push(await read(height, begin / 2 ** height));
    begin += 2 ** height;
  }
  return fold(hashes);
}

export async function proveInclusion(index: number, size: number, read: ReadSubtree): Promise<Bytes[]> {
  const proof: Bytes[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + split(end - begin);
    if (index < middle) {
      proof.push(await hashOf(middle, end, read));
      end = middle;
    } else {
      proof.push(await hashOf(begin, middle, read));
      begin = middle;
    }
  }
  return proof.reverse();
}

export async function proveConsistency(old: number, size: number, read: ReadSubtree): Promise<Bytes[]> {
  if (old === 0 || old === size) return [];
  const proof: Bytes[] = [];
  let [begin, end, whole] = [0, size, true];
  while (old !== end) {
    const middle = begin + split(end - begin);
    if (old <= middle) {
      proof.push(await hashOf(middle, end, read));
      end = middle;
    } else {
      proof.push(await hashOf(begin, middle, read));
      [begin, whole] = [middle, false];
    }
  }
  if (!whole) proof.push(await hashOf(begin, end, read));
  return proof.reverse();
}

const odd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);

function lengths(...hashes: Bytes[]): void {
  if (hashes.some((hash) => hash.length !== HASH_SIZE)) throw new Broken("a hash of another length");
}

export async function verifyInclusion(leaf: Bytes, index: number, size: number, proof: Bytes[], root: Bytes): Promise<void> {
  lengths(leaf, root, ...proof);
  if (index < 0 || index >= size) throw new Broken("no such entry");
  let [place, last, found] = [index, size - 1, leaf];
  for (const step of proof) {
    if (last === 0) throw new Broken("the proof is too long");
    if (odd(place) || place === last) {
      found = await nodeHash(step, found);
      while (!odd(place) && place > 0) [place, last] = [half(place), half(last)];
    } else {
      found = await nodeHash(found, step);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last !== 0 || !same(found, root)) throw new Broken("the proof does not lead to the root");
}

export async function verifyConsistency(
  old: number,
  size: number,
  oldRoot: Bytes,
  root: Bytes,
  proof: Bytes[],
): Promise<void> {
  if (old > size) throw new Broken("the log is shorter than it was");
  if (old === 0) return;
  if (old === size) {
    if (proof.length > 0 || !same(oldRoot, root)) throw new Broken("two logs of one size");
    return;
  }
  lengths(oldRoot, root, ...proof);
  const steps = Number.isInteger(Math.log2(old)) ? [oldRoot, ...proof] : [...proof];
  let [place, last] = [old - 1, size - 1];
  while (odd(place)) [place, last] = [half(place), half(last)];
  const first = steps.shift();
  if (!first) throw new Broken("the proof is empty");
  let [before, after] = [first, first];
  for (const step of steps) {
    if (last === 0) throw new Broken("the proof is too long");
    if (odd(place) || place === last) {
      before = await nodeHash(step, before);
      after = await nodeHash(step, after);
      while (!odd(place) && place > 0) [place, last] = [half(place), half(last)];
    } else {
      after = await nodeHash(after, step);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last !== 0 || !same(before, oldRoot) || !same(after, root)) throw new Broken("the log does not continue what it was");
}
