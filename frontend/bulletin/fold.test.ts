import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fold } from "./fold.ts";

// The table that tests/core/bulletin/test_fold.py runs through fold.py.
const table = JSON.parse(
  readFileSync(new URL("../../tests/core/bulletin/fold.json", import.meta.url), "utf8"),
) as { same: string[][]; different: string[][]; tokens: Record<string, string[]> };

const tokens = (text: string): string[] => fold(text).map(({ token }) => token);

test("spellings of one word are one token", () => {
  for (const group of table.same) {
    const all = new Set(group.map((word) => tokens(word).join(" ")));
    assert.equal(all.size, 1, `${group.join(", ")}: ${[...all].join(", ")}`);
  }
});

test("different words stay apart", () => {
  for (const group of table.different) {
    assert.equal(new Set(group.map((word) => tokens(word).join(" "))).size, group.length, group.join(", "));
  }
});

test("texts become the tokens of the table", () => {
  for (const [text, expected] of Object.entries(table.tokens)) assert.deepEqual(tokens(text), expected, text);
});

test("a token remembers the word as it was typed", () => {
  assert.deepEqual(fold("ул. Жамбыла 007"), [
    { token: "jambil", word: "Жамбыла" },
    { token: "7", word: "007" },
  ]);
});
