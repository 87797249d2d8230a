// What proves to others that a log was changed: both signed checkpoints, in one file of plain text.

import { type Bytes } from "./bytes.ts";
import type { Report, Trouble } from "./check.ts";
import type { Visit } from "./memory.ts";

/** Troubles of which two checkpoints, or one with its policy, are evidence. */
const WORTH: readonly Trouble[] = [
  "other-log",
  "keys-changed",
  "log-forged",
  "log-exchanged",
  "split-view",
  "rolled-back",
  "witness-forged",
  "witnesses-changed",
];

export const worthKeeping = (report: Report): boolean => report.trouble !== null && WORTH.includes(report.trouble);

const b64 = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes));

/** Write the evidence of a check. It is in English, like the log's own files: it goes to people who check logs. */
export function evidence(report: Report, before: Visit | null, site: string, when: string): string {
  const parts = [
    `haq log evidence: ${report.trouble} (${report.details})\nsite: ${site}\nsaved: ${when}\n`,
    `--- checkpoint now\n${report.note}`,
    `--- policy now\n${report.policy}`,
  ];
  if (before) {
    parts.push(`--- checkpoint at the check of ${before.when}\n${before.note}`);
    if (before.policy !== report.policy) parts.push(`--- policy at the check of ${before.when}\n${before.policy}`);
  }
  if (report.fork) {
    const { size, root, proof } = report.fork;
    const lines = [`size ${size}`, `root ${b64(root)}`, ...proof.map(b64)];
    parts.push(`--- what the log now has as its first ${size} entries, proven from its root\n${lines.join("\n")}\n`);
  }
  return parts.join("\n");
}
