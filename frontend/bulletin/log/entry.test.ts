import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "./bytes.ts";
import { read } from "./entry.ts";
import { Saying, type Words } from "./saying.ts";

const words = (language: string, group: string): Words => ({
  language,
  group,
  months: ["{day} Jan {year}", ...Array.from({ length: 11 }, (_, i) => `{year} M${i + 2} {day}`)],
  words: { plain: "{n} of {of}; {log}" },
  counted: { rows: { one: "{num} row", few: "{num} rows, few", many: "{num} rows, many", other: "{num} rows" } },
  kinds: { reading: "reading of a copy" },
  fields: { unit: "Station or area", areas: "Areas", level: "Level" },
  missing: { empty: "is empty" },
  names: { level: { station: "Station", region: "Region" } },
  lines: { "": { found: "Ballots found", alpha: "First" }, lists: { alpha: "Forward" } },
});
const english = new Saying(words("en", ","));

test("numbers have their thousands apart as the pages write them", () => {
  const russian = new Saying(words("ru", "\u00a0"));
  assert.deepEqual([5, 1234, 77012, -1234567].map((n) => english.number(n)), ["5", "1,234", "77,012", "\u22121,234,567"]);
  assert.deepEqual([1234, 77012].map((n) => russian.number(n)), ["1234", "77\u00a0012"]);
  assert.deepEqual([1, 2, 5, 21].map((n) => russian.count("rows", n)), ["1 row", "2 rows, few", "5 rows, many", "21 row"]);
});

test("what a stranger wrote is filled in as text, once, and shows what would turn it around", () => {
  assert.equal(english.say("plain", { n: 1, of: 2, log: "{n}\u202ename" }), "1 of 2; {n}[U+202E]name");
  assert.equal(english.say("plain", { n: 1, of: 2 }), "1 of 2; {log}");
  assert.equal(english.say("unheard-of"), "unheard-of");
});

test("a time is written with the months of the language", () => {
  assert.equal(english.when(new Date(2026, 0, 5, 7, 3).toISOString()), "5 Jan 2026, 07:03");
  assert.equal(english.when(new Date(1999, 11, 31, 23, 59).toISOString()), "1999 M12 31, 23:59");
  assert.equal(english.when("\u202esome day"), "[U+202E]some day");
});

test("a reading is said with the names of its lines", () => {
  const entry = { copy_entry: "ab", kind: "reading", format: 1, lines: { alpha: 1234, found: "empty", x: null } };
  const said = read(utf8(JSON.stringify(entry)), english);
  assert.equal(said.kind, "reading of a copy");
  assert.deepEqual(said.fields, [{ name: "", key: "copy_entry", value: "ab" }]);
  assert.deepEqual(said.figures, [
    { name: "First", key: "alpha", value: "1,234" },
    { name: "Ballots found", key: "found", value: "is empty" },
    { name: "x", key: "x", value: "\u2013" },
  ]);
});

test("a choice is named as on the ballot paper of its contest", () => {
  const entry = { contest: "lists", kind: "total", sums: { alpha: 7 }, unit: "12" };
  const said = read(utf8(JSON.stringify(entry)), english);
  assert.deepEqual(said.figures, [{ name: "Forward (sums)", key: "alpha", value: "7" }]);
  assert.deepEqual(said.fields.map((one) => [one.name || one.key, one.value]), [["contest", "lists"], ["Station or area", "12"]]);
  assert.equal(said.kind, "total");
});

test("parts, lists and nothing are written out", () => {
  const entry = { areas: { region: "KZ-1", odd: 5 }, files: [], level: "station", row: 12345, waits: false, z: [{ a: 1 }] };
  const values = read(utf8(JSON.stringify(entry)), english).fields.map((one) => one.value);
  assert.deepEqual(values, ["Region: KZ-1; odd: 5", "\u2013", "Station (station)", "12345", "false", "a: 1"]);
});

test("what is no entry is shown as it stands, and nothing of it works", () => {
  for (const raw of ["[1]", "7", "not JSON", "null", "\u202e"]) {
    const said = read(utf8(raw), english);
    assert.deepEqual(said.fields.map((one) => one.value), [raw === "\u202e" ? "[U+202E]" : raw]);
  }
  assert.equal(read(Uint8Array.of(0xff), english).kind, "?");
});
