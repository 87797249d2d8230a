import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Broken, type Bytes, base64, utf8 } from "./bytes.ts";
import { type Checkpoint, readCheckpoint, readNote } from "./notes.ts";

type Case = { name: string; parts?: [string, number][]; base64?: string; ok: boolean; signatures?: number; checkpoint?: [string, number] | null };
// The table that tests/core/tlog/test_notes_shared.py runs through notes.py and checkpoints.py.
const table = JSON.parse(
  readFileSync(new URL("../../../tests/core/tlog/notes.json", import.meta.url), "utf8"),
) as { cases: Case[] };

const dataOf = (one: Case): Bytes =>
  one.base64 === undefined ? utf8((one.parts ?? []).map(([text, times]) => text.repeat(times)).join("")) : base64(one.base64);

/** What a reader gives, or null for what is broken; every other error is a fault of the reader. */
function tried<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof Broken, String(error));
    return null;
  }
}

test("notes are read as the table says", () => {
  assert.ok(table.cases.length > 100);
  for (const one of table.cases) {
    const note = tried(() => readNote(dataOf(one)));
    assert.equal(note !== null, one.ok, one.name);
    if (note === null) continue;
    assert.equal(note.lines.length, one.signatures, one.name);
    const checkpoint: Checkpoint | null = tried(() => readCheckpoint(note.body));
    assert.deepEqual(checkpoint && [checkpoint.origin, checkpoint.size], one.checkpoint, one.name);
  }
});
