// The page "find my station". Every word that it shows stands in the page, in the page's language.

import { Index, type Found, type Said, type Shown } from "./lookup.ts";

const MOST_SHOWN = 50;
/** Matches of one street lie in many shards; so many are loaded before the visitor is asked for more. */
const MOST_SHARDS = 12;
/** Waiting for the next letter [milliseconds]. */
const PAUSE = 150;

const NEXT_BEST: Readonly<Record<string, readonly string[]>> = {
  kk: ["kk", "ru", "en"],
  ru: ["ru", "kk", "en"],
  en: ["en", "ru", "kk"],
};

// As haq.bulletin.pages.writing shows them: they would turn what stands after them around.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu;

/** Bring the form of the page to life; do nothing on a page that has none. */
export function start(page: Document): void {
  const form = page.querySelector<HTMLFormElement>("form[data-search]");
  const field = form?.querySelector<HTMLInputElement>("input[name=q]");
  const status = page.querySelector<HTMLElement>("[data-search-status]");
  const list = page.querySelector<HTMLElement>("[data-search-results]");
  const more = page.querySelector<HTMLElement>("[data-search-more]");
  const card = page.querySelector<HTMLTemplateElement>("template[data-search-card]");
  if (!form || !field || !status || !list || !more || !card) return;

  const language = page.documentElement.lang;
  const say = speaker(form, language);
  const index = new Index(loader(form.dataset["search"] ?? ""));
  let asked = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const show = (text: string, cards: readonly HTMLElement[] = [], rest = ""): void => {
    status.textContent = text;
    list.replaceChildren(...cards);
    more.textContent = rest;
    more.hidden = !rest;
  };

  const search = async (): Promise<void> => {
    const query = field.value.trim();
    const turn = ++asked;
    const current = (): boolean => turn === asked;
    remember(query);
    if (!query) return show("");
    const slow = setTimeout(() => current() && (status.textContent = say("loading")), PAUSE);
    try {
      const found = await index.find(query);
      const { stations, shard } = await index.manifest();
      if (!stations) return current() ? show(say("empty")) : undefined;
      const cards = await cardsOf(found, shard);
      if (!current()) return;
      const total = found.stations.length;
      if (!total) return show(say(found.common ? "common" : "none"));
      const left = total - cards.length;
      const without = found.ignored.length ? ` ${say("ignored", found.ignored.join(", "))}` : "";
      show(say.count("found", total) + without, cards, left ? say.count("more", left) : "");
    } catch {
      if (current()) show(say("failed"));
    } finally {
      clearTimeout(slow);
    }
  };

  const cardsOf = async (found: Found, size: number): Promise<HTMLElement[]> => {
    const shards = new Map<number, Promise<Shown>>();
    const wanted: number[] = [];
    for (const station of found.stations) {
      const shard = Math.floor(station / size);
      if (wanted.length === MOST_SHOWN || (!shards.has(shard) && shards.size === MOST_SHARDS)) break;
      if (!shards.has(shard)) shards.set(shard, index.shown(shard));
      wanted.push(station);
    }
    return Promise.all(
      wanted.map(async (station) => {
        const shown = await (shards.get(Math.floor(station / size)) as Promise<Shown>);
        return cardOf(shown, station % size);
      }),
    );
  };

  const cardOf = (shown: Shown, place: number): HTMLElement => {
    const [short, slug, area, names, addresses] = shown.stations[place] as Shown["stations"][number];
    const made = (card.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    const link = made.querySelector("a") as HTMLAnchorElement;
    link.href = `station/${encodeURIComponent(slug)}.html`;
    link.textContent = short ? say("station", visible(short)) : said(names, language)[0] || say("nameless");
    fill(made, "name", short ? said(names, language) : ["", ""]);
    fill(made, "address", said(addresses, language));
    const above: string[] = [];
    for (let at = area; at >= 0; ) {
      const [level, number, name, next] = shown.areas[at] as Shown["areas"][number];
      above.unshift(said(name, language)[0] || `${say.level(level)} ${visible(number)}`.trim());
      at = next;
    }
    fill(made, "areas", [above.join(" · "), ""]);
    return made;
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void search(), PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    void search();
  });

  form.hidden = false;
  field.value ||= new URLSearchParams(page.location.search).get("q") ?? "";
  void search();
}

/** Keep the query in the address of the page, so that it can be sent on and gone back to. */
function remember(query: string): void {
  const here = new URL(location.href);
  if ((here.searchParams.get("q") ?? "") === query) return;
  if (query) here.searchParams.set("q", query);
  else here.searchParams.delete("q");
  history.replaceState(null, "", here);
}

function loader(folder: string): (name: string) => Promise<unknown> {
  return async (name) => {
    const answer = await fetch(folder + name);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer.json() as Promise<unknown>;
  };
}

interface Speaker {
  (what: string, value?: string): string;
  /** Say how many, in the form that the number needs. */
  count(what: string, many: number): string;
  /** Name a level of areas. */
  level(key: string): string;
}

function speaker(form: HTMLElement, language: string): Speaker {
  const word = (what: string): string => form.getAttribute(`data-${what}`) ?? "";
  const say = (what: string, value = ""): string => word(what).replace("{}", () => value);
  const rules = new Intl.PluralRules(language);
  return Object.assign(say, {
    count(what: string, many: number): string {
      const text = word(`${what}-${rules.select(many)}`) || word(`${what}-many`) || word(`${what}-other`);
      return text.replace("{}", () => String(many).replace(/\B(?=(\d{3})+$)/gu, word("group")));
    },
    level: (key: string): string => word(`level-${key}`),
  });
}

/** Give a text in the page's language or the next best, and the language where it is another. */
function said(text: Said, language: string): [text: string, language: string] {
  if (typeof text === "string") return [visible(text), ""];
  for (const one of NEXT_BEST[language] ?? Object.keys(text)) {
    const found = text[one];
    if (found) return [visible(found), one === language ? "" : one];
  }
  return ["", ""];
}

function visible(text: string): string {
  return text.replace(HIDDEN, (one) => `[U+${(one.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}]`);
}

function fill(card: HTMLElement, slot: string, [text, language]: readonly [string, string]): void {
  const place = card.querySelector<HTMLElement>(`[data-slot=${slot}]`);
  if (!place) return;
  if (!text) return (place.closest("p") ?? place).remove();
  place.textContent = text;
  if (language) place.lang = language;
}
