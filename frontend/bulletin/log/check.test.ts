import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { type Bytes, hex, join, utf8 } from "./bytes.ts";
import { type Seen, type Trouble, check } from "./check.ts";
import { tilePath } from "./tiles.ts";
import { leafHash, nodeHash, sha256 } from "./tree.ts";

const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

class Signer {
  private pair = generateKeyPairSync("ed25519");
  private id: Bytes = new Uint8Array();
  readonly name: string;
  readonly kind: number;
  published = "";
  constructor(name: string, kind: number) {
    this.name = name;
    this.kind = kind;
  }
  async make(): Promise<this> {
    const raw = new Uint8Array(this.pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32));
    const data = join(Uint8Array.of(this.kind), raw);
    this.id = (await sha256(join(utf8(`${this.name}\n`), data))).slice(0, 4);
    this.published = `${this.name}+${hex(this.id)}+${b64(data)}`;
    return this;
  }
  line(body: string): string {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(1795000000n);
    const text = this.kind === 4 ? `cosignature/v1\ntime 1795000000\n${body}` : body;
    const value = sign(null, Buffer.from(text), this.pair.privateKey);
    return `\u2014 ${this.name} ${b64(Buffer.concat([this.id, this.kind === 4 ? time : Buffer.alloc(0), value]))}\n`;
  }
}

const log = await new Signer("example.org/log", 1).make();
const [one, two, three] = await Promise.all(["w1", "w2", "w3"].map((name) => new Signer(name, 4).make()));
const all = [one, two, three] as Signer[];
const policy = [
  `log ${log.published}`,
  ...all.map((w) => `witness ${w.name} ${w.published}`),
  "group most 2 w1 w2 w3",
  "quorum most",
  "",
].join("\n");

/** A log as files. */
async function site(entries: string[], witnesses: Signer[] = all): Promise<Map<string, Bytes>> {
  const files = new Map<string, Bytes>([["policy", utf8(policy)]]);
  for (let at = 0; at < entries.length; at += 256) {
    const bundle = entries.slice(at, at + 256).map((entry) => {
      const bytes = utf8(entry);
      return join(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes);
    });
    files.set(tilePath("entries", at / 256, bundle.length), join(...bundle));
  }
  const root = async (row: Bytes[]): Promise<Bytes> => {
    if (row.length === 1) return row[0] as Bytes;
    let half = 1;
    while (half * 2 < row.length) half *= 2;
    return nodeHash(await root(row.slice(0, half)), await root(row.slice(half)));
  };
  const leaves = await Promise.all(entries.map((entry) => leafHash(utf8(entry))));
  for (let [level, row] = [0, leaves]; row.length > 0; level += 1) {
    const above: Bytes[] = [];
    for (let at = 0; at < row.length; at += 256) {
      const tile = row.slice(at, at + 256);
      files.set(tilePath(level, at / 256, tile.length), join(...tile));
      if (tile.length === 256) above.push(await root(tile));
    }
    row = above;
  }
  const body = `${log.name}\n${entries.length}\n${b64(await root(leaves))}\n`;
  files.set("checkpoint", utf8([`${body}\n`, log.line(body), ...witnesses.map((w) => w.line(body))].join("")));
  return files;
}

const texts = Array.from({ length: 700 }, (_, i) => `{"entry":${i}}`);
const shown = async (index: number) => ({ index, leaf: hex(await leafHash(utf8(texts[index] as string))) });
const get = (files: Map<string, Bytes>) => async (path: string) => files.get(path) ?? null;
const seen = (files: Map<string, Bytes>): Seen => {
  const [origin, size, root] = new TextDecoder().decode(files.get("checkpoint")).split("\n");
  return { origin: origin as string, size: Number(size), root: root as string };
};

test("an honest log of every size around a tile", async () => {
  for (const size of [1, 2, 255, 256, 257, 511, 512, 513, 700]) {
    const files = await site(texts.slice(0, size));
    const report = await check(get(files), [await shown(0), await shown(size - 1)], null);
    assert.equal(report.trouble, null, `${size}: ${report.details}`);
    assert.equal(report.entries.length, 2);
    assert.deepEqual([report.needed, report.witnesses.filter((w) => w.signed).length], [2, 3]);
  }
});

test("a log that grew continues what was seen", async () => {
  const now = await site(texts);
  for (const size of [1, 3, 255, 256, 300, 699, 700]) {
    const report = await check(get(now), [], seen(await site(texts.slice(0, size))));
    assert.equal(report.trouble, null, report.details);
    assert.equal(report.grown, size === 700 ? "same" : "grown");
  }
});

test("every attack has its name", async () => {
  const honest = await site(texts);
  const attack = async (change: (files: Map<string, Bytes>) => void | Promise<void>): Promise<Trouble | null> => {
    const files = new Map(honest);
    await change(files);
    return (await check(get(files), [await shown(300)], seen(honest))).trouble;
  };
  const flip = (files: Map<string, Bytes>, path: string, at: number): void => {
    const bytes = (files.get(path) as Bytes).slice();
    bytes[at] = (bytes[at] as number) ^ 1;
    files.set(path, bytes);
  };
  assert.equal(await attack(() => undefined), null);
  assert.equal(await attack((f) => flip(f, "tile/entries/001", 44 * 15 + 9)), "entry-changed");
  assert.equal(await attack((f) => void f.delete("tile/entries/001")), "entry-changed");
  assert.equal(await attack((f) => flip(f, "tile/0/001", 45 * 32)), "entry-changed");
  assert.equal(await attack((f) => void f.delete("checkpoint")), "unreadable");
  assert.equal(await attack(async (f) => replace(f, await site(texts.slice(0, 690)))), "rolled-back");
  assert.equal(await attack(async (f) => replace(f, await site(["{}", ...texts.slice(1)]))), "split-view");
  assert.equal(await attack(async (f) => replace(f, await site(texts, [all[0] as Signer]))), "too-few-witnesses");
  const stranger = await new Signer("w2", 4).make();
  assert.equal(await attack(async (f) => replace(f, await site(texts, [all[0] as Signer, stranger]))), "too-few-witnesses");
  assert.equal(await attack((f) => forge(f, 3)), "witness-forged");
  assert.equal(await attack((f) => forge(f, 0)), "log-forged");
});

function replace(files: Map<string, Bytes>, others: Map<string, Bytes>): void {
  files.clear();
  for (const [path, data] of others) files.set(path, data);
}

/** Change one letter of a signature. */
function forge(files: Map<string, Bytes>, which: number): void {
  const lines = new TextDecoder().decode(files.get("checkpoint")).split("\n");
  const line = lines[4 + which] as string;
  const at = line.length - 20;
  lines[4 + which] = line.slice(0, at) + (line[at] === "A" ? "B" : "A") + line.slice(at + 1);
  files.set("checkpoint", utf8(lines.join("\n")));
}
