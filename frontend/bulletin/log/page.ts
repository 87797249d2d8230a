// What came out of a check, as parts of the page. Every word is the page's; nothing is ever put in as markup.

import { type Bytes } from "./bytes.ts";
import type { Report } from "./check.ts";
import { type Said, read } from "./entry.ts";
import { type Saying, visible } from "./saying.ts";

type Child = Node | string;

export function make(name: string, of: string, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  if (of) made.className = of;
  made.append(...children);
  return made;
}

const code = (text: string): HTMLElement => make("code", "", text);

/** A list whose points begin with a sign. */
const list = (sign: string, points: string[]): HTMLElement =>
  make("ul", "check-list", ...points.map((point) => make("li", "", signed(sign), " ", point)));

function signed(sign: string): HTMLElement {
  const made = make("span", "check-sign", sign);
  made.setAttribute("aria-hidden", "true");
  return made;
}

export function details(summary: string, ...children: Child[]): HTMLElement {
  return make("details", "", make("summary", "", summary), ...children);
}

export function command(text: string): HTMLElement {
  const made = make("pre", "", code(text));
  made.tabIndex = 0;
  return made;
}

/**
 * How the log stands to the last visit: which it was, how long, when, and whether this browser can remember. `sums`:
 * whether the page adds up what other pages show.
 */
export type Past = { was: string; before: number; when: string; kept: boolean; sums: boolean };

/** Say what was proven and what was not, where everything held. */
export function proven(report: Report, past: Past, saying: Saying): HTMLElement[] {
  const { checkpoint, trust, witnesses, entries, grown } = report;
  if (!checkpoint || !trust) return [];
  const names = witnesses.filter((one) => one.signed).map((one) => one.name);
  const yes = [saying.count("signed", checkpoint.size, { log: checkpoint.origin })];
  if (entries.length) yes.unshift(saying.count("entries", entries.length));
  const no = [saying.say("not-true"), saying.say("not-who")];
  if (past.sums) no.push(saying.say("not-sums"));
  else if (entries.length) no.push(saying.say("not-shown"));
  if (entries.length) no.push(saying.say("not-withdrawn"));
  if (witnesses.length) {
    const values = { n: names.length, of: witnesses.length, names: names.join(", ") || "–", needed: trust.needed };
    yes.push(saying.say("witnesses", values));
  } else {
    no.push(saying.say("alone"));
  }
  if (grown === "same") yes.push(saying.say("same", { when: past.when }));
  else if (grown === "grown") yes.push(saying.say("grown", { when: past.when, before: past.before }));
  else no.push(saying.say(past.kept ? "first" : "forgetful"));
  no.push(saying.say("not-keys"), saying.say("not-script"));
  return [
    verdict("same", "✓", saying.say("holds")),
    make("h3", "", saying.say("proven")),
    list("✓", yes),
    make("h3", "", saying.say("not-proven")),
    list("–", no),
  ];
}

/** A sentence under a sign, as the verdict of a station stands. */
export function verdict(state: string, sign: string, says: string, ...more: string[]): HTMLElement {
  const rest = more.filter(Boolean).map((one) => make("p", "", one));
  return make("div", `verdict verdict-${state}`, make("p", "verdict-says", signed(sign), " ", says), ...rest);
}

/** Say what is wrong, what it means, and what to do. */
export function troubled(report: Report, past: Past, log: string, saying: Saying): HTMLElement[] {
  const { trouble, witnesses, trust, bad, entries, checkpoint } = report;
  const values = {
    log,
    other: checkpoint?.origin ?? "",
    name: report.details,
    n: witnesses.filter((one) => one.signed).length,
    of: witnesses.length,
    needed: trust?.needed ?? 0,
    was: past.was,
    before: past.before,
    when: past.when,
    size: checkpoint?.size ?? 0,
    entries: bad.join(", ") || "–",
  };
  const said = ["", "-means", "-do"].map((part) => saying.say(`${trouble}${part}`, values));
  const parts = [verdict("differs", "▲", said[0] as string, ...said.slice(1))];
  if (entries.length) parts.push(list("✓", [saying.count("entries", entries.length)]));
  return parts;
}

/** The entries as they were read from the log. */
export function contents(entries: { index: number; text: Bytes }[], saying: Saying): HTMLElement {
  const each = entries.map(({ index, text }) => {
    const said = read(text, saying);
    return details(saying.say("entry", { kind: said.kind, place: String(index) }), ...body(said, saying));
  });
  return details(saying.say("contents"), ...each);
}

function body(said: Said, saying: Saying): HTMLElement[] {
  const parts = [
    make(
      "dl",
      "check-fields",
      ...said.fields.map((one) => make("div", "", make("dt", "", one.name || code(one.key)), make("dd", "", one.value))),
    ),
  ];
  if (said.figures.length) {
    const rows = said.figures.map((one) => {
      const head = make("th", "", one.name, ...(one.name === one.key ? [] : [" ", make("span", "under", code(one.key))]));
      head.setAttribute("scope", "row");
      return make("tr", "", head, make("td", "number", one.value));
    });
    const table = make("table", "rows", make("tbody", "", ...rows));
    table.setAttribute("aria-label", saying.say("figures"));
    parts.push(table);
  }
  return parts;
}

/** The keys that counted, so that somebody can compare them with what is published elsewhere. */
export function keys(report: Report, root: string, saying: Saying): HTMLElement {
  const { checkpoint, trust, witnesses } = report;
  const rows: [string, Child][] = [];
  if (trust) rows.push([saying.say("key"), code(trust.log)]);
  for (const { name, signed } of witnesses) {
    const key = trust?.witnesses.find((one) => one.startsWith(`${name} `))?.slice(name.length + 1) ?? "";
    const said = `${signed ? "✓" : "–"} ${saying.say(signed ? "did-sign" : "did-not-sign")} `;
    rows.push([saying.say("witness", { name }), make("span", "", said, code(key))]);
  }
  if (checkpoint) {
    rows.push([saying.say("size"), saying.number(checkpoint.size)], [saying.say("root"), code(root)]);
  }
  if (report.details) rows.push([saying.say("details"), code(visible(report.details))]);
  const fields = rows.map(([name, value]) => make("div", "", make("dt", "", name), make("dd", "digest", value)));
  return details(saying.say("keys"), make("dl", "check-fields", ...fields));
}
