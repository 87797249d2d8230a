// The button "Check this page": reads the log that lies at the top of this very site, wherever the site is.

import { type Bytes } from "./bytes.ts";
import { type Report, type Shown, type Trouble, check } from "./check.ts";
import { evidence, worthKeeping } from "./evidence.ts";
import { Memory, type Visit } from "./memory.ts";
import { canCheck } from "./notes.ts";
import { type Past, command, contents, keys, make, proven, troubled, verdict } from "./page.ts";
import { Saying, type Words } from "./saying.ts";

/** What changes with every entry is asked for anew; tiles and bundles never change. */
const FRESH: readonly string[] = ["checkpoint", "policy"];

/** What can have a good reason, so that a person may go on. */
const REASONABLE: readonly Trouble[] = ["witnesses-changed", "log-exchanged"];

/** Bring the button to life; do nothing on a page that has none. */
export function start(page: Document): void {
  for (const box of page.querySelectorAll<HTMLElement>("[data-check]")) new Button(box).start();
}

/** Find a part of the box; the template has all of them. */
const part = <T extends HTMLElement = HTMLElement>(box: HTMLElement, name: string): T =>
  box.querySelector<T>(`[data-check-${name}]`) as T;

class Button {
  private readonly box: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly said: HTMLElement;
  private readonly more: HTMLElement;
  private readonly progress: HTMLElement;
  private readonly log: string;
  private readonly site: string;
  private readonly memory: Memory;
  private saying: Saying | null = null;

  constructor(box: HTMLElement) {
    this.box = box;
    this.button = part<HTMLButtonElement>(box, "button");
    this.said = part(box, "said");
    this.more = part(box, "more");
    this.progress = part(box, "progress");
    this.log = box.dataset["check"] ?? "";
    this.site = new URL(box.dataset["site"] ?? "", location.href).href;
    this.memory = new Memory(() => window.localStorage, new URL(this.site).pathname);
  }

  start(): void {
    if (!this.button) return;
    // The commands name the site that is read, which may be a mirror.
    for (const one of document.querySelectorAll("code[data-check-command]")) {
      one.textContent = (one.textContent ?? "").split(this.box.dataset["address"] ?? "\n").join(this.address());
    }
    for (const one of document.querySelectorAll("[data-check-placeholder]")) (one.closest("li") ?? one).remove();
    this.button.addEventListener("click", () => void this.press());
    this.button.hidden = false;
  }

  private async press(): Promise<void> {
    if (this.button.getAttribute("aria-disabled") === "true") return;
    this.button.setAttribute("aria-disabled", "true");
    this.said.replaceChildren();
    this.more.replaceChildren();
    this.progress.textContent = this.box.dataset["working"] ?? "";
    try {
      await this.run();
    } catch {
      this.said.replaceChildren(verdict("unknown", "?", this.box.dataset["failed"] ?? ""));
      this.more.replaceChildren(command(this.command()));
    }
    this.progress.textContent = "";
    this.button.textContent = this.box.dataset["again"] ?? "";
    this.button.removeAttribute("aria-disabled");
  }

  private command = (): string => `haq log mirror ${this.address()} copy && haq log verify copy`;

  /** Write the address as a shell takes it. */
  private address(): string {
    const { site } = this;
    return /^[\w:/.%@+,=-]+$/u.test(site) ? site : `'${site.replace(/'/gu, "%27")}'`;
  }

  private async run(): Promise<void> {
    this.saying ??= new Saying(await this.words());
    const saying = this.saying;
    if (!(await canCheck())) {
      const why = saying.say(window.isSecureContext ? "old" : "insecure");
      this.said.replaceChildren(verdict("unknown", "?", why, saying.say("instead")));
      this.more.replaceChildren(command(this.command()));
      return;
    }
    const before = this.memory.before(this.log);
    this.show(await this.checked(before), before, saying);
  }

  private async words(): Promise<Words> {
    const answer = await fetch(this.box.dataset["words"] ?? "");
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()) as Words;
  }

  /** Check; once more where the log grew, and its files changed, while it was read. */
  private async checked(before: Visit | null): Promise<Report> {
    const first = await check(this.reader(), this.log, this.shown(), before);
    if (first.trouble !== "file-missing" && first.trouble !== "tile-changed") return first;
    const second = await check(this.reader(), this.log, this.shown(), before);
    return second.note === first.note ? first : second;
  }

  private reader(): (path: string) => Promise<Bytes | null> {
    let files = 0;
    return async (path) => {
      const answer = await fetch(this.site + path, FRESH.includes(path) ? { cache: "no-store" } : {});
      if (answer.status === 404 || answer.status === 410) return null;
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      this.progress.textContent = this.saying?.say("reading", { n: ++files }) ?? "";
      return bytes;
    };
  }

  private shown(): Shown[] {
    return [...this.box.querySelectorAll<HTMLElement>("[data-place]")].map((one) => ({
      index: Number(one.dataset["place"]),
      // The hash that is checked is the one that is seen.
      leaf: one.querySelector("code")?.textContent ?? "",
    }));
  }

  private show(report: Report, before: Visit | null, saying: Saying): void {
    const root = report.checkpoint ? btoa(String.fromCharCode(...report.checkpoint.root)) : "";
    const now = new Date().toISOString();
    const kept = report.trouble === null && this.memory.keep(report, root, now);
    const past: Past = {
      was: before?.origin ?? "",
      before: before?.size ?? 0,
      when: before ? saying.when(before.when) : "",
      kept,
      sums: this.box.dataset["sums"] !== undefined,
    };
    const parts: HTMLElement[] = [];
    if (worthKeeping(report)) parts.push(this.save(evidence(report, before, this.site, now), saying));
    if (report.trouble && REASONABLE.includes(report.trouble)) parts.push(this.accept(report, root, now, saying));
    if (report.entries.length) parts.push(contents(report.entries, saying));
    parts.push(keys(report, root, saying), make("p", "", saying.say("command")), command(this.command()));
    this.more.replaceChildren(...parts);
    const said = report.trouble === null ? proven(report, past, saying) : troubled(report, past, this.log, saying);
    this.said.replaceChildren(...said);
  }

  private save(text: string, saying: Saying): HTMLElement {
    const link = make("a", "button", saying.say("save")) as HTMLAnchorElement;
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = "haq-log-evidence.txt";
    return make("p", "", link);
  }

  private accept(report: Report, root: string, now: string, saying: Saying): HTMLElement {
    const button = make("button", "button", saying.say("accept")) as HTMLButtonElement;
    button.type = "button";
    button.addEventListener("click", () => {
      this.memory.keep(report, root, now);
      this.button.focus();
      void this.press();
    });
    return make("p", "", button);
  }
}
