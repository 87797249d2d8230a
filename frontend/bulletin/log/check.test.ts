import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { type Bytes, hex, join, utf8 } from "./bytes.ts";
import { type Seen, type Trouble, type Trust, check } from "./check.ts";
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
  line(body: string, when = 1795000000n): string {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(when);
    const text = this.kind === 4 ? `cosignature/v1\ntime ${when}\n${body}` : body;
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
    const report = await check(get(files), log.name, [await shown(0), await shown(size - 1)], null);
    assert.equal(report.trouble, null, `${size}: ${report.details}`);
    assert.equal(report.entries.length, 2);
    assert.deepEqual([report.trust?.needed, report.witnesses.filter((w) => w.signed).length], [2, 3]);
  }
});

test("a log that grew continues what was seen", async () => {
  const now = await site(texts);
  for (const size of [1, 3, 255, 256, 300, 699, 700]) {
    const report = await check(get(now), log.name, [], seen(await site(texts.slice(0, size))));
    assert.equal(report.trouble, null, report.details);
    assert.equal(report.grown, size === 700 ? "same" : "grown");
  }
});

const flip = (files: Map<string, Bytes>, path: string, at: number): void => {
  const bytes = (files.get(path) as Bytes).slice();
  bytes[at] = (bytes[at] as number) ^ 1;
  files.set(path, bytes);
};

test("every attack has its name", async () => {
  const honest = await site(texts);
  const attack = async (change: (files: Map<string, Bytes>) => void | Promise<void>): Promise<Trouble | null> => {
    const files = new Map(honest);
    await change(files);
    return (await check(get(files), log.name, [await shown(300)], seen(honest))).trouble;
  };
  assert.equal(await attack(() => undefined), null);
  assert.equal(await attack((f) => flip(f, "tile/entries/001", 44 * 15 + 9)), "entry-changed");
  assert.equal(await attack((f) => void f.set("tile/entries/001", (f.get("tile/entries/001") as Bytes).slice(15))), "entry-changed");
  assert.equal(await attack((f) => void f.set("tile/entries/001", new Uint8Array())), "entry-changed");
  assert.equal(await attack((f) => void f.delete("tile/entries/001")), "file-missing");
  assert.equal(await attack((f) => void f.delete("tile/0/001")), "file-missing");
  assert.equal(await attack((f) => flip(f, "tile/0/001", 45 * 32)), "tile-changed");
  assert.equal(await attack((f) => void f.set("tile/0/001", new Uint8Array(9))), "tile-changed");
  assert.equal(await attack((f) => void f.delete("checkpoint")), "file-missing");
  assert.equal(await attack((f) => void f.set("checkpoint", utf8("<!DOCTYPE html>"))), "unreadable");
  assert.equal(await attack(async (f) => replace(f, await site(texts.slice(0, 690)))), "rolled-back");
  assert.equal(await attack(async (f) => replace(f, await site(["{}", ...texts.slice(1)]))), "split-view");
  assert.equal(await attack(async (f) => replace(f, await site(texts, [all[0] as Signer]))), "too-few-witnesses");
  const stranger = await new Signer("w2", 4).make();
  assert.equal(await attack(async (f) => replace(f, await site(texts, [all[0] as Signer, stranger]))), "too-few-witnesses");
  assert.equal(await attack((f) => forge(f, 3)), "witness-forged");
  assert.equal(await attack((f) => forge(f, 0)), "log-forged");
});

test("witnesses that do not exist count for nothing", async () => {
  const files = await site(texts, []);
  const body = `${(new TextDecoder().decode(files.get("checkpoint")).split("\n\n")[0] as string)}\n`;
  const trouble = async (lines: string[], ...signatures: string[]): Promise<Trouble | null> => {
    const shown = new Map(files).set("policy", utf8([`log ${log.published}`, ...lines, ""].join("\n")));
    shown.set("checkpoint", utf8([`${body}\n`, log.line(body), ...signatures].join("")));
    return (await check(get(shown), log.name, [], null)).trouble;
  };
  const witness = one as Signer;
  const both = ["group g 2 a b", "quorum g"];
  const [a, b] = ["a", "b"].map((name) => `witness ${name} ${witness.published}`) as [string, string];
  assert.equal(await trouble([a, "quorum a"], witness.line(body)), null);
  assert.equal(await trouble([a, b, ...both], witness.line(body)), "unreadable");
  assert.equal(await trouble([`witness a ${log.published}`, "quorum a"]), "unreadable");
  assert.equal(await trouble([a, "group g 2 a a", "quorum g"], witness.line(body)), "unreadable");
  assert.equal(await trouble([a, "group g 0 a", "quorum g"]), "unreadable");
  // A signature of the log's kind under the name of a witness is no cosignature.
  const plain = await new Signer(witness.name, 1).make();
  assert.equal(await trouble([`witness a ${plain.published}`, "quorum a"], plain.line(body)), "unreadable");
  assert.equal(await trouble([a, "quorum a"], plain.line(body)), "too-few-witnesses");
  const cosigning = await new Signer(log.name, 4).make();
  assert.equal(await trouble([a, "quorum a"], witness.line(body), cosigning.line(body)), null);
  assert.equal(await trouble([`log ${cosigning.published}`, "quorum none"], cosigning.line(body)), "unreadable");
  assert.equal(await trouble([a, "quorum a"], witness.line(body, 2n ** 63n - 1n)), null);
  assert.equal(await trouble([a, "quorum a"], witness.line(body, 2n ** 63n)), "witness-forged");
});

test("two views are named before the witnesses that are missing under the second", async () => {
  const report = await check(
    get(await site(["{}", ...texts.slice(1)], [])),
    log.name,
    [],
    seen(await site(texts.slice(0, 300))),
  );
  assert.equal(report.trouble, "split-view");
  assert.equal(report.fork?.size, 300);
  assert.ok(report.fork.proof.length > 0);
});

test("a damaged tile is never called a fork", async () => {
  for (const size of [256, 300, 512]) {
    const before = seen(await site(texts.slice(0, size)));
    for (const path of ["tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2"]) {
      const files = await site(texts);
      flip(files, path, 0);
      const { trouble } = await check(get(files), log.name, [], before);
      assert.ok(trouble === "tile-changed" || trouble === null, `${size} ${path}: ${trouble}`);
      files.delete(path);
      const gone = (await check(get(files), log.name, [], before)).trouble;
      assert.ok(gone === "file-missing" || gone === null, `${size} ${path}: ${gone}`);
    }
  }
});

test("a page that names other entries than the log has is told apart from a changed log", async () => {
  const files = await site(texts);
  const other = { index: 300, leaf: (await shown(301)).leaf };
  const report = await check(get(files), log.name, [await shown(299), other, { index: 700, leaf: "00" }], null);
  assert.deepEqual([report.trouble, report.bad], ["page-changed", [300, 700]]);
  assert.deepEqual(report.entries.map((one) => one.index), [299]);
  assert.equal((await check(get(files), log.name, [{ index: 700, leaf: "00" }], null)).trouble, "page-newer");
});

test("a page without entries still sees that a tile was changed", async () => {
  const files = await site(texts);
  assert.equal((await check(get(files), log.name, [], null)).trouble, null);
  flip(files, "tile/0/002.p/188", 0);
  assert.equal((await check(get(files), log.name, [], null)).trouble, "tile-changed");
});

test("other keys than at the last visit are named", async () => {
  const files = await site(texts);
  const first = await check(get(files), log.name, [], null);
  const before = { ...seen(files), trust: first.trust as Trust };
  assert.equal((await check(get(files), log.name, [], before)).trouble, null);
  const names = (text: string): Map<string, Bytes> => new Map(files).set("policy", utf8(text));
  const fewer = await check(get(names(policy.replace("group most 2", "group most 1"))), log.name, [], before);
  assert.deepEqual([fewer.trouble, fewer.details], ["witnesses-changed", "2 -> 1 needed"]);
  const stranger = await new Signer("w3", 4).make();
  const others = await check(get(names(policy.replace((three as Signer).published, stranger.published))), log.name, [], before);
  assert.equal(others.trouble, "witnesses-changed");
  const thief = await new Signer(log.name, 1).make();
  const body = new TextDecoder().decode(files.get("checkpoint")).split("\n\n")[0] as string;
  const stolen = names(policy.replace(log.published, thief.published));
  stolen.set("checkpoint", utf8(`${body}\n\n${thief.line(`${body}\n`)}`));
  assert.equal((await check(get(stolen), log.name, [], before)).trouble, "keys-changed");
  const both = names(`log ${thief.published}\n${policy}`).set("checkpoint", stolen.get("checkpoint") as Bytes);
  assert.equal((await check(get(both), log.name, [], before)).trouble, "keys-changed");
});

test("a site that exchanges its log as a whole is named", async () => {
  const before: Seen = { ...seen(await site(["{}"])), origin: "example.org/before" };
  assert.equal((await check(get(await site(texts)), log.name, [], before)).trouble, "log-exchanged");
});

test("a log of another name than the page was made from is named", async () => {
  const files = await site(texts);
  assert.equal((await check(get(files), "example.org/other", [], null)).trouble, "other-log");
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
