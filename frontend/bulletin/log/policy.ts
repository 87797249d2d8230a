// Policies, by the very rules of src/haq/tlog/policies.py: tests/core/tlog/policies.json holds both to them.

import { Broken, type Bytes, count, hex, text } from "./bytes.ts";
import { COSIGNATURE, ED25519, type Key, readKey } from "./notes.ts";

const NONE = "none";
const [TAB, LINE_END, BLANK, DELETE] = [0x09, 0x0a, 0x20, 0x7f];

type Group = { needed: number; members: string[] };
/** Groups stand below their members. */
export type Policy = { logs: Key[]; witnesses: Map<string, Key>; groups: Map<string, Group>; quorum: string };

/** Read a policy; what is wrong is named by its line. */
export async function readPolicy(data: Bytes): Promise<Policy> {
  const reader = new Reader();
  for (const [at, line] of split(data, (byte) => byte === LINE_END).entries()) {
    const where = `line ${at + 1} of the policy`;
    if (line.some((byte) => (byte < BLANK && byte !== TAB) || byte === DELETE)) {
      throw new Broken(`${where} holds a control character`);
    }
    const words = split(line, (byte) => byte === BLANK || byte === TAB).filter((one) => one.length).map(word);
    if (words[0] === undefined || words[0].startsWith("#")) continue;
    try {
      await reader.line(words);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      throw new Broken(`${where}: ${error.message}`);
    }
  }
  const { logs, witnesses, groups, quorum } = reader;
  if (quorum === null) throw new Broken("the policy says nothing of a quorum");
  return { logs, witnesses, groups, quorum };
}

class Reader {
  readonly logs: Key[] = [];
  readonly witnesses = new Map<string, Key>();
  readonly groups = new Map<string, Group>();
  quorum: string | null = null;
  private readonly keys = new Set<string>();
  private readonly members = new Set<string>();

  async line([what, ...words]: string[]): Promise<void> {
    const [first = "", second = "", ...rest] = words;
    if (what === "log" && (words.length === 1 || words.length === 2)) {
      this.logs.push(await this.key(first, ED25519));
    } else if (what === "witness" && (words.length === 2 || words.length === 3)) {
      this.free(first);
      this.witnesses.set(first, await this.key(second, COSIGNATURE));
    } else if (what === "group" && rest.length > 0) {
      this.group(first, second, rest);
    } else if (what === "quorum" && words.length === 1) {
      if (this.quorum !== null) throw new Broken("a second quorum");
      if (first !== NONE) this.known(first);
      this.quorum = first;
    } else {
      throw new Broken("this is neither log, witness, group nor quorum with what belongs to it");
    }
  }

  private group(name: string, number: string, members: string[]): void {
    this.free(name);
    for (const member of members) {
      this.known(member);
      if (this.members.has(member)) throw new Broken(`${quoted(member)} is already a member of a group`);
      this.members.add(member);
    }
    const needed = number === "any" ? 1 : number === "all" ? members.length : count(number);
    if (needed < 1 || needed > members.length) throw new Broken(`${needed} of ${members.length} members cannot be`);
    this.groups.set(name, { needed, members });
  }

  /** A key of the kind that signs as what the line calls it: a log cannot stand as its own witness. */
  private async key(published: string, kind: number): Promise<Key> {
    const key = await readKey(published);
    if (key.kind !== kind) throw new Broken(`the key ${quoted(key.name)} is not of the kind that this line asks for`);
    const bytes = hex(key.public);
    if (this.keys.has(bytes)) throw new Broken(`the key of ${quoted(key.name)} stands in the policy twice`);
    this.keys.add(bytes);
    return key;
  }

  private free(name: string): void {
    if (name === NONE || this.isKnown(name)) throw new Broken(`the name ${quoted(name)} is taken`);
  }

  private known(name: string): void {
    if (!this.isKnown(name)) throw new Broken(`${quoted(name)} is not defined above`);
  }

  private isKnown = (name: string): boolean => this.witnesses.has(name) || this.groups.has(name);
}

const quoted = (name: string): string => JSON.stringify(name.slice(0, 80));

function split(bytes: Bytes, at: (byte: number) => boolean): Bytes[] {
  const parts: Bytes[] = [];
  let begin = 0;
  for (let end = 0; end <= bytes.length; end += 1) {
    if (end < bytes.length && !at(bytes[end] as number)) continue;
    parts.push(bytes.subarray(begin, end));
    begin = end + 1;
  }
  return parts;
}

/** Letters beyond ASCII are opaque, and may be no letters at all: such bytes become what no letters can be. */
function word(bytes: Bytes): string {
  try {
    return text(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join("");
  }
}

/** Whether the witnesses that signed are enough. */
export function enough(policy: Policy, signed: Set<Key>): boolean {
  const has = new Set([...policy.witnesses].filter(([, key]) => signed.has(key)).map(([name]) => name));
  for (const [name, { needed, members }] of policy.groups) {
    if (members.filter((member) => has.has(member)).length >= needed) has.add(name);
  }
  return policy.quorum === NONE || has.has(policy.quorum);
}

/** The fewest witnesses that can be enough. */
export function fewest(policy: Policy): number {
  if (policy.quorum === NONE) return 0;
  const of = new Map([...policy.witnesses.keys()].map((name) => [name, 1]));
  for (const [name, { needed, members }] of policy.groups) {
    const each = members.map((member) => of.get(member) as number).sort((a, b) => a - b);
    of.set(name, each.slice(0, needed).reduce((sum, n) => sum + n, 0));
  }
  return of.get(policy.quorum) as number;
}
