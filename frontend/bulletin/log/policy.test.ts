import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Broken, type Bytes, base64, utf8 } from "./bytes.ts";
import type { Key } from "./notes.ts";
import { enough, fewest, readPolicy } from "./policy.ts";

type Case = { name: string; text?: string; base64?: string; ok: boolean; needed?: number; line?: number | null };
// The table that tests/core/tlog/test_policies_shared.py runs through policies.py.
const table = JSON.parse(
  readFileSync(new URL("../../../tests/core/tlog/policies.json", import.meta.url), "utf8"),
) as { keys: Record<string, string>; cases: Case[] };

const filled = (text: string): Bytes =>
  utf8(text.replace(/\{([^}]+)\}/gu, (whole, name: string) => table.keys[name] ?? whole));

test("policies are read as the table says", async () => {
  assert.ok(table.cases.length > 90);
  for (const { name, ok, needed, line, ...one } of table.cases) {
    const data = one.base64 === undefined ? filled(one.text as string) : base64(one.base64);
    if (ok) {
      assert.equal(fewest(await readPolicy(data)), needed, name);
    } else {
      const said = line ? `^line ${line} of the policy` : "says nothing of a quorum$";
      const right = (error: unknown): boolean => error instanceof Broken && new RegExp(said, "u").test(error.message);
      await assert.rejects(readPolicy(data), right, name);
    }
  }
});

test("enough is what the fewest and no fewer are", async () => {
  for (const { name, ok, needed, text } of table.cases) {
    if (!ok || text === undefined) continue;
    const policy = await readPolicy(filled(text));
    const keys = [...policy.witnesses.values()];
    const meeting = Array.from({ length: 2 ** keys.length }, (_, n) => keys.filter((_key, i) => (n >> i) & 1)).filter(
      (signed) => enough(policy, new Set<Key>(signed)),
    );
    assert.equal(Math.min(...meeting.map((signed) => signed.length)), needed, name);
    assert.ok(!enough(policy, new Set(policy.logs)) || needed === 0, name);
  }
});

test("a long chain of groups", async () => {
  const chain = Array.from({ length: 20_000 }, (_, n) => `group g${n} 1 ${n ? `g${n - 1}` : "w"}`);
  const policy = await readPolicy(filled(["witness w {w0}", ...chain, "quorum g19999"].join("\n")));
  assert.deepEqual([fewest(policy), enough(policy, new Set(policy.witnesses.values())), enough(policy, new Set())], [1, true, false]);
});
