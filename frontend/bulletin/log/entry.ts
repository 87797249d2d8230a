// What an entry says, from the bytes in the log: so that a person can hold it against the page.

import { type Bytes, text } from "./bytes.ts";
import { type Saying, visible } from "./saying.ts";

/** A line of an entry: its name in words, its key, and what stands there. */
export type Line = { name: string; key: string; value: string };
export type Said = { kind: string; fields: Line[]; figures: Line[] };

/** Fields that hold figures by line or choice. */
const FIGURES: readonly string[] = ["lines", "sums", "seats", "missing"];
/** Fields that say nothing that the heading does not. */
const LEFT_OUT: readonly string[] = ["format", "kind"];

/** Read an entry; one that is no JSON object is shown as it stands. */
export function read(bytes: Bytes, saying: Saying): Said {
  let tree: unknown;
  let raw = "";
  try {
    raw = text(bytes);
    tree = JSON.parse(raw);
  } catch {
    tree = null;
  }
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) {
    return { kind: "?", fields: [{ name: "", key: "", value: visible(raw) }], figures: [] };
  }
  const entry = tree as Record<string, unknown>;
  const said: Said = { kind: kindOf(entry["kind"], saying), fields: [], figures: [] };
  const contest = typeof entry["contest"] === "string" ? entry["contest"] : "";
  for (const [key, value] of Object.entries(entry)) {
    if (LEFT_OUT.includes(key)) continue;
    if (FIGURES.includes(key) && typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [line, figure] of Object.entries(value as Record<string, unknown>)) {
        const name = lineName(line, contest, saying);
        said.figures.push({ name: key === "lines" ? name : `${name} (${key})`, key: line, value: shown("", figure, saying) });
      }
    } else {
      said.fields.push({ name: saying.words.fields[key] ?? "", key, value: shown(key, value, saying) });
    }
  }
  return said;
}

function kindOf(kind: unknown, saying: Saying): string {
  return typeof kind === "string" ? (saying.words.kinds[kind] ?? visible(kind)) : "?";
}

function lineName(key: string, contest: string, saying: Saying): string {
  const { lines } = saying.words;
  return lines[contest]?.[key] ?? lines[""]?.[key] ?? visible(key);
}

function shown(field: string, value: unknown, saying: Saying): string {
  if (typeof value === "number") return field === "" ? saying.number(value) : String(value);
  if (value === "") return "–";
  if (typeof value === "string") {
    const name = field === "" ? saying.words.missing[value] : saying.words.names[field]?.[value];
    return name === undefined || name === value ? visible(value) : field === "" ? name : `${name} (${visible(value)})`;
  }
  if (Array.isArray(value)) return value.map((one) => shown(field, one, saying)).join(", ") || "–";
  if (typeof value !== "object" || value === null) return value === null ? "–" : String(value);
  // Areas by their level; whatever else an entry holds in parts.
  const parts = Object.entries(value).map(([key, one]) => {
    const name = saying.words.names["level"]?.[key] ?? visible(key);
    return `${name}: ${typeof one === "object" ? visible(JSON.stringify(one)) : shown("", one, saying)}`;
  });
  return parts.join("; ") || "–";
}
