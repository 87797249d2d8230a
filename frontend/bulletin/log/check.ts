// Checks what a page shows against the log: bytes in, facts out. How they are said is the page's matter.

import { Broken, type Bytes, base64, hex, loosely, same, text } from "./bytes.ts";
import { type Checkpoint, type Key, readCheckpoint, readNote, signers } from "./notes.ts";
import { type Policy, enough, fewest, readPolicy } from "./policy.ts";
import { type Get, Missing, readEntry, subtrees } from "./tiles.ts";
import { type ReadSubtree, hashOf, leafHash } from "./tree.ts";
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from "./tree.ts";

/** An entry that a page shows: its place in the log, and the hash of its leaf in hexadecimal. */
export type Shown = { index: number; leaf: string };

/** Whose signatures counted: the log's key, each witness with its name in the policy, and how many are enough. */
export type Trust = { log: string; witnesses: string[]; needed: number };

/** What this browser saw when it last checked this site; kept between visits. */
export type Seen = { origin: string; size: number; root: string; trust?: Trust };

/** The gravest first: of several, the first is named. */
export const TROUBLES = [
  "unreadable",
  "other-log",
  "unknown-log",
  "keys-changed",
  "log-forged",
  "log-exchanged",
  "split-view",
  "rolled-back",
  "witness-forged",
  "too-few-witnesses",
  "witnesses-changed",
  "entry-changed",
  "page-changed",
  "tile-changed",
  "file-missing",
  "page-newer",
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Proves that two signed checkpoints cannot both be of one log: see docs/methods/log.md. */
export type Fork = { size: number; root: Bytes; proof: Bytes[] };

/** Where a check ended; without `trouble` everything held. `details` is for the expert, in English. */
export type Report = {
  trouble: Trouble | null;
  details: string;
  checkpoint: Checkpoint | null;
  /** The signed checkpoint and the policy as they were read. */
  note: string;
  policy: string;
  trust: Trust | null;
  witnesses: { name: string; signed: boolean }[];
  /** Entries that are proven to be in the log, and places of those that are not. */
  entries: { index: number; text: Bytes }[];
  bad: number[];
  grown: "first" | "same" | "grown" | null;
  fork: Fork | null;
};

class Stop extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble, message: string) {
    super(message);
    this.trouble = trouble;
  }
}

/**
 * Check the signed checkpoint of a log, that it continues what was seen, and that entries are in it.
 * `name` is what the page calls the log that it was made from.
 */
export async function check(get: Get, name: string, shown: Shown[], seen: Seen | null): Promise<Report> {
  const report: Report = {
    trouble: null,
    details: "",
    checkpoint: null,
    note: "",
    policy: "",
    trust: null,
    witnesses: [],
    entries: [],
    bad: [],
    grown: null,
    fork: null,
  };
  try {
    await checkAll(once(get), name, shown, seen, report);
  } catch (error) {
    if (!(error instanceof Stop) && !(error instanceof Broken)) throw error;
    report.trouble = error instanceof Stop ? error.trouble : error instanceof Missing ? "file-missing" : "unreadable";
    report.details = error.message;
  }
  return report;
}

async function checkAll(get: Get, name: string, shown: Shown[], seen: Seen | null, report: Report): Promise<void> {
  const [policyFile, noteFile] = await Promise.all([needed(get, "policy"), needed(get, "checkpoint")]);
  [report.policy, report.note] = [loosely(policyFile), text(noteFile)];
  const policy = await readPolicy(policyFile);
  const note = readNote(noteFile);
  const checkpoint = readCheckpoint(note.body);
  const before = seen?.origin === checkpoint.origin ? seen : null;
  report.checkpoint = checkpoint;
  if (checkpoint.origin !== name) throw new Stop("other-log", `${checkpoint.origin}, and not ${name}`);
  const logs = policy.logs.filter((key) => key.name === checkpoint.origin);
  if (logs.length === 0) throw new Stop("unknown-log", checkpoint.origin);
  const old = before?.trust?.log;
  if (old && !logs.some((key) => key.published === old)) throw new Stop("keys-changed", `the key was ${old}`);

  const { signed, forged } = await signers(note, [...logs, ...policy.witnesses.values()]);
  const log = logs.find((key) => signed.has(key) && (!old || key.published === old));
  if (!log && logs.some((key) => signed.has(key))) throw new Stop("keys-changed", `the key was ${old}`);
  report.witnesses = [...policy.witnesses].map(([known, key]) => ({ name: known, signed: signed.has(key) }));
  if (!log || forged.some((key) => logs.includes(key))) throw new Stop("log-forged", checkpoint.origin);
  report.trust = trustOf(policy, log);
  if (seen && !before) throw new Stop("log-exchanged", `${checkpoint.origin}, and ${seen.origin} before`);

  const read = subtrees(get, checkpoint.size);
  await continues(read, checkpoint, before, report);
  if (forged[0]) throw new Stop("witness-forged", forged[0].name);
  if (!enough(policy, signed)) throw new Stop("too-few-witnesses", `${signed.size - 1} signed`);
  const others = before?.trust && changed(before.trust, report.trust);
  if (others) throw new Stop("witnesses-changed", others);
  if (shown.length === 0 && !(await leads(read, checkpoint))) throw new Stop("tile-changed", "the root is another");
  await findEntries(get, read, checkpoint, shown, report);
}

/** Read every file once, however many entries stand in it. */
function once(get: Get): Get {
  const held = new Map<string, Promise<Bytes | null>>();
  return (path) => {
    const found = held.get(path) ?? get(path);
    held.set(path, found);
    return found;
  };
}

async function needed(get: Get, path: string): Promise<Bytes> {
  const data = await get(path);
  if (!data) throw new Missing(`${path} is missing`);
  return data;
}

function trustOf(policy: Policy, log: Key): Trust {
  const witnesses = [...policy.witnesses].map(([name, key]) => `${name} ${key.published}`).sort();
  return { log: log.published, witnesses, needed: fewest(policy) };
}

/** Say which witnesses came, which went, and whether another number is enough; nothing where all is as it was. */
function changed(before: Trust, now: Trust): string {
  const went = before.witnesses.filter((one) => !now.witnesses.includes(one)).map((one) => `-${one}`);
  const came = now.witnesses.filter((one) => !before.witnesses.includes(one)).map((one) => `+${one}`);
  const quorum = before.needed === now.needed ? [] : [`${before.needed} -> ${now.needed} needed`];
  return [...went, ...came, ...quorum].join("; ");
}

async function continues(read: ReadSubtree, now: Checkpoint, seen: Seen | null, report: Report): Promise<void> {
  if (!seen) {
    report.grown = "first";
    return;
  }
  const root = base64(seen.root);
  if (now.size < seen.size) throw new Stop("rolled-back", `${now.size} entries, and ${seen.size} before`);
  if (now.size === seen.size) {
    if (!same(root, now.root)) throw new Stop("split-view", `two roots for ${now.size} entries`);
    report.grown = "same";
    return;
  }
  // A damaged tile must not be called a fork: only what leads to the signed root speaks of what was before.
  const { there, proof } = await onTiles(async () => {
    const proof = await proveConsistency(seen.size, now.size, read);
    const there = await hashOf(0, seen.size, read);
    await verifyConsistency(seen.size, now.size, there, now.root, proof);
    return { there, proof };
  });
  if (!same(there, root)) {
    report.fork = { size: seen.size, root: there, proof };
    throw new Stop("split-view", `another root for the first ${seen.size} entries`);
  }
  report.grown = "grown";
}

/** Do something with the hashes of the tree; where they do not lead to the root, a file was changed or is gone. */
async function onTiles<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Stop(error instanceof Missing ? "file-missing" : "tile-changed", error.message);
  }
}

async function findEntries(
  get: Get,
  read: ReadSubtree,
  checkpoint: Checkpoint,
  shown: Shown[],
  report: Report,
): Promise<void> {
  const stops: Stop[] = [];
  const found = await Promise.all(
    shown.map(async ({ index, leaf }) => {
      try {
        return { index, text: await proven(get, read, checkpoint, index, leaf) };
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
        stops.push(error);
        report.bad.push(index);
        return null;
      }
    }),
  );
  report.entries = found.filter((one) => one !== null);
  report.bad.sort((a, b) => a - b);
  stops.sort((a, b) => TROUBLES.indexOf(a.trouble) - TROUBLES.indexOf(b.trouble));
  if (stops[0]) throw stops[0];
}

async function proven(
  get: Get,
  read: ReadSubtree,
  checkpoint: Checkpoint,
  index: number,
  leaf: string,
): Promise<Bytes> {
  if (index >= checkpoint.size) throw new Stop("page-newer", `entry ${index} of ${checkpoint.size}`);
  const signed = await onTiles(async () => {
    const hash = await read(0, index);
    const proof = await proveInclusion(index, checkpoint.size, read);
    await verifyInclusion(hash, index, checkpoint.size, proof, checkpoint.root);
    return hash;
  });
  let entry: Bytes;
  try {
    entry = await readEntry(get, index, checkpoint.size);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Stop(error instanceof Missing ? "file-missing" : "entry-changed", error.message);
  }
  if (!same(await leafHash(entry), signed)) throw new Stop("entry-changed", `entry ${index} is not what was signed`);
  if (hex(signed) !== leaf) throw new Stop("page-changed", `entry ${index} is not the one that this page names`);
  return entry;
}

/** Whether the tiles lead to the signed root; a page without entries checks this much. */
async function leads(read: ReadSubtree, checkpoint: Checkpoint): Promise<boolean> {
  return onTiles(async () => same(await hashOf(0, checkpoint.size, read), checkpoint.root));
}
