// Checks what a page shows against the log: bytes in, facts out. How they are said is the page's matter.

import { Broken, type Bytes, base64, hex, same } from "./bytes.ts";
import { type Checkpoint, type Policy, enough, readCheckpoint, readNote, readPolicy, signers } from "./notes.ts";
import { type Get, readEntry, subtrees } from "./tiles.ts";
import { hashOf, leafHash, proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from "./tree.ts";

/** An entry that a page shows: its place in the log, and the hash of its leaf in hexadecimal. */
export type Shown = { index: number; leaf: string };

/** What this browser saw when it last checked; kept between visits. */
export type Seen = { origin: string; size: number; root: string };

export type Trouble =
  | "unreadable"
  | "unknown-log"
  | "log-forged"
  | "witness-forged"
  | "too-few-witnesses"
  | "rolled-back"
  | "split-view"
  | "entry-changed"
  | "page-newer";

/** Where a check ended; without `trouble` everything held. `details` is for the expert, in English. */
export type Report = {
  trouble: Trouble | null;
  details: string;
  checkpoint: Checkpoint | null;
  log: string;
  witnesses: { name: string; signed: boolean }[];
  needed: number;
  entries: { index: number; text: Bytes }[];
  grown: "first" | "same" | "grown" | null;
};

class Stop extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble, message: string) {
    super(message);
    this.trouble = trouble;
  }
}

/** Check the signed checkpoint of a log, that it continues what was seen, and that entries are in it. */
export async function check(get: Get, shown: Shown[], seen: Seen | null): Promise<Report> {
  const report: Report = {
    trouble: null,
    details: "",
    checkpoint: null,
    log: "",
    witnesses: [],
    needed: 0,
    entries: [],
    grown: null,
  };
  try {
    const policy = await readPolicy(await needed(get, "policy"));
    const checkpoint = await signedCheckpoint(await needed(get, "checkpoint"), policy, report);
    await continues(get, checkpoint, seen, report);
    const read = subtrees(get, checkpoint.size);
    for (const { index, leaf } of shown) {
      if (index >= checkpoint.size) throw new Stop("page-newer", `entry ${index} of ${checkpoint.size}`);
      report.entries.push({ index, text: await proven(get, checkpoint, index, leaf, read) });
    }
  } catch (error) {
    if (!(error instanceof Stop) && !(error instanceof Broken)) throw error;
    report.trouble = error instanceof Stop ? error.trouble : "unreadable";
    report.details = error.message;
  }
  return report;
}

async function needed(get: Get, path: string): Promise<Bytes> {
  const data = await get(path);
  if (!data) throw new Broken(`${path} is missing`);
  return data;
}

async function signedCheckpoint(data: Bytes, policy: Policy, report: Report): Promise<Checkpoint> {
  const note = readNote(data);
  const checkpoint = readCheckpoint(note.body);
  const logs = policy.logs.filter((key) => key.name === checkpoint.origin);
  const { signed, forged } = await signers(note, [...logs, ...policy.witnesses.values()]);
  const log = logs.find((key) => signed.has(key));
  report.checkpoint = checkpoint;
  report.witnesses = [...policy.witnesses].map(([name, key]) => ({ name, signed: signed.has(key) }));
  report.needed = fewest(policy);
  if (logs.length === 0) throw new Stop("unknown-log", checkpoint.origin);
  const bad = forged[0];
  if (bad && logs.includes(bad)) throw new Stop("log-forged", bad.name);
  if (bad) throw new Stop("witness-forged", bad.name);
  if (!log) throw new Stop("log-forged", checkpoint.origin);
  report.log = `${log.name}+${log.id}`;
  if (!enough(policy, signed)) throw new Stop("too-few-witnesses", `${signed.size - 1} signed`);
  return checkpoint;
}

/** The fewest witnesses that can be enough. */
function fewest(policy: Policy): number {
  const of = (name: string): number => {
    const group = policy.groups.get(name);
    if (!group) return 1;
    const members = group.members.map(of).sort((a, b) => a - b);
    return members.slice(0, group.needed).reduce((sum, n) => sum + n, 0);
  };
  return policy.quorum === "none" ? 0 : of(policy.quorum);
}

async function continues(get: Get, now: Checkpoint, seen: Seen | null, report: Report): Promise<void> {
  if (!seen || seen.origin !== now.origin) {
    report.grown = "first";
    return;
  }
  if (now.size < seen.size) throw new Stop("rolled-back", `${now.size} entries, and ${seen.size} before`);
  try {
    const proof = await proveConsistency(seen.size, now.size, subtrees(get, now.size));
    await verifyConsistency(seen.size, now.size, base64(seen.root), now.root, proof);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Stop("split-view", error.message);
  }
  report.grown = now.size === seen.size ? "same" : "grown";
}

async function proven(
  get: Get,
  checkpoint: Checkpoint,
  index: number,
  leaf: string,
  read: ReturnType<typeof subtrees>,
): Promise<Bytes> {
  try {
    const entry = await readEntry(get, index, checkpoint.size);
    const hash = await leafHash(entry);
    if (hex(hash) !== leaf) throw new Broken(`entry ${index} is not the one that this page was made of`);
    const proof = await proveInclusion(index, checkpoint.size, read);
    await verifyInclusion(hash, index, checkpoint.size, proof, checkpoint.root);
    return entry;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Stop("entry-changed", error.message);
  }
}

/** Whether the tiles lead to the signed root; a page without entries checks this much. */
export async function leads(get: Get, checkpoint: Checkpoint): Promise<boolean> {
  return same(await hashOf(0, checkpoint.size, subtrees(get, checkpoint.size)), checkpoint.root);
}
