// What this browser saw of each log when it last checked; a private window may keep nothing.

import { base64 } from "./bytes.ts";
import type { Report, Seen, Trust } from "./check.ts";

/** What is kept of a check: also the signed checkpoint itself, because only that is evidence. */
export type Visit = Seen & { note: string; policy: string; trust: Trust; when: string };

/** What is used of `localStorage`; to touch it at all may throw. */
export type Store = Pick<Storage, "getItem" | "setItem">;

const nameOf = (log: string): string => `haq-log ${log}`;

export class Memory {
  private readonly open: () => Store;
  /** Under which it is kept which log a site showed. */
  private readonly site: string;
  constructor(open: () => Store, path: string) {
    this.open = open;
    this.site = `haq-site ${path}`;
  }

  /** The last visit to a log; else to the log that this site showed, which may have been another. */
  before(log: string): Visit | null {
    return this.last(log) ?? this.last(this.shown());
  }

  private shown(): string {
    try {
      return this.open().getItem(this.site) ?? "";
    } catch {
      return "";
    }
  }

  /** The last visit to a log; null where there was none, or what is kept of it makes no sense. */
  last(log: string): Visit | null {
    try {
      const held = JSON.parse(this.open().getItem(nameOf(log)) ?? "null") as Visit | null;
      if (!held) return null;
      const texts = [held.origin, held.root, held.note, held.policy, held.when, held.trust.log];
      const sound = texts.every((one) => typeof one === "string") && Number.isSafeInteger(held.size) && held.size >= 0;
      const trusted = Array.isArray(held.trust.witnesses) && Number.isSafeInteger(held.trust.needed);
      return sound && trusted && base64(held.root).length === 32 ? held : null;
    } catch {
      return null;
    }
  }

  /** Keep a check; false where this browser keeps nothing. */
  keep(report: Report, root: string, when: string): boolean {
    const { checkpoint, trust, note, policy } = report;
    if (!checkpoint || !trust) return false;
    const visit: Visit = { origin: checkpoint.origin, size: checkpoint.size, root, note, policy, trust, when };
    try {
      this.open().setItem(nameOf(checkpoint.origin), JSON.stringify(visit));
      this.open().setItem(this.site, checkpoint.origin);
      return this.last(checkpoint.origin)?.when === when;
    } catch {
      return false;
    }
  }
}
