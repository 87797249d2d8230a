import assert from "node:assert/strict";
import { test } from "node:test";
import { type Report } from "./check.ts";
import { evidence, worthKeeping } from "./evidence.ts";
import { Memory, type Store } from "./memory.ts";

const root = new Uint8Array(32).fill(7);
const b64 = Buffer.from(root).toString("base64");
const report: Report = {
  trouble: null,
  details: "",
  checkpoint: { origin: "example.org/log", size: 5, root },
  note: `example.org/log\n5\n${b64}\n\n\u2014 example.org/log sig\n`,
  policy: "log key\nquorum none\n",
  trust: { log: "key", witnesses: ["w key"], needed: 1 },
  witnesses: [],
  entries: [],
  bad: [],
  grown: "first",
  fork: null,
};

class Held implements Store {
  readonly texts = new Map<string, string>();
  getItem = (name: string): string | null => this.texts.get(name) ?? null;
  setItem = (name: string, text: string): void => void this.texts.set(name, text);
}

test("what was kept is there at the next visit, for each log apart", () => {
  const store = new Held();
  const memory = new Memory(() => store, "/");
  assert.equal(memory.last("example.org/log"), null);
  assert.equal(memory.keep(report, b64, "2026-12-01T00:00:00.000Z"), true);
  const last = new Memory(() => store, "/").last("example.org/log");
  assert.deepEqual([last?.size, last?.root, last?.note, last?.trust], [5, b64, report.note, report.trust]);
  assert.equal(memory.last("example.org/other"), null);
  // Another log at the same place is no first visit; at another place it is.
  assert.equal(memory.before("example.org/other")?.origin, "example.org/log");
  assert.equal(new Memory(() => store, "/mirror/").before("example.org/other"), null);
  assert.equal(new Memory(() => store, "/mirror/").before("example.org/log")?.size, 5);
});

test("a browser that keeps nothing is no trouble, and says so", () => {
  const forbidden = new Memory(() => {
    throw new Error("SecurityError");
  }, "/");
  assert.equal(forbidden.before("example.org/log"), null);
  assert.equal(forbidden.keep(report, b64, "now"), false);
  const full = new Memory(() => ({ getItem: () => null, setItem: () => undefined }), "/");
  assert.equal(full.keep(report, b64, "now"), false);
});

test("what makes no sense in the memory is as if it were not there", () => {
  const store = new Held();
  const memory = new Memory(() => store, "/");
  memory.keep(report, b64, "now");
  const name = [...store.texts.keys()][0] as string;
  const sound = store.texts.get(name) as string;
  for (const bad of ["", "{", "7", "{}", sound.replace(b64, "AAAA"), sound.replace(":5", ":-0.5"), sound.replace('"needed":1', '"x":1')]) {
    store.texts.set(name, bad);
    assert.equal(memory.last("example.org/log"), null, bad);
  }
});

test("the evidence holds both signed checkpoints, and what leads from one to the other", () => {
  const store = new Held();
  const memory = new Memory(() => store, "/");
  memory.keep(report, b64, "then");
  const before = memory.last("example.org/log");
  const other = report.note.replace("\n5\n", "\n9\n");
  const forked: Report = { ...report, trouble: "split-view", note: other, fork: { size: 5, root, proof: [root, root] } };
  assert.ok(worthKeeping(forked) && !worthKeeping(report) && !worthKeeping({ ...report, trouble: "file-missing" }));
  const text = evidence(forked, before, "https://example.org/", "now");
  for (const part of [report.note, other, "split-view", "https://example.org/", `root ${b64}\n${b64}\n${b64}\n`, "of then"]) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(!text.includes("policy at the check"));
  assert.ok(evidence({ ...forked, policy: "another" }, before, "", "").includes("policy at the check of then"));
});
