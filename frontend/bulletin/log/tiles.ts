// Tiles and bundles of c2sp.org/tlog-tiles, as src/haq/tlog/tiles.py has them.

import { Broken, type Bytes } from "./bytes.ts";
import { HASH_SIZE, nodeHash } from "./tree.ts";

const HEIGHT = 8;
export const WIDTH = 256;

/** Gives a file of the log; null where it is not there. */
export type Get = (path: string) => Promise<Bytes | null>;

/** A file of the log is not there: that proves nothing against anybody. */
export class Missing extends Broken {}

/** Name of a tile; level "entries" for a bundle. */
export function tilePath(level: number | "entries", index: number, width: number): string {
  let path = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return `tile/${level}/${path}${width === WIDTH ? "" : `.p/${width}`}`;
}

/** A tile or bundle; where the partial one is gone, the full one. */
async function tile(get: Get, level: number | "entries", index: number, width: number): Promise<Bytes> {
  const data = (await get(tilePath(level, index, width))) ?? (await get(tilePath(level, index, WIDTH)));
  if (!data) throw new Missing(`${tilePath(level, index, width)} is missing`);
  return data;
}

/** Reads hashes of complete subtrees from the tiles of a tree of some size. Nothing read is trusted. */
export function subtrees(get: Get, size: number): (height: number, index: number) => Promise<Bytes> {
  const kept = new Map<string, Promise<Bytes[]>>();
  const read = async (level: number, index: number): Promise<Bytes[]> => {
    const width = Math.min(WIDTH, Math.floor(size / WIDTH ** level) - index * WIDTH);
    const data = await tile(get, level, index, width);
    if (data.length !== width * HASH_SIZE && data.length !== WIDTH * HASH_SIZE) {
      throw new Broken(`${tilePath(level, index, width)} is cut`);
    }
    return Array.from({ length: width }, (_, i) => data.slice(i * HASH_SIZE, (i + 1) * HASH_SIZE));
  };
  return async (height, index) => {
    const level = Math.floor(height / HEIGHT);
    const leaves = 2 ** (height % HEIGHT);
    const begin = index * leaves;
    const which = Math.floor(begin / WIDTH);
    const name = `${level}/${which}`;
    const hashes = kept.get(name) ?? read(level, which);
    kept.set(name, hashes);
    let row = (await hashes).slice(begin % WIDTH, (begin % WIDTH) + leaves);
    if (row.length !== leaves) throw new Broken("no such subtree");
    while (row.length > 1) {
      const above: Bytes[] = [];
      for (let i = 0; i < row.length; i += 2) above.push(await nodeHash(row[i] as Bytes, row[i + 1] as Bytes));
      row = above;
    }
    return row[0] as Bytes;
  };
}

/** One entry of a log of some size. */
export async function readEntry(get: Get, index: number, size: number): Promise<Bytes> {
  const which = Math.floor(index / WIDTH);
  const data = await tile(get, "entries", which, Math.min(WIDTH, size - which * WIDTH));
  let at = 0;
  for (let place = which * WIDTH; at < data.length; place += 1) {
    const end = at + 2 + (data[at] as number) * 256 + (data[at + 1] ?? 0);
    if (end > data.length) break;
    if (place === index) return data.slice(at + 2, end);
    at = end;
  }
  throw new Broken(`entry ${index} is missing from its bundle`);
}
